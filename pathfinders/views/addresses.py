"""Where practices are written to, on the word of a PCT's lead: the trust's practices, and the address of each."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.views.generic import TemplateView

from consortia.actions.contacts import end_contact, name_contact
from consortia.models import Origin, PracticeContact
from consortia.naming import places
from pathfinders.forms.answering import AddressForm
from pathfinders.views.access import Guarded
from pathfinders.views.steps import StepPage
from practices.models import Practice, PracticeParent
from registry import clock
from registry.authorization import Permission, objects_of
from registry.errors import not_allowed
from registry.pages.tables import Column, Table

HOME = ("Addresses", "/pct/addresses/")


class OfTheTrust(Guarded):
    """Mixin: the practices under the PCTs that the user leads today."""

    permission = Permission.SAY_WHY_LEFT_OUT

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not objects_of(request.user, "pct_lead"):
            raise not_allowed("You lead no PCT. Programme staff give addresses on a practice’s membership page.")
        return super().dispatch(request, *args, **kwargs)

    def own(self) -> Any:
        user = self.request.user  # type: ignore[attr-defined]
        under = (
            PracticeParent.objects.visible_to(user)
            .current()
            .filter(parent__code__in=objects_of(user, "pct_lead"), effective__contains=clock.today())
        )
        return Practice.objects.visible_to(user).filter(pk__in=under.values("practice"))

    def given(self) -> Any:
        """The addresses that the user gave as the PCT's; never one that somebody else did."""
        user = self.request.user  # type: ignore[attr-defined]
        return PracticeContact.objects.visible_to(user).current().filter(origin=Origin.PCT, given_by=user.pk)


class TrustAddresses(OfTheTrust, TemplateView):
    template_name = "area/addresses.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = list(self.own().order_by("code"))
        named = places([p.pk for p in found], clock.today())
        given = {c.practice_id: c for c in self.given()}
        rows = [
            {
                "code": p.code,
                "name": named[p.pk].name if p.pk in named else "",
                "address": given[p.pk].address if p.pk in given else "",
                "on": given[p.pk].given_on if p.pk in given else None,
            }
            for p in found
        ]
        columns = (
            Column("code", "Practice", href="/pct/addresses/{code}/"),
            Column("name", "Name"),
            Column("address", "Address from you", empty="None"),
            Column("on", "Given", kind="date", empty="–"),
        )
        return super().get_context_data(
            title="Addresses of your PCT’s practices",
            crumbs=[("PCT", "/pct/")],
            table=Table(columns, rows, "Practices and their addresses", caption_spoken=True) if rows else None,
            **kwargs,
        )


class OneOfTheTrust(OfTheTrust, StepPage):
    template_name = "area/address.html"
    crumbs = (HOME,)
    back = ("Back to addresses", HOME[1])

    @cached_property
    def practice(self) -> Practice:
        code = self.kwargs["code"].upper()
        found = self.own().filter(code=code).first() if "\0" not in code else None
        if found is None:
            raise Http404("Your PCT has no such practice today.")
        return found

    @cached_property
    def contact(self) -> PracticeContact | None:
        return self.given().filter(practice=self.practice).first()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        named = places([self.practice.pk], clock.today()).get(self.practice.pk)
        told = {"practice": self.practice, "name": named.name if named else self.practice.code}
        return super().get_context_data(**{**told, "contact": self.contact, **kwargs})

    def get_success_url(self) -> str:
        return HOME[1]


class TrustAddress(OneOfTheTrust):
    title = "Address of a practice"
    form_class = AddressForm
    button = "Save"
    done = "The address is saved"

    def get_initial(self) -> dict[str, Any]:
        return {"address": self.contact.address, "name": self.contact.name} if self.contact else {}

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        name_contact(by=user, practice=self.practice, origin=Origin.PCT, **form.cleaned_data)


class EndTrustAddress(OneOfTheTrust):
    title = "End this address"
    form_class = forms.Form
    button = "End it"
    warning = True
    done = "Nobody is written to there any more on your word"

    @cached_property
    def contact(self) -> PracticeContact:  # type: ignore[override]
        found = self.given().filter(practice=self.practice).first()
        if found is None:
            raise Http404("You have given no address of this practice.")
        return found

    def act(self, form: Any) -> None:
        end_contact(by=self.request.user, contact=self.contact)  # type: ignore[arg-type]

"""Declarations of interest by staff: all that stand, a new one, the end of one's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.views.generic import TemplateView

from consortia.models import Consortium
from pathfinders.actions import declare_interest, end_interest
from pathfinders.forms.after import InterestForm, NothingForm
from pathfinders.models import StaffInterest
from pathfinders.views.access import StaffOnly, staff_bids
from pathfinders.views.staff.bid import QUEUE
from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.pages.tables import Column, Table

INTERESTS = ("Interests", "/staff/interests/")


def about(interest: StaffInterest) -> str:
    return interest.bid.ref if interest.bid else interest.consortium.ref if interest.consortium else ""


def href(interest: StaffInterest) -> str:
    return f"/staff/bids/{about(interest)}/" if interest.bid else f"/consortia/{about(interest)}/"


class Interests(StaffOnly, TemplateView):
    template_name = "staff/interests.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        me = self.request.user
        rows = StaffInterest.objects.visible_to(me).filter(ended_on=None).select_related("user", "bid", "consortium")

        def ending(row: StaffInterest) -> Any:
            if row.user_id != me.pk:
                return ""
            words = '<a class="nhsuk-link" href="{}/end/">End<span class="nhsuk-u-visually-hidden"> the interest in {}</span></a>'
            return format_html(words, row.pk, about(row))

        columns = (
            Column("user", "Who", show=lambda row: row.user),
            Column("about", "In", show=about, href=href),
            Column("text", "Interest"),
            Column("declared_on", "Since", kind="date"),
            Column("end", "End", show=ending, empty=""),
        )
        found = list(rows)
        return super().get_context_data(
            title="Declarations of interest",
            crumbs=[QUEUE],
            table=Table(columns, found, "Declarations that stand", caption_spoken=True) if found else None,
            **kwargs,
        )


class Declare(StaffOnly, StepPage):
    title = "Declare an interest"
    template_name = "staff/declare.html"
    form_class = InterestForm
    button = "Declare it"
    done = "Your interest was declared"
    crumbs = (QUEUE, INTERESTS)
    back = ("Cancel", "/staff/interests/")

    def get_initial(self) -> dict[str, Any]:
        return {"about": self.request.GET.get("about", "")[:20]}

    def act(self, form: Any) -> None:
        user, ref = self.request.user, form.cleaned_data["about"].strip().upper()
        bid = staff_bids(user).filter(ref=ref).first()
        consortium = None if bid else Consortium.objects.visible_to(user).filter(ref=ref).first()
        if bid is None and consortium is None:
            sentence = f"There is no bid or consortium {ref}. References look like BID-2011-0001 or GC0001."
            raise Refused("unknown", sentence, field="about")
        declare_interest(by=user, bid=bid, consortium=consortium, text=form.cleaned_data["text"])  # type: ignore[arg-type]
        self.back_to = f"/staff/bids/{ref}/" if bid else INTERESTS[1]

    def get_success_url(self) -> str:
        return self.back_to


class EndInterest(StaffOnly, StepPage):
    title = "End your declaration"
    template_name = "staff/end_interest.html"
    form_class = NothingForm
    button = "End it from today"
    done = "The declaration has ended"
    crumbs = (QUEUE, INTERESTS)
    back = ("Cancel", "/staff/interests/")

    @cached_property
    def interest(self) -> StaffInterest:
        found = StaffInterest.objects.visible_to(self.request.user).filter(pk=self.kwargs["pk"])
        mine = found.filter(user=self.request.user, ended_on=None).select_related("bid", "consortium").first()
        if mine is None:
            raise Http404("You have no such declaration. Those that stand are listed under “Interests”.")
        return mine

    def act(self, form: Any) -> None:
        end_interest(by=self.request.user, interest=self.interest)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return INTERESTS[1]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(interest=self.interest, about=about(self.interest), **kwargs)

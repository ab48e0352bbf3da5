"""What staff record of one practice's membership, parent and address, a step a page, and take back."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404

from consortia.actions import correct_membership, join
from consortia.actions.changing import end_membership
from consortia.actions.contacts import end_contact, name_contact
from consortia.actions.transferring import transfer_on_paper
from consortia.actions.undoing import undo_change
from consortia.models import Membership, Origin, PracticeContact
from pathfinders.forms import change as form
from pathfinders.forms.answering import AddressForm
from pathfinders.views import member_history
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from practices.actions import change_parent
from practices.models import Practice, PracticeParent
from registry.actions.checks import said
from registry.authorization import Permission
from registry.errors import wrong_state
from registry.models import Entry

REGISTER = ("Register", "/staff/register/")


class OfPractice(StaffOnly):
    """Mixin: `self.practice`, named by the address."""

    permission = Permission.CHANGE_REGISTER

    @cached_property
    def practice(self) -> Practice:
        code, user = self.kwargs["code"].upper(), self.request.user  # type: ignore[attr-defined]
        found = Practice.objects.visible_to(user).filter(code=code).first()
        if found is None:
            raise Http404(f"The register has no practice with the code “{code[:20]}”.")
        return found

    @property
    def href(self) -> str:
        return f"/staff/practices/{self.practice.code}/membership/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"practice": self.practice, "name": member_history.name_of(self.practice), "href": self.href}
        return super().get_context_data(**{**told, **kwargs})  # type: ignore[misc]


class Step(OfPractice, StepPage):
    """One change of the practice, with its reason."""

    path: str
    about: str
    template_name = "lead/membership/step.html"
    done = "It was recorded"

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [REGISTER, (self.practice.code, self.href)]

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.about, **kwargs)

    def act(self, form: Any) -> None:
        if self.do(by=self.request.user, practice=self.practice, **form.told()) is None:
            raise wrong_state("The register says so already: nothing was recorded.")

    def do(self, **told: Any) -> Entry | None:
        raise NotImplementedError


class Join(Step):
    path, title, button = "join", "Record that it joins a consortium", "Record it"
    about = "From the day it belongs to that consortium and to no other, until what is recorded to happen next."
    form_class = form.StaffJoinForm

    def do(self, **told: Any) -> Entry | None:
        return join(**told)


class Leave(Step):
    path, title, button = "leave", "Record that it leaves its consortium", "Record it"
    about = "What was true before its last day stays; from the day after it is in no consortium, for the reason given."
    form_class = form.LeaveForm
    refusal_fields = {"on": "last_day"}

    def do(self, **told: Any) -> Entry | None:
        last = told["on"]
        members = Membership.objects.visible_to(self.request.user).current()
        held = members.filter(practice=self.practice, effective__contains=last)
        fact = held.select_related("consortium").first()
        if fact is None:
            raise wrong_state(f"{self.practice.code} has no membership on {said(last)} that it could leave.")
        return end_membership(consortium=fact.consortium, **told)


class Correct(Step):
    path, title, button = "correct", "Correct a membership", "Correct it"
    about = "For what was wrongly recorded. What was said before stays in the journal."
    form_class = form.StaffCorrectForm
    refusal_fields = {"end": "last_day"}

    def do(self, **told: Any) -> Entry | None:
        return correct_membership(**told)


class Transfer(Step):
    path, title, button = "transfer", "Record a transfer that both agreed on paper", "Record it"
    about = "It and the consortium that gains it have both agreed in writing. The consortium that it leaves is told."
    form_class = form.StaffTransferForm

    def do(self, **told: Any) -> Entry | None:
        return transfer_on_paper(**told)


class Move(Step):
    path, title, button = "parent", "Move it to another PCT or body", "Record it"
    about = "Its membership of a consortium stays as it is: who belongs where is never derived from a map."
    form_class = form.StaffParentForm

    def do(self, **told: Any) -> Entry | None:
        return change_parent(**told)


class Address(Step):
    path, title, button = "address", "Give an address to write to it at", "Save"
    about = "On the programme’s word; the one that the programme gave before ends. Its own and its PCT’s go before it."
    form_class = AddressForm
    done = "The address is saved"

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        name_contact(by=user, practice=self.practice, origin=Origin.STAFF, **form.cleaned_data)


STEPS: tuple[type[Step], ...] = (Join, Leave, Correct, Transfer, Move, Address)


class EndAddress(Step):
    """Whoever gave it: letters to a wrong address are stopped at once."""

    path, title, button, warning = "address/end", "End this address", "End it", True
    about = ""
    template_name = "staff/membership/end_address.html"
    form_class = forms.Form
    done = "The address is ended"

    @cached_property
    def contact(self) -> PracticeContact:
        rows = PracticeContact.objects.visible_to(self.request.user).current().filter(practice=self.practice)
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such address in use.")
        return found

    def act(self, form: Any) -> None:
        end_contact(by=self.request.user, contact=self.contact)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(contact=self.contact, **kwargs)


class Undo(Step):
    path, title, button, warning = "undo", "Undo a change", "Undo it", True
    about = ""
    template_name = "lead/membership/undo.html"
    form_class = form.UndoForm
    done = "It was undone, by an entry of its own"

    @cached_property
    def entry(self) -> Entry:
        number, user = self.kwargs["number"], self.request.user
        either = Q(opened_by=number) | Q(closed_by=number)
        kinds: tuple[Any, ...] = (Membership, PracticeParent)
        touched = number < 2**31 and any(
            model.objects.visible_to(user).filter(either, practice=self.practice).exists() for model in kinds
        )
        found = Entry.objects.visible_to(user).filter(number=number).first() if touched else None
        if found is None:
            raise Http404(f"Entry {number} changed nothing of {self.practice.code}.")
        return found

    def act(self, form: Any) -> None:
        undo_change(by=self.request.user, entry=self.entry, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entry=self.entry, **kwargs)

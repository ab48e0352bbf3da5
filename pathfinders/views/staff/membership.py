"""Staff's page of one practice's membership and parent: join, leave, correct, transfer, move, undo."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import Q
from django.http import Http404
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.views.generic import TemplateView

from consortia.actions import correct_membership, join
from consortia.actions.changing import end_membership
from consortia.actions.contacts import end_contact, name_contact
from consortia.actions.transferring import transfer_on_paper
from consortia.actions.undoing import undo_change
from consortia.models import LeftOut, Membership, MembershipAnswer, Origin, PracticeContact
from consortia.words import label_of
from pathfinders.forms import change as form
from pathfinders.forms.answering import AddressForm
from pathfinders.views import member_history
from pathfinders.views.access import StaffOnly
from pathfinders.views.public.history import body_name
from pathfinders.views.steps import StepPage
from practices.actions import change_parent
from practices.models import Practice, PracticeParent
from registry.actions.checks import said
from registry.authorization import Permission
from registry.errors import wrong_state
from registry.models import Entry
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day

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


class MembershipPage(OfPractice, TemplateView):
    template_name = "staff/membership/practice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        mine = Q(practice=self.practice)
        facts = member_history.facts(user, self.practice)
        entries = self._entries(user, member_history.entries_of(user, mine, mine))
        return super().get_context_data(
            title=f"{member_history.name_of(self.practice)} ({self.practice.code}): membership",
            crumbs=[REGISTER],
            facts=member_history.table(facts) if facts else None,
            left=self._left(user),
            parents=self._parents(user),
            changes=member_history.changes(user, entries, f"{self.href}undo/{{number}}/") if entries else None,
            addresses=self._addresses(user),
            answers=self._answers(user),
            steps=[(view.title, f"{self.href}{view.path}/", view.about) for view in STEPS],
            **kwargs,
        )

    def _entries(self, user: Any, entries: list[Entry]) -> list[Entry]:
        """With those that moved it to another body."""
        rows = PracticeParent.objects.visible_to(user).filter(practice=self.practice)
        numbers = {e.number for e in entries} | set(rows.values_list("opened_by", flat=True))
        numbers |= set(rows.exclude(closed_by=None).values_list("closed_by", flat=True))
        return list(
            Entry.objects.visible_to(user).filter(number__in=numbers).order_by("-number")[: member_history.MOST]
        )

    def _left(self, user: Any) -> list[str]:
        rows = LeftOut.objects.visible_to(user).current().filter(practice=self.practice).order_by("effective")
        found = rows.annotate(label=label_of(), first=Lower("effective"), after=Upper("effective"))
        return [
            f"{f.label}, as {f.get_said_by_display().lower()} said: from {said(f.first)}"
            + (f" to {said(last_day(f.after))}" if f.after else "")  # type: ignore[arg-type]
            for f in found
        ]

    def _addresses(self, user: Any) -> Table | None:
        """Where it is written to, on whose word; those that ended are kept."""
        rows = PracticeContact.objects.visible_to(user).filter(practice=self.practice)
        found = list(rows.select_related("consortium", "given_by").order_by("ended_on", "-pk"))
        columns = (
            Column("address", "Address", empty="Erased"),
            Column("name", "Whose it is", empty="Not said"),
            Column("origin", "From", show=_whose_word),
            Column("given_on", "Given", kind="date"),
            Column("ended_on", "Ended", kind="date", empty="In use"),
            Column("pk", "Change", show=self._end_link),
        )
        return Table(columns, found, "Addresses of the practice", caption_spoken=True) if found else None

    def _end_link(self, contact: PracticeContact) -> SafeString | str:
        if contact.ended_on is not None:
            return ""
        spoken = contact.address or "the address that was erased"
        return format_html(
            '<a class="nhsuk-link" href="{}address/{}/end/">End<span class="nhsuk-u-visually-hidden"> {}</span></a>',
            self.href,
            contact.pk,
            spoken,
        )

    def _answers(self, user: Any) -> Table | None:
        """What it answered, and who for it; the words can be erased."""
        rows = MembershipAnswer.objects.visible_to(user).filter(practice=self.practice)
        found = list(rows.select_related("consortium").order_by("-pk"))
        columns = (
            Column("answered_on", "Answered", kind="date"),
            Column("consortium.ref", "Consortium", href=lambda row: f"/consortia/{row.consortium.ref}/"),
            Column("answer", "Answer", show=_answer_words),
            Column("who", "Who, and what they wrote", show=_their_words, empty="Nothing"),
            Column("pk", "More", show=_answer_links),
        )
        return Table(columns, found, "Answers of the practice", caption_spoken=True) if found else None

    def _parents(self, user: Any) -> Table | None:
        rows = PracticeParent.objects.visible_to(user).current().filter(practice=self.practice)
        rows = rows.select_related("parent").annotate(
            name=body_name("parent", Moment.now()), first=Lower("effective"), after=Upper("effective")
        )
        columns = (
            Column("first", "From", kind="date", empty="Before records"),
            Column("after", "To (last day)", kind="date", show=lambda f: last_day(f.after), empty="no last day"),
            Column(
                "parent.code",
                "Body",
                href=lambda row: f"/pcts/{row.parent.code}/",
                show=lambda f: f"{f.name} ({f.parent.code})",
            ),
            Column("opened_by_id", "Entry", href="/changes/{opened_by_id}/"),
        )
        found = list(rows.order_by("first"))
        return Table(columns, found, "Parent bodies by day", caption_spoken=True) if found else None


def _whose_word(contact: PracticeContact) -> str:
    said_by = contact.get_origin_display()
    return f"{said_by} ({contact.consortium.ref})" if contact.consortium else said_by


def _answer_words(answer: MembershipAnswer) -> str:
    back = f"; taken back on {said(answer.taken_back_on)}" if answer.taken_back_on else ""
    return f"{answer.get_answer_display()} ({answer.get_how_display().lower()}){back}"


def _their_words(answer: MembershipAnswer) -> str:
    return ": ".join(words for words in (answer.who, answer.text) if words)


def _answer_links(answer: MembershipAnswer) -> SafeString | str:
    paper = f"/lead/consortia/{answer.consortium.ref}/members/{answer.practice.code}/paper/{answer.pk}/"
    links = [("Scan", paper)] if answer.document else []
    if answer.who or answer.text:
        links.append(("Erase the words", f"/staff/answers/{answer.pk}/erase/"))
    hidden = f" of {said(answer.answered_on)}"
    spoken = '<a class="nhsuk-link" href="{}">{}<span class="nhsuk-u-visually-hidden">{}</span></a>'
    return format_html(
        "<div>{}</div>", format_html_join(mark_safe("<br>"), spoken, ((h, w, hidden) for w, h in links))
    )


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
        held = Membership.objects.current().filter(practice=self.practice, effective__contains=last)
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

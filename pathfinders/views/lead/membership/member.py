"""One member: what is known of it, its end, the correction of its claim."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import Resolver404, resolve
from django.views.generic import TemplateView

from consortia.actions.changing import correct_claim, end_membership
from consortia.models import ConfirmationRequest, MembershipAnswer, Origin, PracticeContact, TransferRequest
from consortia.permissions import keepers
from consortia.words import label_of
from pathfinders.forms.change import CorrectClaimForm, LeaveForm
from pathfinders.views import member_history
from pathfinders.views.lead.membership.keeping import OfMember
from pathfinders.views.steps import StepPage
from registry import clock
from registry.pages.tables import Column, Table

ANSWERS = (
    Column("answered_on", "Answered", kind="date"),
    Column("answer", "Answer", show=lambda a: a.get_answer_display()),
    Column("reason_label", "Reason", empty=""),
    Column("text", "In its words", empty=""),
    Column("how", "How", show=lambda a: a.get_how_display()),
    Column("origin", "Address given by", show=lambda a: origin(a), empty=""),
    Column("taken_back_on", "Taken back", kind="date", empty=""),
)
QUESTIONS = (
    Column("asked_on", "Asked", kind="date"),
    Column("channel", "By", show=lambda r: r.get_channel_display()),
    Column("state", "State", show=lambda r: r.get_state_display()),
    Column("reminded_on", "Last reminded", kind="date", empty="Not yet"),
    Column("expires_on", "Can be answered until", kind="date"),
    Column("origin", "Address given by", show=lambda r: origin(r), empty=""),
)


def origin(row: Any) -> str:
    """Who gave the address that was written to, and what makes an answer from it weaker."""
    flag = f" ({row.get_flag_display().lower()})" if row.flag else ""
    return f"{row.get_origin_display()}{flag}" if row.origin else ""


def there(path: str) -> bool:
    """Whether the site has such a page."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


class MemberPage(OfMember, TemplateView):
    template_name = "lead/membership/member.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        found = member_history.facts(user, self.practice)
        mine = [f for f in found if f.consortium_id == self.consortium.pk]
        today = clock.today()
        now = next((f for f in mine if f.first <= today and (f.after is None or today < f.after)), None)
        entries = member_history.entries_of(user, Q(practice=self.practice), Q(practice=self.practice))
        waiting = TransferRequest.objects.visible_to(user).waiting().filter(practice=self.practice)
        return super().get_context_data(
            title=f"{member_history.name_of(self.practice)} ({self.practice.code})",
            now=now,
            to_come=[f for f in mine if f.note],
            any_day=bool(mine),
            facts=member_history.table(found),
            answers=self._answers(user),
            questions=self._questions(user),
            contacts=self._contacts(user),
            transfers=list(waiting.filter(to_consortium=self.consortium)),
            changes=member_history.changes(
                user, entries, f"{self.href}changes/{{number}}/undo/", keepers(self.consortium)
            ),
            links=[(label, self.member_href + path) for label, path in LINKS if there(self.member_href + path)],
            **kwargs,
        )

    def _answers(self, user: Any) -> Table | None:
        rows = MembershipAnswer.objects.visible_to(user).filter(practice=self.practice, consortium=self.consortium)
        found = list(rows.annotate(reason_label=label_of()).order_by("-pk"))
        return Table(ANSWERS, found, "Answers", caption_spoken=True) if found else None

    def _questions(self, user: Any) -> Table | None:
        rows = ConfirmationRequest.objects.visible_to(user).filter(practice=self.practice, consortium=self.consortium)
        found = list(rows.order_by("-pk"))
        return Table(QUESTIONS, found, "Questions to the practice", caption_spoken=True) if found else None

    def _contacts(self, user: Any) -> list[tuple[str, str]]:
        """(whose address, the address where the reader gave it): another's address is not theirs to read."""
        rows = PracticeContact.objects.current().filter(practice=self.practice)
        rows = rows.filter(Q(consortium=None) | Q(consortium=self.consortium))
        given = dict(rows.visible_to(user).filter(given_by=user).values_list("pk", "address"))
        found = rows.values_list("pk", "origin")
        return [(str(Origin(origin).label), given.get(pk, "")) for pk, origin in found]


LINKS = (("Its address", "contact/"), ("They signed on paper", "paper/"))


class MemberStep(OfMember, StepPage):
    """One change of the member."""

    about = ""
    template_name = "lead/membership/step.html"

    def get_success_url(self) -> str:
        return self.member_href

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.member_href)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(about=self.about, **kwargs)


class EndMembership(MemberStep):
    title = "End a membership"
    form_class = LeaveForm
    button = "End the membership"
    warning = True
    done = "The end was recorded"
    refusal_fields = {"on": "last_day"}
    about = (
        "What was true before its last day stays. From the day after it is in no consortium, for the reason that you "
        "give, until it joins another. A day to come takes effect by itself and can be cancelled before."
    )

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        end_membership(by=user, consortium=self.consortium, practice=self.practice, **form.told())


class CorrectClaim(MemberStep):
    title = "Correct an error of your claim"
    form_class = CorrectClaimForm
    button = "Correct it"
    done = "The correction was recorded"
    about = (
        "For a slip of the list: a wrong first day, or a practice that never was a member. Where it left, end the "
        "membership instead. What was said before stays in the journal."
    )

    def get_initial(self) -> dict[str, Any]:
        user: Any = self.request.user
        mine = [f for f in member_history.facts(user, self.practice) if f.consortium_id == self.consortium.pk]
        today = clock.today()
        now = [f for f in mine if f.after is None or today < f.after] or mine[-1:]
        return {"on": now[0].first if now else today}

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        correct_claim(by=user, consortium=self.consortium, practice=self.practice, **form.told())

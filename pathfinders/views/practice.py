"""The first page of a practice's manager, and the bids that name the practice, to answer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.views.generic import TemplateView

from consortia.models import MembershipStatus
from consortia.states import ReportState, TransferState
from pathfinders.actions import answer_claim
from pathfinders.forms.lead import ClaimForm
from pathfinders.models import BidPractice
from pathfinders.reads import own_practices
from pathfinders.views.access import Guarded
from pathfinders.views.errors import TAGS as ERROR_TAGS
from pathfinders.views.errors import part
from pathfinders.views.public.history import instant
from pathfinders.views.public.practices import MEMBERSHIP_TAGS, STATUS_TAGS, quarter_words
from pathfinders.views.steps import StepPage
from practices.models import PracticeParticulars
from registry.authorization import Permission, objects_of
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

ANSWER_TAGS = {
    "": ("Not answered", "grey"),
    "confirmed": ("Confirmed", "green"),
    "disputed": ("Disputed", "red"),
    "undecided": ("Undecided", "yellow"),
}


TRANSFER_TAGS = {
    TransferState.AT_PRACTICE: ("Waiting for you", "blue"),
    TransferState.AT_CONSORTIUM: ("Waiting for the consortium", "yellow"),
    TransferState.AGREED: ("Agreed", "green"),
    TransferState.DECLINED: ("Declined", "red"),
    TransferState.WITHDRAWN: ("Withdrawn", "grey"),
}


class ManagersOnly(Guarded):
    permission = Permission.ANSWER_CLAIM


class PracticeHome(ManagersOnly, TemplateView):
    """The practices that the user manages: what the register says of each, what waits for an answer, what was asked."""

    template_name = "area/practice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        now = Moment.now()
        practices = sections(user, now, objects_of(user, "practice_manager"))
        return super().get_context_data(
            title="Your practice",
            practices=practices,
            asked=[{"own": own, "count": asked_of(own)} for own in practices],
            deadline=own_practices.deadline(user, now),
            **kwargs,
        )


def sections(user: Any, now: Moment, codes: set[str]) -> list[dict[str, Any]]:
    """One a practice. A fixed number of questions, however many there are."""
    found = own_practices.own(user, now, codes)
    rows, names = own_practices.records(user, now, found), own_practices.names(user, now, found)
    sizes, members = own_practices.list_sizes(user, now, found), own_practices.memberships(user, now, found)
    asked, moves = own_practices.questions(user, found), own_practices.transfers(user, now, found)
    sent, why = own_practices.reports(user, found), own_practices.left_out(user, now, found)
    bids: dict[int, list[dict[str, Any]]] = {}
    for claim in BidPractice.objects.asked_of(user).select_related("bid", "consortium").order_by("bid__ref"):
        bids.setdefault(claim.practice_id, []).append({"claim": claim, "tag": ANSWER_TAGS[claim.answer]})
    told = []
    for practice in found:
        pk, row = practice.pk, rows.get(practice.code)
        coming = own_practices.to_come(members.get(pk, []), now.as_of)
        today = next((f for f in coming if f.first is None or f.first <= now.as_of), None)
        told.append(
            {
                "code": practice.code,
                "name": (row or {}).get("name") or next((n.name for n in names.get(pk, [])), practice.code),
                "row": row,
                "status": STATUS_TAGS.get(row["status"]) if row else None,
                "quarter": quarter_words(row) if row else "",
                "former": [n for n in names.get(pk, []) if row and n.name != row["name"]],
                "member": today,
                "next": next((f for f in coming if f is not today), None),
                "left_out": why.get(pk),
                "said_by": _in_a_sentence(why[pk].get_said_by_display()) if pk in why else "",
                "questions": _questions(coming, asked.get(pk, [])),
                "transfers": [{"move": m, "tag": TRANSFER_TAGS[TransferState(m.state)]} for m in moves.get(pk, [])],
                "asked": bids.get(pk, []),
                "branches": _branches(row) if row else None,
                "sizes": _sizes(sizes.get(pk, []), practice.code),
                "members": _members(members.get(pk, []), practice.code),
                "reports": [
                    {"report": r, "tag": ERROR_TAGS[ReportState(r.state)], "part": part(r)} for r in sent.get(pk, [])
                ],
            }
        )
    return told


def asked_of(own: dict[str, Any]) -> int:
    """How many things wait for the practice's word: memberships not answered for, transfers, bids."""
    questions = sum(q["status"] != MembershipStatus.UNDECIDED for q in own["questions"])
    transfers = sum(one["move"].state == TransferState.AT_PRACTICE for one in own["transfers"])
    return questions + transfers + sum(not one["claim"].answer for one in own["asked"])


def _in_a_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _questions(coming: list[Any], asked: list[Any]) -> list[dict[str, Any]]:
    """Memberships that the practice has not answered for, or is undecided about, each once; when it was asked."""
    when = {r.consortium.ref: r for r in asked}
    told = {
        f.consortium.ref: {"ref": f.consortium.ref, "group": f.group, "since": f.first, "status": f.status}
        for f in coming
        if f.status in own_practices.UNANSWERED
    }
    for ref, request in when.items():
        told.setdefault(ref, {"ref": ref, "group": "", "since": request.starts_on, "status": "claimed"})
        told[ref]["asked_on"] = request.asked_on
    return list(told.values())


def _members(facts: list[Any], code: str) -> Table | None:
    columns = (
        Column("group", "Consortium", href=lambda f: f"/consortia/{f.consortium.ref}/", show=_group),
        Column("first", "From", kind="date", empty="before records"),
        Column("last", "To (last day)", kind="date", empty="still so"),
        Column("status", "How sure", kind="tag", tags=MEMBERSHIP_TAGS),
        Column("proof", "How it was answered", show=lambda f: _answered(f, code), empty="Not answered"),
        Column(
            "reason_label",
            "Why",
            show=lambda f: f"{f.reason_label}; legal basis: {f.basis}" if f.basis else f.reason_label,
        ),
    )
    return Table(columns, facts, f"Memberships of {code} over time", caption_spoken=True) if facts else None


def _group(fact: Any) -> str:
    return f"{fact.group} ({fact.consortium.ref})" if fact.group else fact.consortium.ref


def _answered(fact: Any, code: str) -> str:
    if not fact.proof:
        return ""
    told = fact.get_proof_display() + (f", {long_date(fact.answered)}" if fact.answered else "")
    if not fact.paper:
        return told
    href = f"/practice/{code}/paper/{fact.paper}/"
    return format_html('<span>{}<br><a class="nhsuk-link" href="{}">Scan of the paper</a></span>', told, href)


def _sizes(facts: list[Any], code: str) -> Table | None:
    columns = (
        Column("quarter", "Quarter"),
        Column("patients", "Patients", kind="number"),
        Column("opened_by.at", "Recorded", show=lambda fact: instant(fact.opened_by.at)),
    )
    return Table(columns, facts, f"List sizes of {code} by quarter", caption_spoken=True) if facts else None


def _branches(row: dict[str, Any]) -> Table | None:
    columns = (
        Column("code", "Code"),
        Column("name", "Name"),
        Column(
            "address", "Address", show=lambda b: ", ".join([*b["address"].splitlines(), b["postcode"]]).strip(", ")
        ),
    )
    found = row["branch_list"]
    return Table(columns, found, f"Branch surgeries of {row['code']}", caption_spoken=True) if found else None


class AnswerClaim(ManagersOnly, StepPage):
    """One bid that names the practice: is it right? Nothing of staff's work is told here (the embargo)."""

    template_name = "area/answer.html"
    form_class = ClaimForm
    title = "A bid names your practice"
    button = "Send this answer"
    done = "Your answer was kept. You may change it until the bid’s outcome is announced"
    crumbs = (("Your practice", "/practice/"),)
    back = ("Back to your practice", "/practice/")

    @cached_property
    def claim(self) -> BidPractice:
        asked = BidPractice.objects.asked_of(self.request.user).select_related("bid", "consortium", "practice")
        found = asked.filter(bid__ref=self.kwargs["ref"], practice__code=self.kwargs["code"]).first()
        if found is None:
            raise Http404(
                "No open bid of that reference names your practice. Those that do are under “Your practice”."
            )
        return found

    def get(self, *args: Any, **kwargs: Any) -> Any:
        assert self.claim
        return super().get(*args, **kwargs)

    def get_initial(self) -> dict[str, Any]:
        return {"answer": self.claim.answer, "text": self.claim.answer_text}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = PracticeParticulars.objects.at(Moment.now()).filter(practice=self.claim.practice_id)
        name = names.values_list("name", flat=True).first() or self.claim.practice.code
        return super().get_context_data(claim=self.claim, name=name, **kwargs)

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        answer_claim(by=user, bid=self.claim.bid, practice=self.claim.practice, **form.cleaned_data)

    def get_success_url(self) -> str:
        return "/practice/"

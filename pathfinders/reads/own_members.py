"""The members of a consortium as those who keep its list see them: state, age, how answered, and from what address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import django_filters
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from consortia.models import (
    AddressFlag,
    ConfirmationRequest,
    Consortium,
    Membership,
    MembershipAnswer,
    MembershipStatus,
    Origin,
    Proof,
)
from consortia.spells import member_since
from consortia.states import RequestState
from consortia.words import label_of
from pathfinders.reads.filtering import ReadFilters
from pathfinders.reads.joins import on_day
from registry.moment import Moment

STATES = [
    ("claimed", "Unanswered"),
    ("unasked", "Unanswered, and not asked"),
    ("confirmed", "Confirmed"),
    ("paper", "Confirmed, signed on paper"),
    ("disputed", "Disputed"),
    ("undecided", "Undecided"),
    ("allocated", "Allocated"),
]


def rows(user: Any, moment: Moment, consortia: Sequence[Consortium]) -> QuerySet:
    """The members of these on the day: one row a practice."""
    standing = Membership.objects.visible_to(user).at(moment).filter(consortium__in=consortia)
    return standing.annotate(_own=on_day("practice__particulars", moment)).values(
        "status",
        "proof",
        "practice_id",
        "consortium_id",
        code=F("practice__code"),
        name=F("_own__name"),
        reason_label=label_of(),
        ref=F("consortium__ref"),
        since=member_since(moment),
    )


def finish(user: Any, moment: Moment, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to a page's rows the age in days, the answer that stands and the question that is open. Two queries."""
    which = {
        "practice__in": {row["practice_id"] for row in rows},
        "consortium__in": {row["consortium_id"] for row in rows},
    }
    answers = MembershipAnswer.objects.visible_to(user).filter(taken_back_on=None, **which).order_by("pk")
    questions = _open(user).filter(**which).order_by("pk")
    answered, asked = ({(r.practice_id, r.consortium_id): r for r in found} for found in (answers, questions))
    for row in rows:
        key = (row["practice_id"], row["consortium_id"])
        answer = answered.get(key)
        stands = answer is not None and (answer.answer, answer.how) == (row["status"], row["proof"])
        row["answer"] = answer if stands else None
        row["question"] = asked.get(key)
        row["days"] = (moment.as_of - row["since"]).days if row["since"] else None
    return rows


def how(row: dict[str, Any]) -> str:
    """By what way the practice answered, or what it was asked, in words."""
    answer, question = row["answer"], row["question"]
    told = [str(Proof(row["proof"]).label)] if row["proof"] else []
    if answer:
        told = [f"{answer.get_how_display()}, {_day(answer.answered_on)}"]
        if answer.reason:
            told.append(f"“{row['reason_label']}”")
        if answer.text:
            told.append(f"it wrote: “{answer.text}”")
        if answer.origin:
            told.append(f"address from {_of(answer.origin)}")
        if answer.flag:
            told.append(str(AddressFlag(answer.flag).label).lower())
    elif row["status"] == MembershipStatus.CLAIMED and question:
        reminded = f", reminded {_day(question.reminded_on)}" if question.reminded_on else ""
        told.append(f"Asked {_day(question.asked_on)} ({question.get_channel_display().lower()}){reminded}")
    elif row["status"] == MembershipStatus.CLAIMED:
        told.append("Not asked yet")
    return "; ".join(told)


class Filters(ReadFilters):
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label="State")
    q = django_filters.CharFilter(method="search", label="Name or code")

    def by_state(self, queryset: QuerySet, name: str, state: str) -> QuerySet:
        if state == "paper":
            return queryset.filter(status=MembershipStatus.CONFIRMED, proof=Proof.PAPER)
        if state == "unasked":
            asked = ConfirmationRequest.objects.filter(
                state=RequestState.OPEN,
                transfer=None,
                practice=OuterRef("practice"),
                consortium=OuterRef("consortium"),
            )
            return queryset.filter(~Exists(asked), status=MembershipStatus.CLAIMED)
        return queryset.filter(status=state)

    def search(self, queryset: QuerySet, name: str, text: str) -> QuerySet:
        return queryset.filter(Q(code=text.strip().upper()) | Q(name__icontains=text.strip()))


def _open(user: Any) -> QuerySet:
    return ConfirmationRequest.objects.visible_to(user).filter(state=RequestState.OPEN, transfer=None)


def _of(origin: str) -> str:
    label = str(Origin(origin).label)
    return label[0].lower() + label[1:]


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


__all__ = ["STATES", "Filters", "finish", "how", "rows"]

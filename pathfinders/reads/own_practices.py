"""What a practice's manager is shown of their practices, all of them at once: a fixed number of questions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet

from consortia.models import (
    ConfirmationRequest,
    ConsortiumParticulars,
    ErrorReport,
    LeftOut,
    Membership,
    MembershipAnswer,
    MembershipStatus,
    TransferRequest,
)
from consortia.words import label_of
from pathfinders.reads import practices as read
from pathfinders.reads.joins import eligible_q, final_day, first_day
from practices.models import ListSize, Practice, PracticeParticulars
from registry.moment import Moment
from transitions.models import Milestone

DEADLINE = "deadline"
"""The milestone by which every practice is in a consortium (domain.md rule 20)."""
UNANSWERED = (MembershipStatus.CLAIMED, MembershipStatus.UNDECIDED)
MOST_TRANSFERS = 10


def own(user: Any, now: Moment, codes: Collection[str]) -> list[Practice]:
    return list(Practice.objects.visible_to(user).filter(code__in=codes).order_by("code"))


def records(user: Any, now: Moment, found: list[Practice]) -> dict[str, dict[str, Any]]:
    """By code the row of the register's list, with `counts`; none for a practice without a status today."""
    rows = read.joined(user, now).filter(code__in=[p.code for p in found])
    counting = set(rows.filter(eligible_q()).values_list("code", flat=True))
    told = {row["code"]: row for row in rows.values("code", **read.columns(user, now))}
    return {code: row | {"counts": code in counting} for code, row in told.items()}


def names(user: Any, now: Moment, found: list[Practice]) -> dict[int, list[Any]]:
    """Every name that each had, the newest first, with the days."""
    facts = PracticeParticulars.objects.visible_to(user).known(now).filter(practice__in=found)
    rows = facts.annotate(first=first_day(), last=final_day()).order_by("-effective")
    return _by_practice(rows)


def list_sizes(user: Any, now: Moment, found: list[Practice]) -> dict[int, list[Any]]:
    facts = ListSize.objects.visible_to(user).known(now).filter(practice__in=found)
    return _by_practice(facts.select_related("opened_by").order_by("-effective"))


def memberships(user: Any, now: Moment, found: list[Practice]) -> dict[int, list[Any]]:
    """Every membership of any day, the newest first, with `group` (the consortium's name), `reason_label`, and
    `answered` and `paper`: when the answer that it rests on was given, and its key where there is a scan of it."""
    facts = Membership.objects.visible_to(user).known(now).filter(practice__in=found).select_related("consortium")
    facts = facts.annotate(first=first_day(), last=final_day(), reason_label=label_of())
    rows = list(facts.order_by("-effective"))
    groups = _groups(now, {f.consortium_id for f in rows})
    answers = MembershipAnswer.objects.visible_to(user).filter(practice__in=found, taken_back_on=None).order_by("pk")
    given = {(a.practice_id, a.consortium_id, a.answer, a.how): a for a in answers}
    for fact in rows:
        fact.group = groups.get(fact.consortium_id, "")  # type: ignore[attr-defined]
        answer = given.get((fact.practice_id, fact.consortium_id, fact.status, fact.proof))
        fact.answered = answer.answered_on if answer else None  # type: ignore[attr-defined]
        fact.paper = answer.pk if answer and answer.document else None  # type: ignore[attr-defined]
    return _by_practice(rows)


def questions(user: Any, found: list[Practice]) -> dict[int, list[Any]]:
    """What a consortium asks of each and waits for: whether it is a member."""
    rows = ConfirmationRequest.objects.visible_to(user).filter(practice__in=found, state="open", transfer=None)
    return _by_practice(rows.select_related("consortium").order_by("asked_on", "pk"))


def transfers(user: Any, now: Moment, found: list[Practice]) -> dict[int, list[Any]]:
    asked = TransferRequest.objects.visible_to(user).filter(practice__in=found)
    rows = list(asked.select_related("from_consortium", "to_consortium").order_by("-pk"))
    groups = _groups(now, {r.to_consortium_id for r in rows})
    for row in rows:
        row.group = groups.get(row.to_consortium_id, "")  # type: ignore[attr-defined]
    return {practice: told[:MOST_TRANSFERS] for practice, told in _by_practice(rows).items()}


def reports(user: Any, found: list[Practice]) -> dict[int, list[ErrorReport]]:
    """Those that the user sent of them."""
    return _by_practice(ErrorReport.objects.visible_to(user).filter(reported_by=user, practice__in=found))


def left_out(user: Any, now: Moment, found: list[Practice]) -> dict[int, Any]:
    """Why each is in no consortium today, where that was said."""
    facts = LeftOut.objects.visible_to(user).at(now).filter(practice__in=found)
    return {f.practice_id: f for f in facts.annotate(reason_label=label_of(), first=first_day())}


def deadline(user: Any, now: Moment) -> dict[str, Any] | None:
    """The day by which every practice is in a consortium, as planned today, and how many days it is away."""
    planned = Milestone.objects.visible_to(user).at(now).filter(key=DEADLINE).first()
    if planned is None:
        return None
    days = (planned.day - now.as_of).days
    return {"day": planned.day, "words": planned.words, "days": days, "past": days <= 0, "since": -days}


def to_come(facts: list[Any], day: date) -> list[Any]:
    """The memberships that have not ended by the day, the nearest first."""
    return sorted((f for f in facts if f.last is None or f.last >= day), key=lambda f: f.first or date.min)


def _groups(now: Moment, consortia: set[int]) -> dict[int, str]:
    """The last name that each consortium has."""
    facts = ConsortiumParticulars.objects.known(now).filter(consortium__in=consortia).order_by("effective")
    return dict(facts.values_list("consortium", "name"))


def _by_practice(rows: QuerySet | list[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.practice_id, []).append(row)
    return found

"""Conditions of an approval: given with the decision, answered by the lead, discharged by a named officer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pathfinders.actions.telling import tell_lead
from pathfinders.actions.work import not_after_today, text_of, working_on
from pathfinders.letters import Letter
from pathfinders.models import Bid, Condition, Outcome, ReleasedCondition, ReleasedDecision
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, said
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.models import User
from registry.models.fact import Lower

MOST = 2_000


def conditions_given(outcome: str, rows: Sequence[Mapping[str, Any]], decided_on: date) -> list[Condition]:
    """The conditions of a decision, not saved: `[{"text", "due_on"}]`, rows left wholly blank aside.

    Raises Refused on `conditions`: none where they are needed, some where they are not, a row without words or a day.
    """
    filled = [r for r in rows if str(r.get("text") or "").strip() or r.get("due_on")]
    if outcome != Outcome.CONDITIONS:
        if filled:
            raise _wrong("Conditions belong to “Approved with conditions”: choose that outcome, or take them out.")
        return []
    if not filled:
        raise _wrong("Give at least one condition, with the day by which it is to be met.")
    found = []
    for position, row in enumerate(filled, start=1):
        text = text_of(row.get("text"), field="conditions", what="A condition", most=MOST)
        due_on = row.get("due_on")
        if not text:
            raise _wrong(f"Say what condition {position} is.")
        if due_on is None:
            raise _wrong(f"Give the day by which condition {position} is to be met.")
        if require_day(due_on, field="conditions") <= decided_on:
            raise _wrong(f"Condition {position} is due on {said(due_on)}, which is not after the decision.")
        found.append(Condition(position=position, text=text, due_on=due_on))
    return found


def condition_lines(conditions: Sequence[Condition]) -> list[str]:
    """As the decision's letter lists them."""
    return [f"{c.text} (by {said(c.due_on)})" for c in conditions]


def answer_condition(*, by: User, bid: Bid, version: int, position: int, evidence: str) -> Condition:
    """The lead's evidence that a condition is met; given again, it takes the place of the first, which the log keeps."""
    with working_on(bid, by=by, action="answer_condition", version=version) as case:
        condition = _open(case, position)
        text = text_of(evidence, field="evidence", what="The evidence", most=20_000)
        if not text:
            raise Refused("no_evidence", "Say how the condition is met.", field="evidence")
        condition.evidence, condition.evidence_on = text, clock.today()
        condition.save()
    return condition


def discharge_condition(
    *,
    by: User,
    bid: Bid,
    version: int,
    position: int,
    note: str,
    discharged_on: date | None = None,
    letter: Letter | None = None,
) -> Condition:
    """An officer discharges a condition, as of today or a past day since its announcement; one journal entry says so.

    Raises Refused on `note`, `position` or `discharged_on`.
    """
    require(by, Permission.DISCHARGE_CONDITION)
    day = discharged_on or clock.today()
    reason = f"A condition of the approval of {bid.ref} is discharged"
    with (
        journal.entry(by=by, action="discharge_condition", kind=kind_on(day), reason=reason) as entry,
        working_on(bid, by=by, action="discharge_condition", version=version) as case,
    ):
        condition = _open(case, position)
        text = text_of(note, field="note", what="The note", most=20_000)
        if not text:
            raise Refused("no_note", "Say on what evidence it is discharged: the lead reads this.", field="note")
        not_after_today(day, "A discharge", field="discharged_on")
        _since_announced(case, day)
        condition.discharged_on, condition.discharged_by, condition.note = day, by, text
        condition.save()
        key = (case.ref, case.released_number, condition.position)
        entry.set(ReleasedCondition, key, day, None, (condition.text, condition.due_on, day))
        tell_lead(
            case,
            "condition_discharged",
            letter=letter,
            must_hold=[condition.text],
            day=said(day),
            condition=condition.text,
            text=text,
        )
    return condition


def _open(bid: Bid, position: int) -> Condition:
    found = bid.conditions().select_for_update().filter(position=position).first()
    if found is None:
        raise Refused("no_condition", "Choose a condition that is open.", field="position")
    return found


def _since_announced(bid: Bid, day: date) -> None:
    told = ReleasedDecision.objects.current().filter(bid=bid.ref, number=bid.released_number)
    announced_on = told.annotate(_from=Lower("effective")).order_by("_from").values_list("_from", flat=True)[0]
    if day < announced_on:
        raise Refused(
            "too_early",
            f"The condition was announced on {said(announced_on)}; it cannot have been discharged on {said(day)}.",
            field="discharged_on",
        )


def _wrong(sentence: str) -> Refused:
    return Refused("bad_conditions", sentence, field="conditions")

"""An approver decides a bid, or decides it again before release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from pathfinders import letters
from pathfinders.actions.assessment import all_found
from pathfinders.actions.conditions import condition_lines, conditions_given
from pathfinders.actions.telling import tell_lead
from pathfinders.actions.work import not_after_today, text_of, waves_locked, working_on
from pathfinders.models import Bid, Condition, Decision, Outcome, Reason, Wave
from registry import outbox
from registry.actions.checks import said
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.models import User


def decide_bid(
    *,
    by: User,
    bid: Bid,
    version: int,
    outcome: str,
    reasons: Sequence[str | Reason] = (),
    text: str = "",
    wave: Wave | int | None,
    decided_on: date,
    on_behalf_of: str = "",
    conditions: Sequence[Mapping[str, Any]] = (),
    letter: letters.Letter | None = None,
) -> Decision:
    """Decide a bid (domain.md rule 10). Nobody but programme staff learns of it before its wave is released.

    `conditions`: `[{"text", "due_on"}]`, at least one where it is approved with conditions and none otherwise.
    The letter, `letter` where a person edited it, is written now and held for the wave, with the outcome, what was found
    on each criterion, reasons and conditions in it;
    a second decision takes the first one's letter back, the first decision itself stays. Raises Refused: 403 for
    whoever had a part in the bid or an interest in it, 409 once released, 412 when it changed, 422 with the field for
    a missing reason, condition, finding, wave or a date that cannot be.
    """
    with step(by=by, action="decide", permission=Permission.DECIDE_BID):
        chosen = waves_locked(bid, wave)
        if chosen is None:
            raise Refused("no_wave", "Choose the wave that will tell of this decision.", field="wave")
        with working_on(bid, by=by, action="decide", version=version) as case:
            if outcome not in Outcome.values:
                raise Refused("unknown_outcome", "Choose an outcome.", field="outcome")
            all_found(case)
            not_before_submission(case, decided_on)
            decision = Decision(
                outcome=outcome,
                text=text_of(text, field="text", what="The letter's text", most=20_000),
                decided_by=by,
                on_behalf_of=text_of(on_behalf_of, field="on_behalf_of", what="On behalf of", most=200),
                decided_on=decided_on,
                wave=chosen,
            )
            given = _reasons(outcome, reasons, decided_on)
            write_decision(case, decision, given, conditions_given(outcome, conditions, decided_on), letter)
    return decision


def write_decision(
    case: Bid,
    decision: Decision,
    reasons: Sequence[Reason] = (),
    conditions: Sequence[Condition] = (),
    letter: letters.Letter | None = None,
) -> None:
    """Save the next decision of a locked bid with its conditions and its letter; the bid's row is the caller's."""
    decision.bid, decision.number = case, case.decision_number + 1
    decision.reasons = [r.key for r in reasons]
    decision.save()
    for condition in conditions:
        condition.decision = decision
        condition.save()
    if case.decision_number:
        outbox.take_back(about=case.ref)
    case.wave, case.decision_number, case.outcome = decision.wave, decision.number, decision.outcome
    found = letters.found_on(case)
    tell_lead(
        case,
        "decision",
        letter=letter,
        held_for=hold(decision.wave.number),
        must_hold=[
            decision.get_outcome_display(),
            *letters.finding_lines(found),
            *letters.reason_lines(reasons),
            *(c.text for c in conditions),
        ],
        **letters.decision_values(found, decision, reasons, condition_lines(conditions)),
    )


def hold(wave: int) -> str:
    """The name under which a wave's letters wait in the outbox."""
    return f"wave-{wave}"


def not_before_submission(bid: Bid, decided_on: date) -> None:
    """Raise Refused on `decided_on`: a decision is not of a day to come, nor of before the bid was submitted."""
    not_after_today(decided_on, "A decision", field="decided_on")
    submitted_on = bid.submitted_on
    if submitted_on is not None and decided_on < submitted_on:
        raise Refused(
            "too_early",
            f"The bid was submitted on {said(submitted_on)}; it cannot have been decided on {said(decided_on)}.",
            field="decided_on",
        )


def _reasons(outcome: str, given: Sequence[str | Reason], day: date) -> list[Reason]:
    if outcome == Outcome.APPROVED and not given:
        return []
    return usable_reasons(outcome, given, day)


def usable_reasons(outcome: str, given: Sequence[str | Reason], day: date) -> list[Reason]:
    """The reasons of these keys, in order. Raises Refused on `reasons`: none, or one that may not be given for this
    outcome (or "returned") on this day."""
    keys = sorted({r.key if isinstance(r, Reason) else r for r in given})
    if not keys:
        raise Refused("no_reason", "Choose at least one reason: the bidder is told why.", field="reasons")
    usable = {r.key: r for r in Reason.objects.usable(outcome, day)}
    for key in keys:
        if key not in usable:
            label = Reason.objects.filter(key=key).values_list("label", flat=True).first() or key
            raise Refused(
                "reason_not_usable",
                f"“{label}” is not a reason for “{_named(outcome)}” on {said(day)}.",
                field="reasons",
            )
    return [usable[k] for k in keys]


def _named(outcome: str) -> str:
    return Outcome(outcome).label.lower() if outcome in Outcome.values else outcome

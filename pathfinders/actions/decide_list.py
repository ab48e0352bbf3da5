"""A list for ministers: an approver decides all recommended bids of a wave at once, each with a decision of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F

from pathfinders.actions.decision import not_before_submission, write_decision
from pathfinders.actions.waves import same_version
from pathfinders.actions.work import move_wave, not_after_today, open_wave_locked, text_of
from pathfinders.ministers import know_parts, unready
from pathfinders.models import Bid, Decision, Wave
from pathfinders.states import guard
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.models import User


def decide_list(
    *,
    by: User,
    wave: Wave,
    version: int,
    bids: Sequence[tuple[str, int]],
    decided_on: date,
    on_behalf_of: str = "",
    text: str = "",
) -> list[Decision]:
    """Approve these bids of the wave, `(reference, version)` as the person saw them, as each is recommended.

    All or none: where one is not ready, none is decided and `detail` names each with its sentence (`bid`, `message`).
    A bid recommended for anything but an approval without conditions needs words of its own (a reason, a condition),
    so is decided on its own page. Raises Refused: 403, 409 (unready, or the wave released), 412 (the wave changed), 422.
    """
    with step(by=by, action="decide", permission=Permission.DECIDE_BID, wave=wave.pk):
        locked = open_wave_locked(wave)
        same_version(locked, version)
        not_after_today(decided_on, "A decision", field="decided_on")
        cases = _locked(by, locked, bids, decided_on)
        told: dict[str, Any] = {
            "text": text_of(text, field="text", what="The letter's text", most=20_000),
            "on_behalf_of": text_of(on_behalf_of, field="on_behalf_of", what="On behalf of", most=200),
        }
        decisions = []
        for case in cases:
            to = guard(case, by, "decide")
            decision = Decision(outcome=case.recommendation, decided_by=by, decided_on=decided_on, wave=locked, **told)
            write_decision(case, decision)
            case.state, case.version = to, case.version + 1
            case.save()
            decisions.append(decision)
        move_wave(locked)
    return decisions


def _locked(by: User, wave: Wave, wanted: Sequence[tuple[str, int]], decided_on: date) -> list[Bid]:
    """The bids, locked in order of their keys as a release locks them. Raises Refused unless all are ready."""
    seen = dict(wanted)
    if not seen:
        raise Refused("none", "There is no bid on the list.", field="bids")
    rows = Bid.objects.select_for_update(of=("self",), no_key=True).filter(ref__in=seen).order_by(F("pk"))
    cases = list(rows.select_related("lead", "assessor", "criteria"))
    know_parts(cases, by)
    missing = sorted(set(seen) - {c.ref for c in cases})
    wrong = [{"bid": ref, "message": f"There is no bid {ref}."} for ref in missing]
    for case in cases:
        sentence = unready(case, by, wave)
        if sentence is None and case.version != seen[case.ref]:
            sentence = "It has changed since the list was made. Look at it, then make the list again."
        if sentence is None:
            sentence = _wrong_day(case, decided_on)
        if sentence:
            wrong.append({"bid": case.ref, "message": f"{case.name} ({case.ref}): {sentence}"})
    if wrong:
        named = " ".join(row["message"] for row in wrong[:3])
        more = f" And {len(wrong) - 3} more." if len(wrong) > 3 else ""
        raise Refused("unready", f"None was decided. {named}{more}", field="bids", status=409, detail=wrong)
    return cases


def _wrong_day(case: Bid, decided_on: date) -> str | None:
    try:
        not_before_submission(case, decided_on)
    except Refused as refused:
        return refused.message
    return None

"""What every action on a bid shares: the lock, the second look, the version, the move."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F

from pathfinders.models import Bid, Wave, WaveState
from pathfinders.states import ACTIONS, Action, BidState, Whose, guard
from pathfinders.wave_states import DECIDING, UNRELEASED
from registry import clock
from registry.actions.checks import require_day, said
from registry.casework import step
from registry.errors import Refused, stale, wrong_state
from registry.models import User


@contextmanager
def working_on(bid: Bid, *, by: User, action: str, version: int, verb: str = "") -> Iterator[Bid]:
    """One step on one bid: permission, lock, state and version looked at again under it; the bid moves at the end.

    Yields the locked bid, whose fields the caller changes. `version` is the one that the person saw: `lead_version`
    for the lead's actions, `version` for staff's. Raises Refused 403, 409 or 412.
    """
    rule = ACTIONS[action]
    with step(by=by, action=verb or action, permission=rule.permission, bid=bid.ref):
        locked = Bid.objects.select_for_update().get(pk=bid.pk)
        read = _columns(locked)
        if locked.lead_id == by.pk:
            locked.lead = by  # whose row is read already
        to = guard(locked, by, action)
        _same_version(locked, version, lead_side=rule.whose == Whose.LEAD)
        yield locked
        _move(locked, rule, to, read)


@contextmanager
def working_beside(bid: Bid, *, by: User, action: str) -> Iterator[Bid]:
    """A step of somebody outside programme staff, who sees none of the bid's versions: a PCT's or SHA's opinion.

    As `working_on`, but that the caller compares the version of its own row. Staff's version moves on, so that a page
    that was opened before is told. Raises Refused 403 or 409.
    """
    rule = ACTIONS[action]
    with step(by=by, action=action, permission=rule.permission, bid=bid.ref):
        locked = Bid.objects.select_for_update().get(pk=bid.pk)
        read = _columns(locked)
        to = guard(locked, by, action)
        yield locked
        _move(locked, rule, to, read)


def not_founded(bid: Bid) -> None:
    """Raise Refused 409 where an announced approval has made a pathfinder of the bid: what its consortia and practices
    became is told by the register, and every practice that the bid names is accounted for there."""
    pathfinder = bid.pathfinder()
    if pathfinder is not None:
        raise wrong_state(
            f"{bid.ref} is {pathfinder.ref} in the register: its name, consortia and practices are changed there, "
            "not in the bid."
        )


def _columns(bid: Bid) -> dict[str, Any]:
    return {f.attname: getattr(bid, f.attname) for f in Bid._meta.concrete_fields}


def _move(bid: Bid, rule: Action, to: BidState, read: dict[str, Any]) -> None:
    """Write what has changed of the bid since it was `read`, under its next version."""
    bid.state = to
    bid.version += 1
    bid.lead_version += rule.lead_side
    bid.save(update_fields=[name for name, value in _columns(bid).items() if value != read[name]])


def _same_version(bid: Bid, version: int, *, lead_side: bool) -> None:
    current = bid.lead_version if lead_side else bid.version
    if version != current:
        raise stale(
            f"{bid.ref} has changed since you opened it: {_what_happened(bid, version, lead_side=lead_side)}. "
            "Look at it as it is now, then repeat what you meant to do."
        )


def _what_happened(bid: Bid, since: int, *, lead_side: bool) -> str:
    """What the case log says happened after a version, the bidder being told of the bidder's own steps only and of nobody's
    name: who works on a bid is staff's to know."""
    field = "lead_version" if lead_side else "version"
    events = Bid.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
    log = events.filter(pgh_obj_id=bid.pk, **{f"{field}__gt": since}).order_by("pgh_id")
    steps, seen = [], since
    for number, context in log.values_list(field, "pgh_context__metadata"):
        if number > seen:
            seen = number
            steps.append(_said(context or {}, lead_side=lead_side))
    return "; ".join(dict.fromkeys(steps)) or "its version is another"


def _said(context: dict[str, Any], *, lead_side: bool) -> str:
    action = context.get("action", "")
    done = ACTIONS[action].done if action in ACTIONS else ACTIONS["edit"].done
    who = None if lead_side else User.objects.filter(ref=context.get("actor", "")).first()
    return f"it was {done}" + (f" ({who})" if who else "")


def waves_locked(bid: Bid, wave: Wave | int | None) -> Wave | None:
    """The wave chosen for a bid, locked together with the one it is in; both move a version on, so that a release
    prepared before is told. Waves are locked before bids, in order, as release does, so that no two wait for ever.

    Raises Refused where the chosen one is not there or not open, or where the list of the one it is in is made. None
    (out of its wave) gives None.
    """
    number, now_in = wave.pk if isinstance(wave, Wave) else wave, _wave_of(bid)
    found = _moved_on(number, now_in)
    if now_in is not None and found[now_in].state in (WaveState.DECIDED, WaveState.FROZEN):
        _open(found[now_in])
    return None if number is None else _open(found.get(number))


def own_wave_locked(bid: Bid) -> int | None:
    """The wave that the bid is in, locked and moved a version on; None where it is in none."""
    now_in = _wave_of(bid)
    _moved_on(now_in)
    return now_in


def _wave_of(bid: Bid) -> int | None:
    return Bid.objects.values_list("wave", flat=True).get(pk=bid.pk)


def _moved_on(*numbers: int | None) -> dict[int, Wave]:
    """These waves by number, locked in order; those not released move a version on."""
    touched = {n for n in numbers if n is not None}
    found = {w.pk: w for w in Wave.objects.select_for_update(no_key=True).filter(pk__in=touched).order_by("pk")}
    Wave.objects.filter(pk__in=touched, state__in=UNRELEASED).update(version=F("version") + 1)
    return found


def open_wave_locked(wave: Wave) -> Wave:
    """The wave, locked. Raises Refused unless its bids can be decided."""
    return _open(Wave.objects.select_for_update(no_key=True).filter(pk=wave.pk).first())


WHY_NOT_OPEN = {
    WaveState.FORECAST: "is only forecast: open it first, or choose another.",
    WaveState.DECIDED: "is marked as decided: take its decisions up again first, or choose another wave.",
    WaveState.FROZEN: "is frozen: unfreeze its list first, or choose another wave.",
    WaveState.RELEASED: "has been released, which is done once; choose an open wave.",
}


def _open(wave: Wave | None) -> Wave:
    if wave is None:
        raise Refused("no_wave", "Choose an open wave: its release tells the bidder the outcome.", field="wave")
    if wave.state not in DECIDING:
        sentence = f"Wave {wave.number} {WHY_NOT_OPEN[WaveState(wave.state)]}"
        raise Refused("wrong_state", sentence, field="wave", status=409)
    return wave


def not_after_today(day: date, what: str, *, field: str) -> None:
    """History can be entered late, but nothing is of a day that has not come, or of before the NHS was."""
    require_day(day, field=field)
    today = clock.today()
    if day > today:
        raise Refused(
            "future_date", f"{what} cannot be after today, {said(today)}; you gave {said(day)}.", field=field
        )


def text_of(value: str | None, *, field: str, what: str, most: int) -> str:
    """A person's text, trimmed. Raises Refused where it is longer than its column, or has a character that no column
    keeps."""
    text = (value or "").strip()
    if "\x00" in text:
        raise Refused("bad_character", f"{what} has a character that cannot be kept: type it again.", field=field)
    if len(text) > most:
        raise Refused("too_long", f"{what} can have {most} characters; this has {len(text)}.", field=field)
    return text


def next_ref(year: int) -> str:
    """The next bid reference of a year. Under a lock until the transaction ends, so that no two are alike."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pathfinders.bid.ref'), %s)", [year])
        cursor.execute(
            "SELECT coalesce(max(substr(ref, 10)::int), 0) + 1 FROM pathfinders_bid WHERE ref LIKE %s",
            [f"BID-{year}-%"],
        )
        return f"BID-{year}-{cursor.fetchone()[0]:04}"


def move_wave(wave: Wave, **changes: Any) -> Wave:
    """Write a wave's casework row under its next version."""
    Wave.objects.filter(pk=wave.pk).update(version=F("version") + 1, **changes)
    wave.refresh_from_db()
    return wave

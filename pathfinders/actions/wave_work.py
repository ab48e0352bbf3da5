"""What every step on a wave shares: the lock, the second look, the version, the move, the line in its log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from pathfinders.models import Bid, Wave, WaveStep
from pathfinders.wave_states import ACTIONS, guard
from registry import clock
from registry.casework import step
from registry.errors import not_allowed, stale
from registry.models import User

OUTCOMES = (
    "complete",
    "freeze",
    "thaw",
    "read_letters",
    "confirm",
    "schedule",
    "announce",
    "release",
    "set_going_live",
)
"""The steps whose page, or whose refusal, tells something of the wave's bids: their outcome, or whether they have one."""


@contextmanager
def working_on_wave(wave: Wave, *, by: User, action: str, version: int | None, reason: str = "") -> Iterator[Wave]:
    """One step on one wave: permission, lock, state and version looked at again under it; it moves at the end.

    Yields the locked wave, whose fields the caller changes; what the caller puts into `wave.fingerprint` stands in the
    log. `version`: the one that the person saw; None where the step needs none. Raises Refused 403, 409 or 412; 403
    also, where the step tells of outcomes, to whoever has a bid waiting.
    """
    rule = ACTIONS[action]
    with step(by=by, action=f"{action}_wave", permission=rule.permission, wave=wave.pk):
        locked = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
        to = guard(locked, by, action)
        if action in OUTCOMES:
            no_own_bid(by)
        if version is not None:
            same_version(locked, version)
        yield locked
        locked.state = to
        locked.version += 1
        locked.save()
        log(locked, by=by, action=action, reason=reason, fingerprint=getattr(locked, "fingerprint", ""))


def log(wave: Wave, *, by: User, action: str, reason: str = "", fingerprint: str = "") -> WaveStep:
    """A line in the wave's log."""
    return WaveStep.objects.create(
        wave=wave, action=action, by=by, at=clock.now(), reason=reason, fingerprint=fingerprint
    )


def same_version(wave: Wave, version: int) -> None:
    """Raise Refused 412 where the wave changed since the version that the person saw."""
    if wave.version != version:
        raise stale(
            f"Wave {wave.number} has changed since you opened it: a bid was decided, put into it or withdrawn, a date "
            "was moved, or a colleague took a step. Look at it as it is now, then repeat what you meant to do."
        )


def no_own_bid(by: Any) -> None:
    """Raise Refused 403 where a bid of the user's waits, in any wave or none: what stands in the way of a release would
    tell of it, and a refusal for one wave only that it is in that one."""
    if Bid.objects.own(by).waiting().exists():
        raise not_allowed("A bid of yours waits for its outcome: until it is announced, somebody else must do this.")

"""A bidder's own outcome, some hours before the wave is released: the one exception from the embargo.

architecture.md section 5. It is for the lead and the deputies of a decided bid, signed in, on the bid's own page, and
each reading is recorded. Nothing else of the embargo changes: every state, list, count and letter stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pathfinders import letters_of_wave
from pathfinders.models import Bid, Wave, WaveState
from pathfinders.plan import plan_release
from pathfinders.release_checks import release_checks
from pathfinders.states import BidState
from registry import clock, outbox
from registry.authorization import Permission, may
from registry.models import Mail

WORKER = "worker"
"""The check of the day, of the hold and of the sending of letters. Before the time of release it always fails, for the
day has not come; what else it asks is asked here."""


@dataclass(frozen=True)
class EarlyOutcome:
    """`until`: the instant of the release, up to which nobody else may know. `letter`: as it will be sent."""

    bid: Bid
    wave: int
    until: datetime
    outcome: str
    letter: Mail | None


def early_outcome(user: Any, bid: Bid, now: datetime | None = None) -> EarlyOutcome | None:
    """The outcome of this bid, where this user may read it before its release; None to everybody else, at any other
    time, and as soon as something stands in the way of the release.

    Own bid, decided; its wave frozen, given a time of release with hours before it, inside those hours, held by nobody;
    each check of the release passed but that of the time: so list and announcement are confirmed by a second person.
    """
    if bid.state != BidState.DECIDED or bid.wave_id is None or not bid.belongs_to(user):
        return None
    wave = Wave.objects.select_related("scheduled_by").get(pk=bid.wave_id)
    until = _window(wave, now or clock.now())
    if until is None or wave.held_by_id is not None or not _confirmed(wave):
        return None
    letter = letters_of_wave.waiting(wave.number).filter(about=bid.ref, recipient=bid.lead.ref).last()
    return EarlyOutcome(bid, wave.number, until, bid.get_outcome_display(), letter)


def _window(wave: Wave, now: datetime) -> datetime | None:
    """The instant of the release, where `now` is in the hours before it."""
    at = wave.release_at
    if wave.state != WaveState.FROZEN or at is None or not wave.early_hours:
        return None
    return at if at - timedelta(hours=wave.early_hours) <= now < at else None


def _confirmed(wave: Wave) -> bool:
    """Whether nothing but the time stands between this wave and its release by whoever set that time."""
    assert wave.scheduled_by is not None  # by the database: a time of release is somebody's
    if not may(wave.scheduled_by, Permission.RELEASE_WAVE) or Bid.objects.own(wave.scheduled_by).waiting().exists():
        return False  # at its time it would be put on hold
    checks = release_checks(wave, plan_release(wave), wave.scheduled_by)
    return outbox.is_alive() and all(check.passed for check in checks if check.key != WORKER)

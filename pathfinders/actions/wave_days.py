"""What the public is told of a wave's dates: before its release what staff publish, with its release the rest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from pathfinders.actions.wave_work import working_on_wave
from pathfinders.models import Wave, WaveDate, WaveDateKind, WaveDay
from registry import clock, journal
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused
from registry.journal import Writer
from registry.models import Entry, EntryKind, User

ALL = tuple(WaveDateKind.values)
FORETOLD = (WaveDateKind.OPENS.value, WaveDateKind.CLOSES.value, WaveDateKind.ANNOUNCED.value)
"""The dates that may be public before the release; when bids were decided is not (architecture.md section 5)."""


def publish_dates(*, by: User, wave: Wave, version: int, reason: str) -> Entry:
    """Tell the public when a wave opens, closes and is announced, in one journal entry: each version of these dates
    that was not told yet, a slip with the reason that was given for it. `reason`: why it is told, public too.

    Raises Refused 403, 409 where the wave is released or nothing is new, 412, 422 on `reason`.
    """
    why = reason.strip()
    if not why:
        raise Refused("no_reason", "Say why it is published: the journal keeps the reason.", field="reason")
    with (
        step(by=by, action="publish_dates", permission=Permission.MANAGE_WAVES, wave=wave.pk),
        journal.entry(by=by, action="publish_dates", kind=EntryKind.EVENT, reason=why) as entry,
        working_on_wave(wave, by=by, action="publish_dates", version=version, reason=why) as locked,
    ):
        if not write_days(entry, locked, clock.today(), FORETOLD):
            raise Refused("no_change", f"The public knows the dates of wave {locked.number} as they are.", status=409)
    assert entry.entry is not None  # a version that was not told is a new fact
    return entry.entry


def untold(wave: Wave, kinds: Collection[str] = FORETOLD) -> list[WaveDate]:
    """The versions of these dates that the public was not told, in their order. Two queries."""
    told = set(WaveDay.objects.current().filter(wave=wave.pk).values_list("kind", "version"))
    said = WaveDate.objects.filter(wave=wave, kind__in=kinds).order_by("kind", "version")
    return [row for row in said if (row.kind, row.version) not in told]


def write_days(entry: Writer, wave: Wave, day: date, kinds: Collection[str] = ALL) -> int:
    """Into this entry: every version of these dates that was not told, as told on `day`. How many these are."""
    rows = untold(wave, kinds)
    entry.new(WaveDay, [(wave.pk, row.kind, row.version) for row in rows])  # what was not told stands nowhere
    for row in rows:
        entry.set(WaveDay, (wave.pk, row.kind, row.version), day, None, (row.day, row.actual, row.reason))
    return len(rows)

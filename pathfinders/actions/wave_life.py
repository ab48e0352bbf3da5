"""A wave's life up to its release: forecast, open, closed, decided, frozen; held, scheduled, confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import Max

from pathfinders import letters_of_wave
from pathfinders.actions.wave_work import log, working_on_wave
from pathfinders.frozen import confirmed_fingerprint, content_of, fingerprint
from pathfinders.models import Bid, FrozenList, Wave, WaveDate, WaveDateKind, WaveState
from pathfinders.models.wave import MOST_HOURS_EARLY
from pathfinders.plan import plan_release, refuse_blocked
from pathfinders.simulation import simulate_release
from registry import clock
from registry.actions.checks import require_day, said
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, not_allowed
from registry.models import User

KINDS = tuple(WaveDateKind.values)


def forecast_wave(
    *,
    by: User,
    number: int,
    announced_on: date,
    opens_on: date | None = None,
    closes_on: date | None = None,
    decides_on: date | None = None,
) -> Wave:
    """A wave to come, with its dates as they are expected. Raises Refused on `number` where it exists, on a date where
    they are not in order."""
    with step(by=by, action="forecast_wave", permission=Permission.MANAGE_WAVES):
        days = {"opens_on": opens_on, "closes_on": closes_on, "decides_on": decides_on, "announced_on": announced_on}
        return begin_wave(by, number, WaveState.FORECAST, days)


def begin_wave(by: User, number: int, state: WaveState, days: Mapping[str, date | None]) -> Wave:
    """The row of a new wave, with the first version of each date that is given."""
    if number < 1:
        raise Refused("bad_number", "Waves are numbered from 1.", field="number")
    _in_order(days)
    wave, created = Wave.objects.get_or_create(number=number, defaults={"state": state, **days})
    if not created:
        raise Refused("exists", f"Wave {number} exists already.", field="number", status=409)
    for kind in KINDS:
        if day := days.get(kind):
            _say(wave, by, kind, day, actual=kind == "opens_on" and state == WaveState.OPEN)
    log(wave, by=by, action="forecast" if state == WaveState.FORECAST else "open")
    return wave


def date_wave(
    *,
    by: User,
    wave: Wave,
    version: int,
    announced_on: date | None = None,
    opens_on: date | None = None,
    closes_on: date | None = None,
    decides_on: date | None = None,
    reason: str = "",
) -> Wave:
    """Move dates of a wave that is not frozen: each one that slips, with the reason. None leaves a date as it is.

    One that has happened is put right, and stays one that has happened. Raises Refused 409 where nothing changes, 422
    without a reason where a date had been given before, out of order, or for what has happened a day that has not come.
    """
    given = {"opens_on": opens_on, "closes_on": closes_on, "decides_on": decides_on, "announced_on": announced_on}
    with working_on_wave(wave, by=by, action="date", version=version, reason=reason.strip()) as locked:
        moved = {k: day for k, day in given.items() if day is not None and day != getattr(locked, k)}
        if not moved:
            raise Refused(
                "no_change", f"Wave {locked.number} has these dates already.", field="announced_on", status=409
            )
        if not reason.strip() and (slips := [k for k in moved if getattr(locked, k)]):
            label = WaveDateKind(slips[0]).label.lower()
            raise Refused(
                "no_reason", f"Say why this date is moved ({label}): the wave keeps the reason.", field="reason"
            )
        _in_order({k: moved.get(k, getattr(locked, k)) for k in KINDS})
        happened = _happened_already(locked)
        for kind, day in moved.items():
            if kind in happened and day > clock.today():
                sentence = f"It has happened ({WaveDateKind(kind).label.lower()}), so {said(day)} cannot be its day."
                raise Refused("future_date", sentence, field=kind)
            _say(locked, by, kind, day, reason.strip(), actual=kind in happened)
            setattr(locked, kind, day)
    return locked


def open_forecast(*, by: User, wave: Wave, version: int) -> Wave:
    """A forecast wave takes bids from today on."""
    with working_on_wave(wave, by=by, action="open", version=version) as locked:
        happened(locked, by, "opens_on")
    return locked


def close_wave(*, by: User, wave: Wave, version: int) -> Wave:
    """The cut-off has come: no bid is put into the wave any more; those in it are decided."""
    with working_on_wave(wave, by=by, action="close", version=version) as locked:
        happened(locked, by, "closes_on")
    return locked


def reopen_wave(*, by: User, wave: Wave, version: int, reason: str) -> Wave:
    """A closed wave takes bids again."""
    with working_on_wave(wave, by=by, action="reopen", version=version, reason=_why(reason)) as locked:
        pass
    return locked


def complete_wave(*, by: User, wave: Wave, version: int) -> Wave:
    """Each bid of the wave has its decision. Raises Refused 409 with every one that has not in `detail`."""
    with working_on_wave(wave, by=by, action="complete", version=version) as locked:
        refuse_blocked(plan_release(locked))
        happened(locked, by, "decides_on")
    return locked


def reconsider_wave(*, by: User, wave: Wave, version: int, reason: str) -> Wave:
    """Bids of a decided wave may be decided again."""
    with working_on_wave(wave, by=by, action="reconsider", version=version, reason=_why(reason)) as locked:
        pass
    return locked


def set_going_live_months(*, by: User, wave: Wave, version: int, months: Mapping[str, date | None]) -> Wave:
    """When bids of the wave go live, once pathfinders: by the bid's reference a day of the month meant, or None.

    Approval, announcement and going live are three dates (domain.md rule 11). Raises Refused 422 on `months` for a bid
    that is not in the wave or a day before the announcement; all faults in `detail`.
    """
    with working_on_wave(wave, by=by, action="set_going_live", version=version) as locked:
        bids = {b.ref: b for b in Bid.objects.select_for_update().filter(wave=locked, ref__in=months)}
        faults = []
        for ref, day in months.items():
            if ref not in bids:
                faults.append({"bid": ref, "message": f"{ref[:20]} is no bid of wave {locked.number}."})
            elif day is not None and day < locked.announced_on:
                sentence = f"{bids[ref].name}: going live on {said(day)} is before the announcement on {said(locked.announced_on)}."
                faults.append({"bid": ref, "message": sentence})
        if faults:
            raise Refused("bad_month", faults[0]["message"], field="months", detail=faults)
        for ref, day in months.items():
            if bids[ref].goes_live_on != day:
                Bid.objects.filter(pk=bids[ref].pk).update(goes_live_on=day, version=bids[ref].version + 1)
    return locked


def freeze_wave(*, by: User, wave: Wave, version: int) -> FrozenList:
    """Make the list that will be announced: who, under which region, with which practices, and the figures of it.

    Raises Refused 409 with every obstacle in `detail`.
    """
    with working_on_wave(wave, by=by, action="freeze", version=version) as locked:
        plan = plan_release(locked, lock=True)
        refuse_blocked(plan)
        content = content_of(plan)
        last = locked.lists.aggregate(n=Max("number"))["n"] or 0  # type: ignore[attr-defined]
        frozen = FrozenList.objects.create(
            wave=locked,
            number=last + 1,
            content=content,
            figures=simulate_release(by, plan).figures.as_json(),
            sha256=fingerprint(content),
            frozen_by=by,
            frozen_at=clock.now(),
        )
        locked.fingerprint = frozen.sha256  # type: ignore[attr-defined]
    return frozen


def thaw_wave(*, by: User, wave: Wave, version: int, reason: str) -> Wave:
    """Unfreeze: what was confirmed and the time of release are void; the list as it was frozen is kept."""
    with working_on_wave(wave, by=by, action="thaw", version=version, reason=_why(reason)) as locked:
        locked.release_at = locked.scheduled_by = None
    return locked


def read_letters(*, by: User, wave: Wave, version: int) -> Wave:
    """Somebody has read the letters that the release will send, as they are now."""
    with working_on_wave(wave, by=by, action="read_letters", version=version) as locked:
        locked.fingerprint = letters_of_wave.fingerprint(locked.number)  # type: ignore[attr-defined]
    return locked


def not_second(wave: Wave, by: User) -> str:
    """Why this person is not the second one who confirms what another froze and wrote, or ""."""
    frozen, announcement = wave.frozen_list(), getattr(wave, "announcement", None)
    if frozen is not None and frozen.frozen_by_id == by.pk:
        return "You froze this list, so a second person must confirm it."
    if announcement is not None and announcement.edited_by_id == by.pk:
        return "You wrote this announcement, so a second person must confirm it."
    return ""


def confirm_wave(*, by: User, wave: Wave, version: int) -> Wave:
    """A second person confirms list and announcement as they are now: neither who froze the list nor who last wrote the
    announcement. Raises Refused 403 to those two, 409 without an announcement."""
    with working_on_wave(wave, by=by, action="confirm", version=version) as locked:
        if getattr(locked, "announcement", None) is None:
            raise Refused(
                "no_announcement", f"Wave {locked.number} has no announcement yet: draft it first.", status=409
            )
        if why := not_second(locked, by):
            raise not_allowed(why)
        locked.fingerprint = confirmed_fingerprint(locked)  # type: ignore[attr-defined]
    return locked


def schedule_release(*, by: User, wave: Wave, version: int, release_at: datetime | None, early_hours: int = 0) -> Wave:
    """Set, or with None take away, the instant at which the wave is released by itself, in this person's name.

    Raises Refused on `release_at` for an instant that has passed or is not on the day of the announcement.
    """
    with working_on_wave(wave, by=by, action="schedule", version=version) as locked:
        if release_at is not None and release_at <= clock.now():
            raise Refused("past", "That time has passed. Give a later one, or release by hand.", field="release_at")
        if release_at is not None and clock.london_date(release_at) != locked.announced_on:
            sentence = f"The announcement is on {said(locked.announced_on)}: the time of release is on that day."
            raise Refused("other_day", sentence, field="release_at")
        if not 0 <= early_hours <= MOST_HOURS_EARLY:
            raise Refused("bad_hours", f"Give from 0 to {MOST_HOURS_EARLY} hours.", field="early_hours")
        locked.release_at, locked.early_hours = release_at, early_hours if release_at else 0
        locked.scheduled_by = by if release_at else None
    return locked


def hold_wave(*, by: User, wave: Wave, reason: str = "") -> Wave:
    """Nothing is released until the hold is lifted. Needs no version and no reason: it must never fail when meant."""
    with working_on_wave(wave, by=by, action="hold", version=None, reason=reason.strip()) as locked:
        locked.held_by = by
    return locked


def lift_hold(*, by: User, wave: Wave, version: int) -> Wave:
    """Let a held wave go on. A time of release that has passed meanwhile is taken away: it is set anew."""
    with working_on_wave(wave, by=by, action="lift_hold", version=version) as locked:
        if locked.held_by_id is None:
            raise Refused("not_held", f"Wave {locked.number} is not held.", status=409)
        locked.held_by = None
        if locked.release_at is not None and locked.release_at <= clock.now():
            locked.release_at = locked.scheduled_by = None
    return locked


def _happened_already(wave: Wave) -> set[str]:
    """The kinds of date whose day has come, by their last version."""
    newest = WaveDate.objects.filter(wave=wave).order_by("kind", "-version").distinct("kind")
    return {row.kind for row in newest if row.actual}


def _why(reason: str) -> str:
    if not reason.strip():
        raise Refused("no_reason", "Say why: the wave keeps the reason.", field="reason")
    return reason.strip()


def _say(wave: Wave, by: User, kind: str, day: date, reason: str = "", *, actual: bool = False) -> None:
    last = WaveDate.objects.filter(wave=wave, kind=kind).aggregate(n=Max("version"))["n"] or 0
    WaveDate.objects.create(
        wave=wave, kind=kind, version=last + 1, day=day, actual=actual, reason=reason, said_on=clock.today(), by=by
    )


def happened(wave: Wave, by: User, kind: str) -> None:
    """It happened today, or, where history is entered late, on the day set for it or that of the announcement."""
    expected, today = getattr(wave, kind), clock.today()
    day = min(expected if expected is not None and expected <= today else today, wave.announced_on)
    _in_order({k: day if k == kind else getattr(wave, k) for k in KINDS})
    _say(wave, by, kind, day, actual=True)
    setattr(wave, kind, day)


def _in_order(days: Mapping[str, date | None]) -> None:
    before: tuple[str, date] | None = None
    for kind in KINDS:
        day = days.get(kind)
        if day is None:
            continue
        require_day(day, field=kind)
        if before and day < before[1]:
            sentence = (
                f"{WaveDateKind(kind).label} on {said(day)} would be before "
                f"“{WaveDateKind(before[0]).label.lower()}” on {said(before[1])}."
            )
            raise Refused("out_of_order", sentence, field=kind)
        before = kind, day

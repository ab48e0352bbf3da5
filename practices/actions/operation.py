from __future__ import annotations

from datetime import date

from practices.models import BodyParticulars, OperationalLife, ParentBody
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, require_reason
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.models import Entry, EntryKind, User
from registry.timeline import Spell, Timeline, first_day_out


def record_operation(*, by: User, body: ParentBody, start: date | None, last_day: date | None, why: str) -> Entry:
    """When the body operated, apart from its legal life; `last_day` inclusive, None where it is not known (rule 17).

    What was recorded before is replaced: by a correction, except where its end was still open. Without a first day it
    is taken back: the register then tells of the legal life alone. Raises Refused: 403, 409 where the register says so
    already, 422 where the days are reversed or none of them is in the legal life.
    """
    require(by, Permission.CHANGE_REGISTER)
    told = _told(start, last_day)
    reason = require_reason(why)
    with journal.entry(by=by, action="record_operation", kind=EntryKind.EVENT, reason=reason) as entry:
        entry.kind = _kind(entry.timeline(OperationalLife, (body.pk,)), told)
        for spell in told:
            lives = entry.timeline(BodyParticulars, (body.pk,))
            if lives.spells and not lives.within(spell.start, spell.end).spells:
                raise Refused("outside_life", f"{body} did not exist on any of these days: check them.", field="start")
        entry.put(OperationalLife, (body.pk,), told)
    if entry.entry is None:
        raise wrong_state("The register says so already: nothing was recorded.")
    return entry.entry


def _told(start: date | None, last: date | None) -> Timeline:
    if start is None:
        if last is not None:
            raise Refused("no_first_day", "Give the first day too.", field="start")
        return Timeline()
    require_day(start, "start")
    if last is not None and require_day(last, "last_day") < start:
        raise Refused("reversed", "The last day comes before the first: check both.", field="last_day")
    return Timeline([Spell(start, first_day_out(last), ())])


def _kind(standing: Timeline, told: Timeline) -> EntryKind:
    """An end that was open, or still to come, may be told; anything else that stood was wrong."""
    new = told.spells[0] if told.spells else None
    if not standing.spells:
        return kind_on(new.start or clock.today()) if new else EntryKind.CORRECTION
    old = standing.spells[-1]
    open_still = old.end is None or old.end > clock.today()
    if new is None or old.start != new.start or not open_still:
        return EntryKind.CORRECTION
    return kind_on(new.end or clock.today())

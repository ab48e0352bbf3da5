"""Pathfinders merge: one ends, and its consortia stand in the other from then on (domain.md rules 12 and 14)."""

from __future__ import annotations

from datetime import date

from pathfinders.models import Pathfinder, PathfinderParticulars, ProgrammePlace
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.models import Entry, User


def merge_pathfinders(*, by: User, pathfinder: Pathfinder, into: Pathfinder, on: date, reason: str) -> Entry:
    """From `on` the pathfinder is no more, and its consortia stand in `into`; consortia and members stay as they are.

    Its wave, as released, is not edited. Raises Refused where one of the two does not stand on that day.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    if pathfinder.pk == into.pk:
        raise Refused("same", f"{into.ref} cannot merge into itself: choose another pathfinder.", field="into")
    with journal.entry(
        by=by, action="merge_pathfinders", kind=kind_on(on), reason=require_reason(reason, "reason")
    ) as entry:
        for one in (pathfinder, into):
            life = entry.timeline(PathfinderParticulars, (one.pk,)).stretch(on)
            if life is None or life.start == on:
                raise wrong_state(f"{one.ref} was not a pathfinder before {said(on)}, so cannot merge then.")
        entry.cap(PathfinderParticulars, (pathfinder.pk,), on)
        standing = ProgrammePlace.objects.current().filter(pathfinder=pathfinder, effective__contains=on)
        for consortium in standing.values_list("consortium", flat=True):
            entry.cap(ProgrammePlace, (pathfinder.pk, consortium), on)
            entry.set(ProgrammePlace, (into.pk, consortium), on, None, ())
    assert entry.entry is not None
    return entry.entry

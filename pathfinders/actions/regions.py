"""Corrections of the list by region after its release (domain.md section 1, point 2: a consortium was announced in the
wrong region)."""

from __future__ import annotations

from pathfinders.models import Pathfinder, WaveListing
from practices.models import BodyKind, BodyParticulars
from registry import journal
from registry.actions.checks import require_reason
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.models import Entry, EntryKind, User


def correct_region(*, by: User, pathfinder: Pathfinder, region: str, reason: str) -> Entry:
    """The announcement listed the pathfinder under the wrong SHA: it is in this one (its code, "" for none).

    The list as released stays; the wave's page shows the correction beside it, with its date. Raises Refused: 403; 404
    for a pathfinder that no announcement listed; 409 where it is listed there already; 422 for a code that was no SHA's
    on the day, or without a reason.
    """
    require(by, Permission.CHANGE_REGISTER)
    why = require_reason(reason, "reason")
    code = region.strip().upper()
    with journal.entry(by=by, action="correct_region", kind=EntryKind.CORRECTION, reason=why) as entry:
        standing = entry.timeline(WaveListing, (pathfinder.pk,))
        if not standing.spells:
            sentence = f"{pathfinder.ref} stands in no announcement’s list by region."
            raise Refused("not_listed", sentence, field="region", status=404)
        spell = standing.spells[-1]
        wave, listed = spell.values
        if code == listed:
            raise Refused("no_change", f"{pathfinder.ref} is listed there already.", field="region", status=409)
        known = BodyParticulars.objects.current().filter(body__code=code, kind=BodyKind.SHA)
        if code and not known.filter(effective__contains=spell.start).exists():
            sentence = f"{code[:10]} was no strategic health authority on the day of the announcement."
            raise Refused("no_region", sentence, field="region")
        entry.set(WaveListing, (pathfinder.pk,), spell.start, spell.end, (wave, code))
    assert entry.entry is not None
    return entry.entry

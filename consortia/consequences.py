"""What a change of a practice does to its membership, in the same entry, whoever writes it (domain.md rules 4, 5)."""

from __future__ import annotations

from collections.abc import Iterable

from consortia.actions.lives import SETTING
from consortia.models import Membership
from practices.models import GP_PRACTICE, LIVING, PracticeParticulars, PracticeStatus
from registry.journal import Writer
from registry.timeline import Spell, Timeline

MANY = 2_000


def settle(entry: Writer) -> None:
    """Memberships of the practices that the entry has touched end, or begin later, where their lives now do."""
    keys = entry.changed(PracticeStatus) | entry.changed(PracticeParticulars)
    if not keys:
        return
    entry.load(Membership, keys if len(keys) < MANY else None)
    members = keys.intersection(entry.keys(Membership))
    entry.load(PracticeStatus, members)
    entry.load(PracticeParticulars, members)
    for key in members:
        standing = entry.timeline(Membership, key)
        kept = _inside(standing, (s for s in entry.timeline(PracticeStatus, key) if s.values[0] in LIVING))
        surgery = (s for s in entry.timeline(PracticeParticulars, key) if s.values[SETTING] == GP_PRACTICE)
        kept = _inside(kept, surgery)
        if kept != standing:
            entry.put(Membership, key, kept)


def _inside(timeline: Timeline, spells: Iterable[Spell]) -> Timeline:
    """What of a timeline lies inside the spells (sorted, apart)."""
    kept = [part for s in spells for part in timeline.within(s.start, s.end)]
    whole = Timeline()
    for part in kept:
        whole = whole.set(part.start, part.end, part.values)
    return whole

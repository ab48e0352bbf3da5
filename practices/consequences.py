"""What a change of a practice does to its branches, and the end of a body to its codes, in the same entry, whoever
writes it (domain.md rules 4, 5)."""

from __future__ import annotations

from practices.models import LIVING, BodyIdentifier, BodyParticulars, Branch, PracticeStatus
from registry.journal import Writer
from registry.models import Fact
from registry.timeline import Timeline


def settle(entry: Writer) -> None:
    """Branches of the practices that the entry has closed, or made begin later, end or begin with them; the codes of
    a body end with it."""
    codes_end(entry, BodyIdentifier, BodyParticulars)
    touched = {key[0] for key in entry.changed(PracticeStatus)}
    if not touched:
        return
    entry.load(Branch)  # a few thousand in all
    for key in entry.keys(Branch):
        if key[0] in touched:
            standing = entry.timeline(Branch, key)
            kept = within_life(standing, entry.timeline(PracticeStatus, key[:1]))
            if kept != standing:
                entry.put(Branch, key, kept)


def codes_end(entry: Writer, identifiers: type[Fact], particulars: type[Fact]) -> None:
    """The codes of those whose life the entry has touched end with it."""
    touched = {key[0] for key in entry.changed(particulars)}
    if not touched:
        return
    entry.load(identifiers)  # a few hundred in all
    for key in {*entry.keys(identifiers), *entry.changed(identifiers)}:
        if key[0] in touched:
            life, standing = entry.timeline(particulars, key[:1]).spells, entry.timeline(identifiers, key)
            end = life[-1].end if life else None
            if end is not None and (kept := standing.cap(end)) != standing:
                entry.put(identifiers, key, kept)


def within_life(branch: Timeline, statuses: Timeline) -> Timeline:
    """What of a branch's timeline lies on days on which its practice lived (active or dormant)."""
    kept = Timeline()
    for life in statuses:
        if life.values[0] in LIVING:
            for part in branch.within(life.start, life.end):
                kept = kept.set(part.start, part.end, part.values)
    return kept

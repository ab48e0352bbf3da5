"""What a change of a practice does to its branches, in the same entry, whoever writes it (domain.md rules 4, 5)."""

from __future__ import annotations

from practices.models import LIVING, Branch, PracticeStatus
from registry.journal import Writer
from registry.timeline import Timeline


def settle(entry: Writer) -> None:
    """Branches of the practices that the entry has closed, or made begin later, end or begin with them."""
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


def within_life(branch: Timeline, statuses: Timeline) -> Timeline:
    """What of a branch's timeline lies on days on which its practice lived (active or dormant)."""
    kept = Timeline()
    for life in statuses:
        if life.values[0] in LIVING:
            for part in branch.within(life.start, life.end):
                kept = kept.set(part.start, part.end, part.values)
    return kept

"""What a change does to what depends on it, in the same entry, whoever writes it (domain.md rules 4, 5, 20)."""

from __future__ import annotations

from collections.abc import Iterable

from consortia.actions.asking import withdraw_overtaken
from consortia.actions.lives import SETTING
from consortia.incoming import raise_work
from consortia.models import ConsortiumIdentifier, ConsortiumParticulars, LeftOut, Membership
from practices.consequences import codes_end
from practices.models import GP_PRACTICE, LIVING, PracticeParticulars, PracticeStatus
from registry.journal import Key, Writer
from registry.timeline import Spell, Timeline

__all__ = ["follow", "settle"]
MANY = 2_000


def settle(entry: Writer) -> None:
    """Memberships of the practices that the entry has touched end, or begin later, where their lives now do; and why
    a practice is in no consortium stands only on days on which it lives and is in none. A consortium's codes end with
    it."""
    codes_end(entry, ConsortiumIdentifier, ConsortiumParticulars)
    lives = entry.changed(PracticeStatus) | entry.changed(PracticeParticulars)
    if lives:
        _inside_their_lives(entry, lives)
    joined = {key for key in entry.changed(Membership) if _more_days(entry, key)}
    touched = lives | joined | entry.changed(LeftOut)
    if touched:
        _left_out_while_so(entry, touched)


def follow(entry: Writer) -> None:
    """After an entry is written: each member that it closed, reopened, moved or otherwise touched becomes a work item;
    what was asked about a membership that it ended is withdrawn."""
    withdraw_overtaken(entry)
    raise_work(entry)


def _inside_their_lives(entry: Writer, keys: frozenset[Key]) -> None:
    _load(entry, Membership, keys)
    members = keys.intersection(entry.keys(Membership))
    entry.load(PracticeStatus, members)
    entry.load(PracticeParticulars, members)
    for key in members:
        standing = entry.timeline(Membership, key)
        kept = _alive(entry, key, standing)
        if kept != standing:
            entry.put(Membership, key, kept)


def _left_out_while_so(entry: Writer, keys: frozenset[Key]) -> None:
    _load(entry, LeftOut, keys)
    said = keys.intersection([*entry.keys(LeftOut), *entry.changed(LeftOut)])
    if not said:
        return
    for model in (Membership, PracticeStatus, PracticeParticulars):
        entry.load(model, said)
    for key in said:
        standing = entry.timeline(LeftOut, key)
        kept = _alive(entry, key, standing)
        for member in entry.timeline(Membership, key):
            kept = kept.clear(member.start, member.end)
        if kept != standing:
            entry.put(LeftOut, key, kept)


def _more_days(entry: Writer, key: Key) -> bool:
    """Whether the entry makes the practice a member on days on which it was none."""
    more = entry.timeline(Membership, key)
    for spell in entry.before(Membership, key):
        more = more.clear(spell.start, spell.end)
    return bool(more.spells)


def _alive(entry: Writer, key: Key, timeline: Timeline) -> Timeline:
    """What of it lies on days on which the practice is a living GP practice."""
    kept = _inside(timeline, (s for s in entry.timeline(PracticeStatus, key) if s.values[0] in LIVING))
    return _inside(kept, (s for s in entry.timeline(PracticeParticulars, key) if s.values[SETTING] == GP_PRACTICE))


def _load(entry: Writer, model: type[Membership | LeftOut], keys: frozenset[Key]) -> None:
    entry.load(model, keys if len(keys) < MANY else None)


def _inside(timeline: Timeline, spells: Iterable[Spell]) -> Timeline:
    """What of a timeline lies inside the spells (sorted, apart)."""
    kept = [part for s in spells for part in timeline.within(s.start, s.end)]
    whole = Timeline()
    for part in kept:
        whole = whole.set(part.start, part.end, part.values)
    return whole

"""Incoming changes of practices become work for leads and staff (never silent loss).

What each entry did to a practice is read from its own timelines, before and after; only where a practice that was there
before changed is anything asked: whether it was a member. A first import of England asks nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q

from consortia.actions.lives import SETTING
from consortia.models import Membership, WorkItem, WorkKind
from practices.models import (
    GP_PRACTICE,
    LIVING,
    BodyParticulars,
    BodySuccession,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    Status,
)
from registry.journal import Key, Writer
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Period, Spell, Timeline, Values

SOURCES: tuple[type[Fact], ...] = (PracticeStatus, PracticeParticulars, PracticeParent)
TRUSTS = ("pct", "care_trust")
MANY = 2_000
FIRST, LAST = date.min, date.max


class Change(NamedTuple):
    """What one entry did to one practice."""

    status: tuple[Timeline, Timeline]
    particulars: tuple[Timeline, Timeline]
    parent: tuple[Timeline, Timeline]


class Memberships(NamedTuple):
    before: list[Spell]
    after: list[Spell]


def raise_work(entry: Writer) -> None:
    """After the entry is written, in its transaction: a `WorkItem` for each change of a member, and each consortium that
    it was a member of before or after; and a sentence for the import's report."""
    changed = {key for model in SOURCES for key in entry.changed(model) if _differs(entry, model, key)}
    if not changed:
        return
    members = _memberships(entry, changed)
    if not members:
        return
    for model in SOURCES:
        entry.load(model, members)
    found: dict[tuple[WorkKind, int, int], date] = {}
    for key in sorted(members):
        change = Change(*[(entry.before(model, key), entry.timeline(model, key)) for model in SOURCES])
        for kind, consortium, day in _what_happened(change, members[key]):
            slot = (kind, key[0], consortium)
            found[slot] = min(day, found.get(slot, day))
    _drop_recodes(found, entry)
    _write(entry, found)


def _differs(entry: Writer, model: type[Fact], key: Key) -> bool:
    """Whether something that stood before is now another thing. What had never been told of is new, and loses nobody."""
    before = entry.before(model, key)
    return bool(before.spells) and before != entry.timeline(model, key)


def _memberships(entry: Writer, keys: set[Key]) -> dict[Key, Memberships]:
    """The memberships of these practices just before the entry, and as it left them. One question."""
    rows = Membership.objects.filter(Q(recorded__upper_inf=True) | Q(closed_by=entry.number))
    if len(keys) < MANY:
        rows = rows.filter(practice__in=[key[0] for key in keys])
    found: dict[Key, Memberships] = defaultdict(lambda: Memberships([], []))
    told = rows.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("effective")
    for practice, group, start, end, opened, closed in told.values_list(
        "practice", "consortium", "_from", "_to", "opened_by", "closed_by"
    ):
        if (practice,) not in keys:
            continue
        spell = Spell(start, end, (group,))
        if opened != entry.number:
            found[practice,].before.append(spell)
        if closed is None:
            found[practice,].after.append(spell)
    return found


def _what_happened(change: Change, held: Memberships) -> Iterator[tuple[WorkKind, int, date]]:
    was, now = change.status
    lost = _days(was, now, lambda a, b: _lives(a) and not _lives(b))
    yield from _touching(WorkKind.CLOSED, lost, held.before)
    dormant = _days(was, now, lambda a, b: _lives(a) and a != b and b == (Status.DORMANT,))
    yield from _touching(WorkKind.DORMANT, dormant, held.after)
    for gained in _days(was, now, lambda a, b: a == (Status.CLOSED,) and _lives(b)):
        yield from _reopened(gained, was, held)
    other = _days(*change.particulars, lambda a, b: _is_surgery(a) and b is not None and not _is_surgery(b))
    yield from _touching(WorkKind.NO_GP_PRACTICE, [p for p in other if not _inside(p, lost)], held.before)
    moved = _days(*change.parent, lambda a, b: a is not None and b is not None and a != b)
    yield from _touching(WorkKind.MOVED, moved, held.after)


def _lives(values: Values | None) -> bool:
    return values is not None and values[0] in LIVING


def _is_surgery(values: Values | None) -> bool:
    return values is not None and values[SETTING] == GP_PRACTICE


def _days(was: Timeline, now: Timeline, so: Callable[[Any, Any], bool]) -> list[Period]:
    """The runs of days on which (what stood, what stands) satisfies `so`."""
    bounds = {d for s in (*was, *now) for d in (s.start or FIRST, s.end or LAST)}
    days = sorted({FIRST, *bounds} - {LAST})
    found: list[Period] = []
    for start, end in zip(days, [*days[1:], LAST], strict=True):
        if not so(was.at(start), now.at(start)):
            continue
        if found and found[-1].end == start:
            found[-1] = Period(found[-1].start, end)
        else:
            found.append(Period(start, end))
    return found


def _touching(
    kind: WorkKind, periods: Iterable[Period], spells: Iterable[Spell]
) -> Iterator[tuple[WorkKind, int, date]]:
    for start, end in periods:
        for spell in spells:
            first = max(start or FIRST, spell.start or FIRST)
            if first < min(end or LAST, spell.end or LAST):
                yield kind, spell.values[0], first


def _reopened(gained: Period, was: Timeline, held: Memberships) -> Iterator[tuple[WorkKind, int, date]]:
    """It was a member when it closed, and on its first day open again it is in no consortium."""
    assert gained.start is not None
    closed = was.stretch(gained.start, lambda values: values == (Status.CLOSED,))
    if closed is None or any(s.contains(gained.start) for s in held.after):
        return
    for spell in held.before:
        if spell.end is not None and spell.end == closed.start:
            yield WorkKind.REOPENED, spell.values[0], gained.start


def _inside(period: Period, others: list[Period]) -> bool:
    start, end = period
    return any((o.start or FIRST) <= (start or FIRST) and (end or LAST) <= (o.end or LAST) for o in others)


def _drop_recodes(found: dict[tuple[WorkKind, int, int], date], entry: Writer) -> None:
    """A move counts between trusts; a trust that only got another code, or became another, has moved nobody."""
    moves = [slot for slot in found if slot[0] is WorkKind.MOVED]
    if not moves:
        return
    ends = {slot: _parents(entry, slot[1], found[slot]) for slot in moves}
    bodies = {pk for pair in ends.values() for pk in pair}
    trusts = set(
        BodyParticulars.objects.current().filter(body__in=bodies, kind__in=TRUSTS).values_list("body", flat=True)
    )
    follows = set(
        BodySuccession.objects.current().filter(predecessor__in=bodies).values_list("predecessor", "successor")
    )
    for slot, (gone, to) in ends.items():
        if gone not in trusts or to not in trusts or (gone, to) in follows:
            del found[slot]


def _parents(entry: Writer, practice: int, day: date) -> tuple[int, int]:
    before = entry.before(PracticeParent, (practice,)).at(day)
    after = entry.timeline(PracticeParent, (practice,)).at(day)
    assert before is not None and after is not None
    return before[0], after[0]


def _write(entry: Writer, found: dict[tuple[WorkKind, int, int], date]) -> None:
    if not found:
        return
    WorkItem.objects.bulk_create(
        WorkItem(kind=kind, practice_id=practice, consortium_id=consortium, entry=entry.entry, day=day)
        for (kind, practice, consortium), day in found.items()
    )
    counts = Counter(kind for kind, _, _ in found)
    told = ", ".join(f"{n:,} {WorkKind(kind).label.lower()}" for kind, n in sorted(counts.items()))
    items = "1 work item" if len(found) == 1 else f"{len(found):,} work items"
    entry.said.append(f"{items} for leads and staff: {told}")

"""The public history of a practice: field by field what each entry of the journal changed, on both clocks.

It tells the kinds of facts that the practice's page tells, and of each only the fields listed here (feature P3): a
field that a kind gains later is not told until it is listed. A change is what the register said of some days before an
entry and says after it: a new state, a correction of days gone by, or an end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import F, Q, QuerySet

from consortia.models import Membership
from pathfinders.models import LeftOutAtRelease
from practices.models import (
    Branch,
    ListSize,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
    PracticeSuccession,
)
from registry.canonical import plain
from registry.models import Entry
from registry.models.fact import Fact, Lower, Upper
from registry.moment import Moment

ALLOWED: dict[type[Fact], tuple[str, ...]] = {
    PracticeParticulars: ("name", "address", "postcode", "phone", "setting"),
    PracticeStatus: ("status",),
    PracticeParent: ("parent",),
    Membership: ("consortium", "status", "reason", "proof", "basis"),
    LeftOutAtRelease: ("why",),
    PracticeSuccession: ("kind",),
    Branch: ("name", "address", "postcode"),
    ListSize: ("quarter", "patients"),
    PracticePlace: ("longitude", "latitude"),
}
"""The kinds, in the order in which an entry's changes are told, with the fields of each that are."""


class _Spell(NamedTuple):
    """A fact: half-open days (the ends of the calendar for unbounded), the fields told, and its two entries."""

    start: date
    end: date
    values: tuple[Any, ...]
    opened: int
    closed: int | None


def history(user: Any, moment: Moment, practice: Practice) -> list[dict[str, Any]]:
    """Changes in the order of the journal. A question a kind, and one for the entries."""
    found = [change for kind in ALLOWED for change in _of_kind(user, moment, practice, kind)]
    numbers = {row["entry"] for row in found}
    entries = Entry.objects.visible_to(user).in_bulk(numbers) if numbers else {}
    for row in found:
        entry = entries[row["entry"]]
        row |= {"recorded": entry.at, "kind": entry.kind, "reason": entry.reason}
    return sorted(found, key=lambda row: row["entry"])


def _of_kind(user: Any, moment: Moment, practice: Practice, kind: type[Fact]) -> Iterator[dict[str, Any]]:
    fields = ALLOWED[kind]
    by_key: dict[str, list[_Spell]] = defaultdict(list)
    for of, spell in _spells(user, moment, practice, kind):
        by_key[of].append(spell)
    for of, spells in sorted(by_key.items()):
        for number in sorted({n for s in spells for n in (s.opened, s.closed) if n is not None}):
            before = [s for s in spells if s.closed == number]
            after = [s for s in spells if s.opened == number]
            for place, name in enumerate(fields):
                for start, end, old, new in _changes(before, after, place):
                    yield {
                        "entry": number,
                        "fact": kind.NAME,
                        "of": of,
                        "field": name,
                        "before": old,
                        "after": new,
                        "effective_from": None if start == date.min else start,
                        "effective_to": None if end == date.max else end - timedelta(days=1),
                    }


def _spells(user: Any, moment: Moment, practice: Practice, kind: type[Fact]) -> Iterator[tuple[str, _Spell]]:
    """Facts that the register had ever said of the practice by the moment; of each what else its key names."""
    facts: QuerySet = kind._default_manager.visible_to(user).filter(_about(kind, practice))  # type: ignore[attr-defined]
    if not moment.latest:
        facts = facts.filter(recorded__startswith__lte=moment.known_at)
    paths = {f.name: kind.public_path(f) for f in kind.own_fields()}
    key = [f.name for f in kind.key_fields() if f.name != "practice"]
    wanted = [*key, *ALLOWED[kind]]
    rows = facts.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("opened_by_id", "opened_position")
    columns = ("_from", "_to", "opened_by_id", "closed_by_id", "closed_by__at")
    for start, end, opened, closed, at, *own in rows.values_list(*columns, *[F(paths[name]) for name in wanted]):
        if closed is not None and not moment.latest and at > moment.known_at:
            closed = None  # not yet taken back
        told = dict(zip(wanted, own, strict=True))
        of = " ".join(str(told[name]) for name in key if told[name] != practice.code)
        values = tuple(plain(told[name]) for name in ALLOWED[kind])
        yield of, _Spell(start or date.min, end or date.max, values, opened, closed)


def _about(kind: type[Fact], practice: Practice) -> Q:
    if kind is PracticeSuccession:
        return Q(predecessor=practice.pk) | Q(successor=practice.pk)
    return Q(practice=practice.pk)


def _changes(before: list[_Spell], after: list[_Spell], place: int) -> Iterator[tuple[date, date, Any, Any]]:
    """Stretches of days, as long as they can be, of which the field was told otherwise before."""
    edges = sorted({day for spell in (*before, *after) for day in (spell.start, spell.end)})
    held: tuple[date, date, Any, Any] | None = None
    for start, end in zip(edges, edges[1:], strict=False):
        old, new = _on(before, start, place), _on(after, start, place)
        if held is not None and held[1:] == (start, old, new):
            held = (held[0], end, old, new)
            continue
        if held is not None and held[2] != held[3]:
            yield held
        held = (start, end, old, new)
    if held is not None and held[2] != held[3]:
        yield held


def _on(spells: list[_Spell], day: date, place: int) -> Any:
    return next((s.values[place] for s in spells if s.start <= day < s.end), None)

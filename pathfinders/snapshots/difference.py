"""What differs between two snapshots, grouped: opened, closed, moved, renamed, corrected.

Both are moments of the same facts, so the difference is read from the facts that stand in one of them only. A row is
of one thing and of one of its attributes, with what the first snapshot said and what the second says; so that the
first snapshot with every row applied to it says what the second does. `corrected`: the journal says by a correction,
restatement or void what it says now; any other change is grouped by what changed. `late`: its day is not after the
first snapshot's own, which did not know of it yet.

Told are lives, names, addresses, and who belongs to whom. List sizes, telephone numbers, settings, the proof of
memberships, and stages, budgets and answers of the hand-over are not: facts.ndjson of both has them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, DateField, F, Q, Value, When

from consortia.models import ConsortiumParticulars, Membership
from pathfinders.models import PathfinderParticulars, ProgrammePlace, PublishedSnapshot, WaveRelease
from practices.models import BodyParticulars, PracticeParent, PracticeParticulars, PracticeStatus, Status
from registry.models import Entry, EntryKind, Fact
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from transitions.models import ClusterParticulars, ClusterPlace, LocalBodyParticulars

GROUPS = ("opened", "closed", "moved", "renamed", "corrected")
CORRECTING = (EntryKind.CORRECTION, EntryKind.RESTATEMENT, EntryKind.VOID)
OPEN = "open"
PUBLIC = AnonymousUser()
Values = dict[str, Any]


def _there(values: Values) -> str:
    return OPEN


def _practises(values: Values) -> str | None:
    """A dormant practice is not closed; a proposed one is not open yet."""
    return OPEN if values["status"] in (Status.ACTIVE, Status.DORMANT) else None


def _of(*names: str) -> Callable[[Values], str | None]:
    return lambda values: "\n".join(str(values[n]) for n in names if values[n]) or None


class Aspect(NamedTuple):
    """An attribute of things of one kind: of which fact, found under which of its fields, and how it is read.

    `group` is that of a change of it; `life` is told as opened or closed. `needs_both`: a change only where both
    snapshots have one, for otherwise the thing's life tells it.
    """

    kind: str
    what: str
    model: type[Fact]
    key: str
    fields: tuple[str, ...]
    read: Callable[[Values], str | None]
    group: str = "life"
    needs_both: bool = False


ASPECTS = (
    Aspect("practice", "life", PracticeStatus, "practice__code", ("status",), _practises),
    Aspect("practice", "name", PracticeParticulars, "practice__code", ("name",), _of("name"), "renamed", True),
    Aspect(
        "practice", "address", PracticeParticulars, "practice__code", ("address", "postcode"),
        _of("address", "postcode"), "moved", True,
    ),
    Aspect("practice", "parent", PracticeParent, "practice__code", ("parent__code",), _of("parent__code"), "moved"),
    Aspect("practice", "consortium", Membership, "practice__code", ("consortium__ref",), _of("consortium__ref"), "moved"),
    Aspect("parent", "life", BodyParticulars, "body__code", (), _there),
    Aspect("parent", "name", BodyParticulars, "body__code", ("name",), _of("name"), "renamed", True),
    Aspect("parent", "above", BodyParticulars, "body__code", ("above__code",), _of("above__code"), "moved", True),
    Aspect("consortium", "life", ConsortiumParticulars, "consortium__ref", (), _there),
    Aspect("consortium", "name", ConsortiumParticulars, "consortium__ref", ("name",), _of("name"), "renamed", True),
    Aspect(
        "consortium", "pathfinder", ProgrammePlace, "consortium__ref", ("pathfinder__ref",),
        _of("pathfinder__ref"), "moved",
    ),
    Aspect("pathfinder", "life", PathfinderParticulars, "pathfinder__ref", (), _there),
    Aspect("pathfinder", "name", PathfinderParticulars, "pathfinder__ref", ("name",), _of("name"), "renamed", True),
    Aspect("wave", "life", WaveRelease, "wave", (), _there),
    Aspect("parent", "cluster", ClusterPlace, "body__code", ("cluster__ref",), _of("cluster__ref"), "moved"),
    Aspect("local body", "life", LocalBodyParticulars, "local_body__ref", (), _there),
    Aspect("local body", "name", LocalBodyParticulars, "local_body__ref", ("name",), _of("name"), "renamed", True),
    Aspect("cluster", "life", ClusterParticulars, "cluster__ref", (), _there),
    Aspect("cluster", "name", ClusterParticulars, "cluster__ref", ("name",), _of("name"), "renamed", True),
)  # fmt: skip
NAMES: dict[str, tuple[type[Fact], str]] = {a.kind: (a.model, a.key) for a in ASPECTS if a.what == "name"}


@dataclass
class _Fact:
    """One fact as the difference needs it."""

    key: tuple[Any, ...]
    values: Values
    start: date | None
    end: date | None
    opened: int
    closed: int | None
    stands: str  # in the "first" snapshot, in the "second", or in "neither"


class _Kind:
    """The facts of one kind that differ: those that stand in one of the two, and those told between them."""

    def __init__(
        self, model: type[Fact], paths: Iterable[str], a: Moment, b: Moment, entries: tuple[int, int]
    ) -> None:
        keys = [model.public_path(f) for f in model.key_fields()]
        paths = sorted({*paths, *keys})
        first, second = a.q(), b.q()
        facts = model._default_manager.visible_to(PUBLIC).annotate(  # type: ignore[attr-defined]
            _from=Lower("effective", output_field=DateField()),
            _to=Upper("effective", output_field=DateField()),
            _stands=Case(
                When(first & ~second, then=Value("first")),
                When(second & ~first, then=Value("second")),
                default=Value("neither"),
            ),
        )
        told = Q(opened_by__gt=entries[0], opened_by__lte=entries[1])
        rows = facts.filter((first & ~second) | (second & ~first) | told).order_by("opened_by_id", "opened_position")
        self.facts: dict[tuple[Any, ...], list[_Fact]] = defaultdict(list)
        self.changed: set[tuple[Any, ...]] = set()
        for start, end, stands, opened, closed, *own in rows.values_list(
            "_from", "_to", "_stands", "opened_by_id", "closed_by_id", *paths
        ).iterator(chunk_size=2_000):
            values = dict(zip(paths, own, strict=True))
            key = tuple(values[k] for k in keys)
            self.facts[key].append(_Fact(key, values, start, end, opened, closed, stands))
            if stands != "neither":
                self.changed.add(key)


def difference(older: PublishedSnapshot, newer: PublishedSnapshot) -> list[dict[str, Any]]:
    """Rows: `group, kind, key, name, what, before, after, since, late, entry, entry_kind`, by group, kind and key.

    `since`: the day from which it is so, None where that is not known; `entry`: the entry that says so.
    """
    a, b = (Moment.of(s.as_of, s.entry.at) for s in (older, newer))
    entries = (older.entry_id, newer.entry_id)
    kinds: dict[type[Fact], _Kind] = {}
    for model in {aspect.model for aspect in ASPECTS}:
        paths = {p for x in ASPECTS if x.model is model for p in (x.key, *x.fields)}
        kinds[model] = _Kind(model, paths, a, b, entries)
    rows = [row for aspect in ASPECTS for row in _rows(aspect, kinds[aspect.model], a, b, entries[1])]
    by_entry = dict(Entry.objects.filter(pk__in={r["entry"] for r in rows}).values_list("pk", "kind"))
    for row in rows:
        row["entry_kind"] = by_entry[row["entry"]]
        if row["entry_kind"] in CORRECTING and row["entry"] > entries[0]:
            row["group"] = "corrected"
    _name(rows, b, a)
    order = {group: n for n, group in enumerate(GROUPS)}
    return sorted(rows, key=lambda r: (order[r["group"]], r["kind"], r["key"], r["what"], r["before"] or ""))


def counts(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    found = Counter(row["group"] for row in rows)
    return {group: found[group] for group in GROUPS}


def _rows(aspect: Aspect, kind: _Kind, a: Moment, b: Moment, newest: int) -> Iterator[dict[str, Any]]:
    for key in kind.changed:
        facts = kind.facts[key]
        old = next((f for f in facts if f.stands == "first"), None)
        new = next((f for f in facts if f.stands == "second"), None)
        before, after = (aspect.read(f.values) if f else None for f in (old, new))
        if before == after or (aspect.needs_both and None in (before, after) and not (old and new)):
            continue
        since, entry = _began(aspect, facts, new, after, newest) if new else _ended(facts, old, b, newest)
        group = aspect.group if aspect.group != "life" else "opened" if after else "closed"
        yield {
            "group": group,
            "kind": aspect.kind,
            "key": str((new or old).values[aspect.key]),  # type: ignore[union-attr]  # one of them is there
            "what": aspect.what,
            "before": before,
            "after": after,
            "since": since,
            "late": since is not None and since <= a.as_of,
            "entry": entry,
        }


def _began(aspect: Aspect, facts: list[_Fact], new: _Fact, after: str | None, newest: int) -> tuple[date | None, int]:
    """The first day of the unbroken time for which it is so, and the first entry to say that it began then: one about
    something else may have said it again since."""
    same = [f for f in facts if aspect.read(f.values) == after]
    known = {f.end: f.start for f in same if f.closed is None or f.closed > newest}
    start = new.start
    while start is not None and start in known:
        start = known[start]
    return start, min(f.opened for f in same if f.start == start)


def _ended(facts: list[_Fact], old: _Fact | None, b: Moment, newest: int) -> tuple[date | None, int]:
    """A fact's end was known from the first, or an entry closed it; then what it left in its place tells the day."""
    assert old is not None
    if old.closed is None or old.closed > newest:
        return old.end, old.opened
    left = [f.end for f in facts if f.opened == old.closed and f.end is not None and f.end <= b.as_of]
    return max(left, default=None), old.closed


def _name(rows: list[dict[str, Any]], *moments: Moment) -> None:
    """Give each row its thing's name in the second snapshot; else in the first."""
    for kind, (model, key) in NAMES.items():
        of_kind = [row for row in rows if row["kind"] == kind]
        names: dict[str, str] = {}
        for moment in reversed(moments):
            facts = model._default_manager.visible_to(PUBLIC).at(moment)  # type: ignore[attr-defined]
            names |= dict(facts.filter(**{f"{key}__in": {r["key"] for r in of_kind}}).values_list(key, F("name")))
        for row in of_kind:
            row["name"] = names.get(row["key"], "")
    for row in rows:
        if row["kind"] == "wave":
            row["name"] = f"Wave {row['key']}"

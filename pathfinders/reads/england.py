"""England at a moment: every practice that counts in coverage, and where its consortium stands.

domain.md rules 5 and 6. One statement reads it; a process keeps what it has read, for a register only grows: what it
says of a day, as known by an entry, never changes.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import attrgetter
from threading import Lock
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, When

from consortia.models import Membership
from pathfinders.reads.joins import english_code, first_day
from pathfinders.reads.programme import standing_places
from practices.models import (
    GP_PRACTICE,
    PCT_KINDS,
    BodyKind,
    BodyParticulars,
    ListSize,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticeStatus,
    Status,
)
from registry.models import Entry
from registry.moment import Moment


class Eligible(NamedTuple):
    """A practice that counts. `consortium`: a reference, None where it is in none; `status`: of that membership.

    `patients` are those of `quarter`; `basis`: `latest` for a quarter begun by the day, `later` for one after it.
    """

    pk: int
    code: str
    pct: str | None
    sha: str | None
    consortium: str | None
    status: str | None
    patients: int | None
    quarter: str | None
    basis: str | None


class Place(NamedTuple):
    """A consortium's place in a pathfinder announced by the day; `live`: the day on which it goes live, if named."""

    pathfinder: str
    wave: int
    live: date | None


@dataclass(frozen=True)
class England:
    """`rows` in the order of their codes; `places` by consortium. Many requests share it: nobody changes it."""

    rows: list[Eligible]
    places: dict[str, list[Place]]

    @cached_property
    def by_pk(self) -> dict[int, Eligible]:
        return {row.pk: row for row in self.rows}


# Each part is read whole and they are joined by hash. Left to itself, Postgres takes three times as long: it cannot
# tell how many facts `recorded` leaves, guesses a third, and looks up one by one what all are wanted of.
SQL = """
WITH own AS MATERIALIZED ({own}), active AS MATERIALIZED ({active}), member AS MATERIALIZED ({member}),
list AS MATERIALIZED ({list}), body AS MATERIALIZED ({body}), parent AS MATERIALIZED ({parent}),
area AS MATERIALIZED (
    SELECT parent.practice_id, CASE WHEN body.kind = ANY(%s) THEN body.code END AS pct,
        CASE WHEN above.kind = %s THEN above.code END AS sha
    FROM parent JOIN body ON body.body_id = parent.parent_id LEFT JOIN body AS above ON above.body_id = body.above_id
)
SELECT 'practice', practice.id, practice.code, area.pct, area.sha, member.ref, member.status, list.patients,
    list.quarter, CASE WHEN list.began <= %s THEN 'latest' WHEN list.practice_id IS NOT NULL THEN 'later' END, NULL::date
FROM ({practice}) AS practice
JOIN own ON own.practice_id = practice.id JOIN active ON active.practice_id = practice.id
LEFT JOIN area ON area.practice_id = practice.id LEFT JOIN member ON member.practice_id = practice.id
LEFT JOIN list ON list.practice_id = practice.id
UNION ALL
SELECT 'place', NULL, pathfinder_ref, NULL, NULL, consortium_ref, NULL, wave, NULL, NULL, live FROM ({place}) AS place
UNION ALL
SELECT 'entry', transaction, hash, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM ({entry}) AS entry
"""


def england(user: Any, moment: Moment, lists_at: date | None = None) -> England:
    """England at the moment; with the list sizes of another day where `lists_at` says so.

    One short query where this process has read it before, else one more. All of it is public (facts are, and what is
    embargoed is none), so the answer is the same for every user, and all share it.
    """
    lists = moment if lists_at is None else Moment(lists_at, moment.known_at, moment.latest)
    newest = _newest(user, moment)
    asked = (connection.settings_dict["NAME"], moment.as_of, lists.as_of)
    kept = None if newest.ours else _KEPT.get((*asked, newest.entry))
    if kept is None:
        entry, kept = _read(user, moment, lists)
        if not newest.ours:
            _KEPT.put((*asked, entry), kept)
    return kept


Entered = tuple[str, int] | None
"""What tells one state of a register from any other: the hash of its newest entry, which holds the hash of all
before it, and the transaction that wrote it, for a story told twice hashes alike and may number its rows otherwise."""
Key = tuple[str, date, date, Entered]


class _Newest(NamedTuple):
    """The newest entry that the moment knows; `ours`: this very transaction wrote it, and may yet take it back."""

    entry: Entered
    ours: bool


class _Transaction(Func):
    """The number of the transaction that asks; null while it has written nothing."""

    template = "pg_current_xact_id_if_assigned()::text::bigint"
    output_field = BigIntegerField()


def _newest(user: Any, moment: Moment) -> _Newest:
    found = _entry(user, moment).annotate(mine=_Transaction()).values_list("hash", "transaction", "mine").first()
    return _Newest((found[0], found[1]), found[1] == found[2]) if found else _Newest(None, False)


def _entry(user: Any, moment: Moment) -> QuerySet:
    entries = Entry.objects.visible_to(user).order_by("-at")
    return entries if moment.latest else entries.filter(at__lte=moment.known_at)


def _read(user: Any, moment: Moment, lists: Moment) -> tuple[Entered, England]:
    """England, and the entry that the very same statement saw: another may have come since it was asked for."""
    parts = {name: part.query.sql_with_params() for name, part in _parts(user, moment, lists).items()}
    before = ("own", "active", "member", "list", "body", "parent")
    own = [list(PCT_KINDS), BodyKind.SHA, lists.as_of]
    after = ("practice", "place", "entry")
    params = [*_params(parts, before), *own, *_params(parts, after)]
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(**{name: sql for name, (sql, _) in parts.items()}), params)
        found = cursor.fetchall()
    return _told(found)


def _params(parts: dict[str, tuple[str, tuple[Any, ...]]], names: tuple[str, ...]) -> list[Any]:
    return [param for name in names for param in parts[name][1]]


def _parts(user: Any, moment: Moment, lists: Moment) -> dict[str, QuerySet]:
    def at(model: Any) -> QuerySet:
        return model.objects.visible_to(user).at(moment).order_by()

    begun = Case(When(began__lte=lists.as_of, then=F("began")))
    sizes = ListSize.objects.visible_to(user).known(lists).annotate(began=first_day())
    places = standing_places(user, moment).order_by()
    return {
        "own": at(PracticeParticulars).filter(setting=GP_PRACTICE).values("practice_id"),
        "active": at(PracticeStatus).filter(status=Status.ACTIVE).values("practice_id"),
        "member": at(Membership).values("practice_id", "status", ref=F("consortium__ref")),
        # The latest begun by the day, else the earliest (domain.md rule 6).
        "list": sizes.order_by("practice_id", begun.desc(nulls_last=True), "began")
        .distinct("practice_id")
        .values("practice_id", "patients", "quarter", "began"),
        "body": at(BodyParticulars).values("body_id", "kind", "above_id", code=F("body__code")),
        "parent": at(PracticeParent).values("practice_id", "parent_id"),
        "practice": Practice.objects.visible_to(user).filter(english_code()).order_by().values("id", "code"),
        "place": places.values(
            consortium_ref=F("consortium__ref"),
            pathfinder_ref=F("pathfinder__ref"),
            wave=F("_of__wave"),
            live=F("_of__goes_live_on"),
        ),
        "entry": _entry(user, moment).values("hash", "transaction")[:1],
    }


def _told(found: list[tuple[Any, ...]]) -> tuple[Entered, England]:
    entry: Entered = None
    rows: list[Eligible] = []
    places: dict[str, list[Place]] = defaultdict(list)
    for part, *row in found:
        if part == "practice":
            rows.append(Eligible._make(row[:9]))
        elif part == "place":
            places[row[4]].append(Place(row[1], row[6], row[9]))
        else:
            entry = (row[1], row[0])
    rows.sort(key=attrgetter("code"))
    return entry, England(rows, {consortium: sorted(here) for consortium, here in sorted(places.items())})


class _Kept:
    """The last few Englands of this process, the one asked for longest ago going first."""

    def __init__(self, most: int) -> None:
        self.most, self.lock = most, Lock()
        self.found: OrderedDict[Key, England] = OrderedDict()

    def get(self, key: Key) -> England | None:
        with self.lock:
            if key in self.found:
                self.found.move_to_end(key)
            return self.found.get(key)

    def put(self, key: Key, england: England) -> None:
        with self.lock:
            self.found[key] = england
            self.found.move_to_end(key)
            if len(self.found) > self.most:
                self.found.popitem(last=False)


_KEPT = _Kept(most=8)

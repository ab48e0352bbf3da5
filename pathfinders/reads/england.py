"""England at a moment: every practice that counts in coverage, and where its consortium stands.

domain.md rules 5 and 6. One statement reads it; a process keeps what it has read, for a register only grows: what it
says of a day, as known by an entry, never changes.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import BigIntegerField, Case, F, Func, QuerySet, When

from consortia.models import Membership
from pathfinders.reads.eligible import Eligible, England, Place
from pathfinders.reads.joins import english_code, first_day
from pathfinders.reads.kept import Kept
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
from registry.moment import Known, Moment, once

__all__ = ["Eligible", "England", "Place", "england"]

# Each part is read whole and they are joined by hash. Left to itself, Postgres takes three times as long: it cannot
# tell how many facts `recorded` leaves, guesses a third, and looks up one by one what all are wanted of.
SQL = """
WITH own AS MATERIALIZED ({own}), active AS MATERIALIZED ({active}), member AS MATERIALIZED ({member}),
list AS MATERIALIZED ({list}), body AS MATERIALIZED ({body}), parent AS MATERIALIZED ({parent}),
area AS MATERIALIZED (
    SELECT parent.practice_id, CASE WHEN body.kind = ANY(%s) THEN body.code END AS pct,
        CASE WHEN above.kind = %s THEN above.code END AS sha, CASE WHEN body.kind = %s THEN body.code END AS ccg
    FROM parent JOIN body ON body.body_id = parent.parent_id LEFT JOIN body AS above ON above.body_id = body.above_id
)
SELECT 'practice', practice.id, practice.code, area.pct, area.sha, member.ref, member.status, list.patients,
    list.quarter, CASE WHEN list.began <= %s THEN 'latest' WHEN list.practice_id IS NOT NULL THEN 'later' END,
    NULL::date, NULL::bigint, area.ccg
FROM ({practice}) AS practice
JOIN own ON own.practice_id = practice.id JOIN active ON active.practice_id = practice.id
LEFT JOIN area ON area.practice_id = practice.id LEFT JOIN member ON member.practice_id = practice.id
LEFT JOIN list ON list.practice_id = practice.id
UNION ALL
SELECT 'place', NULL, pathfinder_ref, NULL, NULL, consortium_ref, NULL, wave, NULL, NULL, live, NULL, NULL
FROM ({place}) AS place
UNION ALL
SELECT 'entry', transaction, hash, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, mine, NULL FROM ({entry}) AS entry
"""


def england(user: Any, moment: Moment, lists_at: date | None = None) -> England:
    """England at the moment; with the list sizes of another day where `lists_at` says so.

    One query: the whole, or, where this process has read it before, a short one that asks whether that still holds (none
    in a snapshot that knows its newest entry). All of it is public (facts are, and what is embargoed is none), so the answer is the same for every user,
    and all share it.
    """
    lists = moment if lists_at is None else Moment(lists_at, moment.known_at, moment.latest)
    asked = (connection.settings_dict["NAME"], moment.as_of, lists.as_of, None if moment.latest else moment.known_at)
    return once(("england", asked), lambda: _kept_or_read(user, moment, lists, asked))


def _kept_or_read(user: Any, moment: Moment, lists: Moment, asked: tuple[Any, ...]) -> England:
    held = _KEPT.of(asked)
    if held:
        newest = _newest(moment)
        if newest.key in held and not newest.ours:
            return _KEPT.keep(asked, newest.key, held[newest.key])
    newest, found = _read(user, moment, lists)
    return found if newest.ours else _KEPT.keep(asked, newest.key, found)


class _Newest(NamedTuple):
    """The newest entry that a moment knows, which tells one state of a register from any other.

    Its `hash` holds the hash of all before it; `transaction` wrote it (a story told twice hashes alike, but may number
    its rows otherwise); `mine` asked. What a transaction has written itself it may yet take back, so that is not kept.
    """

    hash: str | None = None
    transaction: int | None = None
    mine: int | None = None

    @property
    def key(self) -> tuple[str | None, int | None]:
        return self.hash, self.transaction

    @property
    def ours(self) -> bool:
        return self.transaction == self.mine


class _Asking(Func):
    """The number of the transaction that asks; null while it has written nothing."""

    template = "pg_current_xact_id_if_assigned()::text::bigint"
    output_field = BigIntegerField()


def _newest(moment: Moment) -> _Newest:
    """Of a moment of the past that names its entry, that one: it never becomes another."""
    past = None if moment.latest else moment.entry
    found = past or Known.upto(None if moment.latest else moment.known_at)
    return _Newest(found.hash, found.transaction, found.mine) if found else _Newest()


def _entry(user: Any, moment: Moment) -> QuerySet:
    entries = Entry.objects.visible_to(user).order_by("-at")
    known = entries if moment.latest else entries.filter(at__lte=moment.known_at)
    return known.annotate(mine=_Asking()).values_list("hash", "transaction", "mine")


def _read(user: Any, moment: Moment, lists: Moment) -> tuple[_Newest, England]:
    """England, and the newest entry that the very same statement saw."""
    parts = {name: part.query.sql_with_params() for name, part in _parts(user, moment, lists).items()}
    before = ("own", "active", "member", "list", "body", "parent")
    own = [list(PCT_KINDS), BodyKind.SHA, BodyKind.CCG, lists.as_of]
    after = ("practice", "place", "entry")
    params = [*_params(parts, before), *own, *_params(parts, after)]
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(**{name: sql for name, (sql, _) in parts.items()}), params)
        return _told(moment.as_of, cursor.fetchall())


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
        "entry": _entry(user, moment)[:1],
    }


def _told(day: date, found: list[tuple[Any, ...]]) -> tuple[_Newest, England]:
    newest = _Newest()
    rows: list[Eligible] = []
    places: dict[str, list[Place]] = defaultdict(list)
    same: dict[Any, Any] = {}
    one = same.setdefault  # most words come thousands of times: each is held once
    for part, pk, code, pct, sha, consortium, status, number, quarter, basis, live, mine, ccg in found:
        if part == "practice":
            area = one(pct, pct), one(sha, sha)
            size = number, one(quarter, quarter), one(basis, basis)
            rows.append(
                Eligible(pk, code, *area, one(consortium, consortium), one(status, status), *size, one(ccg, ccg))
            )
        elif part == "place":
            places[consortium].append(Place(code, number, live))
        else:
            newest = _Newest(code, pk, mine)
    rows.sort(key=attrgetter("code"))
    return newest, England(day, rows, {consortium: sorted(here) for consortium, here in sorted(places.items())})


_KEPT: Kept[England] = Kept(most=16)
"""Each is a megabyte; the page of all claims asks for eight."""

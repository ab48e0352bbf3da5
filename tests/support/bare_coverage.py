"""Coverage counted by Postgres alone, practice by practice, as the reads did before they kept England: the proof that
`reads.coverage`, `reads.announced_figures` and `reads.glance` count the same."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Case, F, QuerySet, When

from pathfinders.models import WaveRelease
from pathfinders.reads import practices, tally
from pathfinders.reads.announced_figures import Figures, figures
from pathfinders.reads.coverage import KEYS, SCOPES, Question, denominator_of
from pathfinders.reads.england import england
from pathfinders.reads.glance import glance
from pathfinders.reads.joins import area, list_basis, list_size
from pathfinders.reads.programme import BASES, standing_places
from practices.models import BodyKind
from registry.moment import Moment

KEY = {
    "national": "'England'",
    "sha": "member.sha_code",
    "pct": "member.pct_code",
    "wave": "member.wave::text",
    "consortium": "member.consortium_ref",
    "pathfinder": "member.pathfinder_ref",
}
AREA = {"sha": "eligible.sha_code", "pct": "eligible.pct_code"}

COVERAGE = """
WITH eligible AS MATERIALIZED ({eligible}),
placed AS MATERIALIZED ({placed}),
-- A practice comes once for each pathfinder its consortium stands in; `once` takes it back to once a key.
member AS (
    SELECT eligible.*, placed.pathfinder_ref, placed.wave
    FROM eligible LEFT JOIN placed ON placed.consortium_ref = eligible.consortium_ref
    WHERE eligible.consortium_ref IS NOT NULL AND ({any_consortium} OR placed.pathfinder_ref IS NOT NULL)
),
once AS (SELECT DISTINCT ON (key, code) * FROM (SELECT {key} AS key, member.* FROM member) AS keyed),
many AS (
    SELECT {key} AS key, count(DISTINCT pathfinder_ref) AS pathfinders, count(DISTINCT consortium_ref) AS consortia
    FROM member GROUP BY 1
)
SELECT 'members' AS part, once.key, count(*) AS practices,
    count(*) FILTER (WHERE status = 'confirmed') AS practices_confirmed,
    coalesce(sum(patients), 0)::bigint AS people,
    coalesce(sum(patients) FILTER (WHERE status = 'confirmed'), 0)::bigint AS people_confirmed,
    count(*) FILTER (WHERE patients IS NULL) AS practices_without_list,
    count(*) FILTER (WHERE basis = 'later') AS practices_list_later,
    min(many.pathfinders) AS pathfinders, min(many.consortia) AS consortia,
    array_agg(DISTINCT pct_code) FILTER (WHERE pct_code IS NOT NULL) AS pcts,
    array_agg(DISTINCT sha_code) FILTER (WHERE sha_code IS NOT NULL) AS shas,
    NULL AS quarter
FROM once JOIN many ON many.key = once.key GROUP BY once.key
UNION ALL
SELECT 'registered', {area}, 0, 0, coalesce(sum(patients), 0)::bigint, 0, 0, 0, 0, 0, NULL, NULL,
    coalesce(max(quarter) FILTER (WHERE basis = 'latest'), min(quarter))
FROM eligible GROUP BY 2
"""

FIGURES = """
WITH eligible AS MATERIALIZED ({eligible}),
placed AS MATERIALIZED ({placed}),
-- A practice comes once for each pathfinder its consortium stands in, under each scope that is asked about.
member AS (
    SELECT asked.scope, asked.wave, eligible.code, eligible.patients, placed.pathfinder_ref
    FROM eligible JOIN placed ON placed.consortium_ref = eligible.consortium_ref
    CROSS JOIN LATERAL (VALUES
        ('England', NULL::int), ('England', placed.wave::int),
        (eligible.sha_code, NULL), (eligible.sha_code, placed.wave),
        (eligible.pct_code, NULL), (eligible.pct_code, placed.wave),
        (placed.pathfinder_ref, NULL)
    ) AS asked (scope, wave)
    WHERE asked.scope = ANY(%s)
),
once AS (SELECT DISTINCT scope, wave, code, patients FROM member)
SELECT 'practices', scope, wave, count(*), coalesce(sum(patients), 0)::bigint, NULL FROM once GROUP BY scope, wave
UNION ALL
SELECT 'pathfinders', scope, wave, count(DISTINCT pathfinder_ref), 0, NULL
FROM member WHERE scope NOT IN ('England', pathfinder_ref) GROUP BY scope, wave
UNION ALL  -- of England, and itself: those that stand, with practices or without
SELECT 'pathfinders', coalesce(pathfinder_ref, 'England'), wave, count(DISTINCT pathfinder_ref), 0, NULL
FROM placed GROUP BY GROUPING SETS ((), (wave), (pathfinder_ref))
UNION ALL
SELECT 'registered', coalesce(sha_code, pct_code, 'England'), NULL, 0, coalesce(sum(patients), 0)::bigint,
    coalesce(max(quarter) FILTER (WHERE basis = 'latest'), min(quarter))
FROM eligible GROUP BY GROUPING SETS ((), (sha_code), (pct_code))
HAVING grouping(sha_code) + grouping(pct_code) = 2 OR coalesce(sha_code, pct_code) IS NOT NULL
"""

GLANCE = """
WITH eligible AS MATERIALIZED ({eligible}),
first AS (SELECT consortium_ref, min(wave) AS wave FROM ({placed}) AS placed GROUP BY 1)
SELECT first.wave, eligible.consortium_ref IS NULL AS alone, count(*) AS practices,
    coalesce(sum(patients), 0)::bigint AS people,
    count(*) FILTER (WHERE patients IS NULL) AS without_list, count(*) FILTER (WHERE basis = 'later') AS list_later,
    max(quarter) FILTER (WHERE basis = 'latest') AS newest, min(quarter) AS oldest
FROM eligible LEFT JOIN first ON first.consortium_ref = eligible.consortium_ref GROUP BY 1, 2
"""


Part = tuple[str, tuple]
"""A part of a statement and its parameters: made once, for it is asked in many."""
COLUMNS = ("pct_code", "sha_code", "consortium_ref", "status", "patients", "quarter", "basis", "ccg_code")


def compare(moment: Moment, lists_at: Collection[date] = ()) -> int:
    """Assert that all that is counted at a moment, by its own list sizes and by those of other days, is the same;
    returns how many keys had figures."""
    base, keys = england(None, moment), 0
    rows = eligible_rows(moment).order_by("code").values_list("pk", "code", *COLUMNS)
    assert [tuple(row) for row in base.rows] == list(rows)
    for basis in BASES:
        here = sorted((c, p.pathfinder, p.wave) for c, places in base.standing(basis).items() for p in places)
        assert here == sorted(placed_rows(moment, basis).values_list("consortium_ref", "pathfinder_ref", "wave"))
    stand = {basis: placed(moment, basis) for basis in BASES}
    for day in (None, *lists_at):
        lists, here = england(None, moment, day), eligible(moment, day)
        for by, basis, scope in product(KEYS, BASES, SCOPES):
            members, registered = coverage(here, stand[basis], by, scope)
            assert tally.members(lists, by, basis, scope) == members, (moment, day, by, basis, scope)
            assert tally.registered_by(lists, by) == registered, (moment, day, by)
            keys += len(members)
    scopes = {
        scope for by in ("sha", "pct", "pathfinder") for scope in tally.members(base, by, "announced", "pathfinder")
    }
    for asked in (set(), scopes):
        assert vars(figures(None, moment, asked)) == vars(claims(moment, asked)), moment
    assert at_a_glance(moment) == _shown(moment)
    return keys


def eligible(moment: Moment, lists_at: date | None = None) -> Part:
    return eligible_rows(moment, lists_at).query.sql_with_params()


def eligible_rows(moment: Moment, lists_at: date | None = None) -> QuerySet:
    lists = moment if lists_at is None else Moment(lists_at, moment.known_at, moment.latest)
    joined = practices.joined(None, moment).annotate(_size=list_size(lists))
    return practices.eligible(joined).values(
        "pk",
        "code",
        pct_code=area()["pct_code"],
        sha_code=area()["sha_code"],
        consortium_ref=F("_member__consortium__ref"),
        status=F("_member__status"),
        patients=F("_size__patients"),
        quarter=F("_size__quarter"),
        basis=list_basis(lists, "_size"),
        ccg_code=Case(When(_body__kind=BodyKind.CCG, then=F("_parent__parent__code"))),
    )


def placed(moment: Moment, basis: str) -> Part:
    return placed_rows(moment, basis).query.sql_with_params()


def placed_rows(moment: Moment, basis: str) -> QuerySet:
    places = standing_places(None, moment, basis)
    return places.values(consortium_ref=F("consortium__ref"), pathfinder_ref=F("pathfinder__ref"), wave=F("_of__wave"))


def coverage(
    eligible: Part, placed: Part, by: str, scope: str
) -> tuple[dict[str, dict[str, Any]], dict[str | None, tuple[int, str | None]]]:
    """Figures of the members by key; registered patients and the quarter they are of, by area."""
    any_consortium = "TRUE" if scope == "consortium" else "FALSE"
    found = _asked(
        COVERAGE, eligible, placed, any_consortium=any_consortium, key=KEY[by], area=AREA.get(by, "NULL::text")
    )
    counts = [name for name in tally.NOBODY if name not in ("pcts", "shas")]
    members = {
        row["key"]: {name: row[name] for name in counts} | {"pcts": row["pcts"] or [], "shas": row["shas"] or []}
        for row in found
        if row["part"] == "members" and row["key"] is not None
    }
    return members, {row["key"]: (row["people"], row["quarter"]) for row in found if row["part"] == "registered"}


def claims(moment: Moment, scopes: Collection[str]) -> Figures:
    found = Figures({}, {}, {}, {})
    for row in _asked(FIGURES, eligible(moment), placed(moment, "announced"), sorted({"England", *scopes})):
        part, scope, wave, count, people, quarter = row.values()
        if part == "pathfinders" and not count:
            continue  # of no place at all Postgres makes a row too
        if part == "pathfinders":
            found.pathfinders[scope, wave] = count
        elif part == "practices":
            found.practices[scope, wave], found.people[scope, wave] = count, people
        else:
            found.denominators[scope] = denominator_of(Question(), moment, (people, quarter))
    return found


def at_a_glance(moment: Moment) -> dict[str, Any]:
    """Eligible, in no consortium, and the practices and people of the released waves up to each."""
    found = _asked(GLANCE, eligible(moment), placed(moment, "announced"))
    inside = [row for row in found if row["wave"] is not None]
    waves = WaveRelease.objects.at(moment).order_by("wave").values_list("wave", flat=True)
    return {
        "eligible": sum(row["practices"] for row in found),
        "left_out": sum(row["practices"] for row in found if row["alone"]),
        "without_list": sum(row["without_list"] for row in inside),
        "list_later": sum(row["list_later"] for row in inside),
        "waves": [
            (n, *(sum(row[name] for row in inside if row["wave"] <= n) for name in ("practices", "people")))
            for n in waves
        ],
    }


def _shown(moment: Moment) -> dict[str, Any]:
    found = glance(None, moment)
    return {
        "eligible": found.eligible,
        "left_out": found.left_out,
        "without_list": found.row["practices_without_list"],
        "list_later": found.row["practices_list_later"],
        "waves": [(wave.number, wave.practices, wave.people) for wave in found.waves],
    }


def _asked(sql: str, eligible: Part, placed: Part, *more: Any, **words: str) -> list[dict[str, Any]]:
    (eligible_sql, eligible_params), (placed_sql, placed_params) = eligible, placed
    with connection.cursor() as cursor:
        statement = sql.format(eligible=eligible_sql, placed=placed_sql, **words)
        cursor.execute(statement, [*eligible_params, *placed_params, *more])
        names = [f"{n}:{c.name}" if sql is FIGURES else c.name for n, c in enumerate(cursor.description)]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

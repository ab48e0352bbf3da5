"""What the register computes at one moment, of England, of areas and of pathfinders at once: one pass over the
practices for all the claims of a day. The rules, and the figures, are those of `reads.coverage`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection

from pathfinders.reads.coverage import Question, denominator_of, eligible_practices, placed_consortia
from registry.moment import Moment

ENGLAND = "England"

SQL = """
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

Key = tuple[str, int | None]


@dataclass
class Figures:
    """By (scope, wave or None for all): pathfinders, practices, people. By scope: its registered patients."""

    pathfinders: dict[Key, int]
    practices: dict[Key, int]
    people: dict[Key, int]
    denominators: dict[str, dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """For a JSON column: `from_json` gives it back."""
        keys = sorted(
            {*self.pathfinders, *self.practices, *self.people}, key=lambda k: (k[0], k[1] is not None, k[1] or 0)
        )
        rows = [[*k, self.pathfinders.get(k, 0), self.practices.get(k, 0), self.people.get(k, 0)] for k in keys]
        wholes = {scope: d | {"date": str(d["date"])} for scope, d in self.denominators.items()}
        return {"rows": rows, "denominators": wholes}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Figures:
        found = cls({}, {}, {}, dict(told["denominators"]))
        for scope, wave, pathfinders, practices, people in told["rows"]:
            key = (scope, wave)
            found.pathfinders[key], found.practices[key], found.people[key] = pathfinders, practices, people
        return found

    def of(self, metric: str, scope: str, wave: int | None) -> float | int | None:
        """The figure of a claim. Of nothing, counts are 0, and shares and averages are not there."""
        key = (scope, wave)
        practices, people = self.practices.get(key, 0), self.people.get(key, 0)
        groups = self.pathfinders.get(key, 0)
        match metric:
            case "pathfinders":
                return groups
            case "practices":
                return practices
            case "people":
                return people
            case "share":
                return _over(100 * people, self.denominators.get(scope, {}).get("value", 0))
            case "average_people":
                return None if not groups else round(people / groups)
            case _:
                return _over(practices, groups)


def _over(part: int, whole: int) -> float | None:
    return round(part / whole, 1) if whole else None


def figures(user: Any, moment: Moment, scopes: Collection[str]) -> Figures:
    """The figures of England, and of these codes of areas and references of pathfinders, at a moment."""
    eligible, eligible_params = eligible_practices(user, moment, None).query.sql_with_params()
    placed, placed_params = placed_consortia(user, moment, "announced").query.sql_with_params()
    sql = SQL.format(eligible=eligible, placed=placed)
    found = Figures({}, {}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(sql, [*eligible_params, *placed_params, sorted({ENGLAND, *scopes})])
        for part, scope, wave, count, people, quarter in cursor.fetchall():
            if part == "pathfinders":
                found.pathfinders[scope, wave] = count
            elif part == "practices":
                found.practices[scope, wave], found.people[scope, wave] = count, people
            else:
                found.denominators[scope] = denominator_of(Question(), moment, (people, quarter))
    return found

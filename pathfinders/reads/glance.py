"""The register at a glance, for the home page: England's coverage and how it grew wave by wave, in one statement.

The same figures as `coverage` by the same rules (domain.md rules 5 to 8), which a test compares. Wave by wave they run
up: a practice counts from the earliest wave that it is in, so that the last sum is the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from pathfinders.models import WaveRelease
from pathfinders.reads.coverage import Question, denominator_of, eligible_practices, percent_of, placed_consortia
from registry.moment import Moment

SQL = """
WITH eligible AS MATERIALIZED ({eligible}),
first AS (SELECT consortium_ref, min(wave) AS wave FROM ({placed}) AS placed GROUP BY 1)
SELECT first.wave, eligible.consortium_ref IS NULL AS alone, count(*) AS practices,
    coalesce(sum(patients), 0)::bigint AS people,
    count(*) FILTER (WHERE patients IS NULL) AS without_list, count(*) FILTER (WHERE basis = 'later') AS list_later,
    max(quarter) FILTER (WHERE basis = 'latest') AS newest, min(quarter) AS oldest
FROM eligible LEFT JOIN first ON first.consortium_ref = eligible.consortium_ref GROUP BY 1, 2
"""


@dataclass(frozen=True)
class WaveSoFar:
    """What stands on the day of the waves up to this one; people are registered patients."""

    number: int
    announced_on: date
    new: int
    pathfinders: int
    practices: int
    people: int
    percent: float | None


@dataclass(frozen=True)
class Glance:
    """`row` is England's row of `coverage`, but for its confirmed members."""

    row: dict[str, Any]
    eligible: int
    left_out: int
    waves: list[WaveSoFar]

    @property
    def practice_percent(self) -> float | None:
        return percent_of(self.row["practices"], self.eligible)


def glance(user: Any, moment: Moment) -> Glance:
    """Three queries, of which one is heavy."""
    question = Question()
    places = list(placed_consortia(user, moment, question.basis))
    counted = _counted(user, moment)
    inside = [c for c in counted if c["wave"] is not None]
    quarter = max((c["newest"] for c in counted if c["newest"]), default=None)
    quarter = quarter or min((c["oldest"] for c in counted if c["oldest"]), default=None)
    whole = denominator_of(question, moment, (_sum(counted, "people"), quarter))
    people = _sum(inside, "people")
    row = {
        "key": "England",
        "name": "England",
        "pathfinders": len({p["pathfinder_ref"] for p in places}),
        "consortia": len({p["consortium_ref"] for p in places}),
        "practices": _sum(inside, "practices"),
        "people": people,
        "practices_without_list": _sum(inside, "without_list"),
        "practices_list_later": _sum(inside, "list_later"),
        "denominator": whole,
        "percent": percent_of(people, whole["value"]),
    }
    released = WaveRelease.objects.visible_to(user).at(moment).order_by("wave").values_list("wave", "announced_on")
    return Glance(
        row,
        eligible=_sum(counted, "practices"),
        left_out=_sum((c for c in counted if c["alone"]), "practices"),
        waves=list(_so_far(released, places, inside, whole["value"])),
    )


def _counted(user: Any, moment: Moment) -> list[dict[str, Any]]:
    """Eligible practices and their people by the earliest wave they are in (None: in no pathfinder), and whether
    they are in no consortium."""
    eligible, eligible_params = eligible_practices(user, moment, None).query.sql_with_params()
    placed, placed_params = placed_consortia(user, moment, "announced").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(eligible=eligible, placed=placed), [*eligible_params, *placed_params])
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _so_far(
    released: Iterable[tuple[int, date]], places: list[dict[str, Any]], inside: list[dict[str, Any]], whole: int
) -> Iterator[WaveSoFar]:
    seen: set[str] = set()
    for number, announced_on in released:
        here = {p["pathfinder_ref"] for p in places if p["wave"] <= number}
        counted = [c for c in inside if c["wave"] <= number]
        people = _sum(counted, "people")
        yield WaveSoFar(
            number, announced_on, len(here - seen), len(here), _sum(counted, "practices"), people,
            percent_of(people, whole),
        )  # fmt: skip
        seen = here


def _sum(rows: Iterable[dict[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)

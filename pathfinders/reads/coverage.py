"""Coverage: how many practices and people are in pathfinders (or in any consortium) on a day, and of how many.

domain.md rules 5 to 8. Eligible: GP practices, active that day, of England. A practice counts once for a key, whether
its membership is claimed, confirmed, allocated or disputed. People are list sizes: a practice without one counts in
`practices` and `practices_without_list`, not in `people`. Each percentage names its denominator.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from pathfinders import reference
from pathfinders.models import WaveRelease
from pathfinders.reads import consortia, parents, pathfinders, practices
from pathfinders.reads.joins import area, list_basis
from pathfinders.reads.programme import BASES, standing_places
from practices.models import PCT_KINDS, BodyKind
from registry.errors import Refused
from registry.moment import Moment

SCOPES = ("pathfinder", "consortium")
KEYS = {  # what a member is counted under
    "national": "'England'",
    "sha": "member.sha_code",
    "pct": "member.pct_code",
    "wave": "member.wave::text",
    "consortium": "member.consortium_ref",
    "pathfinder": "member.pathfinder_ref",
}
AREAS = {"sha": "eligible.sha_code", "pct": "eligible.pct_code"}

SQL = """
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


@dataclass(frozen=True)
class Question:
    """What is asked beside the moment. Raises Refused (400) with the parameter's name for a word it does not know."""

    by: str = "national"
    denominator: str = "registered"
    basis: str = "announced"
    scope: str = "pathfinder"

    def __post_init__(self) -> None:
        for name, allowed in {"by": tuple(KEYS), "basis": BASES, "scope": SCOPES}.items():
            if getattr(self, name) not in allowed:
                raise _bad(name, f"{name} must be one of {', '.join(allowed)}; “{getattr(self, name)[:40]}” is not.")
        if self.denominator in reference.ENGLAND:
            if self.by in AREAS:
                raise _bad("denominator", f"{self.denominator} is a figure for England and none for each {self.by}.")
        elif not re.fullmatch(r"registered(-\d{4}Q[1-4])?", self.denominator):
            known = ", ".join(["registered", "registered-2011Q1 (or another quarter)", *reference.ENGLAND])
            raise _bad("denominator", f"denominator must be one of {known}; “{self.denominator[:40]}” is not.")


def _bad(field: str, sentence: str) -> Refused:
    return Refused("bad_value", sentence, field=field, status=400)


def coverage(
    user: Any,
    moment: Moment,
    by: str = "national",
    denominator: str = "registered",
    basis: str = "announced",
    scope: str = "pathfinder",
) -> list[dict[str, Any]]:
    """One row for each key of the day, with nothing in it too, in the order of the keys."""
    question = Question(by, denominator, basis, scope)
    members, registered = _figures(user, moment, question)
    if denominator.startswith("registered-"):
        registered = _figures(user, moment, question, lists_at=_first_of(denominator[-6:]))[1]
    placed = list(placed_consortia(user, moment, basis))
    rows: list[dict[str, Any]] = []
    for key, name in _keys(user, moment, question, placed):
        row = {"key": key, "name": name} | members.get(key, NOBODY)
        if by not in AREAS:
            row |= _announced(question, key, placed, user, moment)
        whole = denominator_of(question, moment, registered.get(key if by in AREAS else None))
        rows.append(row | {"denominator": whole, "percent": percent_of(row["people"], whole["value"])})
    return rows


COUNTS = (
    "pathfinders",
    "consortia",
    "practices",
    "practices_confirmed",
    "people",
    "people_confirmed",
    "practices_without_list",
    "practices_list_later",
)
NOBODY: dict[str, Any] = dict.fromkeys(COUNTS, 0) | {"pcts": [], "shas": []}


def members_by(user: Any, moment: Moment, *, by: str, scope: str) -> dict[str, dict[str, Any]]:
    """The figures of the members alone, by key."""
    return _figures(user, moment, Question(by=by, scope=scope))[0]


def _figures(
    user: Any, moment: Moment, question: Question, lists_at: date | None = None
) -> tuple[dict[str, dict[str, Any]], dict[str | None, tuple[int, str | None]]]:
    """Figures of the members by key; registered patients and the quarter they are of, by area."""
    eligible, eligible_params = eligible_practices(user, moment, lists_at).query.sql_with_params()
    placed, placed_params = placed_consortia(user, moment, question.basis).query.sql_with_params()
    sql = SQL.format(
        eligible=eligible,
        placed=placed,
        any_consortium="TRUE" if question.scope == "consortium" else "FALSE",
        key=KEYS[question.by],
        area=AREAS.get(question.by, "NULL::text"),
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*eligible_params, *placed_params])
        names = [c.name for c in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    members = {
        r["key"]: {c: r[c] for c in COUNTS} | {"pcts": r["pcts"] or [], "shas": r["shas"] or []}
        for r in found
        if r["part"] == "members" and r["key"] is not None
    }
    return members, {r["key"]: (r["people"], r["quarter"]) for r in found if r["part"] == "registered"}


def eligible_practices(user: Any, moment: Moment, lists_at: date | None) -> QuerySet:
    """Eligible practices with area, consortium and list size; lists of another quarter where `lists_at` says so."""
    lists = moment if lists_at is None else _on(moment, lists_at)
    own = practices.joined(user, moment, lists=lists)
    where = area()
    return practices.eligible(own).values(
        "code",
        pct_code=where["pct_code"],
        sha_code=where["sha_code"],
        consortium_ref=F("_member__consortium__ref"),
        status=F("_member__status"),
        patients=F("_list__patients"),
        quarter=F("_list__quarter"),
        basis=list_basis(lists),
    )


def placed_consortia(user: Any, moment: Moment, basis: str) -> QuerySet:
    places = standing_places(user, moment, basis)
    return places.values(consortium_ref=F("consortium__ref"), pathfinder_ref=F("pathfinder__ref"), wave=F("_of__wave"))


def _on(moment: Moment, day: date) -> Moment:
    return Moment(day, moment.known_at, moment.latest)


def _first_of(quarter: str) -> date:
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def _keys(user: Any, moment: Moment, question: Question, placed: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Every key of the day with its name, in order: each PCT and SHA, released wave, and what the scope takes in."""
    match question.by:
        case "national":
            return [("England", "England")]
        case "sha" | "pct":
            kinds = PCT_KINDS if question.by == "pct" else (BodyKind.SHA,)
            bodies = parents.living(user, moment).filter(_own__kind__in=kinds).order_by("code")
            return list(bodies.values_list("code", "_own__name"))
        case "wave":
            waves = WaveRelease.objects.visible_to(user).at(moment).values_list("wave", flat=True)
            return [(str(n), f"Wave {n}") for n in sorted({*waves, *(p["wave"] for p in placed)})]
        case "consortium":
            groups = consortia.living(user, moment).order_by("ref").values_list("ref", "_own__name")
            wanted = {p["consortium_ref"] for p in placed}
            return [g for g in groups if question.scope == "consortium" or g[0] in wanted]
        case _:
            named = pathfinders.announced(user, moment).order_by("ref").values_list("ref", "_own__name")
            wanted = {p["pathfinder_ref"] for p in placed}
            return [n for n in named if n[0] in wanted]


def _announced(
    question: Question, key: str, placed: list[dict[str, Any]], user: Any, moment: Moment
) -> dict[str, int]:
    """Pathfinders and consortia under a key that is no area: those that stand, with practices or without."""
    column = {"wave": "wave", "consortium": "consortium_ref", "pathfinder": "pathfinder_ref"}.get(question.by)
    mine = [p for p in placed if column is None or str(p[column]) == key]
    groups = len({p["consortium_ref"] for p in mine})
    if question.scope == "consortium":
        if question.by == "national":
            groups = consortia.living(user, moment).count()
        elif question.by == "consortium":
            groups = 1
    return {"pathfinders": len({p["pathfinder_ref"] for p in mine}), "consortia": groups}


def denominator_of(question: Question, moment: Moment, registered: tuple[int, str | None] | None) -> dict[str, Any]:
    """The denominator of one row. `registered` names the quarter whose lists it is made of: the newest up to the
    day, or, where all are later, the earliest; asked by that name, it gives the same sum."""
    if question.denominator in reference.ENGLAND:
        named = reference.ENGLAND[question.denominator]
        return {"name": named.name, "value": named.value, "date": named.date, "source": named.source}
    value, quarter = registered or (0, None)
    name = question.denominator
    if name == "registered" and quarter:
        name = f"registered-{quarter}"
    source = "Registered patients of the eligible practices in this register on the day"
    return {"name": name, "value": value, "date": moment.as_of, "source": source}


def percent_of(people: int, whole: int) -> float | None:
    return round(100 * people / whole, 1) if whole else None

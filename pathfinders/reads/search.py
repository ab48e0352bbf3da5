"""Search: hits of every kind for the words that somebody typed, each with what they matched.

The page and the API tell the same hits. A body is one hit, by the best of what matched; a former name finds it and is
told; one that is not there on the day is a hit too, with those that followed it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, FloatField, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from pathfinders.reads import finding
from pathfinders.reads.finding import CONSORTIA, PARENTS, PATHFINDERS, PRACTICES, Findable
from pathfinders.reads.joins import on_day
from practices.models import BodyKind, Status
from registry.moment import Moment

KINDS = (PATHFINDERS, CONSORTIA, PARENTS, PRACTICES)
"""In the order of the page: the fewest first."""
MOST = 50
CODE, NAME, POSTCODE, SIMILAR = range(4)
"""By what a version was found, best first."""


@dataclass(frozen=True)
class Hit:
    """`kind`: the resource. `name`: of the day, else the last. `matched`: the name, code or postcode that did."""

    kind: str
    key: str
    name: str
    matched: str
    matched_on: str
    score: float
    in_force: bool
    successors: list[str]
    status: str
    """Of a practice the letter of its status on the day; of a body its kind."""
    postcode: str
    today: str | None
    """The name on the day."""


def search(user: Any, moment: Moment, text: str, *, kinds: Iterable[Findable] = KINDS, most: int = MOST) -> list[Hit]:
    """Up to `most` hits of each kind, kind by kind, the best first. Names much like the words are looked for only where
    nothing of any kind holds them. A question a kind, or two."""
    text, kinds = finding.tidy(text), list(kinds)
    if len(text) < 2:
        return []
    found = [hit for kind in kinds for hit in _hits(kind, user, moment, text, most)]
    return found or [hit for kind in kinds for hit in _alike(kind, user, moment, text, most)]


def _hits(kind: Findable, user: Any, moment: Moment, text: str, most: int) -> list[Hit]:
    arms = [finding.holding(kind, user, moment, text)]
    at = finding.at_postcode(kind, user, moment, text)
    arms += [at] if at is not None else []
    said = finding.said(kind, user, moment)
    arms += [
        said.filter(**{f"{kind.own}__in": bodies.values("pk")}) for bodies in finding.coded(kind, user, moment, text)
    ]
    keys = [arm.values("pk") for arm in arms]
    versions = said.filter(finding.Among.of(*keys)) if len(keys) > 1 else arms[0]
    code = f"{kind.own}__{kind.code}"
    named = Q()
    for word in text.split():
        named &= Q(name__icontains=word)
    by = [When(**{code: text.upper()}, then=Value(CODE)), When(named, then=Value(NAME))]
    if at is not None:
        by.append(When(pk__in=at.values("pk"), then=Value(POSTCODE)))
    marks = {
        "_by": Case(*by, default=Value(CODE), output_field=IntegerField()),
        "_whole": Case(When(**{code: text.upper()}, then=Value(0)), default=Value(1)),
    }
    return _told(kind, user, moment, text, _first(versions, marks, ("_whole", "_by", "name", code), most))


def _alike(kind: Findable, user: Any, moment: Moment, text: str, most: int) -> list[Hit]:
    code = f"{kind.own}__{kind.code}"
    found = finding.alike(kind, user, moment, text)
    if found is None:
        return []
    marks = {"_by": Value(SIMILAR), "_like": TrigramWordSimilarity(text, "name")}
    return _told(kind, user, moment, text, _first(found, marks, ("-_like", "name", code), most))


def _first(versions: QuerySet, marks: dict[str, Any], order: tuple[str, ...], most: int) -> tuple[QuerySet, int]:
    """The first of the versions in this order, enough for `most` bodies: what else is told is then joined to few."""
    few = versions.annotate(**marks).order_by(*order).values("pk")[: most * 4]
    narrow = versions.model._default_manager.filter(finding.Among.of(few))
    return narrow.annotate(**marks).order_by(*order), most


def _told(kind: Findable, user: Any, moment: Moment, text: str, first: tuple[QuerySet, int]) -> list[Hit]:
    """Hits of versions in their order: each body once, by its name of the day where that matched too."""
    versions, most = first
    now, last = f"{kind.own}__particulars", kind.names._default_manager.visible_to(user).known(moment)  # type: ignore[attr-defined]
    last = last.filter(**{kind.own: OuterRef(kind.own)}).order_by("-effective")
    followed = kind.successions._default_manager.visible_to(user).known(moment)  # type: ignore[attr-defined]
    followed = followed.filter(predecessor=OuterRef(kind.own)).order_by(f"successor__{kind.code}")
    columns: dict[str, Any] = {
        "of_day": F("_now__name"),
        "last": Coalesce(Subquery(last.values("name")[:1]), F("name")),
        "successors": ArraySubquery(followed.values(f"successor__{kind.code}")),
        "like": TrigramWordSimilarity(text, "name", output_field=FloatField()),
    }
    rows = versions.annotate(_now=on_day(now, moment))
    if kind is PRACTICES:
        rows = rows.annotate(_status=on_day("practice__statuses", moment))
        columns |= {"status": F("_status__status"), "at": F("postcode")}
    elif kind is PARENTS:
        columns |= {"status": F("kind")}
    found: dict[str, Hit] = {}
    for row in rows.values("name", "_by", key=F(f"{kind.own}__{kind.code}"), **columns):
        hit = _hit(kind, text, row)
        held = found.get(hit.key)
        better = held is not None and hit.matched_on == "name" and held.matched_on == "former_name"
        if held is None or better:
            found[hit.key] = hit
    return list(found.values())[:most]


def _hit(kind: Findable, text: str, row: dict[str, Any]) -> Hit:
    status = row.get("status") or ""
    there = bool(status) and status != Status.CLOSED if kind is PRACTICES else row["of_day"] is not None
    hit = Hit(
        kind.resource,
        row["key"],
        row["of_day"] or row["last"],
        row["name"],
        "name" if row["name"] == row["of_day"] or not row["of_day"] and row["name"] == row["last"] else "former_name",
        round(row["like"] or 0.0, 3),
        there,
        row["successors"],
        status,
        row.get("at") or "",
        row["of_day"],
    )
    if row["_by"] == CODE:
        whole = hit.key == text.upper()
        begun = hit.key.startswith(text.upper())
        score = 1.0 if whole or not begun else round(len(text) / len(hit.key), 3)
        return replace(hit, matched=hit.key if begun else text.upper(), matched_on="code", score=score)
    if row["_by"] == POSTCODE:
        score = round(len(text.replace(" ", "")) / len(hit.postcode.replace(" ", "")), 3)
        return replace(hit, matched=hit.postcode, matched_on="postcode", score=score)
    return replace(hit, matched_on="similar") if row["_by"] == SIMILAR else hit


def is_sha(hit: Hit) -> bool:
    return hit.kind == PARENTS.resource and hit.status == BodyKind.SHA

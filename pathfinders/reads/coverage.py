"""Coverage: how many practices and people are in pathfinders (or in any consortium) on a day, and of how many.

domain.md rules 5 to 8. Eligible: GP practices, active that day, of England. A practice counts once for a key, whether
its membership is claimed, confirmed, allocated or disputed. People are list sizes: a practice without one counts in
`practices` and `practices_without_list`, not in `people`. Each percentage names its denominator.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pathfinders import reference
from pathfinders.models import WaveRelease
from pathfinders.reads import consortia, parents, pathfinders
from pathfinders.reads.england import England, Place, england
from pathfinders.reads.programme import BASES
from pathfinders.reads.tally import NOBODY, Registered, members, registered_by
from practices.models import PCT_KINDS, BodyKind
from registry.errors import Refused
from registry.moment import Moment

SCOPES = ("pathfinder", "consortium")
KEYS = ("national", "sha", "pct", "wave", "consortium", "pathfinder")
AREAS = ("sha", "pct")


@dataclass(frozen=True)
class Question:
    """What is asked beside the moment. Raises Refused (400) with the parameter's name for a word it does not know."""

    by: str = "national"
    denominator: str = "registered"
    basis: str = "announced"
    scope: str = "pathfinder"

    def __post_init__(self) -> None:
        for name, allowed in {"by": KEYS, "basis": BASES, "scope": SCOPES}.items():
            if getattr(self, name) not in allowed:
                raise _bad(name, f"{name} must be one of {', '.join(allowed)}; “{getattr(self, name)[:40]}” is not.")
        if self.denominator in reference.ENGLAND:
            if self.by in AREAS:
                raise _bad("denominator", f"{self.denominator} is a figure for England and none for each {self.by}.")
        elif not re.fullmatch(r"registered(-(?!0000)\d{4}Q[1-4])?", self.denominator):
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
    base = england(user, moment)
    lists = england(user, moment, _first_of(denominator[-6:])) if denominator.startswith("registered-") else base
    return coverage_in(base, user, moment, question, keys_of(base, user, moment, question), lists)


Keys = list[tuple[str, str]]


def coverage_in(
    base: England, user: Any, moment: Moment, question: Question, keys: Keys, lists: England | None = None
) -> list[dict[str, Any]]:
    """The same of this England, which is the one of the moment or what a release would make of it, for these keys."""
    by, placed = question.by, _placed(base, question.basis)
    found, registered = members(base, by, question.basis, question.scope), registered_by(lists or base, by)
    rows: list[dict[str, Any]] = []
    for key, name in keys:
        row = {"key": key, "name": name} | found.get(key, NOBODY)
        if by not in AREAS:
            row |= _announced(question, key, placed, user, moment)
        whole = denominator_of(question, moment, registered.get(key if by in AREAS else None))
        rows.append(row | {"denominator": whole, "percent": percent_of(row["people"], whole["value"])})
    return rows


Placed = list[tuple[str, Place]]


def _placed(base: England, basis: str) -> Placed:
    """Each place with its consortium."""
    return [(consortium, place) for consortium, here in base.standing(basis).items() for place in here]


def _first_of(quarter: str) -> date:
    return date(int(quarter[:4]), int(quarter[5]) * 3 - 2, 1)


def keys_of(base: England, user: Any, moment: Moment, question: Question) -> Keys:
    """Every key of the day with its name, in order: each PCT and SHA, released wave, and what the scope takes in."""
    placed = _placed(base, question.basis)
    match question.by:
        case "national":
            return [("England", "England")]
        case "sha" | "pct":
            kinds = PCT_KINDS if question.by == "pct" else (BodyKind.SHA,)
            bodies = parents.living(user, moment).filter(_own__kind__in=kinds).order_by("code")
            return list(bodies.values_list("code", "_own__name"))
        case "wave":
            waves = WaveRelease.objects.visible_to(user).at(moment).values_list("wave", flat=True)
            return [(str(n), f"Wave {n}") for n in sorted({*waves, *(place.wave for _, place in placed)})]
        case "consortium":
            groups = consortia.living(user, moment).order_by("ref").values_list("ref", "_own__name")
            wanted = {consortium for consortium, _ in placed}
            return [g for g in groups if question.scope == "consortium" or g[0] in wanted]
        case _:
            named = pathfinders.announced(user, moment).order_by("ref").values_list("ref", "_own__name")
            wanted = {place.pathfinder for _, place in placed}
            return [n for n in named if n[0] in wanted]


def _announced(question: Question, key: str, placed: Placed, user: Any, moment: Moment) -> dict[str, int]:
    """Pathfinders and consortia under a key that is no area: those that stand, with practices or without."""
    of: dict[str, Callable[[str, Place], str]] = {
        "wave": lambda consortium, place: str(place.wave),
        "consortium": lambda consortium, place: consortium,
        "pathfinder": lambda consortium, place: place.pathfinder,
    }
    mine = [p for p in placed if question.by == "national" or of[question.by](*p) == key]
    groups = len({consortium for consortium, _ in mine})
    if question.scope == "consortium":
        if question.by == "national":
            groups = consortia.living(user, moment).count()
        elif question.by == "consortium":
            groups = 1
    return {"pathfinders": len({place.pathfinder for _, place in mine}), "consortia": groups}


def denominator_of(question: Question, moment: Moment, registered: Registered | None) -> dict[str, Any]:
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

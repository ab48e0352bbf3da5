"""What the register computes at one moment, of England, of areas and of pathfinders at once: one pass over the
practices for all the claims of a day. The rules, and the figures, are those of `reads.coverage`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from pathfinders.reads.coverage import Question, denominator_of
from pathfinders.reads.eligible import England, Place
from pathfinders.reads.england import england
from pathfinders.reads.tally import registered, registered_by
from registry.moment import Moment

ENGLAND = "England"

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
    return figures_in(england(user, moment), moment, scopes)


def figures_in(base: England, moment: Moment, scopes: Collection[str]) -> Figures:
    """The same of this England, which is the one of the moment or what a release would make of it."""
    practices: dict[Key, int] = defaultdict(int)
    people: dict[Key, int] = defaultdict(int)
    groups: dict[Key, set[str]] = defaultdict(set)
    for cell in base.cells:
        here = base.places.get(cell.consortium or "", [])
        areas = [area for area in (cell.sha, cell.pct) if area and area in scopes]
        for key in {key for place in here for key in _keys([ENGLAND, *areas], place, scopes)}:
            practices[key] += cell.practices
            people[key] += cell.people
        for area in areas:
            for place in here:
                groups[area, None].add(place.pathfinder)
                groups[area, place.wave].add(place.pathfinder)
    # Of England, and itself: those that stand, with practices or without.
    for place in {place for here in base.places.values() for place in here}:
        for key in _keys([ENGLAND], place):
            groups[key].add(place.pathfinder)
    wholes = registered_by(base, "sha") | registered_by(base, "pct") | {ENGLAND: registered(base.cells)}
    return Figures(
        {key: len(refs) for key, refs in groups.items()},
        practices,
        people,
        {area: denominator_of(Question(), moment, whole) for area, whole in wholes.items() if area},
    )


def _keys(scopes: list[str], place: Place, asked: Collection[str] | None = None) -> Iterator[Key]:
    """What a member of a consortium with this place counts under; of pathfinders, those that are `asked` about."""
    for scope in scopes:
        yield scope, None
        yield scope, place.wave
    if asked is None or place.pathfinder in asked:
        yield place.pathfinder, None

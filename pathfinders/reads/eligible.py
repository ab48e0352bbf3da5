"""What England is made of, as `reads.england` reads it and `reads.tally` counts it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple


class Eligible(NamedTuple):
    """A practice that counts. `consortium`: a reference, None where it is in none; `status`: of that membership. `pct`
    and `ccg`: its parent on the day, if that is what its parent is.

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
    ccg: str | None = None


class Place(NamedTuple):
    """A consortium's place in a pathfinder announced by the day; `live`: the day on which it goes live, if named."""

    pathfinder: str
    wave: int
    live: date | None


class Cell(NamedTuple):
    """The practices of one consortium (or of none) under one SHA and PCT. `newest`: the latest quarter up to the day;
    `oldest`: the earliest of all that they have."""

    consortium: str | None
    sha: str | None
    pct: str | None
    practices: int
    practices_confirmed: int
    people: int
    people_confirmed: int
    practices_without_list: int
    practices_list_later: int
    newest: str | None
    oldest: str | None


@dataclass(frozen=True)
class England:
    """`rows` in the order of their codes; `places` by consortium, those of a pathfinder in its order.

    Many requests share it: nobody changes it.
    """

    day: date
    rows: list[Eligible]
    places: dict[str, list[Place]]

    @cached_property
    def by_pk(self) -> dict[int, Eligible]:
        return {row.pk: row for row in self.rows}

    @cached_property
    def cells(self) -> list[Cell]:
        """Of some hundred cells any figure is a sum, for no practice is in two."""
        alike: dict[tuple[str | None, str | None, str | None], list[Eligible]] = defaultdict(list)
        for row in self.rows:
            alike[row.consortium, row.sha, row.pct].append(row)
        return [_cell(*where, rows) for where, rows in alike.items()]

    @cached_property
    def lived(self) -> dict[str, list[Place]]:
        """The places in pathfinders that have gone live by the day."""
        lived = {ref: [p for p in here if p.live and p.live <= self.day] for ref, here in self.places.items()}
        return {ref: here for ref, here in lived.items() if here}

    def standing(self, basis: str) -> dict[str, list[Place]]:
        """Places by consortium: of pathfinders announced by the day, or `live` by it."""
        return self.lived if basis == "live" else self.places


def _cell(consortium: str | None, sha: str | None, pct: str | None, rows: list[Eligible]) -> Cell:
    sure = [row.patients for row in rows if row.status == "confirmed"]
    quarters = {(row.quarter, row.basis) for row in rows if row.quarter}
    return Cell(
        consortium,
        sha,
        pct,
        practices=len(rows),
        practices_confirmed=len(sure),
        people=sum(row.patients or 0 for row in rows),
        people_confirmed=sum(patients or 0 for patients in sure),
        practices_without_list=sum(row.patients is None for row in rows),
        practices_list_later=sum(row.basis == "later" for row in rows),
        newest=max((quarter for quarter, basis in quarters if basis == "latest"), default=None),
        oldest=min((quarter for quarter, _ in quarters), default=None),
    )

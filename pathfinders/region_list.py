"""The list by region of a wave's announcement: under each strategic health authority its pathfinders, with practices and
people. Before the release it is made of the frozen list, or of the plan; afterwards it is read from what was released."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet

from practices.list_sizes import list_sizes
from practices.models import BodyParticulars, PracticeStatus, Status
from registry.api.delimited import cell

NO_REGION = "In no region"
HEADINGS = ("region_code", "region", "reference", "name", "practices", "people")


@dataclass(frozen=True)
class Listed:
    """One pathfinder of the list. `ref`: of the bid before the release, of the pathfinder after it."""

    ref: str
    name: str
    practices: int
    people: int


@dataclass
class Region:
    """An SHA's part of the list; code "" for those in no region."""

    code: str
    name: str
    pathfinders: list[Listed] = field(default_factory=list)

    @property
    def practices(self) -> int:
        return sum(p.practices for p in self.pathfinders)

    @property
    def people(self) -> int:
        return sum(p.people for p in self.pathfinders)


def by_region(content: Mapping[str, Any]) -> list[Region]:
    """Of what `frozen.content_of` gives: those that the release will make pathfinders. Three questions."""
    day = date.fromisoformat(content["announced_on"])
    founding = [b for b in content["bids"] if b["founds"]]
    codes = {b["bid"]: [code for c in b["consortia"] for code in c["practices"]] for b in founding}
    counted = _counted({code for found in codes.values() for code in found}, day)
    rows = []
    for bid in founding:
        mine = [counted[code] for code in codes[bid["bid"]] if code in counted]
        rows.append((bid["region"], Listed(bid["bid"], bid["name"], len(mine), sum(mine))))
    return in_regions(rows, day)


def in_regions(rows: Iterable[tuple[str, Listed]], day: date, names: Mapping[str, str] | None = None) -> list[Region]:
    """(SHA code, listed) under their SHAs, regions and pathfinders in the order of their names; no region last.
    `names`: of the SHAs on the day, for who has read them."""
    rows = list(rows)
    names = names_of({code for code, _ in rows if code}, day) if names is None else names
    found: dict[str, Region] = {}
    for code, listed in rows:
        region = found.setdefault(code, Region(code, names.get(code, code) if code else NO_REGION))
        region.pathfinders.append(listed)
    for region in found.values():
        region.pathfinders.sort(key=lambda p: (p.name.casefold(), p.ref))
    return sorted(found.values(), key=lambda r: (not r.code, r.name.casefold(), r.code))


def names_of(codes: Collection[str], day: date) -> dict[str, str]:
    """The name of each SHA on the day."""
    return dict(names_on(codes, day)) if codes else {}


def names_on(codes: Collection[str], day: date) -> QuerySet:
    """(code, name) of each of these on the day."""
    known = BodyParticulars.objects.current().filter(body__code__in=codes, effective__contains=day)
    return known.values_list("body__code", "name")


def csv_rows(regions: Iterable[Region]) -> list[tuple[Any, ...]]:
    """A line each, under `HEADINGS`; no name, which a bidder chose, is read as a formula by a spreadsheet."""
    rows = [(r.code, r.name, p.ref, p.name, p.practices, p.people) for r in regions for p in r.pathfinders]
    return [tuple(map(cell, row)) for row in rows]


def _counted(codes: Collection[str], day: date) -> dict[str, int]:
    """The practices that count on the day (active: domain.md rules 4 and 5) with the people on their lists, 0 where there
    is none (rule 8)."""
    active = PracticeStatus.objects.current().filter(
        practice__code__in=codes, effective__contains=day, status=Status.ACTIVE
    )
    pks = dict(active.values_list("practice__code", "practice"))
    lists = list_sizes(pks.values(), day)
    return {code: lists[pk].count if pk in lists else 0 for code, pk in pks.items()}

"""The branch surgeries of the demonstration: about one practice in five has one or more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from random import Random

from pathfinders.demonstration import names
from pathfinders.demonstration.surgeries import Surgery

WITH_BRANCHES = 0.24  # of practices with this many patients or more; few others have any
LARGE = 3_000
CLOSED_BEFORE = ("2006-03-31", "2007-09-30", "2008-03-31", "2009-06-30", "2010-03-31")
CLOSED_SINCE = ("2011-01-31", "2011-03-31", "2011-05-31")


@dataclass(frozen=True)
class BranchSurgery:
    """Dates are YYYY-MM-DD, `closed` the last day."""

    practice: Surgery
    branch: str
    name: str
    address: str
    postcode: str
    opened: str
    closed: str = ""

    @property
    def code(self) -> str:
        return self.practice.code + self.branch


def branches(surgeries: list[Surgery]) -> list[BranchSurgery]:
    """As a list of 1 October 2010 has them, those closed before it too."""
    draw = Random("branches")
    found = []
    for surgery in surgeries:
        if surgery.people >= LARGE and draw.random() < WITH_BRANCHES:
            number = 1 + (draw.random() < 0.22) + (draw.random() < 0.06)
            found += [_branch(draw, surgery, n) for n in range(1, number + 1)]
    return found


def news(told: list[BranchSurgery], ending: Iterable[Surgery]) -> list[BranchSurgery]:
    """What a list of the next summer says anew: some have closed, and some practices have opened one more."""
    draw = Random("news of branches")
    gone = {s.code for s in ending}
    standing = [b for b in told if not b.closed and b.practice.code not in gone and b.branch == "001"]
    some = draw.sample(standing, 60)
    closed = [replace(b, closed=draw.choice(CLOSED_SINCE)) for b in some[:40]]
    opened = [replace(_branch(draw, b.practice, 9), opened="2011-04-01", closed="") for b in some[40:]]
    return sorted([*closed, *opened], key=lambda b: b.code)


def _branch(draw: Random, surgery: Surgery, number: int) -> BranchSurgery:
    """In the practice's own town, or in another of its PCT."""
    towns = {t.name: t for t in surgery.area.towns}
    town = towns[surgery.town] if draw.random() < 0.5 else draw.choice(surgery.area.towns)
    street = names.street(draw)
    county = "" if surgery.area.county == town.name else surgery.area.county
    first = max(1980, int(surgery.opened[:4]) + 1)
    return BranchSurgery(
        practice=surgery,
        branch=f"{number:03d}",
        name=names.branch(draw, town.name, street),
        address=", ".join(filter(None, (names.address(draw, street), town.name, county))),
        postcode=names.postcode(draw, town.postcode),
        opened=f"{draw.randint(min(first, 2004), 2004) if first <= 2004 else 2010}-04-01",
        closed=draw.choice(CLOSED_BEFORE) if first <= 2004 and draw.random() < 0.07 else "",
    )

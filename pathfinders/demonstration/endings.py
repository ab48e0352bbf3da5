"""Which practices end in the story, and who takes their patients: closures and mergers, over the years.

Worked out before anything is told, since the list sizes of later quarters follow from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from pathfinders.demonstration import calendar, names
from pathfinders.demonstration.areas import Area
from pathfinders.demonstration.groups import England, Group
from pathfinders.demonstration.surgeries import Surgery, unit

MERGERS = 14
MERGED_ON = (date(2011, 4, 1), date(2011, 4, 1), date(2011, 7, 1), date(2011, 10, 1))
"""The last of these is still to come on the demonstration's today."""
CLOSED_ON = (date(2011, 5, 31), date(2011, 6, 30), date(2011, 7, 31))


@dataclass(frozen=True)
class Ending:
    """A practice's last day (inclusive), when the register hears of it, and the practices that take its patients.
    `into`: the practice that it becomes part of; None where it just closes."""

    surgery: Surgery
    last: date
    heard: date
    heirs: tuple[Surgery, ...]
    into: Surgery | None = None


def endings(england: England) -> list[Ending]:
    """In the order in which the register hears of them."""
    told = [before_release(england), *_mergers(england), *_closures(england)]
    return sorted(told, key=lambda e: (e.heard, e.surgery.code))


def before_release(england: England) -> Ending:
    """A practice of an approved bid of wave 3 closes between decision and announcement: it is left out at release."""
    group = [g for g in england.of_wave(3) if not g.people][-1]
    decided = calendar.BIDS[3].decided
    last, heard = decided + timedelta(days=3), decided + timedelta(days=2)
    return Ending(group.practices[-1], last, heard, tuple(group.practices[-3:-1]))


def members_that_change(england: England) -> list[Surgery]:
    """One practice of each large group of wave 2: some close in the summer, one leaves."""
    return [g.practices[0] for g in england.of_wave(2) if len(g.practices) > 20]


def free(england: England) -> list[Surgery]:
    """One practice in no group of each PCT that has some: four close in the summer, some join a group."""
    return [s for pct in sorted(england.left) for s in england.left[pct][:1]]


def _closures(england: England) -> list[Ending]:
    closing = [*members_that_change(england)[:4], *free(england)[:4]]
    return [
        Ending(s, CLOSED_ON[n % 3], calendar.CHANGES_HEARD, _neighbours(england, s)) for n, s in enumerate(closing)
    ]


def _neighbours(england: England, surgery: Surgery) -> tuple[Surgery, ...]:
    """The practices next to it in its group, or in none as it is."""
    pools = [g.practices for g in england.groups] + list(england.left.values())
    pool = next(p for p in pools if any(s is surgery for s in p))
    others = [s for s in pool if s is not surgery]
    return tuple(others[:3])


def _mergers(england: England) -> list[Ending]:
    """Neighbours of one town and one group become one practice."""
    found: list[Ending] = []
    for group in [g for wave in (1, 2) for g in england.of_wave(wave) if not g.people and not g.consortia]:
        pair = _pair(group)
        if pair:
            gone, stays = pair
            on = MERGED_ON[len(found) % len(MERGED_ON)]
            heard = min(on, calendar.CHANGES_HEARD)
            found.append(Ending(gone, on - timedelta(days=1), heard, (stays,), into=stays))
        if len(found) == MERGERS:
            break
    return found


def _pair(group: Group) -> tuple[Surgery, Surgery] | None:
    """Two of a town that nothing else happens to: not the first of their group, nor the last."""
    return next(((a, b) for a, b in pairwise(group.practices[2:-2]) if a.town == b.town), None)


def predecessors(areas: list[Area], surgeries: list[Surgery], after: int) -> list[tuple[Surgery, Surgery]]:
    """Practices that had become part of another, which stands, in the years before the story."""
    draw = Random("predecessors")
    found = []
    for number, area in enumerate(areas[::4], start=after + 1):
        into = next(s for s in surgeries if s.area is area and s.opened == "19740401")
        town = next(t for t in area.towns if t.name == into.town)
        gone = unit(draw, area, town, number)
        gone.name = f"Dr {draw.choice(names.WORDS['surnames'])} and Partners"
        gone.opened, gone.closed = "19740401", f"{draw.randint(2006, 2010)}{draw.choice(('0331', '0630'))}"
        found.append((gone, into))
    return found

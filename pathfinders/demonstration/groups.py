"""Who bids together, in which wave: so that the register computes the totals that were announced.

Built to match: agreement with what was announced proves nothing about England.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any

from pathfinders.demonstration.areas import DATA, Area
from pathfinders.demonstration.surgeries import GROWTH, Surgery

WAVES = (1, 2, 3, 4, 5)
COUNTED_IN = {1: "2010Q4", 2: "2011Q1", 3: "2011Q1", 4: "2011Q2", 5: "2011Q3"}
"""The quarter whose lists count on the day that the wave is announced."""
ENGLAND = 54_600_000
USED = 0.93
"""The greatest share of an SHA's practices that its groups take; the rest belong nowhere yet."""


@dataclass
class Group:
    """Practices that bid together. `wave` 0: never approved; 6: the open wave, in which it is in `state`."""

    name: str
    wave: int
    sha: str
    practices: list[Surgery]
    consortia: list[str] = field(default_factory=list)
    form: str = ""
    people: int = 0
    state: str = ""
    outcome: str = "approved"
    named: bool = False
    """Whether the file names it, rather than a place: then nothing is made up of what it went through."""


@dataclass
class England:
    groups: list[Group]
    left: dict[str, list[Surgery]]  # by PCT: in no group
    not_approved: dict[str, list[int]]  # by SHA: bids of waves 1 to 3 that failed
    emerging: list[Group]  # consortia that the press named and that never bid; members interleaved

    def of_wave(self, wave: int) -> list[Group]:
        return [g for g in self.groups if g.wave == wave]


def gather(areas: list[Area], surgeries: list[Surgery]) -> England:
    """Share the practices out among groups and settle their list sizes."""
    told = tomllib.loads((DATA / "groups.toml").read_text(encoding="utf-8"))
    pool: dict[str, list[Surgery]] = defaultdict(list)
    for surgery in surgeries:
        pool[surgery.area.pct].append(surgery)
    by_pct = {a.pct: a for a in areas}
    groups = [_named(row, pool, by_pct) for row in told["group"]]
    groups += [_named(row | {"wave": 6}, pool, by_pct) for row in told["open"] if not row.get("late")]
    emerging = [group for row in told["emerging"] for group in _interleaved(row, pool, by_pct)]
    groups += _unnamed(told, groups, pool, areas)
    for wave in WAVES:
        _settle_practices([g for g in groups if g.wave == wave], told["targets"][str(wave)]["practices"], pool)
    groups += [_named(row | {"wave": 6}, pool, by_pct) for row in told["open"] if row.get("late")]
    _settle_people(groups, {w: told["targets"][str(w)]["people"] for w in WAVES}, surgeries)
    groups.sort(key=lambda g: (g.wave, g.name))
    return England(groups, dict(pool), told["not_approved"], emerging)


def _named(row: dict[str, Any], pool: dict[str, list[Surgery]], areas: dict[str, Area]) -> Group:
    """A group of the file, its practices taken from its town first; a late one's from the end of what is left."""
    free = [s for pct in row["pcts"] for s in pool[pct]][:: -1 if row.get("late") else 1]
    town = row.get("town")
    free.sort(key=lambda s: s.town != town)
    taken = free[: row["practices"]]
    _take(pool, taken)
    return Group(
        name=row["name"],
        wave=row["wave"],
        sha=areas[row["pcts"][0]].sha,
        practices=taken,
        consortia=row.get("consortia", []),
        form=row.get("form", ""),
        people=row.get("people", 0),
        state=row.get("state", ""),
        outcome=row.get("outcome", "approved"),
        named=True,
    )


def _interleaved(row: dict[str, Any], pool: dict[str, list[Surgery]], areas: dict[str, Area]) -> list[Group]:
    """Consortia whose practices lie among each other's, across the bounds of PCTs (domain.md rule 23)."""
    free = [s for pct in row["pcts"] for s in pool[pct]]
    names = row["names"]
    taken = free[:: len(free) // (len(names) * row["practices"])][: len(names) * row["practices"]]
    _take(pool, taken)
    sha = areas[row["pcts"][0]].sha
    return [Group(name, 0, sha, taken[n :: len(names)]) for n, name in enumerate(names)]


def _take(pool: dict[str, list[Surgery]], taken: list[Surgery]) -> None:
    codes = {s.code for s in taken}
    for pct in {s.area.pct for s in taken}:
        pool[pct] = [s for s in pool[pct] if s.code not in codes]


def _unnamed(
    told: dict[str, Any], named: list[Group], pool: dict[str, list[Surgery]], areas: list[Area]
) -> list[Group]:
    """The rest of each region's quota, each group in the PCT with most practices free, neighbours together."""
    groups = []
    names = _Names({g.name for g in named})
    for sha, quota in told["quotas"].items():
        draw = Random(f"groups of {sha}")
        wanted = _wanted(sha, quota, told["targets"], named, draw)
        local = [a for a in areas if a.sha == sha]
        free = sum(len(pool[a.pct]) for a in local)
        scale = min(1.0, USED * free / sum(size for _, size in wanted))
        for wave, size in wanted:
            area = max(local, key=lambda a: (len(pool[a.pct]), a.pct))
            taken = pool[area.pct][: min(max(3, round(size * scale)), len(pool[area.pct]))]
            _take(pool, taken)
            groups.append(Group(names.of(area, taken, draw), wave, sha, taken, form=draw.choice(FORMS)))
    return groups


FORMS = ("", "", "Federation of practices", "Company limited by shares", "Community interest company", "Partnership")


def _wanted(
    sha: str, quota: list[int], targets: dict[str, Any], named: list[Group], draw: Random
) -> list[tuple[int, float]]:
    """(wave, practices) of each group still to make in this region, largest first."""
    wanted = []
    for wave, number in zip(WAVES, quota, strict=True):
        told = [g for g in named if g.wave == wave]
        all_groups = NUMBER[wave] - len(told)
        mean = (targets[str(wave)]["practices"] - sum(len(g.practices) for g in told)) / all_groups
        still = number - sum(g.sha == sha for g in told)
        wanted += [(wave, mean * draw.uniform(0.45, 1.55)) for _ in range(still)]
    return sorted(wanted, key=lambda w: -w[1])


NUMBER = {1: 52, 2: 89, 3: 40, 4: 43, 5: 37}


class _Names:
    """Names after places, no two alike."""

    PATTERNS = (
        "{} Commissioning Consortium",
        "{} GP Consortium",
        "{} Health",
        "{} Practices",
        "{} Commissioning Group",
    )
    PLACES = ("{town}", "{town} and {other}", "{area}", "{side} {area}", "{town} Locality")
    SIDES = ("North", "South", "East", "West", "Central")

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken

    def of(self, area: Area, practices: list[Surgery], draw: Random) -> str:
        towns = list(dict.fromkeys(s.town for s in practices))
        for _ in range(60):
            side = draw.choice(self.SIDES)
            place = draw.choice(self._places(area)).format(
                town=towns[0], other=towns[-1], area=area.short_name, side=side
            )
            name = draw.choice(self.PATTERNS).format(place)
            if name not in self.taken and not (towns[0] == towns[-1] and f"{towns[0]} and {towns[0]}" in name):
                self.taken.add(name)
                return name
        raise ValueError(f"no name is left for a group in {area.pct}")

    def _places(self, area: Area) -> tuple[str, ...]:
        """No side of what has sides in its name: East West Sussex is nowhere."""
        sided = {*area.short_name.split()} & {*self.SIDES, "Eastern", "Heart", "Mid", "and"}
        return tuple(p for p in self.PLACES if not (sided and "{side}" in p))


def _settle_practices(groups: list[Group], target: int, pool: dict[str, list[Surgery]]) -> None:
    """Give or take practices, one at a time, until the wave has as many as it should."""
    movable = [g for g in groups if not g.people and len({s.area.pct for s in g.practices}) == 1 and not g.consortia]
    difference = target - sum(len(g.practices) for g in groups)
    idle = 0
    for group in cycle(movable):
        if not difference:
            return
        idle += 1
        if idle > len(movable):
            raise ValueError("there are too few practices for the announced totals")
        pct = group.practices[0].area.pct
        if difference > 0 and pool[pct]:
            group.practices.append(pool[pct].pop(0))
            difference, idle = difference - 1, 0
        elif difference < 0 and len(group.practices) > 4:
            pool[pct].insert(0, group.practices.pop())
            difference, idle = difference + 1, 0


def _settle_people(groups: list[Group], targets: dict[int, int], surgeries: list[Surgery]) -> None:
    """Stretch list sizes, wave by wave, so that the people covered come to what was announced."""
    grouped = {s.code for g in groups if g.wave in WAVES for s in g.practices}
    before = 0.0
    for wave in WAVES:
        in_wave = [g for g in groups if g.wave == wave]
        upto = targets[wave] / GROWTH[COUNTED_IN[wave]]
        stated = [g for g in in_wave if g.people]
        for group in stated:
            _stretch(group.practices, group.people / GROWTH[COUNTED_IN[wave]])
        rest = [s for g in in_wave if not g.people for s in g.practices]
        _stretch(rest, upto - before - sum(s.people for g in stated for s in g.practices))
        before = upto
    _stretch([s for s in surgeries if s.code not in grouped], ENGLAND - before)


def _stretch(practices: list[Surgery], people: float) -> None:
    factor = people / sum(s.people for s in practices)
    for surgery in practices:
        surgery.people *= factor

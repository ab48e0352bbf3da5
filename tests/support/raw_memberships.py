"""What the register says of memberships on a day, worked out in plain Python from its raw facts: for comparison.

It reads every fact once, and knows nothing of the reads, their SQL or the timelines (domain.md rules 3 to 6, 8).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from consortia.models import ConsortiumParticulars, LeftOut, Membership
from practices.models import ListSize, PracticeParticulars, PracticeStatus
from registry.models import Fact
from registry.models.fact import Lower, Upper

READ: dict[type[Fact], tuple[str, ...]] = {
    Membership: ("practice__code", "consortium__ref", "status"),
    LeftOut: ("practice__code", "reason"),
    PracticeStatus: ("practice__code", "status"),
    PracticeParticulars: ("practice__code", "setting"),
    ConsortiumParticulars: ("consortium__ref", "name"),
    ListSize: ("practice__code", "quarter", "patients"),
}


class Told(NamedTuple):
    """One fact: its own values, and when it is true and when it was said (half-open)."""

    values: tuple[Any, ...]
    start: date | None
    end: date | None
    since: datetime
    until: datetime | None


class Figures(NamedTuple):
    practices: int
    practices_confirmed: int
    people: int
    people_confirmed: int
    without_list: int


@dataclass(frozen=True)
class Picture:
    """One day as known at one instant. `members`: (consortium, status) of a practice, each time a fact says one."""

    day: date
    members: dict[str, list[tuple[str, str]]]
    said_why: set[str]
    living: set[str]
    """GP practices that are open or dormant: they may belong."""
    eligible: set[str]
    """Those of them that are active and English: they count."""
    consortia: set[str]
    patients: dict[str, int]

    def figures(self, codes: set[str]) -> Figures:
        """Of these practices, each once."""
        sure = {c for c in codes if any(status == "confirmed" for _, status in self.members.get(c, []))}
        people = {c: self.patients.get(c, 0) for c in codes}
        return Figures(
            len(codes),
            len(sure),
            sum(people.values()),
            sum(people[c] for c in sure),
            len(codes - self.patients.keys()),
        )

    def counted(self, consortium: str = "") -> set[str]:
        """The practices that count and belong (to this one)."""
        return {
            code
            for code in self.eligible & self.members.keys()
            if not consortium or any(ref == consortium for ref, _ in self.members[code])
        }


class RawFacts:
    """All facts that bear on membership, as they stand in their tables."""

    def __init__(self) -> None:
        self.told: dict[type[Fact], list[Told]] = {}
        for model, fields in READ.items():
            rows = model._default_manager.annotate(
                _f=Lower("effective"), _t=Upper("effective"), _s=Lower("recorded"), _u=Upper("recorded")
            )
            self.told[model] = [
                Told(tuple(row[: len(fields)]), *row[len(fields) :])
                for row in rows.values_list(*fields, "_f", "_t", "_s", "_u")
            ]

    def known(self, model: type[Fact], known_at: datetime) -> Iterator[Told]:
        for fact in self.told[model]:
            if fact.since <= known_at and (fact.until is None or known_at < fact.until):
                yield fact

    def on(self, model: type[Fact], day: date, known_at: datetime) -> Iterator[tuple[Any, ...]]:
        for fact in self.known(model, known_at):
            if (fact.start is None or fact.start <= day) and (fact.end is None or day < fact.end):
                yield fact.values

    def at(self, day: date, known_at: datetime) -> Picture:
        members: dict[str, list[tuple[str, str]]] = {}
        for code, ref, status in self.on(Membership, day, known_at):
            members.setdefault(code, []).append((ref, status))
        status = dict(self.on(PracticeStatus, day, known_at))
        surgeries = {code for code, setting in self.on(PracticeParticulars, day, known_at) if setting == 4}
        living = {code for code in surgeries if status.get(code) in ("A", "D")}
        return Picture(
            day=day,
            members=members,
            said_why={code for code, _ in self.on(LeftOut, day, known_at)},
            living=living,
            eligible={code for code in living if status[code] == "A" and not code.startswith("W")},
            consortia={ref for ref, _ in self.on(ConsortiumParticulars, day, known_at)},
            patients=self._patients(day, known_at),
        )

    def _patients(self, day: date, known_at: datetime) -> dict[str, int]:
        """By the latest quarter begun by the day; where there is none, by the earliest later one."""
        sizes: dict[str, list[Told]] = {}
        for fact in self.known(ListSize, known_at):
            sizes.setdefault(fact.values[0], []).append(fact)
        chosen = {}
        for code, facts in sizes.items():
            begun = [f for f in facts if f.start <= day]
            fact = max(begun, key=lambda f: f.start) if begun else min(facts, key=lambda f: f.start)
            chosen[code] = fact.values[2]
        return chosen

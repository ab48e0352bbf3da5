"""The wave's page: what chosen bids would make of it, scenarios of it, two of them side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch

from pathfinders.forms.scenario import LETTERS, SideForm
from pathfinders.models import Bid, Scenario, Wave, WaveState
from pathfinders.scenarios import as_it_stands, candidates
from pathfinders.simulation import Ground
from pathfinders.views.shown import FINDING_TAGS, OUTCOME_TAGS, STAFF_TAGS
from pathfinders.views.staff.parts.simulated import results

NEW = "new"


@dataclass
class Side:
    """One column: its form, the saved scenario behind it (None: a new one), the references ticked in it."""

    form: SideForm
    scenario: Scenario | None
    ticks: set[str] = field(default_factory=set)

    @property
    def letter(self) -> str:
        return self.form.letter

    @property
    def name(self) -> str:
        return self.form["name"].value() or f"Scenario {self.letter}"

    @property
    def changed(self) -> bool:
        """Whether saving it would keep anything new; an empty new one would not."""
        if self.scenario is None:
            return bool(self.ticks)
        return self.ticks != {bid.ref for bid in self.scenario.bids.all()} or self.name != self.scenario.name


def simulator(wave: Wave, user: Any, query: Mapping[str, str], withheld: str) -> dict[str, Any]:
    """The context of `staff/parts/simulator.html`. `withheld`: why this person may not see it, or "". Of a frozen wave
    there is nothing left to choose: its scenarios are a page of their own."""
    if withheld or wave.state == WaveState.RELEASED:
        return {}
    if wave.state == WaveState.FROZEN:
        return {"simulator_apart": True}
    board = Board(wave, user)
    return board.context(board.chosen(query))


class Board:
    """The bids that can be ticked, the saved scenarios, and what they are counted from. A dozen queries for any number
    of bids."""

    def __init__(self, wave: Wave, user: Any) -> None:
        self.wave, self.user = wave, user
        named = Prefetch("bids", Bid.objects.only("ref"))
        self.saved = list(Scenario.objects.visible_to(user).filter(wave=wave).order_by("pk").prefetch_related(named))
        self.ground = Ground(user, wave, candidates(user, wave).select_related("wave"))
        self.bids = self.ground.bids

    def chosen(self, query: Mapping[str, str]) -> list[Side]:
        """The two that the address names, otherwise the two saved first; where there is none, the wave as it is decided
        and recommended, and an empty one."""
        by_key = {str(s.pk): s for s in self.saved}
        first, second = query.get("a", ""), query.get("b", "")
        a = by_key.get(first) or (self.saved[0] if self.saved and first != NEW else None)
        rest = [s for s in self.saved if s is not a]
        b = by_key.get(second) or (rest[0] if rest and second != NEW else None)
        if b is a:
            b = None
        return [self._side("A", a), self._side("B", b)]

    def typed(self, data: Any) -> list[Side]:
        """The two as a person sent them."""
        sides = []
        known = {bid.ref for bid in self.bids}
        for letter in LETTERS:
            form = SideForm(letter, data)
            form.is_valid()
            pk = form.cleaned_data.get("scenario")
            behind = next((s for s in self.saved if s.pk == pk), None)
            sides.append(Side(form, behind, form.ticked() & known))
        return sides

    def context(self, sides: list[Side]) -> dict[str, Any]:
        return {
            "simulator": {
                "sides": sides,
                "rows": [self._row(bid, sides) for bid in self.bids],
                "saved": [(s, [side.letter for side in sides if side.scenario is s]) for s in self.saved],
                **self.results(sides),
            }
        }

    def results(self, sides: list[Side]) -> dict[str, Any]:
        """What the ticks make: for `staff/parts/simulated.html`, which a script fetches alone."""
        found = [(s.letter, s.name, self.ground.simulate(self._keys(s.ticks))) for s in sides]
        return {"results": results(self.wave, found)}

    def free_name(self, wanted: str) -> str:
        """The name, or with the first number that makes it one that no saved scenario has."""
        taken, name, n = {s.name for s in self.saved}, wanted, 1
        while name in taken:
            n += 1
            name = f"{wanted[:50]} {n}"
        return name

    def _side(self, letter: str, scenario: Scenario | None) -> Side:
        if scenario is not None:
            told = {"scenario": scenario.pk, "version": scenario.version, "name": scenario.name}
            known = {bid.ref for bid in self.bids}
            return Side(SideForm(letter, initial=told), scenario, {b.ref for b in scenario.bids.all()} & known)
        first = letter == "A" and not self.saved
        name = self.free_name("As it stands" if first else f"Scenario {letter}")
        ticks = as_it_stands(self.wave, self.bids, self._standing()) if first else set()
        return Side(SideForm(letter, initial={"name": name}), None, ticks)

    def _standing(self) -> set[str]:
        """References of the bids whose pathfinder stands."""
        return {ref for ref, pathfinder in self.ground.made.items() if pathfinder.pk in self.ground.stand}

    def _keys(self, ticks: set[str]) -> set[int]:
        return {bid.pk for bid in self.bids if bid.ref in ticks}

    def _row(self, bid: Bid, sides: list[Side]) -> dict[str, Any]:
        claims, people = self.ground.claims.get(bid.pk, []), self.ground.england.by_pk
        unmet = self.ground.findings.get(bid.pk, [])
        return {
            "bid": bid,
            "state": STAFF_TAGS[bid.state],
            "outcome": OUTCOME_TAGS[bid.outcome] if bid.outcome else None,
            "recommended": OUTCOME_TAGS[bid.recommendation] if bid.recommendation else None,
            "elsewhere": bid.wave if bid.wave_id != self.wave.pk else None,
            "practices": len(claims),
            "people": sum(people[c.practice].patients or 0 for c in claims if c.practice in people),
            "unmet": [f"{f.criterion.title}: {FINDING_TAGS[f.finding][0].lower()}" for f in unmet],
            "boxes": [(side.letter, side.form.ticks_name, bid.ref in side.ticks) for side in sides],
        }

"""What a wave would make of chosen bids: the same placing, the same England and the same counting as after its release
(domain.md section 3.4, rules 3, 5 to 8, 11)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from functools import cached_property
from typing import Any

from consortia.models import ConsortiumParticulars
from pathfinders.models import (
    Bid,
    BidConsortium,
    Finding,
    FindingValue,
    PathfinderParticulars,
    ProgrammePlace,
    Wave,
)
from pathfinders.placing import STATUSES, Placing, claims_of, in_turn, place
from pathfinders.plan import ReleasePlan, pathfinders_of, standing_of
from pathfinders.reads.announced_figures import Figures, figures_in
from pathfinders.reads.coverage import Keys, Question, keys_of
from pathfinders.reads.eligible import Eligible, England, Place
from pathfinders.reads.england import england
from pathfinders.simulated import Simulation
from pathfinders.states import OPEN_STATES
from registry.moment import Moment


def simulate(user: Any, wave: Wave, bids: Iterable[Bid]) -> Simulation:
    """As if exactly these bids were approved in this wave, and it were announced on its day.

    Every other bid of the wave counts as not approved: where it is a pathfinder already, and open again, that ends.
    """
    chosen = list(bids)
    return Ground(user, wave, chosen).simulate({bid.pk for bid in chosen})


def simulate_release(user: Any, plan: ReleasePlan) -> Simulation:
    """What the release of this plan makes."""
    return Ground(user, plan.wave, [b.bid for b in plan.bids]).simulate({b.bid.pk for b in plan.approved})


class Ground:
    """What any choice among these bids is counted from: England on the day of the announcement as known now, what the
    bids name, and which of them are pathfinders already.

    Read once, in about ten queries for any number of bids; `simulate` asks none but where a pathfinder returns.
    """

    def __init__(self, user: Any, wave: Wave, bids: Iterable[Bid]) -> None:
        again = Bid.objects.filter(wave=wave, state__in=OPEN_STATES, released_number__gt=0)
        self.user, self.wave = user, wave
        self.bids = in_turn({bid.pk: bid for bid in (*bids, *again)}.values())
        self.moment = Moment.of(wave.announced_on)
        self.england = england(user, self.moment)
        pks = [bid.pk for bid in self.bids]
        self.claims = claims_of(pks, wave.announced_on)
        self.rows: dict[int, list[BidConsortium]] = defaultdict(list)
        for row in BidConsortium.objects.filter(bid__in=pks).select_related("consortium").order_by("bid", "position"):
            self.rows[row.bid_id].append(row)
        self.made = pathfinders_of(self.bids)
        self.stand = standing_of(self.made.values())
        named = PathfinderParticulars.objects.visible_to(user).at(self.moment)
        self._keys: dict[str, Keys] = {}
        self.names: dict[str, str] = dict(named.values_list("pathfinder__ref", "name"))

    def simulate(self, chosen: Collection[int]) -> Simulation:
        """As if exactly the bids of these keys were approved."""
        mine = [bid for bid in self.bids if bid.pk in chosen]
        founding = [bid for bid in mine if bid.ref not in self.made]
        placing = place([bid.pk for bid in founding], self.claims)
        counted = self._england(placing, self._places(founding, chosen))
        figures = self._figures(counted, mine, chosen)
        return Simulation(self, mine, founding, placing, counted, figures)

    @cached_property
    def findings(self) -> dict[int, list[Finding]]:
        """Of each bid what was found on a criterion other than that it is met, in the order of the criteria."""
        found = Finding.objects.visible_to(self.user).filter(bid__in=[bid.pk for bid in self.bids])
        unmet: dict[int, list[Finding]] = defaultdict(list)
        rows = found.exclude(finding=FindingValue.MET).select_related("criterion", "criterion__set")
        for row in rows.order_by("criterion__set", "criterion__position"):
            unmet[row.bid_id].append(row)
        return dict(unmet)

    def keys(self, by: str) -> Keys:
        """The areas of the day with their names, or England."""
        if by not in self._keys:
            self._keys[by] = keys_of(self.england, self.user, self.moment, Question(by))
        return self._keys[by]

    def begins_again(self, bid: Bid) -> bool:
        """Whether its approval lets a pathfinder stand again that had ended, or is to end."""
        return bid.ref in self.made and self.made[bid.ref].pk not in self.stand

    def scope(self, bid: Bid) -> str:
        """What its figures are kept under: the reference of its pathfinder, its own while it is none."""
        return self.made[bid.ref].ref if bid.ref in self.made else bid.ref

    def _england(self, placing: Placing, places: dict[str, list[Place]]) -> England:
        joins = {c.practice: (_key(c.consortium), STATUSES[c.answer]) for c in placing.members}
        rows = [
            Eligible._make((*row[:4], *joins[row.pk], *row[6:])) if row.pk in joins else row
            for row in self.england.rows
        ]
        return England(self.england.day, rows, places)

    def _places(self, founding: list[Bid], chosen: Collection[int]) -> dict[str, list[Place]]:
        """Where each consortium stands after the release."""
        places = dict(self.england.places)
        moving = [b for b in self.bids if b.ref in self.made and (self._ends(b, chosen) or self._returns(b, chosen))]
        if moving:
            gone = {self.made[b.ref].ref for b in moving}
            kept = {ref: [p for p in here if p.pathfinder not in gone] for ref, here in places.items()}
            places = {ref: here for ref, here in kept.items() if here}
            for bid in moving:
                if self._returns(bid, chosen):
                    self._stand_again(bid, places)
        for bid in founding:
            for row in self.rows[bid.pk]:
                places[_key(row.pk)] = [Place(bid.ref, self.wave.number, bid.goes_live_on)]
        return places

    def _ends(self, bid: Bid, chosen: Collection[int]) -> bool:
        return bid.wave_id == self.wave.pk and bid.state in OPEN_STATES and bid.pk not in chosen

    def _returns(self, bid: Bid, chosen: Collection[int]) -> bool:
        return bid.pk in chosen and self.begins_again(bid)

    def _stand_again(self, bid: Bid, places: dict[str, list[Place]]) -> None:
        """With the consortia of its bid, and any that its pathfinder still has: as `actions.waves` begins it again."""
        pathfinder = self.made[bid.ref]
        inside = ProgrammePlace.objects.visible_to(self.user).at(self.moment).filter(pathfinder=pathfinder)
        refs = set(inside.values_list("consortium__ref", flat=True))
        theirs = [row.consortium_id for row in self.rows[bid.pk] if row.consortium_id]
        alive = ConsortiumParticulars.objects.visible_to(self.user).at(self.moment).filter(consortium__in=theirs)
        refs |= set(alive.values_list("consortium__ref", flat=True))
        for ref in refs:
            here = Place(pathfinder.ref, self.wave.number, bid.goes_live_on)
            places[ref] = sorted([*places.get(ref, []), here])

    def _figures(self, counted: England, mine: list[Bid], chosen: Collection[int]) -> Figures:
        """Of England, each SHA and PCT, and each chosen bid: under its reference, and under the name of its pathfinder
        where no other has that."""
        areas = {code for row in counted.rows for code in (row.sha, row.pct) if code}
        found = figures_in(counted, self.moment, {*areas, *map(self.scope, mine)})
        names = self._names_after(mine, chosen)
        often: Counter[str | None] = Counter(names.values())
        for bid in mine:
            scope = self.scope(bid)
            aliases = [bid.ref, *([names[scope]] if often[names.get(scope)] == 1 else [])]
            for alias in aliases:
                for figures in (found.pathfinders, found.practices, found.people):
                    figures[alias, None] = figures[alias, self.wave.number] = figures.get((scope, None), 0)
        return found

    def _names_after(self, mine: list[Bid], chosen: Collection[int]) -> dict[str, str]:
        """By scope the name of each pathfinder after the release."""
        ended = {self.made[b.ref].ref for b in self.bids if b.ref in self.made and self._ends(b, chosen)}
        names = {ref: name for ref, name in self.names.items() if ref not in ended}
        for bid in mine:
            if bid.ref not in self.made or self.begins_again(bid):
                names[self.scope(bid)] = bid.name
        return names


def _key(row: int) -> str:
    """A consortium of a bid, among those of the register, whose references have no such mark."""
    return f"+{row}"

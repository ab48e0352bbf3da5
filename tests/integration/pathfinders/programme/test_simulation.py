"""Simulate, then release: identical figures, to the person (domain.md section 3.4, rules 3, 5 to 8, 11, 12)."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from pathfinders.models import Bid, ReleasedDecision, Wave
from pathfinders.plan import plan_release
from pathfinders.reads.announced_figures import ENGLAND, Figures, figures
from pathfinders.reads.coverage import coverage
from pathfinders.simulated import Simulation
from pathfinders.simulation import simulate, simulate_release
from registry.moment import Moment
from tests import programme as told
from tests.support.random_programme import RandomProgramme

pytestmark = pytest.mark.django_db
ANYONE = AnonymousUser()
IN_CI, IN_FULL = 20, 200
WAVES = 3


@pytest.mark.parametrize(
    "seed", [pytest.param(n, marks=[pytest.mark.long] if n >= IN_CI else []) for n in range(IN_FULL)]
)
def test_what_is_simulated_is_what_the_release_makes(seed: int) -> None:
    programme = RandomProgramme(seed)
    for number in range(1, WAVES + 1):
        wave = programme.wave(number)
        chosen = programme.chosen(wave)
        before = simulate(programme.who.admin, wave, chosen)
        programme.decide(wave, chosen)
        again = simulate_release(programme.who.admin, plan_release(wave))
        assert again.figures.as_json() == before.figures.as_json()
        told.release(programme.who, wave)
        assert_same(before, wave)


def assert_same(simulated: Simulation, wave: Wave) -> None:
    """Every figure of the simulation is one of the register after the release, and the other way about."""
    moment = Moment.of(wave.announced_on)
    pathfinders = pathfinders_of(simulated.bids)
    areas = {row["key"] for by in ("sha", "pct") for row in coverage(ANYONE, moment, by=by)}
    real = figures(ANYONE, moment, {*areas, *pathfinders.values()})
    for kind in ("pathfinders", "practices", "people"):
        told_before, told_after = getattr(simulated.figures, kind), getattr(real, kind)
        assert of_areas(told_before, areas) == of_areas(told_after, areas), kind
        for bid in simulated.bids:
            ref = pathfinders[bid.ref]
            assert {told_before.get((bid.ref, w), 0) for w in (None, wave.number)} == {told_after.get((ref, None), 0)}
    assert simulated.figures.denominators == real.denominators
    frozen = Figures.from_json(wave.frozen_list().figures)
    assert frozen.as_json() == simulated.figures.as_json()

    (national,) = coverage(ANYONE, moment)
    of_wave = next(row for row in coverage(ANYONE, moment, by="wave") if row["key"] == str(wave.number))
    assert simulated.so_far == national
    assert simulated.alone | {"key": of_wave["key"], "name": of_wave["name"]} == of_wave
    for by in ("sha", "pct"):
        assert simulated.areas(by, alone=False) == coverage(ANYONE, moment, by=by)
        for row in simulated.areas(by, alone=True):
            key = (row["key"], wave.number)
            counted = (row["pathfinders"], row["practices"], row["people"])
            assert counted == (real.pathfinders.get(key, 0), real.practices[key], real.people[key])
    for share in simulated.shares:
        denominator = share.name if share.name.startswith("ONS") else "registered"
        (row,) = coverage(ANYONE, moment, denominator=denominator)
        assert (share.so_far, share.value, share.name) == (
            row["percent"],
            row["denominator"]["value"],
            row["denominator"]["name"],
        )
    by_pathfinder = {row["key"]: row for row in coverage(ANYONE, moment, by="pathfinder")}
    for size in simulated.sizes:
        row = by_pathfinder[pathfinders[size.bid.ref]]
        assert (size.practices, size.people) == (row["practices"], row["people"])


def of_areas(figures: dict[Any, int], areas: set[str]) -> dict[Any, int]:
    return {key: n for key, n in figures.items() if n and key[0] in {ENGLAND, *areas}}


def pathfinders_of(bids: list[Bid]) -> dict[str, str]:
    told = ReleasedDecision.objects.current().filter(bid__in=[b.ref for b in bids], pathfinder__isnull=False)
    return dict(told.values_list("bid", "pathfinder__ref"))


def test_the_scenarios_hold_all_that_makes_figures_differ() -> None:
    """The random England is as awkward as it says: otherwise the test above would prove little."""
    seen: Counter[str] = Counter()
    for seed in range(6):
        with transaction.atomic():
            programme = RandomProgramme(seed)
            for number in range(1, WAVES + 1):
                seen.update(_awkward(programme, programme.wave(number)))
            transaction.set_rollback(True)
    wanted = {"closed", "elsewhere", "taken", "uncounted", "returns", "stands", "ends"}
    wanted |= {"answer ", "answer confirmed", "answer disputed", "answer undecided"}
    wanted |= {"practices_without_list", "practices_list_later"}
    assert wanted <= seen.keys(), wanted - seen.keys()


def _awkward(programme: RandomProgramme, wave: Wave) -> Iterator[str]:
    """What this wave meets; it is released after."""
    chosen = programme.chosen(wave)
    found = simulate(None, wave, chosen)
    for _, out in found.left_out:
        yield "taken" if out.by else out.why
    for claim in found.placing.members:
        yield f"answer {claim.answer}"
        if claim.practice not in found.england.by_pk:
            yield "uncounted"
    yield from (key for key in ("practices_without_list", "practices_list_later") if found.alone[key])
    for bid in chosen:
        if bid not in found.founding:
            yield "returns" if found.ground.begins_again(bid) else "stands"
    programme.decide(wave, chosen)
    yield from ("ends" for planned in plan_release(wave).bids if planned.pathfinder and not planned.approved)
    told.release(programme.who, wave)

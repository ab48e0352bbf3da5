"""The demonstration England as pure values: plausible one by one, and as the sources state it."""

from __future__ import annotations

import re
from collections import Counter
from math import cos, hypot, radians
from statistics import median

import pytest

from pathfinders.demonstration.areas import Area, areas
from pathfinders.demonstration.branches import branches, news
from pathfinders.demonstration.endings import Ending, endings, predecessors
from pathfinders.demonstration.groups import COUNTED_IN, England, gather
from pathfinders.demonstration.lists import Lists, patients
from pathfinders.demonstration.names import SINGLE_HANDED
from pathfinders.demonstration.relocations import relocations
from pathfinders.demonstration.surgeries import KM_A_DEGREE, QUARTERS, Surgery, surgeries


@pytest.fixture(scope="module")
def map_() -> list[Area]:
    return areas()


@pytest.fixture(scope="module")
def made(map_: list[Area]) -> list[Surgery]:
    return surgeries(map_)


@pytest.fixture(scope="module")
def england(map_: list[Area], made: list[Surgery]) -> England:
    return gather(map_, made)


@pytest.fixture(scope="module")
def ended(england: England) -> list[Ending]:
    return endings(england)


@pytest.fixture(scope="module")
def sizes(england: England, made: list[Surgery], ended: list[Ending]) -> Lists:
    return patients(england, made, ended)


def test_it_is_drawn_alike_every_time(map_: list[Area], made: list[Surgery]) -> None:
    again = surgeries(areas())
    told = [(s.code, s.name, s.street, s.postcode, s.longitude, s.latitude) for s in made]
    assert told == [(s.code, s.name, s.street, s.postcode, s.longitude, s.latitude) for s in again]
    assert len(map_) == 151 and 8_100 < len(made) < 8_300


def test_every_surgery_stands_in_its_town_with_a_postcode_of_it(made: list[Surgery]) -> None:
    for surgery in made:
        town = next(t for t in surgery.area.towns if t.name == surgery.town)
        east = (surgery.longitude - town.longitude) * cos(radians(town.latitude))
        assert hypot(east, surgery.latitude - town.latitude) * KM_A_DEGREE <= town.radius_km + 0.01, surgery
        assert re.fullmatch(rf"{town.postcode} [1-9][ABD-HJLNP-UW-Z]{{2}}", surgery.postcode), surgery
        assert 49.9 < surgery.latitude < 55.85 and -6 < surgery.longitude < 1.8


def test_names_fit_their_addresses(made: list[Surgery]) -> None:
    for surgery in made:
        street = re.match(r"(.+ (?:Road|Street|Avenue)) ", surgery.name)
        if street and not surgery.name.startswith(surgery.town):
            assert street[1] in surgery.street, surgery
    shared = Counter(s.name for s in made)
    assert shared["The Surgery"] > 20 and len(shared) > 1_500


def test_list_sizes_have_a_long_tail(made: list[Surgery], england: England) -> None:
    people = [s.people for s in made]
    assert 6_000 <= median(people) <= 6_400
    assert max(people) > 4 * median(people) and min(people) < 1_000
    alone = [s.people for s in made if re.fullmatch(r"Dr \S+", s.name)]
    assert len(alone) > 200 and median(alone) < SINGLE_HANDED


def test_no_two_groups_share_a_name_and_none_is_nowhere(england: England) -> None:
    names = [g.name for g in [*england.groups, *england.emerging]]
    assert len(set(names)) == len(names)
    sides = "North|South|East|West|Central"
    silly = re.compile(rf"({sides}) ({sides}|Mid|Heart)\b")
    assert [n for n in names if silly.match(n)] == ["North East Lincolnshire"]


def test_nobody_is_in_two_groups(england: England) -> None:
    codes = Counter(s.code for g in [*england.groups, *england.emerging] for s in g.practices)
    assert max(codes.values()) == 1


def test_stated_sizes_are_met_exactly_in_the_quarter_that_counts(england: England, sizes: Lists) -> None:
    stated = [g for g in england.groups if g.people]
    assert len(stated) >= 10
    for group in stated:
        assert sum(sizes[COUNTED_IN[group.wave]][s.code] for s in group.practices) == group.people, group.name


def test_patients_of_a_practice_that_ends_go_to_its_heirs(
    england: England, made: list[Surgery], ended: list[Ending], sizes: Lists
) -> None:
    without = patients(england, made, [])
    assert any(e.into for e in ended) and any(e.into is None for e in ended)
    for quarter in QUARTERS:
        assert sum(sizes[quarter].values()) == sum(without[quarter].values())
    first = next(e for e in ended if e.into)
    assert first.surgery.code in sizes["2011Q1"] and first.surgery.code not in sizes["2011Q2"]
    assert first.into is not None and sizes["2011Q2"][first.into.code] > without["2011Q2"][first.into.code]


def test_nothing_happens_twice_to_one_practice(ended: list[Ending], made: list[Surgery]) -> None:
    gone = [e.surgery.code for e in ended]
    heirs = {h.code for e in ended for h in e.heirs}
    assert len(set(gone)) == len(gone) and not heirs & set(gone)
    assert not {s.code for s in relocations(made, [e.surgery for e in ended])} & set(gone)


def test_about_one_practice_in_five_has_branches(made: list[Surgery], ended: list[Ending]) -> None:
    told = branches(made)
    practices = {b.practice.code for b in told}
    assert 0.15 < len(practices) / len(made) < 0.25
    assert len({b.code for b in told}) == len(told) and all(re.fullmatch(r"Z\d{5}00\d", b.code) for b in told)
    assert any(b.closed for b in told) and all(not b.closed or b.opened < b.closed for b in told)
    assert all(b.opened.replace("-", "") >= b.practice.opened for b in told)
    said = news(told, [e.surgery for e in ended])
    assert sum(bool(b.closed) for b in said) == 40 and len(said) == 60


def test_practices_of_the_years_before_have_a_successor_that_stands(map_: list[Area], made: list[Surgery]) -> None:
    pairs = predecessors(map_, made, len(made))
    assert len(pairs) > 30 and {gone.closed[:4] for gone, _ in pairs} == {"2006", "2007", "2008", "2009", "2010"}
    for gone, into in pairs:
        assert gone.town == into.town and not into.closed and gone.code not in {s.code for s in made}

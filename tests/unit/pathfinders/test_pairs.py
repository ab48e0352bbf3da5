"""Shares that sum to exactly 1 and figures that are conserved, of any table of pairs."""

from collections import defaultdict
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathfinders.apportion import allot
from pathfinders.reads.pairs import End, Unit, carried, paired, place, shares, turned

ends = st.sampled_from([End("A"), End("B"), End("C"), End(None, "in_none"), End(None, "closed")])
units = st.lists(st.builds(Unit, st.just("Z00001"), ends, ends, st.none() | st.integers(0, 90_000)), max_size=40)
figures = st.dictionaries(st.sampled_from(["A", "B", "C", "D", None]), st.integers(-(10**15), 10**15))


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**7), min_size=1).filter(any))
def test_parts_sum_to_the_whole_and_are_off_by_less_than_one(whole: int, weights: list[int]) -> None:
    parts, total = allot(whole, weights), sum(weights)
    assert sum(parts) == whole
    assert all(abs(part * total - whole * weight) < total for part, weight in zip(parts, weights, strict=True))


def test_nothing_is_parted_by_nothing() -> None:
    with pytest.raises(ValueError, match="all 0"):
        allot(5, [0, 0])
    assert allot(10, [1, 1, 1]) == [4, 3, 3] and allot(-10, [1, 1, 1]) == [-4, -3, -3]


@given(units)
def test_every_practice_is_in_one_pair_and_shares_sum_to_one(found: list[Unit]) -> None:
    pairs = paired(found)
    assert sum(pair.practices for pair in pairs) == len(found)
    assert sum(pair.people for pair in pairs) == sum(unit.people or 0 for unit in found)
    assert sum(pair.practices_without_list for pair in pairs) == sum(unit.people is None for unit in found)
    for end in ("source", "target"):
        sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
        people: dict[str, int] = defaultdict(int)
        for pair, parts in zip(pairs, shares(pairs, end), strict=True):
            if code := getattr(pair, end).code:
                people[code] += pair.people
                for n in (0, 1):
                    sums[code][n] += parts[n] or 0
            else:
                assert parts == (None, None)
        assert {code: (practices, some) for code, (practices, some) in sums.items()} == {
            code: (1, 1 if people[code] else 0) for code in sums
        }


@given(units)
def test_the_other_way_about_is_the_same_table(found: list[Unit]) -> None:
    pairs, back = paired(found), paired(unit._replace(source=unit.target, target=unit.source) for unit in found)
    assert back == turned(pairs) and turned(back) == pairs
    key = {(p.source, p.target): s for p, s in zip(pairs, shares(pairs, "target"), strict=True)}
    assert key == {(p.target, p.source): s for p, s in zip(back, shares(back, "source"), strict=True)}
    assert [place(p.source) for p in pairs] == sorted(place(p.source) for p in pairs)


@given(units, figures, st.sampled_from(["people", "practices"]))
def test_a_series_is_conserved_there_and_back(found: list[Unit], given: dict[str | None, int], weight: str) -> None:
    pairs = paired(found)
    there = carried(pairs, given, weight)
    assert sum(there.values()) == sum(given.values())
    assert sum(carried(turned(pairs), there, weight).values()) == sum(given.values())


@given(units)
def test_carrying_the_people_themselves_gives_the_people_of_each(found: list[Unit]) -> None:
    pairs = paired(found)
    people: dict[str, dict[str | None, int]] = {end: defaultdict(int) for end in ("source", "target")}
    for pair in pairs:
        people["source"][pair.source.code] += pair.people
        people["target"][pair.target.code] += pair.people
    there = carried(pairs, people["source"])
    assert {c: n for c, n in there.items() if n} == {c: n for c, n in people["target"].items() if n}
    back = carried(turned(pairs), there)
    assert {c: n for c, n in back.items() if n} == {c: n for c, n in people["source"].items() if n}

"""What it must show 2: the hand-over of 31 March to 1 April 2013, on the real files."""

from __future__ import annotations

import csv
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pathfinders.reads import england as kept
from pathfinders.reads.crosswalk import Crosswalk, crosswalk, question
from pathfinders.reads.pairs import carried, turned
from registry.moment import Moment
from tests.support import databases

pytestmark = pytest.mark.realdata
LAST, FIRST = date(2013, 3, 31), date(2013, 4, 1)


@pytest.fixture(scope="module")
def handover(real_register: Any, django_db_blocker: Any) -> Iterator[Crosswalk]:
    """Asked first of a process that has read nothing."""
    with django_db_blocker.unblock(), databases.clone(real_register.database):
        kept._KEPT.clear()
        moment = Moment.of(FIRST)
        began = time.perf_counter()
        found = crosswalk(None, moment, question(None, moment, source="pct", target="ccg"))
        assert found.rows
        print(f"\nThe crosswalk of England, asked first: {1000 * (time.perf_counter() - began):.0f} ms")
        yield found


def test_it_is_the_published_answer_pair_by_pair(handover: Crosswalk, real_data: Path) -> None:
    with (real_data / "derived" / "pct_to_ccg_2013-04-01.csv").open(encoding="utf-8") as file:
        expected = {
            (r["pct_code"], r["ccg_code"]): (int(r["practices"]), int(r["patients_2013q2"]))
            for r in csv.DictReader(file)
        }
    found = {
        (row["source_code"], row["target_code"]): (row["practices"], row["people"])
        for row in handover.rows
        if row["source_code"] and row["target_code"]
    }
    assert len(found) == 239 and found == expected
    assert (handover.asked.from_day, handover.lists_on) == (LAST, FIRST)
    assert (len(handover.sources), len(handover.targets)) == (151, 211)


def test_shares_sum_to_one_and_a_round_trip_conserves(handover: Crosswalk) -> None:
    for end, names in (
        ("source", ("practice_share", "people_share")),
        ("target", ("practice_share_of_target", "people_share_of_target")),
    ):
        for name in names:
            sums: dict[str, Decimal] = defaultdict(Decimal)
            for row in handover.rows:
                if row[f"{end}_code"]:
                    sums[row[f"{end}_code"]] += row[name]
            assert set(sums.values()) == {Decimal(1)}
    people: dict[str | None, int] = defaultdict(int)
    for pair in handover.pairs:
        people[pair.source.code] += pair.people
    there = carried(handover.pairs, people)
    back = carried(turned(handover.pairs), there)
    assert {code for code in back if back[code]} == {code for code in people if people[code]}
    assert sum(people.values()) == sum(there.values()) == sum(back.values())

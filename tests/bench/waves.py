"""What the work on a wave costs, beside the bare SQL that computes the same."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connection

from pathfinders.models import Bid, Wave
from pathfinders.simulation import Ground

# England's figures of a wave whose bids have none of their own yet: pathfinders, practices, people.
SIMULATION = """
WITH chosen AS (
    SELECT b.id, row_number() OVER (ORDER BY lower(b.name), b.ref) AS turn FROM pathfinders_bid b WHERE b.id = ANY(%(bids)s)
), away AS MATERIALIZED (
    SELECT m.practice_id FROM consortia_membership m
    WHERE upper_inf(m.recorded) AND m.effective && daterange(%(day)s, NULL)
), active AS MATERIALIZED (
    SELECT s.practice_id FROM practices_practicestatus s
    WHERE upper_inf(s.recorded) AND s.effective @> %(day)s::date AND s.status = 'A'
), surgery AS MATERIALIZED (
    SELECT p.practice_id FROM practices_practiceparticulars p
    WHERE upper_inf(p.recorded) AND p.effective @> %(day)s::date AND p.setting = 4
), member AS MATERIALIZED (
    SELECT DISTINCT ON (bp.practice_id) bp.practice_id, chosen.id AS bid
    FROM pathfinders_bidpractice bp JOIN chosen ON chosen.id = bp.bid_id
    JOIN active ON active.practice_id = bp.practice_id JOIN surgery ON surgery.practice_id = bp.practice_id
    JOIN practices_practice pr ON pr.id = bp.practice_id AND pr.code ~ '^[A-VX-Z][0-9]{5}$'
    WHERE bp.practice_id NOT IN (SELECT practice_id FROM away)
    ORDER BY bp.practice_id, chosen.turn
), sized AS (
    SELECT DISTINCT ON (l.practice_id) l.practice_id, l.patients FROM practices_listsize l
    WHERE upper_inf(l.recorded)
    ORDER BY l.practice_id, (lower(l.effective) <= %(day)s) DESC,
        CASE WHEN lower(l.effective) <= %(day)s THEN lower(l.effective) END DESC, lower(l.effective)
)
SELECT (SELECT count(*) FROM chosen), count(*), coalesce(sum(sized.patients), 0)::bigint
FROM member LEFT JOIN sized ON sized.practice_id = member.practice_id
"""


class Took(NamedTuple):
    """Milliseconds. `cold`: with England read anew; `warm`: with it kept, as for every change of a tick; `choice`: of
    these, one more choice among bids already read; `bare`: the SQL. `ratio`: warm over bare."""

    cold: float
    warm: float
    choice: float
    bare: float

    @property
    def ratio(self) -> float:
        return self.warm / self.bare


def simulation(wave: Wave, bids: Iterable[Bid], user: Any = None, rounds: int = 5) -> Took:
    """The quickest of some rounds each. Raises AssertionError where the SQL counts otherwise than the application."""
    from pathfinders.reads import england

    chosen = list(bids)
    keys = {bid.pk for bid in chosen}
    told: list[tuple[int, ...]] = []

    def simulated() -> None:
        found = Ground(user, wave, chosen).simulate(keys).alone
        told.append((found["pathfinders"], found["practices"], found["people"]))

    def anew() -> None:
        england._KEPT.clear()
        simulated()

    cold = quickest(anew, rounds)
    warm = quickest(simulated, rounds)
    ground = Ground(user, wave, chosen)
    choice = quickest(lambda: ground.simulate(keys).alone, rounds)

    def bare() -> None:
        told.append(by_sql(wave, keys))

    took = Took(cold, warm, choice, quickest(bare, rounds))
    assert len(set(told)) == 1, set(told)
    return took


def by_sql(wave: Wave, bids: Iterable[int]) -> tuple[int, ...]:
    """Pathfinders, practices and people that approval of these bids makes, none of which is a pathfinder yet."""
    with connection.cursor() as cursor:
        cursor.execute(SIMULATION, {"bids": list(bids), "day": wave.announced_on})
        return tuple(cursor.fetchone())


def quickest(act: Any, rounds: int) -> float:
    """Milliseconds of the quickest of these rounds: another process may hold the machine for a while."""
    times = []
    for _ in range(rounds):
        start = perf_counter()
        act()
        times.append((perf_counter() - start) * 1000)
    return min(times)

"""Which PCTs and SHAs a bid is of, as at its own date."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

BODIES = """
    SELECT n.bid_id, f.parent_id, pct.code, t.above_id, sha.code, count(*)
    FROM pathfinders_bidpractice n
    JOIN pathfinders_bid b ON b.id = n.bid_id
    CROSS JOIN LATERAL (
        SELECT parent_id FROM practices_practiceparent
        WHERE practice_id = n.practice_id AND upper_inf(recorded) AND effective @> b.as_at
        LIMIT 1
    ) f
    JOIN practices_parentbody pct ON pct.id = f.parent_id
    LEFT JOIN LATERAL (
        SELECT above_id FROM practices_bodyparticulars
        WHERE body_id = f.parent_id AND upper_inf(recorded) AND effective @> b.as_at
        LIMIT 1
    ) t ON true
    LEFT JOIN practices_parentbody sha ON sha.id = t.above_id
    WHERE n.bid_id = ANY(%s)
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 6 DESC, 3
"""
"""LIMIT 1 changes nothing (one fact a day): it has Postgres look a practice up instead of all facts of the day."""


class Body(NamedTuple):
    """A PCT with practices in a bid, and the SHA above it (None where the register knows none)."""

    pct: int
    pct_code: str
    sha: int | None
    sha_code: str
    practices: int


def bodies_of(bids: Collection[int]) -> dict[int, list[Body]]:
    """For each bid (by primary key) its PCTs, the one with most practices first. One query."""
    found: dict[int, list[Body]] = {}
    with connection.cursor() as cursor:
        cursor.execute(BODIES, [list(bids)])
        for bid, pct, pct_code, sha, sha_code, practices in cursor.fetchall():
            found.setdefault(bid, []).append(Body(pct, pct_code, sha, sha_code or "", practices))
    return found


def sha_of(bodies: Collection[Body]) -> str:
    """The code of the SHA of most of the practices ("" for none): the region under which the bid is counted."""
    counts: dict[str, int] = {}
    for body in bodies:
        if body.sha_code:
            counts[body.sha_code] = counts.get(body.sha_code, 0) + body.practices
    return max(sorted(counts), key=lambda code: counts[code]) if counts else ""

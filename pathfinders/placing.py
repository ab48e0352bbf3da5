"""Which practices of chosen bids would join their consortia, and who is left out and why.

One statement reads the claims of any number of bids; one function places them, for the release and for the simulator
alike (domain.md rules 3 to 5; architecture.md section 5). A practice that is left out never sinks a wave.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

from consortia.models import Membership, MembershipStatus
from pathfinders.models import Bid, BidPractice
from practices.models import GP_PRACTICE, PracticeParticulars, PracticeStatus, Status
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Period, Spell, Timeline

LIVING = (Status.ACTIVE, Status.DORMANT)
CLOSED, ELSEWHERE = "closed", "elsewhere"
STATUSES = {
    "": MembershipStatus.CLAIMED,
    "confirmed": MembershipStatus.CONFIRMED,
    "disputed": MembershipStatus.DISPUTED,
    "undecided": MembershipStatus.UNDECIDED,
}
"""What a practice answered to the bid is the status of its membership; silence never confirms."""

# Each part is read whole and they are joined by hash, as in `reads.england`: looked up one by one, 7,000 practices take
# four times as long.
SQL = """
WITH alive AS MATERIALIZED ({alive}), surgery AS MATERIALIZED ({surgery}), away AS MATERIALIZED ({away})
SELECT named.*, alive.practice_id IS NOT NULL AND surgery.practice_id IS NOT NULL,
    coalesce(upper_inf(alive.effective) AND upper_inf(surgery.effective), false), away.practice_id IS NOT NULL
FROM ({named}) AS named LEFT JOIN alive ON alive.practice_id = named.practice_id
LEFT JOIN surgery ON surgery.practice_id = named.practice_id LEFT JOIN away ON away.practice_id = named.practice_id
"""


class Claim(NamedTuple):
    """One practice as one bid names it. `consortium`: the key of the bid's row. `open`: a living GP practice on the day
    of the announcement; `lasts`: with no end known in what says so; `away`: a member of another consortium on that day
    or later."""

    bid: int
    consortium: int
    position: int
    practice: int
    code: str
    answer: str
    open: bool
    lasts: bool
    away: bool


class LeftOut(NamedTuple):
    """A practice that a chosen bid names but that does not join. `why`: closed (not a living GP practice on the day) or
    elsewhere; `by`: the bid before it that took it, None where it belongs to a consortium of the register."""

    claim: Claim
    why: str
    by: int | None = None


@dataclass
class Placing:
    """Who joins, by bid and by consortium row, and who is left out, by bid: in the order of consortium and code."""

    joins: dict[int, list[Claim]] = field(default_factory=dict)
    left_out: dict[int, list[LeftOut]] = field(default_factory=dict)

    @property
    def members(self) -> list[Claim]:
        return [claim for joining in self.joins.values() for claim in joining]


def in_turn(bids: Iterable[Bid]) -> list[Bid]:
    """The order in which bids take their practices, and in which references are minted."""
    return sorted(bids, key=lambda b: (b.name.casefold(), b.ref))


def claims_of(bids: Collection[int], day: date) -> dict[int, list[Claim]]:
    """What each of these bids names, for an announcement on the day. One query for any number."""
    if not bids:
        return {}
    parts = {name: part.query.sql_with_params() for name, part in _parts(bids, day).items()}
    params = [param for name in ("alive", "surgery", "away", "named") for param in parts[name][1]]
    found: dict[int, list[Claim]] = {}
    with connection.cursor() as cursor:
        cursor.execute(SQL.format(**{name: sql for name, (sql, _) in parts.items()}), params)
        for row in cursor.fetchall():
            found.setdefault(row[0], []).append(Claim._make(row))
    for claims in found.values():
        claims.sort(key=lambda claim: (claim.position, claim.code))
    return found


def _parts(bids: Collection[int], day: date) -> dict[str, Any]:
    alive = PracticeStatus.objects.current().filter(status__in=LIVING, effective__contains=day)
    surgery = PracticeParticulars.objects.current().filter(setting=GP_PRACTICE, effective__contains=day)
    away = Membership.objects.current().filter(effective__overlap=(day, None))
    named = BidPractice.objects.filter(bid__in=list(bids)).annotate(
        _position=F("consortium__position"), _code=F("practice__code")
    )
    return {
        "alive": alive.order_by().values("practice_id", "effective"),
        "surgery": surgery.order_by().values("practice_id", "effective"),
        "away": away.order_by().values("practice_id").distinct(),
        "named": named.order_by().values("bid_id", "consortium_id", "_position", "practice_id", "_code", "answer"),
    }


def place(bids: Sequence[int], claims: dict[int, list[Claim]]) -> Placing:
    """Bids in turn take their practices: one that is not open on the day, belongs elsewhere from then on, or was taken
    by a bid before, is left out and listed."""
    taken: dict[int, int] = {}
    made = Placing()
    for bid in bids:
        joins = made.joins.setdefault(bid, [])
        left_out = made.left_out.setdefault(bid, [])
        for claim in claims.get(bid, ()):
            if not claim.open:
                left_out.append(LeftOut(claim, CLOSED))
            elif claim.away or claim.practice in taken:
                left_out.append(LeftOut(claim, ELSEWHERE, taken.get(claim.practice)))
            else:
                taken[claim.practice] = bid
                joins.append(claim)
    return made


def ends(members: Iterable[Claim], day: date) -> dict[int, date]:
    """When the life of a member ends as it is known now (half-open); no key where no end is known (rules 4, 5)."""
    unsure = {claim.practice for claim in members if not claim.lasts}
    if not unsure:
        return {}
    open_then = _stretches(PracticeStatus, "status", LIVING, unsure, day)
    surgery_then = _stretches(PracticeParticulars, "setting", (GP_PRACTICE,), unsure, day)
    lives = {p: open_then[p].common(surgery_then[p]).end for p in unsure}
    return {practice: end for practice, end in lives.items() if end is not None}


def _stretches(
    model: type[Fact], field: str, among: tuple[Any, ...], practices: set[int], day: date
) -> dict[int, Period]:
    """Per practice the days around `day` on which the standing facts have one of these values throughout."""
    found = model.objects.current().filter(practice__in=practices, **{f"{field}__in": among})
    spells: dict[int, list[Spell]] = {}
    rows = found.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by("effective")
    for practice, start, end in rows.values_list("practice", "_from", "_to"):
        spells.setdefault(practice, []).append(Spell(start, end, ()))
    stretches = {practice: Timeline(held).stretch(day) for practice, held in spells.items()}
    return {practice: stretch for practice, stretch in stretches.items() if stretch is not None}

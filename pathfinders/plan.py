"""What the release of a wave would do: one pure read. Who joins which consortium is `placing`'s, as in the simulator."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pathfinders.models import (
    APPROVALS,
    Bid,
    BidConsortium,
    BidLeader,
    Condition,
    Decision,
    Finding,
    Outcome,
    Pathfinder,
    PathfinderParticulars,
    PathfinderSuccession,
    ReleasedDecision,
    Wave,
)
from pathfinders.placing import claims_of, ends, in_turn, place
from pathfinders.regions import bodies_of, sha_of
from pathfinders.states import BidState
from registry.actions.checks import said
from registry.errors import Refused

UNDECIDED = (BidState.SUBMITTED, BidState.ASSESSING, BidState.RETURNED, BidState.ASSESSED)


@dataclass(frozen=True)
class Member:
    """A practice that will belong: from the announcement up to `end` (half-open; None: no end known).

    `answer`: what it said to the bid (confirmed, disputed, undecided), "" while it is silent.
    """

    practice: int
    code: str
    end: date | None
    answer: str = ""


@dataclass(frozen=True)
class LeftOut:
    """A practice that an approved bid names but that will not belong: `why` as `placing.LeftOut`."""

    practice: int
    code: str
    why: str


@dataclass
class PlannedConsortium:
    row: BidConsortium
    members: list[Member] = field(default_factory=list)


@dataclass
class PlannedBid:
    """A decided bid with its standing decision, findings and conditions; consortia and those left out where it founds.

    `pathfinder`: the one that an earlier decision on the bid made; None for a bid that is released for the first time,
    or was never approved. `stands`: whether it is a pathfinder with no end known, or merged or split (`standing_of`).
    """

    bid: Bid
    decision: Decision
    findings: list[Finding]
    conditions: list[Condition] = field(default_factory=list)
    leaders: list[BidLeader] = field(default_factory=list)
    sha: str = ""
    pathfinder: Pathfinder | None = None
    stands: bool = False
    consortia: list[PlannedConsortium] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def approved(self) -> bool:
        return self.decision.outcome in APPROVALS

    @property
    def founds(self) -> bool:
        """Whether its release makes a pathfinder: an approval of a bid that is none yet."""
        return self.approved and self.pathfinder is None

    @property
    def returns(self) -> bool:
        """Whether its release lets a pathfinder stand again that had ended."""
        return self.approved and self.pathfinder is not None and not self.stands


@dataclass
class ReleasePlan:
    """All decided bids of a wave in name order, and what keeps it from release (`blockers`, empty when ready)."""

    wave: Wave
    bids: list[PlannedBid]
    blockers: list[dict[str, Any]]

    @property
    def approved(self) -> list[PlannedBid]:
        return [b for b in self.bids if b.approved]

    @property
    def founding(self) -> list[PlannedBid]:
        return [b for b in self.bids if b.founds]

    @property
    def members(self) -> list[Member]:
        return [m for b in self.founding for c in b.consortia for m in c.members]

    @property
    def left_out(self) -> list[tuple[PlannedBid, LeftOut]]:
        return [(b, out) for b in self.founding for out in b.left_out]

    @property
    def figures(self) -> dict[str, int]:
        """Pathfinders, consortia and distinct practices that the release would make."""
        return {
            "pathfinders": len(self.founding),
            "consortia": sum(len(b.consortia) for b in self.founding),
            "practices": len(self.members),
            "left_out": len(self.left_out),
        }


def plan_release(wave: Wave, *, lock: bool = False) -> ReleasePlan:
    """What releasing the wave would do now (domain.md rules 3, 11, 12).

    Bids in name order take their practices in turn: one that is not open on the day of announcement, belongs
    elsewhere from then on, or was taken by a bid before, is left out and listed; it never stops the wave.
    `lock`: its bids stay locked until the transaction ends, those of one wave after the other in one order.
    """
    found = Bid.objects.filter(wave=wave, state__in=(BidState.DECIDED, *UNDECIDED)).order_by("pk")
    locked = found.select_for_update(no_key=True, of=("self",)) if lock else found
    in_wave = list(locked.select_related("lead", "criteria"))
    decided = [b for b in in_wave if b.state == BidState.DECIDED]
    planned = _with_decisions(in_turn(decided))
    _place_practices([b for b in planned if b.founds], wave.announced_on)
    undecided = [b for b in in_wave if b.state != BidState.DECIDED]
    return ReleasePlan(wave, planned, _blockers(wave, planned, undecided))


def _with_decisions(bids: list[Bid]) -> list[PlannedBid]:
    made_on = Decision.objects.filter(bid__in=bids).select_related("decided_by")
    decisions = {(d.bid_id, d.number): d for d in made_on}
    findings: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(bid__in=bids).select_related("criterion"):
        findings.setdefault(finding.bid_id, []).append(finding)
    conditions: dict[int, list[Condition]] = {}
    conditional = [d for d in decisions.values() if d.outcome == Outcome.CONDITIONS]
    for condition in Condition.objects.filter(decision__in=conditional):
        conditions.setdefault(condition.decision_id, []).append(condition)
    leaders: dict[int, list[BidLeader]] = {}
    for leader in BidLeader.objects.filter(bid__in=bids):
        leaders.setdefault(leader.bid_id, []).append(leader)
    regions, made = bodies_of([b.pk for b in bids]), pathfinders_of(bids)
    standing = standing_of(made.values())
    planned = []
    for bid in bids:
        decision = decisions[bid.pk, bid.decision_number]
        planned.append(
            PlannedBid(
                bid,
                decision,
                findings.get(bid.pk, []),
                conditions.get(decision.pk, []),
                leaders.get(bid.pk, []),
                sha_of(regions.get(bid.pk, [])),
                made.get(bid.ref),
                bid.ref in made and made[bid.ref].pk in standing,
            )
        )
    return planned


def pathfinders_of(bids: list[Bid]) -> dict[str, Pathfinder]:
    """The pathfinder that an earlier, announced decision on each bid made, by the bid's reference."""
    earlier = [b.ref for b in bids if b.released_number]
    told = ReleasedDecision.objects.current().filter(bid__in=earlier, pathfinder__isnull=False)
    return {d.bid: d.pathfinder for d in told.select_related("pathfinder").order_by("number") if d.pathfinder}


def standing_of(pathfinders: Iterable[Pathfinder]) -> set[int]:
    """Those that no new approval lets stand again: they stand with no end known, or stand, or are to stand, in another
    into which they merged or split (rule 14)."""
    pks = [p.pk for p in pathfinders]
    known = PathfinderParticulars.objects.current().filter(pathfinder__in=pks, effective__upper_inf=True)
    return set(known.values_list("pathfinder", flat=True).union(succeeded(pks).values_list("predecessor", flat=True)))


def succeeded(pathfinders: Iterable[int]) -> Any:
    return PathfinderSuccession.objects.current().filter(predecessor__in=list(pathfinders))


def _place_practices(founding: list[PlannedBid], day: date) -> None:
    """Fill in the consortia of these bids, in turn, with their members, and those left out. Two queries, four where the
    end of a member's life is known."""
    pks = [b.bid.pk for b in founding]
    placing = place(pks, claims_of(pks, day))
    until = ends(placing.members, day)
    of_bid: dict[int, dict[int, PlannedConsortium]] = {pk: {} for pk in pks}
    for row in BidConsortium.objects.filter(bid__in=pks).order_by("bid", "position"):
        of_bid[row.bid_id][row.pk] = PlannedConsortium(row)
    for planned in founding:
        pk = planned.bid.pk
        for claim in placing.joins[pk]:
            member = Member(claim.practice, claim.code, until.get(claim.practice), claim.answer)
            of_bid[pk][claim.consortium].members.append(member)
        planned.consortia = list(of_bid[pk].values())
        planned.left_out = [LeftOut(out.claim.practice, out.claim.code, out.why) for out in placing.left_out[pk]]


def _blockers(wave: Wave, planned: list[PlannedBid], undecided: list[Bid]) -> list[dict[str, Any]]:
    blockers = []
    for bid in undecided:
        sentence = f"{bid.name} ({bid.ref}) is not decided: decide it or take it out of the wave."
        blockers.append(_blocker("undecided", bid.ref, sentence))
    for row in planned:
        if row.decision.decided_on > wave.announced_on:
            sentence = (
                f"{row.bid.name} ({row.bid.ref}) was decided on {said(row.decision.decided_on)}, after the "
                f"announcement on {said(wave.announced_on)}."
            )
            blockers.append(_blocker("decided_after", row.bid.ref, sentence))
        live = row.bid.goes_live_on
        if row.approved and live is not None and live < wave.announced_on:
            sentence = (
                f"{row.bid.name} ({row.bid.ref}) is to go live on {said(live)}, before the announcement on "
                f"{said(wave.announced_on)}."
            )
            blockers.append(_blocker("live_before", row.bid.ref, sentence))
    ending = {row.pathfinder.pk: (row.bid, row.pathfinder) for row in planned if row.pathfinder and not row.approved}
    later = succeeded(ending).filter(effective__startswith__gt=wave.announced_on) if ending else ()
    for fact in later:
        bid, pathfinder = ending[fact.predecessor_id]
        sentence = (
            f"{bid.name} ({bid.ref}) would end {pathfinder.ref}, which becomes part of another on "
            f"{said(fact.effective.lower)}: correct that in the register first."
        )
        blockers.append(_blocker("merges_later", bid.ref, sentence))
    if not planned:
        blockers.append(_blocker("empty", "", f"Wave {wave.number} has no decided bid to release."))
    return blockers


def _blocker(code: str, bid: str, message: str) -> dict[str, Any]:
    return {"code": code, "bid": bid, "message": message}


def refuse_blocked(plan: ReleasePlan) -> None:
    """Raise Refused 409, all blockers in `detail`, unless the wave is ready."""
    if plan.blockers:
        sentences = " ".join(b["message"] for b in plan.blockers[:3])
        more = f" And {len(plan.blockers) - 3} more." if len(plan.blockers) > 3 else ""
        raise Refused(plan.blockers[0]["code"], sentences + more, status=409, detail=plan.blockers)

"""What the release of a wave would do: one pure read, used by the simulator and by the release itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consortia.models import Membership
from pathfinders.models import (
    APPROVALS,
    Bid,
    BidConsortium,
    BidLeader,
    BidPractice,
    Condition,
    Decision,
    Finding,
    Pathfinder,
    PathfinderParticulars,
    ReleasedDecision,
    Wave,
)
from pathfinders.regions import bodies_of, sha_of
from pathfinders.states import BidState
from practices.models import GP_PRACTICE, PracticeParticulars, PracticeStatus, Status
from registry.actions.checks import said
from registry.errors import Refused
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Period, Spell, Timeline

UNDECIDED = (BidState.SUBMITTED, BidState.ASSESSING, BidState.RETURNED, BidState.ASSESSED)
LIVING = (Status.ACTIVE, Status.DORMANT)


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
    """A practice that an approved bid names but that will not belong: `why` is closed (not a living GP practice on the
    day) or elsewhere."""

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
    or was never approved. `stands`: whether it is a pathfinder on the day of the announcement, with no end known.
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


def plan_release(wave: Wave) -> ReleasePlan:
    """What releasing the wave would do now (domain.md rules 3, 11, 12).

    Bids in name order take their practices in turn: one that is not open on the day of announcement, belongs
    elsewhere from then on, or was taken by a bid before, is left out and listed; it never stops the wave.
    """
    decided = Bid.objects.filter(wave=wave, state=BidState.DECIDED).select_related("lead", "criteria")
    bids = sorted(decided, key=lambda b: (b.name.casefold(), b.ref))
    planned = _with_decisions(bids)
    _place_practices([b for b in planned if b.founds], wave.announced_on)
    return ReleasePlan(wave, planned, _blockers(wave, planned))


def _with_decisions(bids: list[Bid]) -> list[PlannedBid]:
    made_on = Decision.objects.filter(bid__in=bids).select_related("decided_by")
    decisions = {(d.bid_id, d.number): d for d in made_on}
    findings: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(bid__in=bids).select_related("criterion"):
        findings.setdefault(finding.bid_id, []).append(finding)
    conditions: dict[int, list[Condition]] = {}
    for condition in Condition.objects.filter(decision__in=decisions.values()):
        conditions.setdefault(condition.decision_id, []).append(condition)
    leaders: dict[int, list[BidLeader]] = {}
    for leader in BidLeader.objects.filter(bid__in=bids):
        leaders.setdefault(leader.bid_id, []).append(leader)
    regions, made = bodies_of([b.pk for b in bids]), _pathfinders_of(bids)
    standing = _standing(made.values())
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


def _pathfinders_of(bids: list[Bid]) -> dict[str, Pathfinder]:
    """The pathfinder that an earlier, announced decision on each bid made, by the bid's reference."""
    earlier = [b.ref for b in bids if b.released_number]
    told = ReleasedDecision.objects.current().filter(bid__in=earlier, pathfinder__isnull=False)
    return {d.bid: d.pathfinder for d in told.select_related("pathfinder").order_by("number") if d.pathfinder}


def _standing(pathfinders: Iterable[Pathfinder]) -> set[int]:
    known = PathfinderParticulars.objects.current().filter(pathfinder__in=[p.pk for p in pathfinders])
    return set(known.filter(effective__upper_inf=True).values_list("pathfinder", flat=True))


def _place_practices(approved: list[PlannedBid], day: date) -> None:
    pks = [b.bid.pk for b in approved]
    rows: dict[int, list[PlannedConsortium]] = {}
    by_row: dict[int, PlannedConsortium] = {}
    for row in BidConsortium.objects.filter(bid__in=pks).order_by("bid", "position"):
        by_row[row.pk] = PlannedConsortium(row)
        rows.setdefault(row.bid_id, []).append(by_row[row.pk])
    claims: dict[int, list[tuple[int, int, str, str]]] = {}
    named = BidPractice.objects.filter(bid__in=pks).order_by("consortium__position", "practice__code")
    told = named.values_list("bid_id", "consortium_id", "practice_id", "practice__code", "answer")
    for bid, consortium, practice, code, answer in told:
        claims.setdefault(bid, []).append((consortium, practice, code, answer))
    practices = {claim[1] for named in claims.values() for claim in named}
    lives, taken = _lives(practices, day), _elsewhere(practices, day)
    for planned in approved:
        planned.consortia = rows.get(planned.bid.pk, [])
        for consortium, practice, code, answer in claims.get(planned.bid.pk, []):
            if practice not in lives:
                planned.left_out.append(LeftOut(practice, code, "closed"))
            elif practice in taken:
                planned.left_out.append(LeftOut(practice, code, "elsewhere"))
            else:
                taken.add(practice)
                by_row[consortium].members.append(Member(practice, code, lives[practice], answer))


def _lives(practices: set[int], day: date) -> dict[int, date | None]:
    """Living GP practices on the day, with the end of that life as it is known now (half-open, or None): rules 4, 5."""
    open_then = _stretches(PracticeStatus, "status", LIVING, practices, day)
    surgery_then = _stretches(PracticeParticulars, "setting", (GP_PRACTICE,), practices, day)
    return {p: open_then[p].common(surgery_then[p]).end for p in open_then.keys() & surgery_then.keys()}


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


def _elsewhere(practices: set[int], day: date) -> set[int]:
    """Practices with a membership on or after the day."""
    standing = Membership.objects.current().filter(practice__in=practices, effective__overlap=(day, None))
    return set(standing.values_list("practice", flat=True))


def _blockers(wave: Wave, planned: list[PlannedBid]) -> list[dict[str, Any]]:
    blockers = []
    for bid in Bid.objects.filter(wave=wave, state__in=UNDECIDED):
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

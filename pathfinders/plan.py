"""What the release of a wave would do: one pure read, used by the simulator and by the release itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from consortia.models import Membership
from pathfinders.models import APPROVALS, Bid, BidConsortium, BidPractice, Decision, Finding, Wave, WaveState
from pathfinders.states import BidState
from practices.models import GP_PRACTICE, PracticeParticulars, PracticeStatus, Status
from registry import clock
from registry.actions.checks import said
from registry.errors import Refused
from registry.models.fact import Fact, Lower, Upper
from registry.timeline import Period, Spell, Timeline

UNDECIDED = (BidState.SUBMITTED, BidState.ASSESSING, BidState.ASSESSED)
LIVING = (Status.ACTIVE, Status.DORMANT)


@dataclass(frozen=True)
class Member:
    """A practice that will belong: from the announcement up to `end` (half-open; None: no end known)."""

    practice: int
    code: str
    end: date | None


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
    """A decided bid with its standing decision and findings; consortia and those left out only where approved."""

    bid: Bid
    decision: Decision
    findings: list[Finding]
    consortia: list[PlannedConsortium] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def approved(self) -> bool:
        return self.decision.outcome in APPROVALS


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
    def members(self) -> list[Member]:
        return [m for b in self.approved for c in b.consortia for m in c.members]

    @property
    def left_out(self) -> list[tuple[PlannedBid, LeftOut]]:
        return [(b, out) for b in self.approved for out in b.left_out]

    @property
    def figures(self) -> dict[str, int]:
        """Pathfinders, consortia and distinct practices that the release would make."""
        return {
            "pathfinders": len(self.approved),
            "consortia": sum(len(b.consortia) for b in self.approved),
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
    _place_practices([b for b in planned if b.approved], wave.announced_on)
    return ReleasePlan(wave, planned, _blockers(wave, planned))


def _with_decisions(bids: list[Bid]) -> list[PlannedBid]:
    decisions = {(d.bid_id, d.number): d for d in Decision.objects.filter(bid__in=bids)}
    findings: dict[int, list[Finding]] = {}
    for finding in Finding.objects.filter(bid__in=bids).select_related("criterion"):
        findings.setdefault(finding.bid_id, []).append(finding)
    return [PlannedBid(b, decisions[b.pk, b.decision_number], findings.get(b.pk, [])) for b in bids]


def _place_practices(approved: list[PlannedBid], day: date) -> None:
    pks = [b.bid.pk for b in approved]
    rows: dict[int, list[PlannedConsortium]] = {}
    by_row: dict[int, PlannedConsortium] = {}
    for row in BidConsortium.objects.filter(bid__in=pks).order_by("bid", "position"):
        by_row[row.pk] = PlannedConsortium(row)
        rows.setdefault(row.bid_id, []).append(by_row[row.pk])
    claims: dict[int, list[tuple[int, int, str]]] = {}
    named = BidPractice.objects.filter(bid__in=pks).order_by("consortium__position", "practice__code")
    told = named.values_list("bid_id", "consortium_id", "practice_id", "practice__code")
    for bid, consortium, practice, code in told:
        claims.setdefault(bid, []).append((consortium, practice, code))
    practices = {practice for named in claims.values() for _, practice, _ in named}
    lives, taken = _lives(practices, day), _elsewhere(practices, day)
    for planned in approved:
        planned.consortia = rows.get(planned.bid.pk, [])
        for consortium, practice, code in claims.get(planned.bid.pk, []):
            if practice not in lives:
                planned.left_out.append(LeftOut(practice, code, "closed"))
            elif practice in taken:
                planned.left_out.append(LeftOut(practice, code, "elsewhere"))
            else:
                taken.add(practice)
                by_row[consortium].members.append(Member(practice, code, lives[practice]))


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
    day, today = wave.announced_on, clock.today()
    if wave.state != WaveState.OPEN:
        blockers.append(_blocker("released", "", f"Wave {wave.number} has been released; that is done once."))
    if day > today:
        blockers.append(
            _blocker("future", "", f"Wave {wave.number} is announced on {said(day)}; today is {said(today)}.")
        )
    for bid in Bid.objects.filter(wave=wave, state__in=UNDECIDED):
        sentence = f"{bid.name} ({bid.ref}) is not decided: decide it or take it out of the wave."
        blockers.append(_blocker("undecided", bid.ref, sentence))
    for row in planned:
        if row.decision.decided_on > day:
            sentence = (
                f"{row.bid.name} ({row.bid.ref}) was decided on {said(row.decision.decided_on)}, after the "
                f"announcement on {said(day)}."
            )
            blockers.append(_blocker("decided_after", row.bid.ref, sentence))
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

"""Waves: opened, dated, released. The release is the one writer of the programme's facts."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from consortia.actions.mint import mint_consortia, next_refs
from consortia.models import Consortium, Membership, MembershipReason, MembershipStatus, Post
from pathfinders.actions.decision import hold
from pathfinders.actions.work import move_wave, open_wave_locked
from pathfinders.models import (
    Bid,
    BidConsortium,
    LeaderInterest,
    LeftOutAtRelease,
    Pathfinder,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedCondition,
    ReleasedDecision,
    ReleasedFinding,
    Wave,
    WaveRelease,
    WaveState,
)
from pathfinders.plan import PlannedBid, ReleasePlan, plan_release, refuse_blocked
from pathfinders.states import BidState
from registry import journal, outbox
from registry.actions.checks import require_day, said
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, not_allowed, stale
from registry.journal import Writer
from registry.models import Entry, EntryKind, RoleGrant, User

STATUSES = {
    "": MembershipStatus.CLAIMED,
    "confirmed": MembershipStatus.CONFIRMED,
    "disputed": MembershipStatus.DISPUTED,
    "undecided": MembershipStatus.CLAIMED,
}
"""What a practice answered to the bid is the status of its membership; silence never confirms."""


def open_wave(*, by: User, number: int, announced_on: date) -> Wave:
    """Open a wave with the day on which it will be (or was) announced. Raises Refused on `number` where it exists."""
    with step(by=by, action="open_wave", permission=Permission.MANAGE_WAVES):
        if number < 1:
            raise Refused("bad_number", "Waves are numbered from 1.", field="number")
        require_day(announced_on, field="announced_on")
        wave, created = Wave.objects.get_or_create(number=number, defaults={"announced_on": announced_on})
        if not created:
            raise Refused("exists", f"Wave {number} exists already.", field="number", status=409)
    return wave


def date_wave(*, by: User, wave: Wave, version: int, announced_on: date) -> Wave:
    """Change the day of announcement of an open wave."""
    with step(by=by, action="date_wave", permission=Permission.MANAGE_WAVES):
        locked = open_wave_locked(wave)
        same_version(locked, version)
        return move_wave(locked, announced_on=require_day(announced_on, field="announced_on"))


def release_wave(*, by: User, wave: Wave, version: int) -> Entry:
    """Announce a wave: one journal entry, in one transaction, with all that it makes public (domain.md rule 12).

    Its approved bids become pathfinders and consortia with their members, references minted in name order; decisions,
    findings, conditions and leaders' interests become facts; letters leave; leads receive the lead's role of their
    consortia. A new decision on a bid that is a pathfinder already changes nothing of it where it approves, and ends
    it where it does not; one that approves a bid whose pathfinder had ended lets that one stand again. All or nothing.
    Raises Refused: 403, also to whoever has a bid waiting; 409 with every obstacle in `detail`; 412 where the wave changed since `version`.
    """
    with step(by=by, action="release_wave", permission=Permission.RELEASE_WAVE, wave=wave.pk):
        with journal.entry(
            by=by,
            action="release_wave",
            kind=EntryKind.RELEASE,
            reason=f"Wave {wave.pk} announced on {said(wave.announced_on)}",
        ) as entry:
            locked = open_wave_locked(wave)
            same_version(locked, version)
            list(Bid.objects.select_for_update(no_key=True).filter(wave=locked).order_by("pk").values_list("pk"))
            _no_own_bid(by)
            plan = plan_release(locked)
            refuse_blocked(plan)
            consortia = _write_facts(entry, plan)
        assert entry.entry is not None  # the wave's own fact is always new
        _close_casework(plan, entry.entry, consortia)
        _give_roles(plan, consortia, by)
        outbox.let_go(hold(locked.number))
    return entry.entry


def same_version(wave: Wave, version: int) -> None:
    """Raise Refused 412 where the wave changed since the version that the person saw."""
    if wave.version != version:
        raise stale(
            f"Wave {wave.number} has changed since you opened it: a bid was decided, put into it or withdrawn, or "
            "its date was moved. Look at it as it is now, then repeat what you meant to do."
        )


def _no_own_bid(by: User) -> None:
    """Raise Refused 403 where a bid of the user's waits, in any wave or none: what stands in the way of a release would
    tell of it, and a refusal for one wave only that it is in that one."""
    if Bid.objects.own(by).waiting().exists():
        raise not_allowed("A bid of yours waits for its outcome: until it is announced, somebody else must release.")


def _write_facts(entry: Writer, plan: ReleasePlan) -> dict[int, Consortium]:
    """All facts of the release; returns the consortium minted for each consortium row of the bids."""
    day, founding = plan.wave.announced_on, plan.founding
    rows = [c.row for b in founding for c in b.consortia]
    minted = mint_consortia(entry, [(r.name, r.form) for r in rows], start=day)
    consortia = dict(zip((r.pk for r in rows), minted, strict=True))
    pathfinders = dict(zip((b.bid.pk for b in founding), _mint_pathfinders(len(founding)), strict=True))
    _load(entry, plan, pathfinders, consortia)
    entry.set(WaveRelease, (plan.wave.number,), day, None, (day,))
    for planned in plan.bids:
        _write_decision(entry, planned, plan.wave, pathfinders.get(planned.bid.pk, planned.pathfinder))
        if planned.pathfinder and not planned.approved:
            end_pathfinder(entry, planned.pathfinder, day)
        if planned.returns:
            _begin_again(entry, planned, plan.wave)
    for planned in founding:
        pathfinder = pathfinders[planned.bid.pk]
        _begin(entry, pathfinder, planned, plan.wave)
        for group in planned.consortia:
            consortium = consortia[group.row.pk]
            entry.set(ProgrammePlace, (pathfinder.pk, consortium.pk), day, None, ())
            entry.set(Post, (consortium.pk, "lead", planned.bid.lead.ref), day, None, ())
            for member in group.members:
                belongs = (consortium.pk, STATUSES[member.answer], MembershipReason.FOUNDING)
                entry.set(Membership, (member.practice,), day, member.end, belongs)
        for out in planned.left_out:
            entry.set(LeftOutAtRelease, (planned.bid.ref, out.practice), day, None, (out.why,))
    return consortia


def _load(
    entry: Writer, plan: ReleasePlan, pathfinders: dict[int, Pathfinder], consortia: dict[int, Consortium]
) -> None:
    """What stands under every key about to be written, one question per kind of fact."""
    entry.load(Membership, [(m.practice,) for m in plan.members])
    entry.load(WaveRelease, [(plan.wave.number,)])
    entry.load(ReleasedDecision, [(b.bid.ref, b.decision.number) for b in plan.bids])
    findings = [(b.bid.ref, b.decision.number, f.criterion.key) for b in plan.bids for f in b.findings]
    entry.load(ReleasedFinding, findings)
    conditions = [(b.bid.ref, b.decision.number, c.position) for b in plan.bids for c in b.conditions]
    entry.load(ReleasedCondition, conditions)
    entry.load(LeaderInterest, [(b.bid.ref, leader.position) for b in plan.approved for leader in b.leaders])
    entry.load(LeftOutAtRelease, [(b.bid.ref, out.practice) for b, out in plan.left_out])
    entry.load(PathfinderParticulars, [(p.pk,) for p in pathfinders.values()])
    places = [(pathfinders[b.bid.pk].pk, consortia[c.row.pk].pk) for b in plan.founding for c in b.consortia]
    entry.load(ProgrammePlace, places)
    entry.load(Post, [(consortia[c.row.pk].pk, "lead", b.bid.lead.ref) for b in plan.founding for c in b.consortia])


def _write_decision(entry: Writer, planned: PlannedBid, wave: Wave, pathfinder: Pathfinder | None) -> None:
    """The decision and its findings; a bid that was not approved is unnamed unless its lead agreed."""
    bid, decision = planned.bid, planned.decision
    name = bid.name if planned.approved or bid.agrees_to_be_named else ""
    values = (
        wave.number,
        name,
        decision.outcome,
        decision.decided_on,
        " ".join(decision.reasons),
        bid.locked()[1].key,
        pathfinder.pk if pathfinder and planned.approved else None,
        bid.locked()[0],
        planned.sha,
        decision.decided_by.ref,
        decision.on_behalf_of,
    )
    number, day = decision.number, wave.announced_on
    entry.set(ReleasedDecision, (bid.ref, number), day, None, values)
    for finding in planned.findings:
        entry.set(ReleasedFinding, (bid.ref, number, finding.criterion.key), day, None, (finding.finding,))
    for condition in planned.conditions:
        told = (condition.text, condition.due_on, None)
        entry.set(ReleasedCondition, (bid.ref, number, condition.position), day, None, told)
    for leader in planned.leaders if planned.approved else ():
        entry.set(LeaderInterest, (bid.ref, leader.position), day, None, (leader.could_gain,))


def end_pathfinder(entry: Writer, pathfinder: Pathfinder, day: date) -> None:
    """From the day on it is no pathfinder; its consortia and their members stay."""
    entry.clear(PathfinderParticulars, (pathfinder.pk,), day, None)
    inside = ProgrammePlace.objects.current().filter(pathfinder=pathfinder)
    for consortium in set(inside.values_list("consortium", flat=True)):
        entry.clear(ProgrammePlace, (pathfinder.pk, consortium), day, None)


def _begin(entry: Writer, pathfinder: Pathfinder, planned: PlannedBid, wave: Wave) -> None:
    told = (planned.bid.name, wave.number, planned.decision.decided_on, wave.announced_on, None)
    entry.set(PathfinderParticulars, (pathfinder.pk,), wave.announced_on, None, told)


def _begin_again(entry: Writer, planned: PlannedBid, wave: Wave) -> None:
    """A pathfinder that had ended stands again, with the consortia of its bid; their members are as they are by now."""
    pathfinder = planned.pathfinder
    assert pathfinder is not None  # what `returns` says
    _begin(entry, pathfinder, planned, wave)
    for row in planned.bid.consortia.exclude(consortium=None).order_by("position"):
        entry.set(ProgrammePlace, (pathfinder.pk, row.consortium_id), wave.announced_on, None, ())


def _mint_pathfinders(count: int) -> list[Pathfinder]:
    """The next references, under the journal's lock."""
    return Pathfinder.objects.bulk_create([Pathfinder(ref=ref) for ref in next_refs(Pathfinder, "PF", count)])


def _close_casework(plan: ReleasePlan, entry: Entry, consortia: dict[int, Consortium]) -> None:
    Bid.objects.filter(pk__in=[b.bid.pk for b in plan.bids]).update(
        state=BidState.RELEASED,
        released_number=F("decision_number"),
        version=F("version") + 1,
        lead_version=F("lead_version") + 1,
    )
    rows = [c.row for b in plan.founding for c in b.consortia]
    for row in rows:
        row.consortium = consortia[row.pk]
    BidConsortium.objects.bulk_update(rows, ["consortium"])
    move_wave(plan.wave, state=WaveState.RELEASED, released_by=entry)


def _give_roles(plan: ReleasePlan, consortia: dict[int, Consortium], by: User) -> None:
    """Each lead leads the consortia of their bid from the announcement on, but for one whose account is closed."""
    RoleGrant.objects.bulk_create(
        RoleGrant(
            user_id=planned.bid.lead_id,
            role="consortium_lead",
            object_kind="consortium",
            object_ref=consortia[group.row.pk].ref,
            period=(plan.wave.announced_on, None),
            given_by=by.ref,
        )
        for planned in plan.founding
        for group in planned.consortia
        if planned.bid.lead.is_active
    )

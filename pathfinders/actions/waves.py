"""Waves: opened, dated, released. The release is the one writer of the programme's facts."""

from __future__ import annotations

from datetime import date

from django.db.models import F

from consortia.actions.mint import mint_consortia, next_refs
from consortia.models import Belonging, Consortium, ConsortiumParticulars, Membership, MembershipReason, Post, Proof
from pathfinders.actions.announced import announcing_facts
from pathfinders.actions.decision import hold
from pathfinders.actions.wave_days import write_days
from pathfinders.actions.wave_life import begin_wave, happened
from pathfinders.actions.wave_work import log, no_own_bid, same_version
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
    WaveManifest,
    WaveRelease,
    WaveState,
)
from pathfinders.placing import STATUSES
from pathfinders.plan import PlannedBid, ReleasePlan, plan_release
from pathfinders.reads.manifest import manifest_of, sha256_of
from pathfinders.release_checks import refuse_stopped, release_checks
from pathfinders.states import BidState
from pathfinders.wave_states import guard
from practices.models import Practice
from registry import clock, journal, outbox
from registry.actions.checks import require_day, said
from registry.authorization import Permission
from registry.casework import step
from registry.journal import Writer
from registry.models import Entry, EntryKind, RoleGrant, User
from registry.moment import Moment


def open_wave(*, by: User, number: int, announced_on: date) -> Wave:
    """Open a wave with the day on which it will be (or was) announced. Raises Refused on `number` where it exists."""
    with step(by=by, action="open_wave", permission=Permission.MANAGE_WAVES):
        require_day(announced_on, field="announced_on")
        days = {"opens_on": min(clock.today(), announced_on), "announced_on": announced_on}
        return begin_wave(by, number, WaveState.OPEN, days)


def release_wave(*, by: User, wave: Wave, version: int) -> Entry:
    """Announce a wave: one journal entry, in one transaction, with all that it makes public (domain.md rule 12).

    Its approved bids become pathfinders and consortia with their members, references minted in name order; decisions,
    findings, conditions and leaders' interests become facts; letters leave; leads receive the lead's role of their
    consortia. A new decision on a bid that is a pathfinder already changes nothing of it where it approves, and ends
    it where it does not; one that approves a bid whose pathfinder had ended lets that one stand again. All or nothing.
    With it stand the announcement, its claims, the list by region and the dates; the manifest is made of what was
    written. Raises Refused: 403, also to whoever has a bid waiting; 409 with every check that stops it in `detail`;
    412 where the wave changed since `version`.
    """
    with (
        clock.asked_once(),
        step(by=by, action="release_wave", permission=Permission.RELEASE_WAVE, wave=wave.pk),
    ):
        with journal.entry(
            by=by,
            action="release_wave",
            kind=EntryKind.RELEASE,
            reason=f"Wave {wave.pk} announced on {said(wave.announced_on)}",
        ) as entry:
            locked = Wave.objects.select_for_update(no_key=True).get(pk=wave.pk)
            guard(locked, by, "release")
            no_own_bid(by)
            same_version(locked, version)
            plan = plan_release(locked, lock=True)
            refuse_stopped(release_checks(locked, plan, by))
            happened(locked, by, "announced_on")
            consortia = _write_facts(entry, plan)
        assert entry.entry is not None  # the wave's own fact is always new
        log(locked, by=by, action="release")
        _keep_manifest(by, locked, entry.entry)
        _close_casework(plan, entry.entry, consortia)
        _give_roles(plan, consortia, by)
        outbox.let_go(hold(locked.number))
    return entry.entry


def _write_facts(entry: Writer, plan: ReleasePlan) -> dict[int, Consortium]:
    """All facts of the release; returns the consortium minted for each consortium row of the bids."""
    day, founding = plan.wave.announced_on, plan.founding
    rows = [c.row for b in founding for c in b.consortia]
    minted = mint_consortia(entry, [(r.name, r.form) for r in rows], start=day)
    consortia = dict(zip((r.pk for r in rows), minted, strict=True))
    pathfinders = dict(zip((b.bid.pk for b in founding), _mint_pathfinders(len(founding)), strict=True))
    _load(entry, plan, pathfinders, consortia)
    entry.set(WaveRelease, (plan.wave.number,), day, None, (day,))
    write_days(entry, plan.wave, day)
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
                proof = Proof.SIGNED_IN if member.answer else Proof.NONE
                belongs = Belonging(consortium.pk, STATUSES[member.answer], MembershipReason.FOUNDING, proof)
                entry.set(Membership, (member.practice,), day, member.end, belongs)
        for out in planned.left_out:
            entry.set(LeftOutAtRelease, (planned.bid.ref, out.practice), day, None, (out.why,))
    announcing_facts(entry, plan, pathfinders)
    return consortia


def _load(
    entry: Writer, plan: ReleasePlan, pathfinders: dict[int, Pathfinder], consortia: dict[int, Consortium]
) -> None:
    """What stands under every key about to be written, one question per kind of fact that is not of what is minted."""
    entry.load(Membership, [(m.practice,) for m in plan.members])
    entry.load(LeaderInterest, [(b.bid.ref, leader.position) for b in plan.approved for leader in b.leaders])
    # A wave is released once, and with it each decision by its number: nothing stands under these.
    entry.new(WaveRelease, [(plan.wave.number,)])
    entry.new(ReleasedDecision, [(b.bid.ref, b.decision.number) for b in plan.bids])
    findings = [(b.bid.ref, b.decision.number, f.criterion.key) for b in plan.bids for f in b.findings]
    entry.new(ReleasedFinding, findings)
    conditions = [(b.bid.ref, b.decision.number, c.position) for b in plan.bids for c in b.conditions]
    entry.new(ReleasedCondition, conditions)
    entry.new(LeftOutAtRelease, [(b.bid.ref, out.practice) for b, out in plan.left_out])
    entry.new(PathfinderParticulars, [(p.pk,) for p in pathfinders.values()])
    places = [(pathfinders[b.bid.pk].pk, consortia[c.row.pk].pk) for b in plan.founding for c in b.consortia]
    entry.new(ProgrammePlace, places)
    entry.new(Post, [(consortia[c.row.pk].pk, "lead", b.bid.lead.ref) for b in plan.founding for c in b.consortia])
    entry.known(Practice, {member.practice: member.code for member in plan.members})
    entry.known(Practice, {out.practice: out.code for _, out in plan.left_out})
    entry.known(Consortium, {c.pk: c.ref for c in consortia.values()})
    entry.known(Pathfinder, {p.pk: p.ref for p in pathfinders.values()})


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
    told = (planned.bid.name, wave.number, planned.decision.decided_on, wave.announced_on, planned.bid.goes_live_on)
    entry.set(PathfinderParticulars, (pathfinder.pk,), wave.announced_on, None, told)


def _begin_again(entry: Writer, planned: PlannedBid, wave: Wave) -> None:
    """A pathfinder that had ended stands again, with those consortia of its bid that still are, as long as they are;
    their members are as they are by now."""
    pathfinder, day = planned.pathfinder, wave.announced_on
    assert pathfinder is not None  # what `returns` says
    _begin(entry, pathfinder, planned, wave)
    for row in planned.bid.consortia.exclude(consortium=None).order_by("position"):
        life = entry.timeline(ConsortiumParticulars, (row.consortium_id,)).stretch(day)
        if life is not None:
            entry.set(ProgrammePlace, (pathfinder.pk, row.consortium_id), day, life.end, ())


def _mint_pathfinders(count: int) -> list[Pathfinder]:
    """The next references, under the journal's lock."""
    return Pathfinder.objects.bulk_create([Pathfinder(ref=ref) for ref in next_refs(Pathfinder, "PF", count)])


def _keep_manifest(by: User, wave: Wave, entry: Entry) -> None:
    """The wave as released, hashed: of the facts that the entry has just written."""
    content = manifest_of(by, Moment(wave.announced_on, entry.at, latest=False), wave.number)
    WaveManifest.objects.create(wave=wave, entry=entry, content=content, sha256=sha256_of(content))


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
    plan.wave.state, plan.wave.released_by, plan.wave.version = WaveState.RELEASED, entry, plan.wave.version + 1
    plan.wave.save(update_fields=["state", "released_by", "version"])


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

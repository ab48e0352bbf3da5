"""A dispute of a membership is settled by a programme administrator who has no part in it (domain.md section 3.4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from consortia.actions.settling_letters import tell_both_sides
from consortia.allocation import require_basis
from consortia.models import (
    Belonging,
    ComplianceStep,
    Consortium,
    Membership,
    MembershipReason,
    MembershipStatus,
    Proof,
    Settlement,
    SettlementOutcome,
    own_consortia,
)
from consortia.permissions import manages
from practices.models import Practice
from registry import casework, clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission
from registry.errors import Refused, not_allowed, stale, wrong_state
from registry.journal import Writer
from registry.models import EntryKind, User
from registry.timeline import Period, Timeline


class Dispute(NamedTuple):
    """`held`: the unbroken days with the consortium; `since`: the first disputed day of those that last; `days`: those on
    which an outcome may begin to hold."""

    held: Period
    since: date | None
    days: Period


def settle_dispute(
    *,
    by: User,
    practice: Practice,
    consortium: Consortium,
    outcome: str,
    reason: str,
    on: date | None = None,
    basis: str = "",
    seen: str = "",
) -> Settlement:
    """Settle what the practice disputes, with a reason that the journal keeps; both sides are written to.

    `on`: for `leaves` the first day without it (needed); for `accepted` and `allocated` the day from which it is so,
    the day of settling unless given; for `never` none. `basis`: the legal basis of an allocation (rule 20). `seen`:
    `version_of` as the person saw it. Raises Refused: 403, also for a keeper of the consortium, the practice's manager
    and whoever allocated it; 409 where nothing is disputed (any more); 412 where it has changed since it was seen; 422.
    """
    with casework.step(by=by, action="settle_dispute", permission=Permission.SETTLE_MEMBERSHIP):
        require_no_part(by, practice, consortium)
        _require_another(by, practice)
        why, basis = require_reason(reason, "reason"), basis.strip()
        kind = EntryKind.CORRECTION if outcome == SettlementOutcome.NEVER else kind_on(on or clock.today())
        with journal.entry(by=by, action="settle_dispute", kind=kind, reason=why) as entry:
            if seen and seen != version_of(practice, consortium):
                raise stale("This membership has changed since the page was opened. Look at it again, then settle it.")
            day = apply(entry, practice, consortium, outcome, on=on, basis=basis)
            row = Settlement.objects.create(
                practice=practice,
                consortium=consortium,
                outcome=outcome,
                reason=why,
                settled_by=by,
                settled_on=clock.today(),
                entry_id=entry.number,
            )
            tell_both_sides(row, day, basis)
    return row


def apply(
    entry: Writer, practice: Practice, consortium: Consortium, outcome: str, *, on: date | None = None, basis: str = ""
) -> date:
    """In the open entry (or a sketch of one): what the outcome makes of the membership. Returns the day it holds from."""
    if outcome not in OUTCOMES:
        known = ", ".join(SettlementOutcome.values)
        raise Refused("bad_outcome", f"“{outcome}” settles nothing; give one of {known}.", field="outcome")
    timeline = entry.timeline(Membership, (practice.pk,))
    dispute = disputed(timeline, consortium)
    if dispute is None:
        raise wrong_state(f"{practice.code} does not dispute a membership of {consortium.ref} (any more).")
    if on is not None:
        require_day(on)
    if basis and outcome != SettlementOutcome.ALLOCATED:
        raise Refused("basis_of_what", "A legal basis is given for an allocation only.", field="basis")
    return OUTCOMES[outcome](_Case(entry, practice, consortium, dispute), on, basis)


def disputed(timeline: Timeline, consortium: Consortium) -> Dispute | None:
    """What the practice disputes of this consortium, today or of a day to come; None where nothing."""
    today = clock.today()
    for spell in timeline:
        if spell.values[0] != consortium.pk or spell.values[1] != MembershipStatus.DISPUTED:
            continue
        if spell.end is None or spell.end > today:
            inside = max(today, spell.start) if spell.start else today
            held = timeline.stretch(inside, lambda values: values[0] == consortium.pk)
            assert held is not None
            return Dispute(held, spell.start, Period(spell.start, held.end))
    return None


def version_of(practice: Practice, consortium: Consortium) -> str:
    """Which entries the register's word on this membership stands on: what a form carries as seen."""
    standing = Membership.objects.current().filter(practice=practice, consortium=consortium).order_by("effective")
    return ".".join(str(number) for number in standing.values_list("opened_by_id", flat=True))


def first_day_of(dispute: Dispute) -> date:
    """The day from which an outcome holds, unless another is given."""
    start = dispute.days.start
    return max(clock.today(), start) if start else clock.today()


def require_no_part(by: User, practice: Practice, consortium: Consortium) -> None:
    """Raise Refused (403) where the person keeps the consortium's membership or manages the practice."""
    if consortium.ref in own_consortia(by) or manages(by, practice):
        raise not_allowed(
            f"You keep {consortium.ref} or manage {practice.code}; another programme administrator decides this."
        )


def _require_another(by: User, practice: Practice) -> None:
    """An allocation that is disputed is looked at by another than the one who made it: the practice's review."""
    allocated = ComplianceStep.objects.filter(practice=practice, kind="allocated").order_by("-pk").first()
    if allocated is not None and allocated.by_id == by.pk:
        raise not_allowed(
            f"You allocated {practice.code} yourself; another programme administrator settles what it disputes."
        )


class _Case(NamedTuple):
    entry: Writer
    practice: Practice
    consortium: Consortium
    dispute: Dispute

    def put(self, start: date | None, end: date | None, status: str, reason: str, basis: str = "") -> None:
        values = Belonging(self.consortium.pk, status, reason, Proof.SETTLED, basis)
        self.entry.set(Membership, (self.practice.pk,), start, end, values)

    def day(self, on: date | None) -> date:
        """The day from which the outcome holds: one of those disputed, or after."""
        if on is None:
            return first_day_of(self.dispute)
        if not self.dispute.days.contains(on):
            start, end = self.dispute.days
            begins = f"from {said(start)} on" if start else "so far"
            ends = f", and the membership ends before {said(end)}" if end else ""
            raise Refused("outside", f"It is disputed {begins}{ends}; give a day of those.", field="on")
        return on


def _never(case: _Case, on: date | None, basis: str) -> date:
    if on is not None:
        raise Refused("no_day", "What never was has no day: leave it empty, or choose that it leaves.", field="on")
    held = case.dispute.held
    case.entry.clear(Membership, (case.practice.pk,), held.start, held.end)
    return held.start or clock.today()


def _leaves(case: _Case, on: date | None, basis: str) -> date:
    if on is None:
        raise Refused("no_day", "Give the first day on which it is no member any more.", field="on")
    held, since = case.dispute.held, case.dispute.since
    if held.start is not None and on <= held.start:
        raise Refused(
            "never_began",
            f"It became a member on {said(held.start)}; it leaves on a later day, or never was a member.",
            field="on",
        )
    if held.end is not None and on >= held.end:
        raise Refused("ended", f"Its membership ends before {said(held.end)} anyway; give an earlier day.", field="on")
    case.entry.clear(Membership, (case.practice.pk,), on, held.end)
    settled_from = max(clock.today(), since) if since else clock.today()
    if settled_from < on:  # a member until then, and nothing is in dispute any more
        case.put(settled_from, on, MembershipStatus.CLAIMED, MembershipReason.SETTLED)
    return on


def _accepted(case: _Case, on: date | None, basis: str) -> date:
    day = case.day(on)
    case.put(day, case.dispute.held.end, MembershipStatus.CONFIRMED, MembershipReason.SETTLED)
    return day


def _allocated(case: _Case, on: date | None, basis: str) -> date:
    day = case.day(on)
    require_basis(basis)
    case.put(day, case.dispute.held.end, MembershipStatus.ALLOCATED, MembershipReason.ALLOCATED, basis)
    return day


OUTCOMES: dict[str, Callable[[_Case, date | None, str], date]] = {
    SettlementOutcome.NEVER: _never,
    SettlementOutcome.LEAVES: _leaves,
    SettlementOutcome.ACCEPTED: _accepted,
    SettlementOutcome.ALLOCATED: _allocated,
}

"""Towards a practice in no consortium after the deadline: steps in their order, the last its allocation (rule 20)."""

from __future__ import annotations

from datetime import date

from consortia.actions.left_out import gap, pct_on
from consortia.actions.membership import belong
from consortia.actions.settling import require_no_part
from consortia.allocation import require_basis
from consortia.models import (
    ComplianceStep,
    ComplianceStepKind,
    Consortium,
    Membership,
    MembershipReason,
    MembershipStatus,
)
from practices.models import Practice
from registry import casework, clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.moment import Moment
from transitions.actions.allocating_letters import tell_of_allocation, tell_of_step
from transitions.compliance import Item, item_of, require_step
from transitions.milestones import deadline, is_open


def take_step(*, by: User, practice: Practice, kind: str, text: str, on: date | None = None) -> ComplianceStep:
    """Record a step before allocation, taken `on` (today unless given), with its letter; `text` stands in the letter.

    Steps are taken in their order, and may be taken again. Raises Refused: 403; 409 where the item is not open, or the
    step before was not taken; 422 for no text, or a day to come or before the practice was left out.
    """
    day = require_day(on or clock.today())
    if kind not in ComplianceStepKind.values or kind == ComplianceStepKind.ALLOCATED:
        known = ", ".join(k for k in ComplianceStepKind.values if k != ComplianceStepKind.ALLOCATED)
        raise Refused("bad_step", f"“{kind}” is no step that is taken so; give one of {known}.", field="kind")
    if not text.strip():
        raise Refused(
            "no_text", "Say what was asked or told: it stands in the letter, and in the record.", field="text"
        )
    with casework.step(by=by, action="take_step", permission=Permission.SETTLE_MEMBERSHIP):
        journal.lock()  # that it is still left out is decided under the lock of all facts
        entry = journal.sketch()
        item = require_open(entry, practice)
        if day > clock.today() or (item.since is not None and day < item.since):
            raise Refused("outside", "Give a day from its first in no consortium up to today.", field="on")
        require_step(item, kind, day)
        step = ComplianceStep.objects.create(practice=practice, kind=kind, on=day, by=by, text=text.strip())
        tell_of_step(step, pct_on(entry, practice, clock.today()))
    return step


def allocate(*, by: User, practice: Practice, consortium: Consortium, on: date, basis: str, why: str) -> Entry:
    """Allocate the practice to the consortium from `on`, on this legal basis: the last step, after notice.

    It joins on the deadline at the earliest, and not before notice was given; a day to come is one of an open item
    until then. Practice and consortium are written to, and the practice is told how it is reviewed. Raises Refused: 403, also
    for who keeps the consortium or manages the practice; 409 where the item is not open, notice was not given, or it
    joins one already; 422.
    """
    require_day(on)
    with casework.step(by=by, action="allocate", permission=Permission.SETTLE_MEMBERSHIP):
        require_no_part(by, practice, consortium)
        basis, reason = require_basis(basis), require_reason(why)
        kind: EntryKind = kind_on(on)
        with journal.entry(by=by, action="allocate", kind=kind, reason=reason) as entry:
            item = require_open(entry, practice)
            require_step(item, ComplianceStepKind.ALLOCATED, on)
            _require_after_deadline(by, on)
            _require_joins_nowhere(entry, practice)
            belong(
                entry,
                practice,
                consortium,
                on,
                status=MembershipStatus.ALLOCATED,
                reason=MembershipReason.ALLOCATED,
                basis=basis,
            )
            ComplianceStep.objects.create(
                practice=practice,
                kind=ComplianceStepKind.ALLOCATED,
                on=clock.today(),
                by=by,
                text=reason,
                entry_id=entry.number,
            )
            tell_of_allocation(practice, consortium, on, basis, reason)
    assert entry.entry is not None
    return entry.entry


def require_open(entry: Writer, practice: Practice) -> Item:
    """The practice's item, which is open today. Raises Refused where it is not."""
    today = clock.today()
    limit = deadline(None, Moment.now())
    if limit is None:
        raise wrong_state("No deadline is recorded, so nothing is open. Record it under “Milestones” first.")
    if not is_open(limit, today):
        raise wrong_state(f"The deadline is {said(limit.day)}; steps are taken from that day on.")
    gap(entry, practice, today)
    ends = [spell.end for spell in entry.timeline(Membership, (practice.pk,)) if spell.end and spell.end <= today]
    return item_of(ComplianceStep.objects.filter(practice=practice), max(ends, default=None))


def _require_after_deadline(by: User, on: date) -> None:
    limit = deadline(by, Moment.now())
    if limit is not None and on < limit.day:
        raise Refused("before_deadline", f"Nobody is allocated before the deadline, {said(limit.day)}.", field="on")


def _require_joins_nowhere(entry: Writer, practice: Practice) -> None:
    joins = entry.timeline(Membership, (practice.pk,)).next_start(clock.today())
    if joins is not None:
        raise wrong_state(f"{practice.code} joins a consortium on {said(joins)} already.")

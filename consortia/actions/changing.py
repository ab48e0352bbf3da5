"""A consortium's lead ends a membership, or corrects an error of their own claim (domain.md rules 3 and 4)."""

from __future__ import annotations

from datetime import date

from django.db.models import DateField

from consortia.actions.lives import shared_life
from consortia.actions.membership import require_word
from consortia.models import (
    Belonging,
    Consortium,
    LeftOut,
    Membership,
    MembershipStatus,
    SaidBy,
    WordKind,
    own_consortia,
)
from consortia.permissions import require_keeper
from practices.models import Practice
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, may
from registry.clock import london_date
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.models.fact import Lower
from registry.timeline import Period, Timeline


def end_membership(
    *, by: User, consortium: Consortium, practice: Practice, on: date, reason: str, why: str
) -> Entry | None:
    """The practice belongs to the consortium no more from `on`, the first day without; past, today or to come.

    `reason`: a word of kind leave. Until it joins another consortium it is left out, for that reason, as its consortium
    said. Open questions about a claim that has no day left are withdrawn. Raises Refused: 403; 409 where it is no member
    that day, began that very day, or was allocated (programme staff end that).
    """
    require_keeper(by, consortium)
    require_day(on)
    require_word(reason, WordKind.LEAVE)
    with journal.entry(by=by, action="end_membership", kind=kind_on(on), reason=require_reason(why)) as entry:
        key = (practice.pk,)
        timeline = entry.timeline(Membership, key)
        held = held_by(timeline, practice, consortium, on)
        if held.start == on:
            raise wrong_state(
                f"{practice.code} became a member on {said(on)}; it cannot leave on its first day. If it never was a "
                "member, correct the claim instead."
            )
        refuse_allocated(by, timeline, consortium, held, "ended")
        entry.clear(Membership, key, on, held.end)
        leave_out(entry, practice, on, reason, _who_says(by, consortium))
    return entry.entry


def correct_claim(
    *, by: User, consortium: Consortium, practice: Practice, on: date, first_day: date | None, why: str
) -> Entry | None:
    """An error of the consortium's own claim is put right: the membership that stands on `on` began on `first_day`, or
    (None) never was. A correction, never an overwriting: what was said stays known.

    Days that an earlier first day adds are claimed, whatever the practice has answered since. Raises Refused: 403; 409
    where there is none on `on`, where the practice is elsewhere on the days that are added, where it was allocated, or
    where the practice itself has confirmed what would be said never to have been; 422 for a day outside the lives.
    """
    require_keeper(by, consortium)
    require_day(on)
    if first_day is not None:
        require_day(first_day, "first_day")
    with journal.entry(by=by, action="correct_claim", kind=EntryKind.CORRECTION, reason=require_reason(why)) as entry:
        key = (practice.pk,)
        timeline = entry.timeline(Membership, key)
        held = held_by(timeline, practice, consortium, on)
        refuse_allocated(by, timeline, consortium, held, "corrected")
        if first_day is None:
            _refuse_confirmed(by, timeline, practice, held)
            entry.clear(Membership, key, held.start, held.end)
        else:
            _begin_on(entry, by, practice, consortium, held, first_day)
    return entry.entry


def held_by(timeline: Timeline, practice: Practice, consortium: Consortium, on: date) -> Period:
    """The days around `on` on which the practice belongs to the consortium. Raises Refused (409) where there are
    none."""
    held = timeline.stretch(on, lambda values: values[0] == consortium.pk)
    if held is None:
        raise Refused(
            "no_member",
            f"{practice.code} is no member of {consortium.ref} on {said(on)}. Look at its memberships for the days on "
            "which it is.",
            field="on",
            status=409,
        )
    return held


def refuse_allocated(by: User, timeline: Timeline, consortium: Consortium, held: Period, done: str) -> None:
    """An allocation has a legal basis: its consortium does not take it back (rule 20)."""
    if may(by, Permission.CHANGE_REGISTER):
        return
    if any(s.values[1] == MembershipStatus.ALLOCATED for s in timeline.within(held.start, held.end)):
        raise wrong_state(
            f"This membership was allocated, so {consortium.ref} alone cannot have it {done}. Ask a programme "
            "administrator."
        )


def _who_says(by: User, consortium: Consortium) -> str:
    return (SaidBy.CONSORTIUM if consortium.ref in own_consortia(by) else SaidBy.STAFF).value


def leave_out(entry: Writer, practice: Practice, on: date, reason: str, said_by: str) -> None:
    """Why it is in no consortium, from `on` until it belongs to one, or until somebody has said otherwise."""
    key = (practice.pk,)
    members, told = entry.timeline(Membership, key), entry.timeline(LeftOut, key)
    if members.at(on) is not None:
        return
    ends = [d for d in (members.next_start(on), told.next_start(on)) if d is not None]
    entry.set(LeftOut, key, on, min(ends, default=None), (reason, said_by))


def _refuse_confirmed(by: User, timeline: Timeline, practice: Practice, held: Period) -> None:
    if may(by, Permission.CHANGE_REGISTER):
        return
    if any(s.values[1] == MembershipStatus.CONFIRMED for s in timeline.within(held.start, held.end)):
        raise wrong_state(
            f"{practice.code} has itself confirmed this membership on days that you say never were. End it from a day, or "
            "ask a programme administrator."
        )


def _begin_on(
    entry: Writer, by: User, practice: Practice, consortium: Consortium, held: Period, first_day: date
) -> None:
    key = (practice.pk,)
    if held.start is None or first_day == held.start:
        raise Refused("no_change", "The register says so already: give another first day.", field="first_day")
    if first_day > held.start:
        if held.end is not None and first_day >= held.end:
            raise Refused(
                "bad_period",
                f"The membership ended before {said(first_day)}. Give an earlier day, or say that it never was.",
                field="first_day",
            )
        _refuse_confirmed(by, entry.timeline(Membership, key), practice, Period(held.start, first_day))
        entry.clear(Membership, key, held.start, first_day)
        return
    life = shared_life(entry, practice, consortium, first_day)
    if life.end is not None and life.end < held.start:
        raise Refused(
            "beyond_life",
            f"{practice.code} and {consortium.ref} were not both there on every day from {said(first_day)} on. Give a "
            "later first day.",
            field="first_day",
        )
    timeline = entry.timeline(Membership, key)
    refuse_elsewhere(timeline.within(first_day, held.start), practice, consortium)
    values = timeline.at(held.start)
    assert values is not None
    entry.set(
        Membership, key, first_day, held.start, Belonging(consortium.pk, MembershipStatus.CLAIMED.value, values[2])
    )


def refuse_elsewhere(days: Timeline, practice: Practice, consortium: Consortium) -> None:
    """Raise Refused (409) where on one of these days the practice belongs to another consortium: it names that one,
    since when, and when that was recorded."""
    other = next((s for s in days if s.values[0] != consortium.pk), None)
    if other is None:
        return
    fact = (
        Membership.objects.current()
        .filter(practice=practice, consortium=other.values[0], effective__overlap=(other.start, other.end))
        .select_related("consortium", "opened_by")
        .annotate(first=Lower("effective", output_field=DateField()))
        .order_by("effective")
        .first()
    )
    assert fact is not None
    raise Refused(
        "claimed_elsewhere",
        f"{practice.code} belongs to {fact.consortium.ref} since {said(fact.first)} (recorded on "  # type: ignore[attr-defined]
        f"{said(london_date(fact.opened_by.at))}). Give a day after that, or ask for a transfer.",
        field="first_day",
        status=409,
    )

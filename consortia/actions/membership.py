"""A practice joins, moves or leaves; a wrong membership is put right (domain.md rules 3 and 4)."""

from __future__ import annotations

from datetime import date

from consortia.actions.lives import shared_life
from consortia.allocation import basis_of
from consortia.models import Belonging, Consortium, Membership, MembershipStatus, MembershipWord, WordKind
from practices.models import Practice
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import Timeline, last_day


def join(
    *,
    by: User,
    practice: Practice,
    consortium: Consortium,
    on: date,
    status: str,
    reason: str,
    why: str,
    basis: str = "",
) -> Entry | None:
    """The practice belongs to the consortium from `on`, and to no other from then: a move where it was elsewhere.

    It holds until what the register already says happens next (a later move or leaving), or until one of the two
    ends. `basis`: the legal basis, of an allocation only. Returns the entry; None where the register said so already.
    Raises Refused.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    basis = require_words(status, reason, basis)
    with journal.entry(by=by, action="join", kind=kind_on(on), reason=require_reason(why)) as entry:
        belong(entry, practice, consortium, on, status=status, reason=reason, basis=basis)
    return entry.entry


def leave(*, by: User, practice: Practice, on: date, why: str) -> Entry | None:
    """The practice belongs to no consortium from `on`, the first day without; until what is recorded to happen next.

    Raises Refused where it has no membership that day, or one that began that very day.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(on)
    with journal.entry(by=by, action="leave", kind=kind_on(on), reason=require_reason(why)) as entry:
        timeline = entry.timeline(Membership, (practice.pk,))
        values = timeline.at(on)
        if values is None:
            raise wrong_state(f"{practice.code} has no membership on {said(on)} that it could leave.")
        held = timeline.stretch(on, lambda v: v[0] == values[0])
        if held is not None and held.start == on:
            raise wrong_state(
                f"{practice.code} became a member on {said(on)}; it cannot leave on its first day. If it never was a "
                "member, correct the membership instead."
            )
        entry.clear(Membership, (practice.pk,), on, next_change(timeline, on))
    return entry.entry


def correct_membership(
    *,
    by: User,
    practice: Practice,
    start: date,
    end: date | None,
    consortium: Consortium | None,
    status: str = "",
    reason: str = "",
    basis: str = "",
    why: str,
) -> Entry | None:
    """What was wrongly recorded from `start` up to, not including, `end` is put right: the practice belonged to
    `consortium` on those days, or (None) to none. `end=None`: for as long as both live.

    Raises Refused; also where the days reach beyond the life of the practice or of the consortium.
    """
    require(by, Permission.CHANGE_REGISTER)
    require_day(start, "start")
    if end is not None and end <= start:
        raise Refused("bad_period", f"The last day lies before the first, {said(start)}.", field="end")
    if consortium is not None:
        basis = require_words(status, reason, basis)
    with journal.entry(
        by=by, action="correct_membership", kind=EntryKind.CORRECTION, reason=require_reason(why)
    ) as entry:
        if consortium is None:
            entry.clear(Membership, (practice.pk,), start, end)
        else:
            within(entry, practice, consortium, start, end, status=status, reason=reason, basis=basis)
    return entry.entry


def belong(
    entry: Writer,
    practice: Practice,
    consortium: Consortium,
    on: date,
    *,
    status: str,
    reason: str,
    proof: str = "",
    basis: str = "",
) -> None:
    """In the open entry: a member from `on` until what is recorded to happen next, within both lives."""
    life = shared_life(entry, practice, consortium, on)
    key, until = (practice.pk,), next_change(entry.timeline(Membership, (practice.pk,)), on)
    ends = [d for d in (life.end, until) if d is not None]
    entry.clear(Membership, key, on, until)  # it left the other for good, also where this one ends sooner
    entry.set(Membership, key, on, min(ends, default=None), Belonging(consortium.pk, status, reason, proof, basis))


def within(
    entry: Writer,
    practice: Practice,
    consortium: Consortium,
    start: date,
    end: date | None,
    *,
    status: str,
    reason: str,
    basis: str = "",
) -> None:
    """In the open entry: a member from `start` up to `end`, which must lie within both lives; None: to their end."""
    life = shared_life(entry, practice, consortium, start)
    if end is not None and life.end is not None and end > life.end:
        raise Refused(
            "beyond_life",
            f"{practice.code} and {consortium.ref} are both there until {said(last_day(life.end))} only; "  # type: ignore[arg-type]
            "give that day as the last, or an earlier one.",
            field="end",
        )
    values = Belonging(consortium.pk, status, reason, basis=basis)
    entry.set(Membership, (practice.pk,), start, end or life.end, values)


def next_change(timeline: Timeline, on: date) -> date | None:
    """The first day after `on` on which another consortium, or none, takes the place of what stands on `on`."""
    values = timeline.at(on)
    if values is None:
        return timeline.next_start(on)
    held = timeline.stretch(on, lambda v: v[0] == values[0])
    return held.end if held else None


def require_words(status: str, reason: str, basis: str = "") -> str:
    """Refuse a status or a reason that there is none of, an allocation without a legal basis (rule 20), and a basis of
    anything else. Returns the basis as it is kept."""
    if status not in MembershipStatus.values:
        words = ", ".join(MembershipStatus.values)
        raise Refused("bad_status", f"“{status}” is no status of a membership; give one of {words}.", field="status")
    require_word(reason, WordKind.JOIN)
    return basis_of(status, basis)


def require_word(reason: str, kind: str, field: str = "reason") -> None:
    """Refuse a reason that the vocabulary does not have for this."""
    known = list(MembershipWord.objects.of(kind).values_list("key", flat=True))
    if reason not in known:
        raise Refused(
            "bad_reason", f"“{reason}” is no reason of a membership; give one of {', '.join(known)}.", field=field
        )

"""Why a practice is in no consortium, as said by itself, its PCT or programme staff (domain.md rule 20, section 4)."""

from __future__ import annotations

from datetime import date
from typing import Any

from consortia.actions.lives import counting_days
from consortia.actions.membership import require_word
from consortia.models import Consortium, LeftOut, Membership, MembershipWord, SaidBy, WordKind
from consortia.permissions import manages
from practices.models import ParentBody, Practice, PracticeParent
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, said
from registry.authorization import Permission, may, objects_of, require
from registry.errors import Refused, not_allowed, wrong_state
from registry.journal import Writer
from registry.models import Entry, EntryKind, User
from registry.timeline import Period


def say_why_left_out(*, by: User, practice: Practice, reason: str, on: date | None = None) -> Entry | None:
    """From `on` (today unless given, and never later) the practice is in no consortium for this reason.

    It holds until it joins one, stops counting, or a later reason is recorded. Another reason from a day on which one
    began already corrects that one. Who said it follows from who records it: the practice's manager, the lead of its
    PCT on that day, programme staff. Returns the entry; None where the register said so already. Raises Refused: 403;
    409 where it is a member on that day; 422 where it does not count on it.
    """
    require(by, Permission.SAY_WHY_LEFT_OUT)
    day = require_day(on or clock.today())
    if day > clock.today():
        raise Refused("not_yet", "Why it is left out is said of today or of a day before.", field="on")
    require_word(reason, WordKind.LEFT_OUT)
    words = MembershipWord.objects.labels()[reason]
    why = f"Why {practice.code} is in no consortium: {words}"
    with journal.entry(by=by, action="say_why_left_out", kind=kind_on(day), reason=why) as entry:
        said_by = who_says(entry, by, practice, day)
        days = gap(entry, practice, day)
        standing = entry.timeline(LeftOut, (practice.pk,))
        ends = [d for d in (days.end, standing.next_start(day)) if d is not None]
        before = next((s for s in standing if s.start == day), None)
        if before is not None and before.values != (reason, said_by):
            entry.kind = EntryKind.CORRECTION
        entry.set(LeftOut, (practice.pk,), day, min(ends, default=None), (reason, said_by))
    return entry.entry


def gap(entry: Writer, practice: Practice, on: date) -> Period:
    """The days around `on` on which the practice counts and is in no consortium. Raises Refused where it is in one, or
    does not count, on that day."""
    life = counting_days(entry, practice, on)
    members = entry.timeline(Membership, (practice.pk,))
    values = members.at(on)
    if values is not None:
        ref = Consortium.objects.get(pk=values[0]).ref
        raise wrong_state(f"{practice.code} is a member of {ref} on {said(on)}, so it is not left out.")
    last = max((s.end for s in members if s.end is not None and s.end <= on), default=None)
    return life.common(Period(last, members.next_start(on)))


def who_says(entry: Writer, by: User, practice: Practice, on: date) -> SaidBy:
    """As whom the person says it. Raises Refused (403) where the practice is not theirs to speak of."""
    if manages(by, practice):
        return SaidBy.PRACTICE
    if pct_on(entry, practice, on) in objects_of(by, "pct_lead"):
        return SaidBy.PCT
    if may(by, Permission.SETTLE_MEMBERSHIP):
        return SaidBy.STAFF
    raise not_allowed(
        f"{practice.code} is not your practice, and was not of your PCT on {said(on)}. Its manager, the lead of its PCT "
        "and programme staff say why it is in no consortium."
    )


def pct_on(entry: Writer, practice: Practice, on: date) -> Any:
    """The code of the body above the practice on a day; None where there is none."""
    values = entry.timeline(PracticeParent, (practice.pk,)).at(on)
    return ParentBody.objects.get(pk=values[0]).code if values else None

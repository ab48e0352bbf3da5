"""The part of a budget that a consortium or a local body answers for, and how far (G1, G4; domain.md rule 18)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from consortia.models import Consortium, ConsortiumParticulars, Membership
from practices.models import ParentBody, PracticeParent
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.errors import Refused, wrong_state
from registry.models import Entry, EntryKind, User
from transitions.actions.budget_sums import Year, require_seen
from transitions.actions.budgets import put, require_line, require_note, stretch
from transitions.actions.evidence import Source, recorded
from transitions.actions.trust import life_on
from transitions.models import STATUTORY_FROM, Delegation, Evidence, Level, LocalBodyParticulars
from transitions.money import require_amount
from transitions.permissions import require_transition_keeper, require_trust
from transitions.years import require_year, year_days


class Delegated(NamedTuple):
    """`warnings`: sentences of what may be meant, but should be looked at."""

    entry: Entry | None
    warnings: list[str]


def delegate(
    *,
    by: User,
    pct: ParentBody,
    year: str,
    line: str,
    holder: str,
    on: date,
    amount: int | None,
    level: str,
    until: date | None = None,
    note: str = "",
    source: Source | Evidence,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Delegated:
    """From `on`, the holder (GC0001 or LB0001) answers for `amount` of the trust's line, at this level, until the year
    or the trust ends or until `until`, its last day (a correction keeps its days). `amount` None: not stated.

    The trust stays accountable until 31 March 2013. Raises Refused: 403; 409 as `set_budget_line`, and where the line
    is not recorded on that day; 412; 422, where the trust or the holder is not there that day, the level is statutory
    too early, or more is given than the line has.
    """
    require_transition_keeper(by, pct)
    require_trust(pct)
    year, note = require_year(year), require_note(note)
    require_line(line)
    require_level(level, on, pct)
    require_amount(amount)
    end = _end(year, on, until)
    holder = holder.strip().upper()
    kind = EntryKind.CORRECTION if correction else kind_on(on)
    reason = why.strip() or f"{pct.code} delegates to {holder} for {year}."
    with journal.entry(by=by, action="delegate", kind=kind, reason=reason) as entry:
        require_seen(pct, year, seen)
        warnings = require_holder(holder, pct, on)
        books = Year(entry, pct, year)
        if books.line_at(line, on) is None:
            raise wrong_state(
                f"The line “{books.labels[line]}” of {pct.code} for {year} is not recorded on {said(on)}. Record it first."
            )
        key = books.holder_key(line, holder)
        life = life_on(entry, pct, on)
        if life.end is not None:  # what it delegated ends with the trust (rule 17)
            end = min(end, life.end)
        start, last = stretch(entry, Delegation, key, on, end, why=why, correction=correction)
        put(entry, Delegation, key, start, last, (amount, level, note, recorded(entry, source).pk))
        books.holders.add((line, holder))
        books.check(start, last)
    return Delegated(entry.entry, warnings)


def end_delegation(
    *,
    by: User,
    pct: ParentBody,
    year: str,
    line: str,
    holder: str,
    last_day: date,
    why: str,
    seen: int | None = None,
) -> Entry | None:
    """The holder answers for nothing of the line after `last_day`. Raises Refused: 403; 409 where it holds nothing
    then; 412; 422."""
    require_transition_keeper(by, pct)
    reason, year, holder = require_reason(why), require_year(year), holder.strip().upper()
    require_line(line)
    end = require_day(last_day, "last_day") + timedelta(days=1)
    with journal.entry(by=by, action="end_delegation", kind=kind_on(end), reason=reason) as entry:
        require_seen(pct, year, seen)
        key = (pct.pk, year, line, holder)
        before = entry.timeline(Delegation, key)
        entry.cap(Delegation, key, end)
        if before.at(last_day) is None or entry.timeline(Delegation, key) == before:
            raise wrong_state(f"{holder} holds nothing of this line after {said(last_day)}: there is nothing to end.")
    return entry.entry


def require_level(level: str, on: date, pct: ParentBody) -> None:
    """Raises Refused (422) for no level, and for a statutory one before there is any (domain.md rule 18)."""
    require_day(on)
    if level not in Level.values:
        raise Refused(
            "bad_level", f"“{level[:20]}” is no level; give one of {', '.join(Level.values)}.", field="level"
        )
    if level == Level.STATUTORY and on < STATUTORY_FROM:
        raise Refused(
            "not_statutory",
            f"Nothing is statutory before {said(STATUTORY_FROM)}: until then {pct.code} is accountable, whatever it "
            "delegates. Give indicative, shadow or delegated.",
            field="level",
        )


def require_holder(holder: str, pct: ParentBody, on: date) -> list[str]:
    """Warnings about a holder that is there on the day; Refused (422) for one that is not."""
    if holder.startswith("LB"):
        bodies = LocalBodyParticulars.objects.current().filter(local_body__ref=holder, effective__contains=on)
        body = bodies.select_related("pct").first()
        if body is None:
            raise _nobody(holder, on)
        elsewhere = body.pct is not None and body.pct_id != pct.pk
        return [f"{holder} is recorded under {body.pct.code}, not {pct.code}."] if elsewhere and body.pct else []
    consortium = Consortium.objects.filter(ref=holder).first()
    living = ConsortiumParticulars.objects.current().filter(consortium=consortium, effective__contains=on)
    if consortium is None or not living.exists():
        raise _nobody(holder, on)
    if pct.pk in pcts_of(consortium, on):
        return []
    return [f"{holder} has no practice under {pct.code} on {said(on)}. It may be meant; look again."]


def _nobody(holder: str, on: date) -> Refused:
    sentence = (
        f"There is no consortium or local body “{holder[:12]}” on {said(on)}. Give a reference as GC0001 or LB0001."
    )
    return Refused("no_holder", sentence, field="holder")


def pcts_of(consortium: Consortium, on: date) -> set[int]:
    """The trusts under which the consortium has members on the day."""
    members = Membership.objects.current().filter(consortium=consortium, effective__contains=on).values("practice")
    parents = PracticeParent.objects.current().filter(practice__in=members, effective__contains=on)
    return set(parents.order_by().values_list("parent", flat=True))


def _end(year: str, on: date, until: date | None) -> date:
    first, end = year_days(year)
    if not first <= on < end:
        sentence = f"Give a day of {year}: from {said(first)} to {said(end - timedelta(days=1))}."
        raise Refused("not_in_year", sentence, field="on")
    if until is None:
        return end
    if not on <= until < end:
        sentence = f"Give a last day from {said(on)} to {said(end - timedelta(days=1))}, the end of the year."
        raise Refused("not_in_year", sentence, field="until")
    return until + timedelta(days=1)

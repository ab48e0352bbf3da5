"""Pounds per head for consortia, and the weighted people of a trust (G5, G6)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q, QuerySet

from consortia.models import Consortium
from practices.models import ParentBody
from registry import clock, journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.errors import Refused, not_allowed, stale
from registry.journal import Writer
from registry.models import Entry, EntryKind, Fact, User
from transitions.actions.budgets import put, stretch
from transitions.actions.delegating import pcts_of
from transitions.models import Allowance, AllowanceKind, WeightedPopulation
from transitions.money import require_amount
from transitions.permissions import everywhere, keeps_transition, require_transition_keeper, require_trust
from transitions.years import require_year, year_days

MOST_PER_HEAD = Decimal(100)
MOST_PEOPLE = 5_000_000


def set_allowance(
    *,
    by: User,
    consortium: Consortium,
    year: str,
    kind: str,
    pounds_per_head: Decimal,
    people: int,
    amount: int | None = None,
    paid_on: date | None = None,
    on: date | None = None,
    source: str,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry | None:
    """What the consortium gets for each of so many people in the year: £2 for development, £25 to £35 for running it
    (Operating Framework 2011-12). `amount`: rate times people unless it is stated; `paid_on`: once it is paid; `on`:
    from which day this stands, the first of the year unless given.

    Kept by programme staff and the lead of a trust with members of the consortium. `seen`: the journal's newest entry
    when the person looked, or any older one that is not before what stands. Raises Refused: 403; 409; 412 where it has
    changed since; 422.
    """
    year = require_year(year)
    begins = require_day(on or year_days(year)[0])
    _require_payer(by, consortium, begins)
    if kind not in AllowanceKind.values:
        known = ", ".join(AllowanceKind.values)
        raise Refused("bad_kind", f"“{kind[:20]}” is no allowance; give one of {known}.", field="kind")
    rate = Decimal(pounds_per_head).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if not 0 < rate <= MOST_PER_HEAD:
        raise Refused("bad_rate", f"Give pounds per head, up to £{MOST_PER_HEAD}.", field="pounds_per_head")
    require_people(people)
    if paid_on is not None and require_day(paid_on, "paid_on") > clock.today():
        raise Refused("not_yet", f"{said(paid_on)} is still to come.", field="paid_on")
    due = int((rate * people).quantize(Decimal(1), ROUND_HALF_UP)) if amount is None else amount
    require_amount(due)
    source = require_reason(source, "source")
    values = (rate, people, due, paid_on, source)
    with _entry(by, "set_allowance", begins, why or f"{consortium.ref}: {kind} for {year}", correction) as entry:
        _require_seen(
            allowances_of(consortium, year, kind), seen, f"The pounds per head of {consortium.ref} for {year}"
        )
        _put(entry, Allowance, (consortium.ref, year, kind), begins, values, why, correction)
    return entry.entry


def set_weighted(
    *,
    by: User,
    pct: ParentBody,
    year: str,
    people: int,
    source: str,
    on: date | None = None,
    why: str = "",
    correction: bool = False,
    seen: int | None = None,
) -> Entry | None:
    """So many people has the trust in the year as the allocation formula weights them. Raises Refused as above."""
    require_transition_keeper(by, pct)
    require_trust(pct)
    year = require_year(year)
    begins = require_day(on or year_days(year)[0])
    require_people(people)
    source = require_reason(source, "source")
    with _entry(by, "set_weighted", begins, why or f"Weighted people of {pct.code}, {year}", correction) as entry:
        _require_seen(weights_of(pct, year), seen, f"The weighted people of {pct.code} for {year}")
        _put(entry, WeightedPopulation, (pct.pk, year), begins, (people, source), why, correction)
    return entry.entry


def allowances_of(consortium: Consortium, year: str, kind: str) -> QuerySet:
    """All that was ever recorded of this allowance."""
    return Allowance.objects.filter(holder=consortium.ref, year=year, kind=kind)


def weights_of(pct: ParentBody, year: str) -> QuerySet:
    """All that was ever recorded of the trust's weighted people of the year."""
    return WeightedPopulation.objects.filter(body=pct, year=year)


def _require_seen(facts: QuerySet, seen: int | None, what: str) -> None:
    """Under the lock of the journal: raise Refused (412) where somebody has recorded or closed one since."""
    if seen is not None and facts.filter(Q(opened_by__gt=seen) | Q(closed_by__gt=seen)).exists():
        raise stale(f"{what} changed since you opened this page. Look at what is saved now, then save yours again.")


def require_people(people: int) -> None:
    if not 0 < people <= MOST_PEOPLE:
        raise Refused("bad_people", f"Give a number of people, from 1 to {MOST_PEOPLE:,}.", field="people")


def _entry(by: User, action: str, on: date, reason: str, correction: bool):  # type: ignore[no-untyped-def]
    kind = EntryKind.CORRECTION if correction else kind_on(on)
    return journal.entry(by=by, action=action, kind=kind, reason=reason.strip())


def _put(entry: Writer, model: type[Fact], key: tuple, on: date, values: tuple, why: str, correction: bool) -> None:
    start, end = stretch(entry, model, key, on, None, why=why, correction=correction)
    put(entry, model, key, start, end, values)


def _require_payer(by: User, consortium: Consortium, on: date) -> None:
    if everywhere(by):
        return
    trusts = ParentBody.objects.filter(pk__in=pcts_of(consortium, on))
    if not any(keeps_transition(by, pct) for pct in trusts):
        raise not_allowed(f"{consortium.ref} has no practice under a trust of yours; ask programme staff.")

"""The budgets of trusts that end: who follows the holder of each, or nobody (domain.md rules 18 and 19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from consortia.models import Consortium
from transitions.closing.rows import Money
from transitions.models import BudgetLine, Delegation, LocalBodyParticulars


def budgets(
    on: date, trusts: Mapping[int, str], group_of: Callable[[int | None], str], successors: Mapping[str, list[str]]
) -> list[Money]:
    """Delegations that reach the day, and lines of years that begin on it or later. `group_of`: the code of the group
    that a consortium became, "" where there is none; `successors`: those of each trust, by code."""
    refs = dict(Consortium.objects.values_list("ref", "pk"))
    above = LocalBodyParticulars.objects.current().filter(effective__contains=on)
    refs |= dict(above.exclude(consortium=None).values_list("local_body__ref", "consortium"))
    reaching = Delegation.objects.current().filter(pct__in=trusts, effective__overlap=(on, None))
    found = [
        Money(trusts[pct], year, line, holder, amount, group_of(refs.get(holder)))
        for pct, year, line, holder, amount in reaching.values_list("pct", "year", "line", "holder", "amount")
    ]
    first = on.year if (on.month, on.day) >= (4, 1) else on.year - 1
    after = BudgetLine.objects.current().filter(pct__in=trusts, year__gte=f"{first}/")
    for pct, year, line, total in after.values_list("pct", "year", "line", "total").distinct():
        found.append(Money(trusts[pct], year, line, "", total, ", ".join(successors.get(trusts[pct], []))))
    return sorted(found, key=lambda m: (m.trust, m.year, m.line, m.holder))

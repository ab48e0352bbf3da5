"""Whether the budgets bear out that nearly all is delegated (domain.md section 4, rule 19)."""

from __future__ import annotations

from datetime import date

from practices.models import ParentBody
from registry.moment import Moment
from transitions.models import WHOLE, BudgetLine, TransitionWord, TransitionWordKind
from transitions.words import NEAR_TOTAL
from transitions.years import year_of

LEAST = 95
"""Per cent of the eligible budget."""


def doubt(pct: ParentBody, stage: str, on: date) -> str:
    """A sentence where the budget of the year says that less is delegated than `stage` means; empty where it bears it
    out, or says nothing."""
    if stage != NEAR_TOTAL:
        return ""
    eligible = set(
        TransitionWord.objects.of(TransitionWordKind.LINE).filter(eligible=True).values_list("key", flat=True)
    )
    told = BudgetLine.objects.current().filter(pct=pct, year=year_of(on), line__in=eligible, delegated__gte=0)
    lines = list(told.filter(Moment.of(on).q(), total__gt=0))
    lines = [line for line in lines if line.line == WHOLE] or lines
    whole = sum(line.total - (line.excluded or 0) for line in lines if line.total is not None)
    delegated = sum(line.delegated or 0 for line in lines)
    if not whole or delegated * 100 >= LEAST * whole:
        return ""
    return (
        f"The budget of {year_of(on)} says that {delegated * 100 // whole}% of what could be delegated is; "
        f"near-total is {LEAST}% or more. Check one or the other."
    )

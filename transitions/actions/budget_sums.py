"""What a trust's lines of a year, and what it delegates of them, have to make together, on every day (rule 19)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from practices.models import BodyParticulars, ParentBody
from registry.actions.checks import said
from registry.errors import Refused, stale
from registry.journal import Writer
from registry.timeline import Spell
from transitions.models import WHOLE, BudgetLine, Delegation, TransitionWord, TransitionWordKind
from transitions.money import IF_ROUNDED, pounds
from transitions.years import year_days

FIGURES = ("total", "delegated", "retained", "excluded")
ROUNDING = len(FIGURES)
"""Where among the values of a line its rounding stands."""


class Year:
    """The lines of a trust in a year, and what is delegated of them, in an open entry."""

    def __init__(self, entry: Writer, pct: ParentBody, year: str) -> None:
        self.entry, self.pct, self.year = entry, pct, year
        self.labels = TransitionWord.objects.labels(TransitionWordKind.LINE)
        own = Delegation.objects.current().filter(pct=pct, year=year)
        self.holders = set(own.order_by().values_list("line", "holder"))
        entry.load(BudgetLine, [self.line_key(line) for line in self.labels])
        entry.load(Delegation, [self.holder_key(*pair) for pair in self.holders])

    def require_alive(self) -> None:
        """Raise Refused (422) where the year begins when the trust is no more (domain.md rule 17)."""
        life = self.entry.timeline(BodyParticulars, (self.pct.pk,)).spells
        require_living(self.pct, self.year, life[-1].end if life else None)

    def line_key(self, line: str) -> tuple[int, str, str]:
        return (self.pct.pk, self.year, line)

    def holder_key(self, line: str, holder: str) -> tuple[int, str, str, str]:
        return (self.pct.pk, self.year, line, holder)

    def line_at(self, line: str, day: date) -> dict[str, Any] | None:
        """The figures of a line on a day, its rounding among them."""
        values = self.entry.timeline(BudgetLine, self.line_key(line)).at(day)
        return dict(zip((*FIGURES, "rounding"), values, strict=False)) if values else None

    def days(self, start: date, end: date | None) -> list[date]:
        """The day itself and the later ones before `end` on which anything of the year changes."""
        spells: Iterable[Spell] = [
            *(s for line in self.labels for s in self.entry.timeline(BudgetLine, self.line_key(line))),
            *(s for pair in self.holders for s in self.entry.timeline(Delegation, self.holder_key(*pair))),
        ]
        begins = {s.start for s in spells if s.start and s.start > start and (end is None or s.start < end)}
        return [start, *sorted(begins)]

    def check(self, start: date, end: date | None) -> None:
        """Raise Refused (422) where on a day of the stretch the lines make more than the whole, or what is delegated of
        a line makes more than it has to give."""
        for day in self.days(start, end):
            lines = {line: told for line in self.labels if (told := self.line_at(line, day))}
            for name in ("total", "delegated"):
                _within_whole(lines, name, day)
            for line, told in lines.items():
                self._within_line(line, told, day)

    def _within_line(self, line: str, told: dict[str, Any], day: date) -> None:
        limit, what = (
            (told["delegated"], "its delegated part") if told["delegated"] is not None else (told["total"], "it")
        )
        held = [
            self.entry.timeline(Delegation, self.holder_key(*pair)).at(day) for pair in self.holders if pair[0] == line
        ]
        amounts = [values[0] for values in held if values and values[0] is not None]
        if limit is None or not amounts:
            return
        off = sum(amounts) - limit
        if 2 * off > told["rounding"] * (len(amounts) + 1):
            raise Refused(
                "more_than_delegated",
                f"What is delegated of {self.labels[line]} makes {pounds(sum(amounts))} on {said(day)}, which is "
                f"{pounds(off)} more than {what}, {pounds(limit)}. Correct the line, or give less.",
                field="amount",
                detail=[{"difference": off}],
            )


def _within_whole(lines: dict[str, dict[str, Any]], name: str, day: date) -> None:
    """Each figure may be half the unit off that it is rounded to."""
    whole = lines.get(WHOLE, {})
    parts = [
        (told[name], told["rounding"]) for line, told in lines.items() if line != WHOLE and told[name] is not None
    ]
    if whole.get(name) is None or not parts:
        return
    off = sum(amount for amount, _ in parts) - whole[name]
    if 2 * off > whole["rounding"] + sum(rounding for _, rounding in parts):
        what = "the whole budget" if name == "total" else "the delegated part of the whole budget"
        raise Refused(
            "more_than_whole",
            f"The service lines make {pounds(off + whole[name])} ({name}) on {said(day)}, which is {pounds(off)} more "
            f"than {what}, {pounds(whole[name])}. {'' if whole['rounding'] else IF_ROUNDED}".strip(),
            field=name,
            detail=[{"difference": off}],
        )


def require_living(pct: ParentBody, year: str, end: date | None) -> str:
    """The year. `end`: the day after the trust's last. Raises Refused (422) where the year begins after that one."""
    begins = year_days(year)[0]
    if end is not None and begins >= end:
        raise Refused(
            "after_its_end",
            f"{pct.code} ended on {said(end - timedelta(days=1))}, and {year} begins on {said(begins)}: it has no "
            "budget of that year. Give an earlier year, or record the budget of who succeeds it.",
            field="year",
        )
    return year


def newest_budget_entry(pct: ParentBody, year: str) -> int:
    """The number of the newest entry that touched the budgets of this trust and year; 0 for none."""
    return max(model.objects.filter(pct=pct, year=year).newest_entry() for model in (BudgetLine, Delegation))


def require_seen(pct: ParentBody, year: str, seen: int | None) -> None:
    """Raise Refused (412) where somebody has changed the year's budgets since they were seen."""
    if seen is not None and newest_budget_entry(pct, year) > seen:
        raise stale(
            f"The budgets of {pct.code} for {year} have changed since you opened this page. Look at what is saved now, "
            "then save yours again."
        )

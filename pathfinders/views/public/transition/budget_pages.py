"""The budgets of one trust with their history, and what one consortium or local body answers for."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import Http404

from consortia.models import Consortium
from pathfinders.reads import budget_holders, budget_sums, budgets
from pathfinders.reads.england import england
from pathfinders.views.public.base import dated
from pathfinders.views.public.history import heard, lines, tables
from pathfinders.views.public.transition.budgets import (
    LEVELS,
    PER_HEAD,
    UNKNOWN,
    YEARS,
    OfAYear,
    allowance_table,
    head_words,
    line_table,
    said,
    years_with_figures,
)
from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.pages.tables import Column, Table
from transitions.models import BudgetLine, Delegation, LocalBody
from transitions.money import pounds

BUDGETS = ("Budgets", "/transitions/budgets/")


class BudgetPage(OfAYear):
    """One trust: its lines of the year, who holds them, allowances there, and every version that was recorded."""

    template_name = "public/transition/budget.html"
    crumbs = (BUDGETS,)

    @cached_property
    def pct(self) -> ParentBody:
        code = self.kwargs["code"].upper()
        found = ParentBody.objects.visible_to(self.request.user).filter(code=code).first()
        if found is None or not self.names:
            raise Http404(f"The register has no trust with the code “{code[:20]}”. Search by name to find it.")
        return found

    @cached_property
    def names(self) -> list[str]:
        facts = BodyParticulars.objects.visible_to(self.request.user).known(self.moment)
        own = facts.filter(body__code=self.kwargs["code"].upper(), kind__in=PCT_KINDS)
        return list(own.order_by("-effective").values_list("name", flat=True))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, pct = self.request.user, self.moment, self.pct
        found = list(budgets.rows(user, moment, budgets.EVERY_YEAR).filter(pct=pct).order_by("line_key"))
        rows = budgets.finish(user, moment, [row for row in found if row["year"] == self.year])
        row = next((r for r in budget_sums.trusts(user, moment, self.year) if r["code"] == pct.code), None)
        return super().get_context_data(
            title=f"Budgets of {self.names[0]} ({pct.code}), {self.year}",
            code=pct.code,
            year=self.year,
            years=[(year, self._of_year(year)) for year in YEARS],
            table=line_table(rows, self.dates) if rows else None,
            recorded=years_with_figures(found, pct.code, self.dates),
            row=row,
            heads=[(label, head_words(row, key) or UNKNOWN) for key, label in PER_HEAD] if row else [],
            **self._allowances(rows),
            **tables(self._history()),
            citation=self.cite(
                [f"{self.names[0]}, {self.year}, {r['line_label']}: {said(r['total'])}" for r in rows]
                or [f"{self.names[0]}, {self.year}: no budget is recorded"]
            ),
            **kwargs,
        )

    def _of_year(self, year: str) -> str:
        return self.link(f"/transitions/budgets/{self.pct.code}/", year=year)

    def _allowances(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Of the consortia with a member here, or with part of its budget."""
        user, moment, code = self.request.user, self.moment, self.pct.code
        refs = {cell.consortium for cell in england(user, moment).cells if cell.pct == code and cell.consortium}
        refs |= {held["holder"] for row in rows for held in row["holders"] if held["holder"].startswith("GC")}
        if not refs:
            return {"allowances": None, "unpaid": []}
        paid = [row for row in budget_holders.allowances(user, moment, refs) if row["year"] == self.year]
        names = budgets.named(user, moment, refs)
        lacking = sorted(refs - {row["holder"] for row in paid})
        unpaid = [f"{names.get(ref, ref)} ({ref})" for ref in lacking]
        return {"allowances": allowance_table(paid, names) if paid else None, "unpaid": unpaid}

    def _history(self) -> list[Any]:
        user, words = self.request.user, budgets.lines(self.request.user)
        figures = heard(BudgetLine.objects.visible_to(user).filter(pct=self.pct), self.moment)
        held = heard(Delegation.objects.visible_to(user).filter(pct=self.pct), self.moment)
        return [
            *lines(figures, self.moment, "Figures", lambda f: f"{f.year}, {words[f.line].label}: {_figures(f)}"),
            *lines(
                held,
                self.moment,
                "Delegated",
                lambda f: f"{f.year}, {words[f.line].label}, to {f.holder}: {said(f.amount)}, {f.level}",
            ),
        ]


def _figures(fact: BudgetLine) -> str:
    told = ((name, getattr(fact, name)) for name in budgets.FIGURES)
    words = [f"{name} {pounds(amount)}" for name, amount in told if amount is not None]
    return ", ".join(words) + (f"; rounded to {pounds(fact.rounding)}" if fact.rounding else "")


class HolderPage(OfAYear):
    """What a consortium or local body answers for, at what level; a consortium's practices' shares of it."""

    template_name = "public/transition/holder.html"
    crumbs = (BUDGETS,)

    @cached_property
    def ref(self) -> str:
        ref = self.kwargs["ref"].upper()
        identity: Any = LocalBody if ref.startswith("LB") else Consortium
        if not identity.objects.visible_to(self.request.user).filter(ref=ref).exists():
            raise Http404(f"The register has no consortium or local body “{ref[:20]}”. References look like GC0001.")
        return ref

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, ref = self.request.user, self.moment, self.ref
        rows = budget_holders.holdings(user, moment, ref)
        amount, unstated = budget_holders.stated(rows, self.year)
        is_consortium = ref.startswith("GC")
        name = budgets.named(user, moment, {ref}).get(ref, ref)
        parts = budget_holders.shares(user, moment, ref, amount) if is_consortium and amount is not None else []
        paid = budget_holders.allowances(user, moment, {ref}) if is_consortium else []
        return super().get_context_data(
            title=f"What {name} ({ref}) answers for",
            ref=ref,
            is_consortium=is_consortium,
            year=self.year,
            amount=said(amount),
            known=amount is not None,
            unstated=unstated,
            holdings=Table(dated(_holding_columns(), self.dates), rows, "What it answers for", caption_spoken=True)
            if rows
            else None,
            shares=Table(dated(SHARES, self.dates), parts, "Practices’ shares", caption_spoken=True)
            if parts
            else None,
            without=sum(part.amount is None for part in parts),
            allowances=allowance_table(paid) if paid else None,
            citation=self.cite([f"{name} ({ref}), {self.year}: {said(amount)}"]),
            **kwargs,
        )


def _holding_columns() -> tuple[Column, ...]:
    def trust(row: dict[str, Any]) -> str:
        return f"/transitions/budgets/{row['pct_code']}/?{urlencode({'year': row['year']})}"

    return (
        Column("year", "Year"),
        Column("pct_name", "Trust", href=trust),
        Column("line_label", "Service line"),
        Column("amount", "Amount", kind="number", show=lambda row: said(row["amount"])),
        Column("level", "Level", kind="tag", tags=LEVELS),
        Column("evidence_ref", "Evidence", href="/transitions/evidence/{evidence_ref}/"),
    )


SHARES = (
    Column("code", "Practice", href="/practices/{code}/"),
    Column("name", "Name"),
    Column("people", "Patients", kind="number", empty="No list known"),
    Column(
        "amount", "Share", kind="number", show=lambda p: None if p.amount is None else pounds(p.amount), empty=UNKNOWN
    ),
)

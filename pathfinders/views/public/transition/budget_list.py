"""Budgets of a year, trust by trust, each sum with how many trusts stated it (domain.md rules 18 and 19)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse

from pathfinders.reads import budget_sums, budgets, shas
from pathfinders.views.public.base import dated
from pathfinders.views.public.transition.budgets import (
    LAST_DAY,
    PER_HEAD,
    UNKNOWN,
    YEARS,
    OfAYear,
    adds_up_words,
    head_words,
    over_words,
    share_words,
)
from registry.errors import Refused
from registry.pages.tables import Column, Table
from transitions.models import BudgetLine
from transitions.money import pounds, pounds_words
from transitions.years import require_year, year_of


class BudgetList(OfAYear):
    """Every trust of the year, whether it stated anything or not."""

    template_name = "public/transition/budgets.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(), status=400 if self.filters.errors else 200)

    @cached_property
    def filters(self) -> Any:
        """The two of the API's filters that are drawn here; one year is asked for, never all."""
        user, asked = self.request.user, self.request.GET.get("year", "").strip()
        data = {"year": asked or year_of(min(self.moment.as_of, LAST_DAY)), "sha": self.request.GET.get("sha", "")}
        form = budgets.Filters(data, BudgetLine.objects.none(), moment=self.moment).form
        form.for_people = True
        for name in set(form.fields) - set(data):
            del form.fields[name]
        form.order_fields(["year", "sha"])
        names = shas.rows(user, self.moment).order_by("name").values_list("code", "name")
        for name, label, choices in (
            ("year", "Financial year", [(year, year) for year in dict.fromkeys([*YEARS, *self._other_year(asked)])]),
            ("sha", "Strategic health authority", [("", "All"), *names]),
        ):
            form.fields[name].label, form.fields[name].widget = label, forms.Select(choices=choices)
        if asked == budgets.EVERY_YEAR and form.is_valid():
            form.add_error("year", "This page is of one year: choose it")
        return form

    @staticmethod
    def _other_year(asked: str) -> list[str]:
        """A year that is one, of which the page offers no link."""
        try:
            return [require_year(asked)]
        except Refused:
            return []

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.moment
        around = {
            "crumbs": [("Transitions", "/transitions/")],
            "filters": self.filters,
            "has_errors": bool(self.filters.errors),
            "kept": [(n, self.request.GET[n]) for n in ("as_of", "known_at") if self.request.GET.get(n)],
        }
        if self.filters.errors:
            return super().get_context_data(title="Budgets of primary care trusts", **around, **kwargs)
        sha = self.request.GET.get("sha", "").strip().upper()
        rows = budget_sums.trusts(user, moment, self.year, sha)
        whole = budget_sums.whole(rows)
        query = urlencode({"year": self.year, **({"sha": sha} if sha else {})})
        return super().get_context_data(
            title=f"Budgets of primary care trusts, {self.year}",
            year=self.year,
            whole=whole,
            sums=whole_words(whole),
            table=Table(dated(self._columns(), self.dates), rows, "Trusts", caption_spoken=True) if rows else None,
            by_sha=_sha_table(rows) if not sha and rows else None,
            api_href=f"/api/v1/budgets/?{query}{self.dates.replace('?', '&', 1)}",
            csv_href=f"/api/v1/budgets/?{query}&format=csv{self.dates.replace('?', '&', 1)}",
            citation=self.cite([f"Budgets {self.year}: {words}" for words in whole_words(whole)]),
            **around,
            **kwargs,
        )

    def _columns(self) -> Sequence[Column]:
        query = urlencode({"year": self.year})
        return (
            Column("name", "Trust", href=lambda row: self._href(row["code"], query)),
            *_amounts("total", "delegated"),
            Column("share", "Share of the eligible budget", kind="number", show=share_words, empty=UNKNOWN),
            *(
                Column(key, label, kind="number", show=lambda row, key=key: head_words(row, key), empty=UNKNOWN)
                for key, label in PER_HEAD[:2]
            ),
            Column("basis", "Figures are of", show=basis_words, empty="Nothing stated"),
        )

    def _href(self, code: str, query: str) -> str:
        return f"/transitions/budgets/{code}/?{query}{self.dates.replace('?', '&', 1)}"


def _amounts(*names: str) -> list[Column]:
    def figure(name: str) -> Any:
        return lambda row: pounds_words(row[name], row["rounding"]) if row[name] is not None else None

    return [Column(name, name.capitalize(), kind="number", show=figure(name), empty=UNKNOWN) for name in names]


def basis_words(row: dict[str, Any]) -> str | None:
    """The whole budget, or a sum of lines; and what is to know of the rounding."""
    if row["basis"] == "whole":
        rounded = row["adds_up"] == "rounding"
        return f"The whole budget. {adds_up_words(row)}" if rounded else "The whole budget"
    lines = "1 service line" if row["lines"] == 1 else f"{row['lines']} service lines added up"
    return lines if row["basis"] else None


def whole_words(whole: dict[str, Any]) -> list[str]:
    """Sums of many trusts, each with how many it is of."""
    of = f"of {whole['trusts']} trusts"
    told = [f"{whole['stated']} {of} stated something; {whole['not_known']} are not known and stand in no sum"]
    for name in ("total", "delegated"):
        figure = whole["figures"][name]
        if figure["amount"] is not None:
            told.append(f"{name.capitalize()}: {pounds(figure['amount'])}, stated by {figure['trusts']} {of}")
    if whole["share"] is not None:
        base = pounds(whole["share_base"])
        told.append(
            f"Delegated: {whole['share']}% of the eligible {base} of the {whole['share_trusts']} {of} that stated both"
            + over_words(whole)
        )
    return told


def _sha_table(rows: list[dict[str, Any]]) -> Table:
    def figure(name: str) -> Any:
        def words(row: dict[str, Any]) -> str | None:
            told = row["figures"][name]
            return f"{pounds(told['amount'])} ({told['trusts']})" if told["amount"] is not None else None

        return words

    columns = (
        Column("name", "SHA"),
        Column("trusts", "Trusts", kind="number"),
        Column("stated", "Stated something", kind="number"),
        Column("not_known", "Not known", kind="number"),
        Column("total", "Total (trusts that stated it)", kind="number", show=figure("total"), empty=UNKNOWN),
        Column("delegated", "Delegated (trusts)", kind="number", show=figure("delegated"), empty=UNKNOWN),
        Column(
            "share",
            "Share (of trusts that stated both)",
            kind="number",
            show=lambda row: (
                f"{row['share']}% ({row['share_trusts']}){over_words(row)}" if row["share"] is not None else None
            ),
            empty=UNKNOWN,
        ),
    )
    return Table(columns, budget_sums.by_sha(rows), "By strategic health authority")

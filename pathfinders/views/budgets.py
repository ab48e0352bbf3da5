"""The budgets of a trust as its lead, or programme staff, keep them: a year's lines, and what is delegated of each."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404
from django.views.generic import TemplateView

from pathfinders.forms.budgets import DelegateForm, EndDelegationForm, LineForm, PoundsField
from pathfinders.reads import budgets
from pathfinders.views.access import Guarded
from pathfinders.views.public.transition.budgets import LEVELS, cells, holder_words, said
from pathfinders.views.steps import StepPage
from practices.models import BodyParticulars, ParentBody
from registry import clock
from registry.authorization import Permission
from registry.errors import Refused
from registry.models.fact import Lower
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day
from transitions.actions import delegate, end_delegation, newest_budget_entry, set_budget_line
from transitions.actions.budget_sums import require_living
from transitions.models import WHOLE, BudgetLine, Delegation
from transitions.money import pounds
from transitions.permissions import require_transition_keeper
from transitions.years import require_year, year_days, year_of

YEARS = [f"{first}/{(first + 1) % 100:02d}" for first in range(2009, 2014)]
LAST_DAY = date(2013, 3, 31)
"""Of primary care trusts: the year shown of one without an end is not after it."""
MONEY = ("total", "delegated", "retained", "excluded")


class OfOneTrust(Guarded):
    """Mixin: `self.pct`, a trust whose transition the user keeps, and `self.year`, of the query or today's."""

    permission = Permission.KEEP_TRANSITION
    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def pct(self) -> ParentBody:
        found = ParentBody.objects.filter(code=self.kwargs["code"].upper()).first()
        if found is None:
            raise Http404(f"The register has no trust {self.kwargs['code'][:10]}. Check the code.")
        require_transition_keeper(self.request.user, found)
        return found

    @cached_property
    def name(self) -> str:
        return self.newest.name if self.newest and self.newest.name else self.pct.code

    @cached_property
    def newest(self) -> BodyParticulars | None:
        told = BodyParticulars.objects.visible_to(self.request.user).current()
        return told.filter(body=self.pct).order_by("-effective").first()

    @property
    def end(self) -> date | None:
        """The day after the trust's last; None where none is recorded."""
        return self.newest.effective.upper if self.newest else None

    @cached_property
    def year(self) -> str:
        asked = self.request.GET.get("year", "").strip()
        if not asked:
            return year_of(min(clock.today(), LAST_DAY, last_day(self.end) or LAST_DAY))
        try:
            return require_living(self.pct, require_year(asked), self.end)
        except Refused as refused:
            raise Http404(refused.message) from None

    @property
    def href(self) -> str:
        return f"/pct/{self.pct.code}/budget/?{urlencode({'year': self.year})}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [(f"Budgets of {self.name}, {self.year}", self.href)]


class Budgets(OfOneTrust, TemplateView):
    """A year's lines as recorded today, each with the steps that can be taken."""

    template_name = "area/budgets.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, Moment.now()
        found = budgets.rows(user, moment, self.year).filter(pct=self.pct).order_by("line_key")
        rows = budgets.finish(user, moment, list(found))
        return super().get_context_data(
            title=f"Budgets of {self.name}, {self.year}",
            crumbs=[("PCT", "/pct/")],
            pct=self.pct,
            year=self.year,
            query=urlencode({"year": self.year}),
            years=[year for year in YEARS if self.end is None or year_days(year)[0] < self.end],
            lines=[self._told(row) for row in rows],
            **kwargs,
        )

    def _told(self, row: dict[str, Any]) -> dict[str, Any]:
        query = urlencode({"year": self.year, "line": row["line_key"]})
        own = f"/pct/{self.pct.code}/budget/"
        held = [held | {"query": f"{query}&{urlencode({'holder': held['holder']})}"} for held in row["holders"]]
        holders = (
            Column("name", "Delegated to", show=holder_words),
            Column("amount", "Amount", show=lambda h: said(h["amount"])),
            Column("level", "Level", kind="tag", tags=LEVELS),
            Column("query", "Change", href=lambda h: f"{own}delegate/?{h['query']}", show=lambda h: "Change"),
            Column("query", "End", href=lambda h: f"{own}end/?{h['query']}", show=lambda h: "End"),
        )
        table = Table(holders, held, f"To whom {row['line_label']} is delegated", caption_spoken=True)
        return {"row": row, "cells": cells(row), "query": query, "holders": table if held else None}


class YearStep(OfOneTrust, StepPage):
    """A step on the trust's year; `version` is the newest entry of its budgets that the person saw."""

    template_name = "area/budget_step.html"

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

    def current(self) -> int:
        return newest_budget_entry(self.pct, self.year)

    def get_initial(self) -> dict[str, Any]:
        asked = {
            name: value
            for name in ("line", "holder")
            if (value := self.request.GET.get(name, "")) and "\0" not in value
        }
        start, end = year_days(self.year)
        today = clock.today()
        return {"line": WHOLE, "on": today if start <= today < end else start, "version": self.current()} | asked

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(trust=self.name, code=self.pct.code, year=self.year, **kwargs)

    def standing(self, model: Any, **key: str) -> Any:
        """The fact of today, or the latest of the year."""
        facts = model.objects.current().filter(pct=self.pct, year=self.year, **key)
        return facts.annotate(first=Lower("effective")).order_by("-effective").select_related("evidence").first()

    @staticmethod
    def _said(field: forms.Field, value: Any) -> str:
        if isinstance(field, PoundsField):
            return "Not stated" if value is None else pounds(value)
        return StepPage._said(field, value)

    def given(self, form: Any) -> dict[str, Any]:
        """What an action of the year takes of the form."""
        data = form.own_data()
        return data | {"seen": data.pop("version"), "source": form.evidence()}


class SetLine(YearStep):
    form_class = LineForm
    button = "Save the figures"

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Budget figures for {self.year}"

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        kept = self.kept(initial["line"]) if "line" in self.request.GET else {}
        return initial | kept | ({"correction": True} if kept else {})

    def kept(self, line: str) -> dict[str, Any]:
        found = self.standing(BudgetLine, line=line)
        if found is None:
            return {}
        figures = {name: getattr(found, name) for name in (*MONEY, "rounding", "note")}
        return figures | {"evidence_ref": found.evidence.ref, "on": found.first}

    def stands_now(self, form: forms.Form) -> dict[str, Any]:
        """Of the line that was sent: the one named in the address may be another."""
        return self.kept(form.cleaned_data["line"])

    def act(self, form: Any) -> None:
        told = self.given(form)
        set_budget_line(by=self.request.user, pct=self.pct, year=self.year, **told)
        figures = [f"{name} {pounds(told[name])}" for name in MONEY if told[name] is not None]
        messages.success(self.request, f"Saved: {', '.join(figures)}")


class Delegate(YearStep):
    form_class = DelegateForm
    button = "Save what is delegated"

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Delegate a budget of {self.year}"

    def get_initial(self) -> dict[str, Any]:
        initial = super().get_initial()
        kept = self.kept(initial["line"], initial.get("holder", ""))
        kept.pop("on", None)  # a new amount stands from another day
        return initial | kept

    def kept(self, line: str, holder: str) -> dict[str, Any]:
        held = self.standing(Delegation, line=line, holder=holder)
        if held is None:
            return {}
        given = {name: getattr(held, name) for name in ("amount", "level", "note")}
        return given | {"evidence_ref": held.evidence.ref, "on": held.first}

    def stands_now(self, form: forms.Form) -> dict[str, Any]:
        return self.kept(form.cleaned_data["line"], form.cleaned_data["holder"].strip().upper())

    def act(self, form: Any) -> None:
        told = self.given(form)
        done = delegate(by=self.request.user, pct=self.pct, year=self.year, **told)
        messages.success(self.request, f"Saved: {told['holder'].upper()} answers for {said(told['amount'])}")
        for warning in done.warnings:
            messages.warning(self.request, warning)


class EndDelegation(YearStep):
    form_class = EndDelegationForm
    button = "End it"
    done = "The delegation was ended"

    @cached_property
    def held(self) -> Delegation:
        asked = {name: self.request.GET.get(name, "") for name in ("line", "holder")}
        found = None if "\0" in "".join(asked.values()) else self.standing(Delegation, **asked)
        if found is None:
            raise Http404("Nothing of this line is delegated to that holder in the year.")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"End what {self.held.holder} answers for"

    def get_initial(self) -> dict[str, Any]:
        last = last_day(self.held.effective.upper)
        return {"version": self.current(), "last_day": min(clock.today(), last) if last else clock.today()}

    def stands_now(self, form: forms.Form) -> dict[str, Any]:
        last = last_day(self.held.effective.upper)
        return {"last_day": last} if last else {}

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        end_delegation(
            by=self.request.user,
            pct=self.pct,
            year=self.year,
            line=self.held.line,
            holder=self.held.holder,
            last_day=data["last_day"],
            why=data["why"],
            seen=data["version"],
        )

"""Weighted people of a trust and pounds per head of its consortia, as its lead, or programme staff, keep them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from consortia.models import Consortium
from pathfinders.forms.budgets import AllowanceForm, WeightedForm
from pathfinders.views.budgets import YearStep
from registry.models import Entry
from registry.models.fact import Lower
from transitions.actions import set_allowance, set_weighted
from transitions.actions.allowances import allowances_of, weights_of
from transitions.years import year_days


class PerHead(YearStep):
    """The version is the newest entry of the journal: what a form is about may be typed in it, and is not known when it
    is drawn. What was recorded before it was there to see."""

    KEPT: tuple[str, ...] = ()
    """Values of the fact that the form holds, beside its day."""

    @property
    def seen_as(self) -> QuerySet:
        """Every version of what the form is about."""
        raise NotImplementedError

    def current(self) -> int:
        return Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0

    @property
    def stands(self) -> Any:
        """What stands, the latest of the year, or None."""
        facts: Any = self.seen_as
        own = facts.visible_to(self.request.user).current()
        return own.annotate(first=Lower("effective")).order_by("-effective").first()

    @property
    def asked(self) -> dict[str, str]:
        """What the address, or the form that was sent, names."""
        return {}

    def stands_now(self, form: Any) -> dict[str, Any]:
        fact = self.stands
        return {"on": fact.first} | {name: getattr(fact, name) for name in self.KEPT} if fact else {}

    def get_initial(self) -> dict[str, Any]:
        kept = self.stands_now(None)
        first = {"version": self.current(), "on": year_days(self.year)[0]}
        return {**first, **self.asked, **kept} | ({"correction": True} if kept else {})

    def given(self, form: Any) -> dict[str, Any]:
        data = dict(form.cleaned_data)
        return data | {"seen": data.pop("version")}


class SetWeighted(PerHead):
    form_class = WeightedForm
    button = "Save"
    done = "The weighted people were recorded"
    KEPT = ("people", "source")

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Weighted people in {self.year}"

    @property
    def seen_as(self) -> QuerySet:
        return weights_of(self.pct, self.year)

    def act(self, form: Any) -> None:
        set_weighted(by=self.request.user, pct=self.pct, year=self.year, **self.given(form))


class SetAllowance(PerHead):
    """What stands is shown where the address, or the form that was sent, names the consortium and the kind."""

    form_class = AllowanceForm
    button = "Save the allowance"
    done = "The allowance was recorded"
    KEPT = ("pounds_per_head", "people", "amount", "paid_on", "source")

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Pounds per head in {self.year}"

    @property
    def asked(self) -> dict[str, str]:
        told = self.request.POST or self.request.GET
        named = {name: told.get(name, "").strip() for name in ("consortium", "kind")}
        return {name: text for name, text in named.items() if text and "\0" not in text}

    @property
    def seen_as(self) -> QuerySet:
        ref, kind = self.asked.get("consortium", "").upper(), self.asked.get("kind", "")
        found = Consortium.objects.visible_to(self.request.user).filter(ref=ref).first()
        facts = allowances_of(found or Consortium(ref=ref), self.year, kind)
        return facts if found else facts.none()

    def act(self, form: Any) -> None:
        set_allowance(by=self.request.user, year=self.year, **self.given(form))

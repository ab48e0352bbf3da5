"""The worklist of practices in no consortium: open items from the deadline on, their steps, and allocation (rule 20)."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404
from django.views.generic import TemplateView

from consortia.letters import reached
from consortia.models import ComplianceStep, ComplianceStepKind
from consortia.permissions import holders
from pathfinders.forms.left_out import AllocateForm, TakeStepForm
from pathfinders.reads import open_items, shas, unaffiliated
from pathfinders.views.access import Guarded
from pathfinders.views.left_out import SayWhy
from pathfinders.views.public.deadline import deadline_words
from pathfinders.views.public.practices import NAME, PATIENTS
from pathfinders.views.public.unaffiliated import why_words
from pathfinders.views.steps import StepPage
from practices.models import Practice
from registry import clock
from registry.authorization import Permission
from registry.moment import Moment
from registry.pages.tables import Column, ListPage
from transitions.actions import allocate, take_step
from transitions.compliance import BY_KIND, STEPS, Item, item_of
from transitions.milestones import deadline

LEFT_OUT = ("Left out", "/staff/left-out/")


class LeftOutList(Guarded, ListPage):
    """Everybody in no consortium today; from the deadline on each is an open item."""

    permission = Permission.SETTLE_MEMBERSHIP
    title = "Practices in no consortium"
    noun = ("practice in no consortium", "practices in no consortium")
    template_name = "staff/left_out.html"
    key = "code"

    @cached_property
    def moment(self) -> Moment:
        return Moment.now()

    def get_queryset(self) -> QuerySet:
        return open_items.rows(self.request.user, self.moment)

    def get_columns(self) -> list[Column]:
        words = dict(self.reasons)
        return [
            Column("code", "Practice", href="/staff/left-out/{code}/", sort="code"),
            NAME,
            PATIENTS,
            Column("pct_name", "PCT", empty="none"),
            Column("reason", "Why", show=lambda row: why_words(row, words)),
            Column("last_step", "Last step", show=lambda row: step_words(row["last_step"]), empty="None yet"),
            Column("last_step_on", "On", kind="date", sort="step", order_by="last_step_on"),
        ]

    @cached_property
    def reasons(self) -> list[tuple[str, str]]:
        return unaffiliated.reason_choices()

    def get_filterset(self) -> Any:
        data = self.request.GET.copy()
        for name in self.own_parameters:
            data.pop(name, None)
        found = open_items.Filters(data, self.get_queryset(), moment=self.moment)
        names = shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")
        fields = found.form.fields
        fields["sha"].widget = forms.Select(choices=[("", "All"), *names])
        fields["reason"].widget = forms.Select(choices=[("", "All"), *self.reasons])
        del fields["parent"]
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        limit = deadline(self.request.user, self.moment)
        return super().get_context_data(deadline=deadline_words(limit, self.moment.as_of), steps=STEPS, **kwargs)


def step_words(kind: str | None) -> str:
    return open_items.STEP_WORDS[kind] if kind else ""


class OfStaff(Guarded):
    """Mixin: `self.row`, the practice named by the address, in no consortium today."""

    permission = Permission.SETTLE_MEMBERSHIP

    @cached_property
    def row(self) -> dict[str, Any]:
        user, code = self.request.user, self.kwargs["code"].upper()  # type: ignore[attr-defined]
        found = open_items.rows(user, Moment.now()).filter(code=code).first() if "\0" not in code else None
        if found is None:
            raise Http404(
                "This practice does not count, or is in a consortium today. See its record under “Practices”."
            )
        return unaffiliated.finish(user, Moment.now(), [found])[0]

    @cached_property
    def practice(self) -> Practice:
        return Practice.objects.get(code=self.row["code"])

    @property
    def item(self) -> Item:
        steps = ComplianceStep.objects.visible_to(self.request.user).filter(practice=self.practice)  # type: ignore[attr-defined]
        return item_of(steps.select_related("by"), self.row["since"])

    @property
    def href(self) -> str:
        return f"{LEFT_OUT[1]}{self.row['code']}/"

    @property
    def here(self) -> tuple[str, str]:
        return (self.row["name"] or self.row["code"], self.href)


class LeftOutPractice(OfStaff, TemplateView):
    """One practice: why, the steps with their days and texts, and what can be done next."""

    template_name = "staff/left_out_practice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, item, user = self.row, self.item, self.request.user
        limit = deadline(user, Moment.now())
        return super().get_context_data(
            title=f"{row['name'] or row['code']} is in no consortium",
            crumbs=[LEFT_OUT],
            row=row,
            why=why_words(row, dict(unaffiliated.reason_choices())),
            deadline=deadline_words(limit, clock.today()),
            is_open=row["compliance"] == "open",
            taken=item.taken,
            next=item.next(),
            choices=[rule for rule in STEPS if item.may(rule.kind)],
            steps=STEPS,
            reached=reached(self.practice),
            pct_leads=len(holders("pct_lead", row["pct_code"] or "")),
            **kwargs,
        )


class StaffSayWhy(OfStaff, SayWhy):
    crumbs = (LEFT_OUT,)

    def get_success_url(self) -> str:
        return self.href


class TakeStep(OfStaff, StepPage):
    """A step before allocation: what is written in the letter, and when."""

    template_name = "staff/take_step.html"
    form_class = TakeStepForm
    button = "Record the step"
    done = "The step was recorded"

    @cached_property
    def kind(self) -> ComplianceStepKind:
        kind = self.kwargs["kind"]
        if kind not in ComplianceStepKind.values or kind == ComplianceStepKind.ALLOCATED:
            raise Http404("There is no such step.")
        return ComplianceStepKind(kind)

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def act(self, form: Any) -> None:
        take_step(by=self.request.user, practice=self.practice, kind=self.kind, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return self.href

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rule = BY_KIND[self.kind]
        page = {"title": rule.asks, "crumbs": (LEFT_OUT, self.here), "back": ("Cancel", self.href), "row": self.row}
        to_pct = self.kind == ComplianceStepKind.PCT
        told = len(holders("pct_lead", self.row["pct_code"] or "")) if to_pct else reached(self.practice)
        return super().get_context_data(**page, rule=rule, reached=told, **kwargs)


class Allocate(OfStaff, StepPage):
    """The last step: to which consortium, from which day, and on what legal basis."""

    template_name = "staff/allocate.html"
    form_class = AllocateForm
    button = "Allocate the practice"
    warning = True
    success_url = LEFT_OUT[1]

    @property
    def done(self) -> str:  # type: ignore[override]
        if reached(self.practice):
            return "The practice was allocated, and both sides were written to"
        return "The practice was allocated, and the consortium was written to; nobody at the practice has an address"

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def act(self, form: Any) -> None:
        allocate(by=self.request.user, practice=self.practice, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": "Allocate the practice", "crumbs": (LEFT_OUT, self.here), "back": ("Cancel", self.href)}
        return super().get_context_data(**page, row=self.row, reached=reached(self.practice), **kwargs)

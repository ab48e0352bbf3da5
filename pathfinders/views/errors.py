"""Reported errors, for who answers them: programme staff all of them, a consortium's lead and deputies those of its list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import Http404

from consortia.actions.reporting import pass_on, settle_report
from consortia.models import ErrorReport
from consortia.record_parts import STAFF, RecordPart
from consortia.states import ReportState, steps_from
from pathfinders.forms.practice import OutcomeForm
from pathfinders.views.access import Guarded
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission, may
from registry.filters import CheckedFilters
from registry.pages.tables import Column, ListPage

WAITING = (ReportState.OPEN, ReportState.PASSED_ON)
TAGS = {
    ReportState.OPEN: ("Open", "blue"),
    ReportState.PASSED_ON: ("Passed on", "yellow"),
    ReportState.CORRECTED: ("Corrected", "green"),
    ReportState.UNCHANGED: ("Not changed", "grey"),
}
AGES = ((14, "More than 14 days"), (28, "More than 28 days"))
PASS_ON = "pass_on"
OUTCOMES = {
    "settle_corrected": (ReportState.CORRECTED.value, "It was wrong, and is corrected in the register"),
    "settle_unchanged": (ReportState.UNCHANGED.value, "It stays as it is"),
    PASS_ON: (PASS_ON, "It is passed on to the owner of the data in the NHS"),
}
"""By step of the table: the choice that takes it."""


def part(report: ErrorReport) -> str:
    return RecordPart(report.about).label


def age(report: ErrorReport) -> str:
    """How long it waited, or waits."""
    days = ((report.settled_on or clock.today()) - report.reported_on).days
    return f"{days:,} day{'' if days == 1 else 's'}"


class ErrorFilters(CheckedFilters):
    state = django_filters.ChoiceFilter(label="State", choices=ReportState.choices)
    about = django_filters.ChoiceFilter(label="Part of the record", choices=RecordPart.choices)
    owner = django_filters.ChoiceFilter(
        label="With", choices=[(STAFF, "Programme staff"), ("lead", "A consortium’s lead")], method="by_owner"
    )
    age = django_filters.ChoiceFilter(label="Waiting", choices=AGES, method="by_age")
    q = django_filters.CharFilter(label="Reference or practice code", method="search")

    def by_owner(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(owner=STAFF) if value == STAFF else rows.exclude(owner=STAFF)

    def by_age(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        since = clock.today().toordinal() - int(value)
        return rows.filter(state__in=WAITING, reported_on__lt=clock.today().fromordinal(since))

    def search(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        text = value.strip().upper()
        return rows.filter(Q(ref__contains=text) | Q(practice__code__startswith=text))


class Errors(Guarded, ListPage):
    """Those that wait first, the oldest of them first."""

    title = "Reported errors"
    noun = ("report", "reports")
    filterset_class = ErrorFilters
    key = "ref"
    default_order = (Case(When(state__in=WAITING, then=Value(0)), default=Value(1)), "reported_on")

    def get_columns(self) -> tuple[Column, ...]:
        return (
            Column("ref", "Reference", href=self.request.path + "{ref}/", sort="ref"),
            Column(
                "practice", "Practice", href=lambda r: f"/practices/{r.practice.code}/", show=lambda r: r.practice.code
            ),
            Column("about", "Part of the record", show=part),
            Column("state", "State", kind="tag", tags=TAGS),
            Column("owner", "With", show=lambda r: "Programme staff" if r.owner == STAFF else r.owner),
            Column("reported_on", "Reported", kind="date", sort="reported", order_by="reported_on"),
            Column("age", "Age", show=age),
        )

    def get_queryset(self) -> QuerySet:
        return ErrorReport.objects.visible_to(self.request.user).select_related("practice")


class StaffErrors(Errors):
    permission = Permission.CHANGE_REGISTER


class OneConsortium(OwnConsortium):
    """Mixin: the lead's pages about one consortium."""

    keyword = "consortium"


class LeadErrors(OneConsortium, Errors):
    @property
    def title(self) -> str:  # type: ignore[override]
        return "Reported errors"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(crumbs=self.crumbs, **kwargs)

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().filter(owner=self.consortium.ref)


class Answered(StepPage):
    """One report: what is said to be wrong, what came of it so far, and the form that says what comes of it."""

    template_name = "area/error.html"
    form_class = OutcomeForm
    button = "Send this answer"
    done = "The answer was sent to who reported it"
    kwargs: dict[str, Any]

    def found(self) -> QuerySet:
        return ErrorReport.objects.visible_to(self.request.user)

    above: Sequence[tuple[str, str]] = ()
    """Crumbs above the list."""

    @property
    def listed(self) -> str:
        raise NotImplementedError

    @cached_property
    def report(self) -> ErrorReport:
        rows = self.found().select_related("practice", "reported_by", "settled_by")
        found = rows.filter(ref=self.kwargs["ref"].upper()).first()
        if found is None:
            raise Http404(
                "There is no such report for you to answer. Those there are, are listed under “Reported errors”."
            )
        return found

    def outcomes(self) -> list[tuple[str, str]]:
        taken = [s.name for s in steps_from(ReportState, self.report.state)]
        staff = may(self.request.user, Permission.CHANGE_REGISTER)
        return [OUTCOMES[name] for name in OUTCOMES if name in taken and (staff or name != PASS_ON)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"outcomes": self.outcomes()}

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        outcome, text = form.cleaned_data["outcome"], form.cleaned_data["text"]
        if outcome == PASS_ON:
            pass_on(by=user, report=self.report, text=text)
        else:
            settle_report(by=user, report=self.report, outcome=outcome, text=text)

    def get_success_url(self) -> str:
        return self.listed

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        report = self.report
        return super().get_context_data(
            **{
                "title": f"{report.ref}: {part(report)[:1].lower()}{part(report)[1:]}",
                "report": report,
                "tag": TAGS[ReportState(report.state)],
                "age": age(report),
                "with_staff": report.owner == STAFF,
                "open": bool(self.outcomes()),
                "crumbs": [*self.above, ("Reported errors", self.listed)],
                "back": ("Back to the list", self.listed),
                **kwargs,
            }
        )


class StaffError(Guarded, Answered):
    permission = Permission.CHANGE_REGISTER
    listed = "/staff/errors/"


class LeadError(OneConsortium, Answered):
    def found(self) -> QuerySet:
        return super().found().filter(owner=self.consortium.ref)

    @property
    def listed(self) -> str:
        return f"{self.href}errors/"

    @property
    def above(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return OwnConsortium.crumbs.fget(self)  # type: ignore[attr-defined]

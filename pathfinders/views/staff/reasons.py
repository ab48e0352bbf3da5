"""Reasons for declining, deferring, returning and approving with conditions: added and ended, never reworded."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.utils.html import format_html

from pathfinders.actions import add_reason, end_reason
from pathfinders.forms.vocabulary import KINDS, EndReasonForm, ReasonForm
from pathfinders.models import Reason
from pathfinders.views.access import StaffOnly
from pathfinders.views.shown import OUTSIDE_TAG
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission, may
from registry.filters import CheckedFilters
from registry.pages.forms import long_date
from registry.pages.tables import Column, ListPage

REASONS = ("Reasons", "/staff/reasons/")


class ReasonFilters(CheckedFilters):
    kind = django_filters.ChoiceFilter(label="For", choices=list(KINDS.items()), method="by_kind")
    outside = django_filters.ChoiceFilter(
        label="Published criteria", choices=[("yes", "Outside them"), ("no", "Under them")], method="by_outside"
    )

    def by_kind(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(kinds__contains=[value])

    def by_outside(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        return rows.filter(outside_criteria=value == "yes")


class Reasons(StaffOnly, ListPage):
    title = "Reasons"
    noun = ("reason", "reasons")
    template_name = "staff/reasons.html"
    filterset_class = ReasonFilters
    default_order = ("position",)

    def get_queryset(self) -> QuerySet[Reason]:
        return Reason.objects.visible_to(self.request.user)

    def get_columns(self) -> list[Column]:
        columns = [
            Column("label", "Reason", show=words),
            Column("key", "Code"),
            Column("kinds", "May be given for", show=lambda r: ", ".join(KINDS[k].lower() for k in r.kinds)),
            Column("period", "When", show=when),
        ]
        if may(self.request.user, Permission.EDIT_VOCABULARY):
            columns.append(Column("end", "Change", show=end_link, empty=""))
        return columns

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_edit=may(self.request.user, Permission.EDIT_VOCABULARY), **kwargs)


def words(reason: Reason) -> str:
    tag = format_html(' <strong class="nhsuk-tag nhsuk-tag--orange">{}</strong>', OUTSIDE_TAG)
    return format_html("{}{}", reason.label, tag if reason.outside_criteria else "")


def when(reason: Reason) -> str:
    """The days on which it may be given, the last one included nowhere: "not from" is the first day without it."""
    start, end = reason.period.lower, reason.period.upper
    told = f"From {long_date(start)}" if start else "At all times"
    return f"{told}, not from {long_date(end)} on" if end else told


def end_link(reason: Reason) -> str:
    if reason.period.upper is not None:
        return ""
    hidden = format_html('<span class="nhsuk-u-visually-hidden"> “{}”</span>', reason.label)
    return format_html('<a class="nhsuk-link" href="/staff/reasons/{}/end/">End{}</a>', reason.key, hidden)


class AddReason(StaffOnly, StepPage):
    permission = Permission.EDIT_VOCABULARY
    title = "Add a reason"
    button = "Add the reason"
    form_class = ReasonForm
    back = ("Cancel", "/staff/reasons/")
    crumbs = (REASONS,)
    done = "The reason was added"
    success_url = "/staff/reasons/"

    def get_initial(self) -> dict[str, Any]:
        return {"start": clock.today()}

    def act(self, form: Any) -> None:
        add_reason(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]


class EndReason(StaffOnly, StepPage):
    permission = Permission.EDIT_VOCABULARY
    button = "End the reason"
    form_class = EndReasonForm
    back = ("Cancel", "/staff/reasons/")
    crumbs = (REASONS,)
    done = "The reason was ended"
    success_url = "/staff/reasons/"

    @cached_property
    def reason(self) -> Reason:
        found = Reason.objects.visible_to(self.request.user).filter(key=self.kwargs["key"]).first()
        if found is None:
            raise Http404("There is no such reason. They are listed under “Reasons”.")
        return found

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today()}

    def act(self, form: Any) -> None:
        end_reason(by=self.request.user, reason=self.reason, on=form.cleaned_data["on"])  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"title": f"End “{self.reason.label}”"}

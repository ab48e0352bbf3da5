"""Loading a file of budgets: programme staff of every trust, the lead of a trust of that one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

from pathfinders.forms.budgets import BudgetFileForm
from pathfinders.views.budgets import OfOneTrust
from pathfinders.views.file_page import FilePage
from pathfinders.views.staff.surveys import ForEveryTrust
from practices.models import ParentBody
from registry.files.report import Difference, Report
from registry.files.source import Source
from registry.pages.tables import Column, Table
from transitions.actions.import_budgets import fingerprint, import_budgets
from transitions.budget_file import NAMES, NEEDED, TEMPLATE
from transitions.models import TransitionWord, TransitionWordKind

VERDICTS = {"new": ("New", "green"), "changed": ("Changed", "yellow"), "unchanged": ("As recorded", "grey")}


EXACT = "£0"
"""Of a new row no rounding goes without saying, as do figures that are not stated and an empty note."""


def _said(row: Difference) -> str:
    """A column a line, in one element: a cell is a row of boxes on a narrow screen."""
    told = [
        (name.capitalize(), f"{old or 'nothing'} → " if row.verdict == "changed" else "", new or "nothing")
        for name, old, new in row.columns
        if row.verdict == "changed" or not (new == "" or (name == "rounding" and new == EXACT))
    ]
    return format_html("<div>{}</div>", format_html_join(mark_safe("<br>"), "{}: {}{}", told)) if told else ""


ROWS = (
    Column("line", "Line", kind="number"),
    Column("about", "What it is of"),
    Column("verdict", "What it would do", kind="tag", tags=VERDICTS),
    Column("columns", "What would be said", show=_said, empty="The same as now"),
)


class BudgetFile(FilePage):
    title = "Load a file of budgets"
    template_name = "area/budget_file.html"
    form_class = BudgetFileForm
    noun = ("line", "lines")
    only: ParentBody | None = None
    extra_context = {"needed": NEEDED, "optional": [name for name in NAMES if name not in NEEDED]}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = super().get(request, *args, **kwargs)  # first, since it asks whether the trust is one's own
        if request.GET.get("format") != "csv":
            return page
        headers = {"Content-Disposition": 'attachment; filename="budgets.csv"'}
        return HttpResponse(TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = TransitionWord.objects.visible_to(self.request.user).labels(TransitionWordKind.LINE)
        return super().get_context_data(words=words, **kwargs)

    def load(self, source: Source, *, dry_run: bool, seen: str | None) -> Report:
        return import_budgets(by=self.request.user, path=source, dry_run=dry_run, only=self.only, seen=seen)  # type: ignore[arg-type]

    def told_of(self, report: Report, form: Any) -> dict[str, Any]:
        found = super().told_of(report, form)
        rows = report.differences
        found["rows"] = Table(ROWS, rows, "What each row would do") if rows and report.same_as is None else None
        if found["carried"]:
            found["carried"]["seen"] = fingerprint(report)
        return found


class OfEveryTrust(ForEveryTrust, BudgetFile):
    crumbs = (("Transitions", "/staff/transitions/"),)
    back = ("Cancel", "/staff/transitions/")
    success_url = "/staff/transitions/"


class OfOwnTrust(OfOneTrust, BudgetFile):
    @property
    def only(self) -> ParentBody:  # type: ignore[override]
        return self.pct

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

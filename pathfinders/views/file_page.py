"""A page that loads a file: first what it would do is shown, then the same file is written by a second button."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.files.report import Report
from registry.files.source import Source
from registry.pages.forms import add_refusal
from registry.pages.tables import Column, Table

REFUSED = (
    Column("line", "Line", kind="number"),
    Column("column", "Column"),
    Column("value", "It says"),
    Column("message", "What is wrong"),
)


class FilePage(StepPage):
    """`load` calls the action, which checks the file anew when it writes. `noun`: what the file holds, one and many."""

    button = "Check the file"
    noun = ("row", "rows")

    def load(self, source: Source, *, dry_run: bool, seen: str | None) -> Report:
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        write, source = "write" in self.request.POST, form.cleaned_data["source"]
        try:
            report = self.load(source, dry_run=not write, seen=form.cleaned_data["seen"] or None)
        except Refused as refused:
            add_refusal(form, refused)
            again = self.told_of(self.load(source, dry_run=True, seen=None), form) if refused.status == 412 else {}
            return self.render_to_response(self.get_context_data(form=form, **again), status=refused.status)
        if write and not report.stopped:
            done = report.new + report.changed
            were = "was" if done == 1 else "were"
            messages.success(self.request, f"{done:,} {self.noun[done != 1]} {were} loaded")
            return HttpResponseRedirect(self.get_success_url())
        told = self.told_of(report, form)
        if report.stopped:
            wrong = len(report.refused)
            problems = "the problem" if wrong == 1 else f"the {wrong:,} problems"
            form.add_error("file", f"{source.name} cannot be loaded: put {problems} listed right and choose it again")
            return self.render_to_response(self.get_context_data(form=form, **told), status=422)
        return self.render_to_response(self.get_context_data(form=self.form_class(), **told))

    def told_of(self, report: Report, form: Any) -> dict[str, Any]:
        """The report for the page; the file again where it can be written."""
        refused = [row._asdict() for row in sorted(report.refused)]
        writes = report.new + report.changed
        changes = writes > 0 and report.same_as is None
        return {
            "report": report,
            "refused": Table(REFUSED, refused, "Rows that cannot be loaded") if refused else None,
            "carried": form.carried() if changes and not refused else None,
            "noun": self.noun[writes != 1],
            "writes": writes,
        }

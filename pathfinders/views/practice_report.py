"""What a manager says of the practice to others: that its record is wrong, and why it is in no consortium."""

from __future__ import annotations

from typing import Any

from consortia.actions.reporting import report_error
from consortia.models import WordKind
from consortia.record_parts import STAFF
from consortia.words import choices
from pathfinders.forms.practice import ReportForm, WhyLeftOutForm
from pathfinders.views.practice_base import HOME, OwnPractice
from pathfinders.views.steps import StepPage


class Report(OwnPractice, StepPage):
    template_name = "area/report.html"
    form_class = ReportForm
    title = "Report an error in the record"
    button = "Report it"
    back = ("Cancel", HOME[1])

    def get_initial(self) -> dict[str, Any]:
        return {"about": self.request.GET.get("about", "")[:20]}

    def act(self, form: Any) -> None:
        report = report_error(by=self.request.user, practice=self.practice, **form.cleaned_data)
        whose = "programme staff" if report.owner == STAFF else f"the lead of {report.owner}"
        self.done = f"Your report was sent. Its reference is {report.ref}; it is with {whose}"


class WhyLeftOut(OwnPractice, StepPage):
    """Why the practice is in no consortium, in its own word."""

    form_class = WhyLeftOutForm
    title = "Why your practice is in no consortium"
    button = "Record this"
    done = "It was recorded, and is public"
    back = ("Cancel", HOME[1])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reasons": choices(WordKind.LEFT_OUT)}

    def act(self, form: Any) -> None:
        from consortia.actions.left_out import say_why_left_out

        say_why_left_out(by=self.request.user, practice=self.practice, reason=form.cleaned_data["reason"])

"""Why a practice is in no consortium, said by the lead of its PCT or by its own manager."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404
from django.views.generic import TemplateView

from consortia.actions.left_out import say_why_left_out
from pathfinders.forms.left_out import WhyForm
from pathfinders.reads import unaffiliated
from pathfinders.views.access import Guarded
from pathfinders.views.public.deadline import deadline_words
from pathfinders.views.public.practices import NAME, PATIENTS
from pathfinders.views.public.unaffiliated import why_words
from pathfinders.views.steps import StepPage
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, objects_of
from registry.errors import not_allowed
from registry.moment import Moment
from registry.pages.tables import Column, Table
from transitions.milestones import deadline

HOME = ("Left out", "/pct/left-out/")


class OfTheTrust(Guarded):
    """Mixin: `own()`, the practices in no consortium today under the PCTs that the user leads."""

    permission = Permission.SAY_WHY_LEFT_OUT

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not objects_of(request.user, "pct_lead"):
            raise not_allowed("You lead no PCT. Programme staff find the practices in none under “Left out”.")
        return super().dispatch(request, *args, **kwargs)

    def own(self) -> Any:
        user = self.request.user  # type: ignore[attr-defined]
        return unaffiliated.rows(user, Moment.now()).filter(pct_code__in=objects_of(user, "pct_lead"))


class LeftOutOfTheTrust(OfTheTrust, TemplateView):
    template_name = "area/left_out.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words, user = dict(unaffiliated.reason_choices()), self.request.user
        rows = list(self.own().order_by("code"))
        columns = (
            Column("code", "Practice", href="/pct/left-out/{code}/"),
            NAME,
            PATIENTS,
            Column("reason", "Why", show=lambda row: why_words(row, words)),
        )
        limit = deadline(user, Moment.now())
        return super().get_context_data(
            title="Practices of your PCT in no consortium",
            crumbs=[("PCT", "/pct/")],
            count=len(rows),
            unasked=sum(row["reason"] == unaffiliated.NOT_ASKED for row in rows),
            deadline=deadline_words(limit, clock.today()),
            table=Table(columns, rows, "Practices in no consortium", caption_spoken=True) if rows else None,
            **kwargs,
        )


class SayWhy(StepPage):
    """The form; `self.row` is the practice, in no consortium today."""

    template_name = "area/say_why.html"
    form_class = WhyForm
    button = "Record why"
    done = "The reason was recorded"
    row: Any

    def get_initial(self) -> dict[str, Any]:
        known = {} if self.row["reason"] == unaffiliated.NOT_ASKED else {"reason": self.row["reason"]}
        return {"on": clock.today(), **known}

    def act(self, form: Any) -> None:
        practice = Practice.objects.get(code=self.row["code"])
        say_why_left_out(by=self.request.user, practice=practice, **form.cleaned_data)  # type: ignore[arg-type]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {
            "title": f"Why is {self.row['name'] or self.row['code']} in no consortium?",
            "back": ("Cancel", self.get_success_url()),
            "why": why_words(self.row, dict(unaffiliated.reason_choices())),
        }
        return super().get_context_data(**page, row=self.row, **kwargs)


class TrustSaysWhy(OfTheTrust, SayWhy):
    crumbs = (HOME,)

    @cached_property
    def row(self) -> dict[str, Any]:  # type: ignore[override]
        return found_or_404(self.own(), self.kwargs["code"])

    def get_success_url(self) -> str:
        return HOME[1]


class PracticeSaysWhy(Guarded, SayWhy):
    """The practice's own manager."""

    permission = Permission.KEEP_PRACTICE
    crumbs = (("Practice", "/practice/"),)

    @cached_property
    def row(self) -> dict[str, Any]:  # type: ignore[override]
        user = self.request.user
        own = unaffiliated.rows(user, Moment.now()).filter(code__in=objects_of(user, "practice_manager"))  # type: ignore[arg-type]
        return found_or_404(own, self.kwargs["code"])

    def get_success_url(self) -> str:
        return "/practice/"


def found_or_404(rows: Any, code: str) -> dict[str, Any]:
    found = rows.filter(code=code.upper()).first() if "\0" not in code else None
    if found is None:
        raise Http404("You have no such practice in no consortium today. It may be in one by now: see its record.")
    return found

"""Surveys for programme staff: the list, a new one, its versions and counts, answers by hand and from a file."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.views.generic import TemplateView

from pathfinders.forms.surveys import AnswersFileForm, ChangeSurveyForm, CountsForm, SurveyForm
from pathfinders.reads import surveys
from pathfinders.views.access import Guarded
from pathfinders.views.file_page import FilePage
from pathfinders.views.public.transition.surveys import ANSWER_TAGS, NOT_KNOWN, beside, results_table, when
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission
from registry.files.report import Report
from registry.files.source import Source
from registry.moment import Moment
from registry.pages.tables import Column, ListPage, Table
from transitions.actions import change_survey, import_answers, record_survey, report_counts
from transitions.actions.survey_checks import newest_of
from transitions.models import Survey, SurveyReply
from transitions.models.survey import Asked
from transitions.permissions import require_everywhere

LIST = ("Surveys", "/staff/surveys/")


class ForEveryTrust(Guarded):
    """Mixin, first in the bases: pages of who records the transition of every trust."""

    permission = Permission.KEEP_TRANSITION

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_everywhere(request.user)
        return super().dispatch(request, *args, **kwargs)


class Surveys(ForEveryTrust, ListPage):
    title = "Surveys"
    noun = ("survey", "surveys")
    template_name = "staff/surveys/list.html"
    key = "ref"
    columns = (
        Column("ref", "Reference", href="/staff/surveys/{ref}/", sort="ref"),
        Column("title", "Survey"),
        Column("asked_of", "Asked", show=lambda row: Asked(row["asked_of"]).label),
        Column("day", "On", kind="date", sort="day"),
        Column("ends", "Asks until", kind="date", empty="not said"),
        Column("sentence", "Said yes"),
    )

    def get_queryset(self) -> QuerySet:
        return surveys.rows(self.request.user, Moment.now())

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        paginator, page, _, other = super().paginate_queryset(queryset, page_size)
        page.object_list = surveys.finish(self.request.user, Moment.now(), list(page.object_list))
        return paginator, page, page.object_list, other


class NewSurvey(ForEveryTrust, StepPage):
    title = "Record a survey"
    button = "Record it"
    form_class = SurveyForm
    crumbs = (LIST,)
    back = ("Cancel", LIST[1])
    done = "The survey was recorded. Record next how many gave each answer, or who answered what."
    made: Survey

    def get_initial(self) -> dict[str, Any]:
        return {"known_from": clock.today()}

    def act(self, form: Any) -> None:
        self.made = record_survey(by=self.request.user, source=form.evidence(), **form.own_data())  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"{LIST[1]}{self.made.ref}/"


class OfSurvey(ForEveryTrust):
    """Mixin: `self.row`, the survey named by the address as it is read today, and `self.survey`."""

    @cached_property
    def row(self) -> dict[str, Any]:
        found = surveys.one(self.request.user, Moment.now(), self.kwargs["ref"])  # type: ignore[attr-defined]
        if found is None:
            raise Http404("There is no such survey. They are listed under “Surveys”.")
        return found

    @cached_property
    def survey(self) -> Survey:
        return Survey.objects.get(pk=self.row["survey_id"])

    @property
    def href(self) -> str:
        return f"{LIST[1]}{self.row['ref']}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [LIST, (self.row["title"], self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

    def current(self) -> int:
        self.__dict__.pop("row", None)
        return newest_of(self.survey)


class SurveyPage(OfSurvey, TemplateView):
    """What is recorded of it, and every trust with its answer."""

    template_name = "staff/surveys/survey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row, user = self.row, self.request.user
        columns = (
            Column("code", "Code", href=f"{self.href}answers/{{code}}/"),
            Column("name", "Trust", empty="Name not known"),
            Column("sha_name", "Strategic health authority"),
            Column("answer", "Answer", kind="tag", tags=ANSWER_TAGS, empty=NOT_KNOWN),
            Column("words", "In its words"),
        )
        trusts = list(surveys.answers(user, Moment.now(), row).order_by("answer", "code"))
        return super().get_context_data(
            title=row["title"],
            crumbs=[LIST],
            survey=row,
            asked_label=Asked(row["asked_of"]).label,
            when=when(row),
            results=results_table(row),
            beside=beside(row),
            by_name=row["asked_of"] == Asked.TRUSTS,
            trusts=Table(columns, trusts, "Trusts", caption_spoken=True) if trusts else None,
            **kwargs,
        )


class ChangeSurvey(OfSurvey, StepPage):
    title = "Change the survey"
    form_class = ChangeSurveyForm
    done = "The survey was changed"
    refusal_fields = {"answer": "replied"}

    def get_initial(self) -> dict[str, Any]:
        own = ("title", "question", "asked_of", "asked", "replied", "begins", "ends", "words", "known_from")
        told = {name: self.row[name] for name in own}
        return told | {"evidence_ref": self.row["evidence_ref"], "version": newest_of(self.survey)}

    def act(self, form: Any) -> None:
        data = form.own_data()
        seen = data.pop("version")
        change_survey(by=self.request.user, survey=self.survey, source=form.evidence(), seen=seen, **data)  # type: ignore[arg-type]


class Counts(OfSurvey, StepPage):
    title = "How many gave each answer, as the source reports"
    form_class = CountsForm
    done = "The counts were recorded"
    refusal_fields = {"answer": "", "replied": ""}

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {"known_from": self.row["known_from"], "version": newest_of(self.survey)}
        now = self.survey.counts.at(Moment.now())  # type: ignore[attr-defined]
        for answer, count, share in now.values_list("answer", "count", "share_words"):
            initial |= {f"count_{answer}": count, f"share_{answer}": share}
        return initial

    def act(self, form: Any) -> None:
        data = {name: form.cleaned_data[name] for name in ("known_from", "why", "correction")}
        seen = form.cleaned_data["version"]
        report_counts(by=self.request.user, survey=self.survey, counts=form.counts(), seen=seen, **data)  # type: ignore[arg-type]


class ImportAnswers(OfSurvey, FilePage):
    permission = Permission.IMPORT_FILES
    title = "Load a file of answers"
    template_name = "staff/surveys/import.html"
    form_class = AnswersFileForm
    noun = ("answer", "answers")
    extra_context = {"answer_words": ", ".join(reply.label.lower() for reply in SurveyReply)}

    def load(self, source: Source, *, dry_run: bool, seen: str | None) -> Report:
        return import_answers(by=self.request.user, path=source, survey=self.survey, dry_run=dry_run)  # type: ignore[arg-type]

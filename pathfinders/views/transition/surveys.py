"""What a trust answers to a survey: by its own lead, or by programme staff for any."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from pathfinders.forms.surveys import REMOVE, AnswerForm
from pathfinders.reads import surveys
from pathfinders.views.access import Guarded
from pathfinders.views.staff.surveys import OfSurvey
from pathfinders.views.steps import StepPage
from practices.models import ParentBody
from registry import clock
from registry.authorization import Permission
from registry.moment import Moment
from transitions.actions import answer_survey, clear_answer
from transitions.actions.survey_checks import newest_of
from transitions.models import Survey
from transitions.models.survey import Asked
from transitions.permissions import require_transition_keeper


class Answering(StepPage):
    """The form; `self.row` is the survey, `self.code` the trust's."""

    template_name = "staff/surveys/answer.html"
    form_class = AnswerForm
    button = "Save the answer"
    done = "The answer was saved; everybody can read it"
    row: Any
    survey: Any

    @cached_property
    def pct(self) -> ParentBody:
        return ParentBody.objects.get(code=self.trust["code"])

    @cached_property
    def trust(self) -> dict[str, Any]:
        """The trust's row of the survey. Of GPs and practices there is none."""
        code = self.kwargs["code"].upper()
        rows = surveys.answers(self.request.user, Moment.now(), self.row)
        found = rows.filter(code=code).first() if "\0" not in code else None
        if found is None:
            raise Http404("This survey asked no such trust: it asked others, or there was none of that code then.")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Answer of {self.trust['name'] or self.trust['code']}"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"stands": self.trust["answer"] is not None}

    def get_initial(self) -> dict[str, Any]:
        told = self.trust
        on = told["answered_on"] or min(self.row["ends"] or clock.today(), clock.today())
        return {"answer": told["answer"], "words": told["words"], "on": on, "version": self._version()}

    def _version(self) -> int:
        return newest_of(self.survey, self.pct)

    def current(self) -> int:
        self.__dict__.pop("trust", None)
        return self._version()

    def act(self, form: Any) -> None:
        data = dict(form.cleaned_data)
        which: dict[str, Any] = {"by": self.request.user, "survey": self.survey, "pct": self.pct}
        which["seen"] = data.pop("version")
        if data["answer"] == REMOVE:
            clear_answer(why=data["why"], **which)
        else:
            answer_survey(**data, **which)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(survey=self.row, trust=self.trust, **kwargs)


class AnswerForTrust(OfSurvey, Answering):
    """Staff, for any trust."""

    def current(self) -> int:
        return Answering.current(self)


class OwnAnswer(Guarded, Answering):
    """The lead of the trust."""

    permission = Permission.KEEP_TRANSITION
    crumbs = (("PCT", "/pct/"),)
    back = ("Cancel", "/pct/")
    success_url = "/pct/"

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"own": True}

    @cached_property
    def row(self) -> dict[str, Any]:  # type: ignore[override]
        code = self.kwargs["code"].upper()
        body = ParentBody.objects.filter(code=code).first() if "\0" not in code else None
        if body is None:
            raise Http404(f"There is no trust {code[:10]}.")
        require_transition_keeper(self.request.user, body)
        found = surveys.one(self.request.user, Moment.now(), self.kwargs["ref"])
        if found is None or found["asked_of"] != Asked.TRUSTS:
            raise Http404("There is no such survey of trusts. See “Surveys”.")
        return found

    @cached_property
    def survey(self) -> Survey:  # type: ignore[override]
        return Survey.objects.get(pk=self.row["survey_id"])

"""An administrator erases who answered for a practice and what they wrote; what was answered stays."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.actions.erasing_words import erase_answer_words
from consortia.models import MembershipAnswer
from pathfinders.forms.answering import EraseForm
from pathfinders.views.access import Guarded
from pathfinders.views.public.answer import told_of
from pathfinders.views.steps import StepPage
from registry.authorization import Permission


class EraseWords(Guarded, StepPage):
    permission = Permission.MANAGE_USERS
    template_name = "staff/erase_answer.html"
    form_class = EraseForm
    title = "Erase who answered, and what they wrote"
    button = "Erase"
    warning = True
    done = "Who answered and what they wrote is erased"
    crumbs = (("Staff", "/staff/"),)
    back = ("Cancel", "/staff/")

    @cached_property
    def answer(self) -> MembershipAnswer:
        rows = MembershipAnswer.objects.visible_to(self.request.user).select_related("practice", "consortium")
        found = rows.filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404("There is no such answer.")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**told_of(self.answer), **kwargs)

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        erase_answer_words(by=user, answer=self.answer, reason=form.cleaned_data["reason"])

    def get_success_url(self) -> str:
        return "/staff/"

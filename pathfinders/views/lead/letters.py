"""Printed letters to practices: chosen, then one to a page for the printer, each with its code."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.views.generic import TemplateView

from consortia.actions.asking import print_letters
from consortia.letter_codes import in_groups
from consortia.models import Channel, ConfirmationRequest
from consortia.naming import places
from consortia.questions import Verdict, prepared
from consortia.states import RequestState
from consortia.wording import DAYS_TO_TAKE_BACK
from pathfinders.reads import asking as read
from pathfinders.views.lead.kept import KeeperOnly
from pathfinders.views.steps import StepPage
from registry import clock


class LettersForm(forms.Form):
    practices = forms.MultipleChoiceField(
        label="Practices to write to",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Select at least one practice"},
    )


class ChooseLetters(KeeperOnly, StepPage):
    """Which members are sent a printed letter; those without an e-mail address are ticked."""

    template_name = "lead/letters.html"
    form_class = LettersForm
    title = "Printed letters"
    button = "Make the letters"

    @cached_property
    def members(self) -> list[read.Member]:
        return read.members(self.request.user, self.consortium)

    @cached_property
    def able(self) -> dict[str, Any]:
        """Members by code that a letter can be printed for."""
        practices = [m.question.practice for m in self.members]
        rows = prepared(self.consortium, practices, Channel.LETTER) if practices else []
        return {r.practice.code: r.practice for r in rows if r.verdict in (Verdict.READY, Verdict.OPEN)}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        names = {m.code: m.place.name for m in self.members}
        form.fields["practices"].choices = [(code, f"{names[code]} ({code})") for code in self.able]
        return form

    def get_initial(self) -> dict[str, Any]:
        return {"practices": [p.code for p in read.without_address(self.members)]}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=self.crumbs,
            back=("Back to asking", self.asking_path),
            able=self.able,
            open=open_letters(self.request.user, self.consortium).count(),
            **kwargs,
        )

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        chosen = [self.able[code] for code in form.cleaned_data["practices"]]
        print_letters(by=user, consortium=self.consortium, practices=chosen)

    def get_success_url(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/letters/print/"


class PrintLetters(KeeperOnly, TemplateView):
    """The letters that are open, one to a printed page."""

    template_name = "lead/letters_print.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(
            open_letters(self.request.user, self.consortium).select_related("practice").order_by("practice__code")
        )
        named = places([r.practice_id for r in rows], clock.today())
        letters = [(r, named.get(r.practice_id), in_groups(r.code)) for r in rows]
        return super().get_context_data(
            title="Letters to print",
            crumbs=self.crumbs,
            letters=letters,
            consortium=self.consortium,
            group=self.group,
            days=DAYS_TO_TAKE_BACK,
            address=f"{settings.PUBLIC_URL}/answer/",
            today=clock.today(),
            **kwargs,
        )


def open_letters(user: Any, consortium: Any) -> Any:
    return ConfirmationRequest.objects.visible_to(user).filter(
        consortium=consortium,
        channel=Channel.LETTER,
        state=RequestState.OPEN,
        transfer=None,
        expires_on__gte=clock.today(),
    )

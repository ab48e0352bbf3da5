"""A page with a form that takes one step on a bid or a wave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect

from registry.errors import Refused
from registry.pages.forms import add_refusal, long_date
from registry.pages.views import FormPage


class StepPage(FormPage):
    """`act(form)` calls the action; the form's hidden `version` is the one that the person saw.

    Refused as stale (412), the page keeps what was typed, shows what is saved now beside it, and takes up the new
    version: sending the form again is then a choice made with open eyes. `current()` reads the row again and gives
    its version.
    """

    template_name = "ui/form_page.html"
    title = ""
    button = "Save"
    warning = False
    done = ""
    back: tuple[str, str] = ("", "")
    crumbs: Sequence[tuple[str, str]] = ()

    def current(self) -> int | None:
        return None

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.act(form)
        except Refused as refused:
            return self.refused(form, refused)
        if self.done:
            messages.success(self.request, self.done)
        return HttpResponseRedirect(self.get_success_url())

    def refused(self, form: Any, refused: Refused) -> HttpResponse:
        add_refusal(form, refused, self.refusal_fields)
        saved = self.saved_now(form) if refused.status == 412 else []
        return self.render_to_response(self.get_context_data(form=form, saved_now=saved), status=refused.status)

    def saved_now(self, form: forms.Form) -> list[tuple[str, Any]]:
        """Take up the newest version; (label, value) of what is saved and differs from what was typed."""
        version = self.current()
        if version is None:
            return []
        data = self.request.POST.copy()
        data["version"] = str(version)
        form.data = data
        saved: list[tuple[str, Any]] = []
        for name, value in self.stands_now(form).items():
            field, typed = form.fields.get(name), form.cleaned_data.get(name, value)
            same = value == typed or str(value) == str(typed)  # a body, and its reference
            if field is not None and not field.widget.is_hidden and not same:
                saved.append((str(field.label), self._said(field, value)))
        return saved

    def stands_now(self, form: forms.Form) -> dict[str, Any]:
        """What is saved, by the form's fields. A form drawn with choices of how to save says here what are facts."""
        return self.get_initial()

    @staticmethod
    def _said(field: forms.Field, value: Any) -> str:
        """A saved value as a person says it."""
        if isinstance(value, bool):
            return "Yes" if value else "No"
        if isinstance(value, date):
            return long_date(value)
        labels = dict(getattr(field, "choices", []))
        values = value if isinstance(value, list) else [value]
        return ", ".join(str(labels.get(v, v)) for v in values if v not in (None, "")) or "Nothing"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {
            "title": self.title,
            "button": self.button,
            "warning": self.warning,
            "back": self.back,
            "crumbs": self.crumbs,
        }
        return super().get_context_data(**{**page, **kwargs})

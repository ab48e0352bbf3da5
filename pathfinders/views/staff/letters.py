"""The words of the letters: a template a step, with its placeholders, an example of it, and every earlier version."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.views.generic import TemplateView

from pathfinders.actions import save_template
from pathfinders.forms.vocabulary import TemplateForm
from pathfinders.letters import MUST_HOLD, STEPS, Step, current_words, example, known_placeholders
from pathfinders.models import LetterTemplate
from pathfinders.views.access import StaffOnly
from pathfinders.views.steps import StepPage
from registry.authorization import Permission, may
from registry.pages.tables import Column, Table

LETTERS = ("Letters", "/staff/letters/")


class Letters(StaffOnly, TemplateView):
    template_name = "staff/letters.html"
    columns = (
        Column("label", "Letter", href="/staff/letters/{step}/"),
        Column("subject", "Subject"),
        Column("version", "Words", show=lambda row: f"Version {row['version']}" if row["version"] else "As built in"),
        Column("saved_by", "Saved by", empty="–"),
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        saved = {t.step: t for t in LetterTemplate.objects.select_related("saved_by").order_by("version")}
        rows = [
            {
                "step": step,
                "label": told.label,
                "subject": saved[step].subject if step in saved else told.subject,
                "version": saved[step].version if step in saved else 0,
                "saved_by": str(saved[step].saved_by) if step in saved else "",
            }
            for step, told in STEPS.items()
        ]
        table = Table(self.columns, rows, "Letters", caption_spoken=True)
        return super().get_context_data(title="Letters", table=table, **kwargs)


class LetterWords(StaffOnly, StepPage):
    """Read by all staff; edited by those who may. `show` tries the words on an example and saves nothing."""

    template_name = "staff/letter_words.html"
    form_class = TemplateForm
    button = "Save as the next version"
    done = "The letter was saved; it is used from now on"
    crumbs = (LETTERS,)
    back = ("Cancel", "/staff/letters/")

    @property
    def step(self) -> Step:
        if self.kwargs["step"] not in STEPS:
            raise Http404("There is no such letter. They are listed under “Letters”.")
        return STEPS[self.kwargs["step"]]

    def versions(self) -> list[LetterTemplate]:
        mine = LetterTemplate.objects.filter(step=self.kwargs["step"]).select_related("saved_by")
        return list(mine.order_by("-version"))

    def get_initial(self) -> dict[str, Any]:
        versions = self.versions()
        subject, body = current_words(self.kwargs["step"])
        return {"subject": subject, "body": body, "after": versions[0].version if versions else 0}

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        if "show" not in self.request.POST or not may(self.request.user, Permission.EDIT_VOCABULARY):
            return super().post(*args, **kwargs)
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        return self.render_to_response(self.get_context_data(form=form, tried=True))

    def act(self, form: Any) -> None:
        save_template(by=self.request.user, step=self.kwargs["step"], **form.cleaned_data)  # type: ignore[arg-type]

    def saved_now(self, form: Any) -> list[tuple[str, Any]]:
        """Somebody saved another version: it stands above what was typed, and sending again follows it."""
        versions = self.versions()
        data = self.request.POST.copy()
        data["after"] = str(versions[0].version if versions else 0)
        form.data = data
        return [("Subject", versions[0].subject), ("Letter", versions[0].body)] if versions else []

    def get_success_url(self) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        step, name = self.step, self.kwargs["step"]
        context = super().get_context_data(**kwargs)
        subject, body = current_words(name)
        if context.get("tried"):
            subject, body = context["form"].cleaned_data["subject"], context["form"].cleaned_data["body"]
        return context | {
            "title": step.label,
            "may_edit": may(self.request.user, Permission.EDIT_VOCABULARY),
            "placeholders": [(f"{{{k}}}", says, k in MUST_HOLD) for k, says in known_placeholders(name).items()],
            "example": example(subject, body),
            "versions": self.versions(),
            "built_in": step,
        }

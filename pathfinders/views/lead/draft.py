"""The steps of a draft that are one form each: details, partners, evidence with its files."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404

from pathfinders.actions import answer_criterion, attach, edit_bid, remove_attachment
from pathfinders.forms.lead import AnswerForm, DetailsForm, PartnersForm
from pathfinders.models import Attachment, Criterion
from pathfinders.views.lead.home import DraftPage


class Details(DraftPage):
    title = "Name, form and date"
    form_class = DetailsForm
    done = "The details were saved"

    def get_initial(self) -> dict[str, Any]:
        names = ("name", "form", "as_at", "agrees_to_be_named")
        return super().get_initial() | {name: getattr(self.bid, name) for name in names}

    def get_form(self, form_class: Any = None) -> Any:
        """A bid's date is fixed once it is submitted."""
        form = super().get_form(form_class)
        if self.bid.submitted_on:
            del form.fields["as_at"]
        return form

    def act(self, form: Any) -> None:
        edit_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Partners(DraftPage):
    title = "Partners and support needed"
    form_class = PartnersForm
    done = "What you wrote was saved"

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"partners": self.bid.partners}

    def act(self, form: Any) -> None:
        edit_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Evidence(DraftPage):
    """The bid's answer on one criterion, and its files. Whichever button is pressed, what was typed is saved too."""

    form_class = AnswerForm
    template_name = "lead/evidence.html"
    button = "Save and continue"

    @property
    def criterion(self) -> Criterion:
        for criterion in self.bid.asked():
            if criterion.name_in_bid == self.kwargs["criterion"]:
                return criterion
        raise Http404("That is not among the criteria that this bid answers.")

    @property
    def refusal_fields(self) -> dict[str, str]:  # type: ignore[override]
        return {self.kwargs["criterion"]: "text"}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["text"].label = self.criterion.question
        return form

    def get_initial(self) -> dict[str, Any]:
        answer = self.bid.answers.visible_to(self.request.user).filter(criterion=self.criterion).first()
        return super().get_initial() | {"text": answer.text if answer else ""}

    @property
    def files(self) -> list[Attachment]:
        return list(self.bid.attachments.visible_to(self.request.user).filter(criterion=self.criterion))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"title": self.criterion.title, "files": self.files, "files_at": f"{self.href}files/"}
        return super().get_context_data(**kwargs) | told

    def act(self, form: Any) -> None:
        """The file first: where it is refused nothing is saved, and the form comes back as it was."""
        version, file = form.cleaned_data["version"], form.cleaned_data["file"]
        told: dict[str, Any] = {"by": self.request.user, "bid": self.bid}
        criterion = self.kwargs["criterion"]
        if file:
            bid = attach(**told, version=version, criterion=criterion, name=file.name, file=file)
            version = bid.lead_version
            messages.success(self.request, f"“{file.name}” was attached")
        if self.taken_out:
            version = remove_attachment(**told, version=version, attachment=int(self.taken_out)).lead_version
            messages.success(self.request, "The file was taken out")
        answer_criterion(**told, version=version, criterion=criterion, text=form.cleaned_data["text"])

    @property
    def taken_out(self) -> str:
        number = self.request.POST.get("remove", "")
        return number if number.isascii() and number.isdigit() and len(number) < 16 else ""

    def get_success_url(self) -> str:
        """This page again after a file; the next criterion, or the task list after the last."""
        if self.taken_out or "attach" in self.request.POST:
            return self.request.path
        names = [c.name_in_bid for c in self.bid.asked()]
        after = names[names.index(self.kwargs["criterion"]) + 1 :]
        return f"{self.href}evidence/{after[0]}/" if after else self.href

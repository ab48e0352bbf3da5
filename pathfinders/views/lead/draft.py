"""The steps of a draft, but for its practices: details, consortia, evidence."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse

from pathfinders.actions import answer_criterion, edit_bid, set_consortia
from pathfinders.forms.lead import AnswerForm, ConsortiumRows, DetailsForm, Versioned
from pathfinders.models import Criterion
from pathfinders.views.lead.home import DraftPage


class Details(DraftPage):
    title = "Name, form and date"
    form_class = DetailsForm
    done = "The details were saved"

    def get_initial(self) -> dict[str, Any]:
        names = ("name", "form", "as_at", "agrees_to_be_named")
        return super().get_initial() | {name: getattr(self.bid, name) for name in names}

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.bid.submitted_on:  # returned: its date stays
            del form.fields["as_at"]
        return form

    def act(self, form: Any) -> None:
        edit_bid(by=self.request.user, bid=self.bid, **form.cleaned_data)  # type: ignore[arg-type]


class Consortia(DraftPage):
    """The consortia in the bid: a row each, with a button for another row that works without a script."""

    title = "Consortia in the bid"
    template_name = "lead/consortia.html"
    form_class = Versioned
    done = "The consortia were saved"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("rows", None) or ConsortiumRows(initial=self.shown_rows(), prefix="c")
        return super().get_context_data(rows=rows, **kwargs)

    def shown_rows(self) -> list[dict[str, str]]:
        """What was typed, where something was; otherwise what is saved."""
        if hasattr(self, "typed"):
            return [*self.typed, {}] if "another" in self.request.POST else self.typed
        return self.saved_rows()

    def saved_rows(self) -> list[dict[str, str]]:
        saved = self.bid.consortia.visible_to(self.request.user).order_by("position")
        return [{"name": c.name, "form": c.form} for c in saved] or [{"name": self.bid.name, "form": self.bid.form}]

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = ConsortiumRows(self.request.POST, prefix="c")
        form = self.get_form()
        if not (rows.is_valid() and form.is_valid()):
            context = self.get_context_data(form=form, rows=rows, has_errors=True)
            return self.render_to_response(context, status=422)
        self.typed = [{k: row.get(k, "") for k in ("name", "form")} for row in rows.cleaned_data]
        if "another" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form)

    def act(self, form: Any) -> None:
        filled = [row for row in self.typed if row["name"].strip() or row["form"].strip()]
        set_consortia(
            by=self.request.user,  # type: ignore[arg-type]
            bid=self.bid,
            version=form.cleaned_data["version"],
            consortia=filled,
        )

    def saved_now(self, form: Any) -> list[tuple[str, Any]]:
        super().saved_now(form)
        return [("Consortia", "\n".join(row["name"] for row in self.saved_rows()))]


class Evidence(DraftPage):
    """The bid's answer on one criterion."""

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"title": self.criterion.title}

    def act(self, form: Any) -> None:
        answer_criterion(
            by=self.request.user,  # type: ignore[arg-type]
            bid=self.bid,
            criterion=self.kwargs["criterion"],
            **form.cleaned_data,
        )

    def get_success_url(self) -> str:
        """The next criterion, or the task list after the last."""
        names = [c.name_in_bid for c in self.bid.asked()]
        after = names[names.index(self.kwargs["criterion"]) + 1 :]
        return f"{self.href}evidence/{after[0]}/" if after else self.href

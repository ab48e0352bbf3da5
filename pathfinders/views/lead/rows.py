"""The steps of a draft that are several rows alike: consortia, leaders."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse

from pathfinders.actions import set_consortia, set_leaders
from pathfinders.forms.lead import ConsortiumRows, LeaderRows, Versioned
from pathfinders.views.lead.home import DraftPage


class RowsPage(DraftPage):
    """A row each, with a button for another row that works without a script. An empty row is not saved."""

    form_class = Versioned
    rows_class: ClassVar[type[forms.BaseFormSet]]
    prefix_of_rows: ClassVar[str]
    columns: ClassVar[tuple[str, ...]]
    filled_by: ClassVar[tuple[str, ...]]
    """The columns of which one is filled in a row that is not empty."""

    def saved_rows(self) -> list[dict[str, Any]]:
        raise NotImplementedError

    def save(self, rows: list[dict[str, Any]], version: int) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = kwargs.pop("rows", None) or self.rows_class(initial=self.shown_rows(), prefix=self.prefix_of_rows)
        return super().get_context_data(rows=rows, **kwargs)

    def shown_rows(self) -> list[dict[str, Any]]:
        """What was typed, where something was; otherwise what is saved."""
        if hasattr(self, "typed"):
            return [*self.typed, {}] if "another" in self.request.POST else self.typed
        return self.saved_rows()

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.rows_class(self.request.POST, prefix=self.prefix_of_rows)
        form = self.get_form()
        if not (rows.is_valid() and form.is_valid()):
            context = self.get_context_data(form=form, rows=rows, has_errors=True)
            return self.render_to_response(context, status=422)
        self.typed = [{k: row.get(k, "") for k in self.columns} for row in rows.cleaned_data]
        if "another" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return self.form_valid(form)

    def act(self, form: Any) -> None:
        filled = [row for row in self.typed if any(row[k] not in ("", None) for k in self.filled_by)]
        self.save(filled, form.cleaned_data["version"])

    def saved_now(self, form: Any) -> list[tuple[str, Any]]:
        super().saved_now(form)
        return [(self.title, "\n".join(row["name"] for row in self.saved_rows() if row.get("name")) or "None")]


class Consortia(RowsPage):
    title = "Consortia in the bid"
    template_name = "lead/consortia.html"
    done = "The consortia were saved"
    rows_class = ConsortiumRows
    prefix_of_rows = "c"
    columns = ("row", "name", "form")
    filled_by = ("name", "form")

    def saved_rows(self) -> list[dict[str, Any]]:
        saved = self.bid.consortia.visible_to(self.request.user).order_by("position")
        rows = [{"row": c.pk, "name": c.name, "form": c.form} for c in saved]
        return rows or [{"name": self.bid.name, "form": self.bid.form}]

    def save(self, rows: list[dict[str, Any]], version: int) -> None:
        set_consortia(by=self.request.user, bid=self.bid, version=version, consortia=rows)  # type: ignore[arg-type]


class Leaders(RowsPage):
    title = "Leaders and their interests"
    template_name = "lead/leaders.html"
    done = "The leaders were saved"
    rows_class = LeaderRows
    prefix_of_rows = "l"
    columns = ("name", "post", "could_gain", "how")
    filled_by = columns

    def shown_rows(self) -> list[dict[str, Any]]:
        words = {True: "yes", False: "no", None: ""}
        return [row | {"could_gain": words[row.get("could_gain")]} for row in super().shown_rows()]

    def saved_rows(self) -> list[dict[str, Any]]:
        saved = self.bid.leaders.visible_to(self.request.user).order_by("position")
        return list(saved.values(*self.columns)) or [{}]

    def save(self, rows: list[dict[str, Any]], version: int) -> None:
        set_leaders(by=self.request.user, bid=self.bid, version=version, leaders=rows)  # type: ignore[arg-type]

"""Forms of published data: criteria, reasons, letter templates. Rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.models import REASON_KINDS, Outcome
from registry.pages.forms import DateField, Ui, WrittenField

MOST_ROWS = 30
KINDS = {
    REASON_KINDS["declined"]: "Declining a bid",
    REASON_KINDS["deferred"]: "Deferring it to a later wave",
    REASON_KINDS["approved_with_conditions"]: "Approving it with conditions",
    REASON_KINDS["returned"]: "Returning it for information",
}
OUTCOMES = dict(Outcome.choices)


class CriteriaForm(forms.Form):
    """Criteria as rows `title-N`, `question-N` and the hidden `key-N`; a row left empty is left out."""

    published_on = DateField(
        label="Date of publication",
        help_text="Bids submitted from this day on answer them; a past day where history is entered late.",
    )
    after = forms.IntegerField(widget=forms.HiddenInput)
    rows = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_ROWS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ui: dict[str, Ui] = {"published_on": Ui(size="s")}
        for n in range(1, self.row_count() + 1):
            self.fields[f"title-{n}"] = forms.CharField(label="Name", max_length=200, required=False)
            self.fields[f"question-{n}"] = WrittenField(
                label="What bidders are asked",
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                max_length=5_000,
            )
            self.fields[f"key-{n}"] = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)
            self.ui[f"title-{n}"] = Ui(width=30)

    def row_count(self) -> int:
        asked = str(self.data.get("rows", "") if self.is_bound else self.initial.get("rows", 1))
        return min(max(int(asked), 1), MOST_ROWS) if asked.isascii() and asked.isdigit() and len(asked) < 4 else 1

    def drawn(self) -> list[dict[str, Any]]:
        """For the template: each row's fields."""
        return [
            {"n": n, "title": self[f"title-{n}"], "question": self[f"question-{n}"], "key": self[f"key-{n}"]}
            for n in range(1, self.row_count() + 1)
        ]

    def filled(self) -> list[tuple[int, dict[str, str]]]:
        """Each row that holds something, with its number."""
        rows = []
        for n in range(1, self.row_count() + 1):
            row = {name: self.cleaned_data[f"{name}-{n}"] for name in ("key", "title", "question")}
            if row["title"].strip() or row["question"].strip():
                rows.append((n, row))
        return rows


class ReasonForm(forms.Form):
    label = forms.CharField(
        label="The reason, as a bidder will read it",
        help_text="Its words never change: to reword a reason, end it and add another.",
        max_length=200,
    )
    kinds = forms.MultipleChoiceField(
        label="What it may be given for", choices=list(KINDS.items()), widget=forms.CheckboxSelectMultiple
    )
    outside_criteria = forms.BooleanField(
        label="It is outside the published criteria",
        help_text="As the capacity of a wave is. Letters and pages say so of every decision that gives it.",
        required=False,
    )
    start = DateField(label="Given from", help_text="A past day where history is entered late.")

    ui = {"label": Ui(width=30)}


class EndReasonForm(forms.Form):
    on = DateField(label="Not given from", help_text="Decisions that gave it keep it.")


class TemplateForm(forms.Form):
    subject = forms.CharField(label="Subject", max_length=150)
    body = WrittenField(label="Letter", widget=forms.Textarea(attrs={"rows": 18}), max_length=20_000)
    after = forms.IntegerField(widget=forms.HiddenInput)

    ui = {"subject": Ui(width=30)}

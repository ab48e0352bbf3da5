"""The forms of a practice's manager, and of who answers a report. Rules are the actions'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from consortia.record_parts import RecordPart
from registry.pages.forms import DateField, Ui, WrittenField

MOST = 4_000


def _written(label: str, help_text: str, *, needed: str = "") -> WrittenField:
    return WrittenField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=MOST,
        required=bool(needed),
        error_messages={"required": needed},
    )


class ReportForm(forms.Form):
    about = forms.ChoiceField(
        label="Which part of the record is wrong?",
        error_messages={"required": "Select which part of the record is wrong"},
        choices=RecordPart.choices,
        widget=forms.RadioSelect,
    )
    text = _written(
        "What is wrong, and what would be right?",
        "Who owns the data reads this. It is not public. Do not write about patients.",
        needed="Say what is wrong, and what would be right",
    )

    ui = {"about": Ui(size="m"), "text": Ui(count=MOST)}


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="What came of it?",
        error_messages={"required": "Select what came of it"},
        choices=(),
        widget=forms.RadioSelect,
    )
    text = _written(
        "What do you tell who reported it?",
        "It is mailed word for word: what was corrected, why it stays as it is, or to whom it was passed on.",
        needed="Say what came of it, to who reported it",
    )

    ui = {"outcome": Ui(size="m"), "text": Ui(count=MOST)}

    def __init__(self, *args: Any, outcomes: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = outcomes  # type: ignore[attr-defined]


class WhyLeftOutForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why is your practice in no consortium?",
        error_messages={"required": "Select why it is in no consortium"},
        choices=(),
        widget=forms.RadioSelect,
    )

    ui = {"reason": Ui(size="m")}

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons  # type: ignore[attr-defined]


class TransferForm(forms.Form):
    to = forms.ChoiceField(
        label="To which consortium?", error_messages={"required": "Select the consortium"}, choices=()
    )
    on = DateField(
        label="First day in it",
        help_text="It may be a past day, today or a day to come. For example, 1 10 2011.",
    )
    text = _written("What you want to say to it (optional)", "Its lead and deputies read this.")

    ui = {"to": Ui(width=30), "on": Ui(size="m"), "text": Ui(count=MOST)}

    def __init__(self, *args: Any, consortia: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [("", "Select a consortium"), *consortia]  # type: ignore[attr-defined]

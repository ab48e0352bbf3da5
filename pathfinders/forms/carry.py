"""The form that carries a series forward. It reads what was typed; `pathfinders.carrying` judges it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from pathfinders.forms.lists import SHEETS
from pathfinders.reads.crosswalk import KINDS
from registry.moment import FIRST_DAY, LAST_DAY
from registry.pages.forms import DateField, WrittenField
from registry.pages.uploads import UploadField

MOST_TEXT = 500_000
WEIGHTS = [
    ("people", "By people: the list sizes of the practices that go each way"),
    ("practices", "By practices: each practice alike"),
]


class CarryForm(forms.Form):
    source = forms.ChoiceField(label="From", choices=list(KINDS.items()))
    target = forms.ChoiceField(label="To", choices=list(KINDS.items()))
    from_day = DateField(
        label="The day that the codes in the file are of",
        help_text="The last day of the old bodies, for example 31 3 2013.",
        earliest=FIRST_DAY,
        latest=LAST_DAY,
    )
    to_day = DateField(
        label="The day of the bodies to carry to",
        help_text="For example 1 4 2013.",
        earliest=FIRST_DAY,
        latest=LAST_DAY,
    )
    weight = forms.ChoiceField(label="Part each figure", choices=WEIGHTS, widget=forms.RadioSelect, initial="people")
    figures = WrittenField(
        label="The figures, as CSV",
        help_text="A header row; the code in the first column, figures in the others. For example: pct,prescriptions",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        validators=[MaxLengthValidator(MOST_TEXT, "That is too long to paste: choose it as a file.")],
        required=False,
        strip=False,
    )
    file = UploadField(
        label="Or a file of them (CSV or Excel)", widget=forms.FileInput(attrs={"accept": SHEETS}), required=False
    )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        typed, file = (told.get("figures") or "").strip(), told.get("file")
        if not self.errors and bool(typed) == bool(file):
            words = "Paste figures or choose a file, not both." if typed else "Paste the figures, or choose a file."
            self.add_error("figures", words)
        return told


def initial(source: str, target: str, from_day: date, to_day: date) -> dict[str, Any]:
    return {"source": source, "target": target, "from_day": from_day, "to_day": to_day}

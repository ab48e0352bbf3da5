"""The forms of lists of memberships. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

from consortia.claims import REASONS
from consortia.words import choices
from pathfinders.forms.lead import MOST_TEXT, TOO_LONG
from registry.pages.forms import DateField, WrittenField
from registry.pages.uploads import UploadField

SHEETS = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AddForm(forms.Form):
    """Codes in a box or a file of them; the day and the reason for those that do not say their own."""

    practices = WrittenField(
        label="Practice codes",
        help_text="Paste or type them: one to a line, or parted by spaces or commas. For example, G85001.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "characters"}),
        validators=[MaxLengthValidator(MOST_TEXT, TOO_LONG)],  # no maxlength: a browser would cut a paste silently
        required=False,
    )
    file = UploadField(
        label="Or a file of them (CSV or Excel)",
        help_text="With a column named “Practice code”; where rows differ, columns “From” and “Reason” too.",
        widget=forms.FileInput(attrs={"accept": SHEETS}),
        required=False,
    )
    on = DateField(label="Members from", help_text="The first day; a past day, today or a day to come.")
    reason = forms.ChoiceField(label="Why", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [c for c in choices("join") if c[0] in REASONS]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        typed, file = (told.get("practices") or "").strip(), told.get("file")
        if self.errors:
            return told
        if typed and file:
            self.add_error("file", "Paste codes or choose a file, not both: empty the box or leave the file out.")
        elif not typed and not file:
            self.add_error("practices", "Paste the practices’ codes, or choose a file.")
        return told


class ManyForm(forms.Form):
    file = UploadField(
        label="A file of memberships (CSV or Excel)",
        help_text="With columns practice, consortium and from; and where wanted to (the last day), status and reason. "
        "They are known by their names, in any order.",
        widget=forms.FileInput(attrs={"accept": SHEETS}),
    )
    create = forms.BooleanField(
        label="Register consortia that are not known, by the names in the file", required=False
    )


class ListForm(forms.Form):
    """The buttons of a list that was sent: `do` says which; `ready` is what the person saw; `why` an undoing's reason."""

    do = forms.ChoiceField(
        choices=[(d, d) for d in ("commit", "commit_rest", "check", "discard", "undo", "ask")],
        widget=forms.HiddenInput,
    )
    ready = forms.IntegerField(required=False, widget=forms.HiddenInput)
    why = WrittenField(
        label="Why is it undone?", widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=500
    )

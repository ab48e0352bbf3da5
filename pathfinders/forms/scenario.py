"""One of the two scenarios side by side on a wave's page. Rules are the actions'; the form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.actions.scenario import LONGEST
from registry.pages.forms import Ui

LETTERS = ("A", "B")


class SideForm(forms.Form):
    """`scenario` and `version`: the saved one that is shown and as it was seen; empty for a new one. The ticks, many, are
    read beside the form: `ticked`."""

    scenario = forms.IntegerField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=LONGEST)

    ui = {"name": Ui(width=20)}

    def __init__(self, letter: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, prefix=letter.lower(), **kwargs)
        self.letter = letter
        self.fields["name"].label = f"Name of scenario {letter}"

    @property
    def ticks_name(self) -> str:
        """What its checkboxes are called."""
        return self.add_prefix("bids")

    def ticked(self) -> set[str]:
        return set(self.data.getlist(self.ticks_name))  # type: ignore[attr-defined]

"""The form of a PCT or SHA. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.forms.staff import FindingsForm
from pathfinders.models import View
from registry.pages.forms import Ui, WrittenField


class OpinionForm(FindingsForm):
    """A view and its text, and for an SHA a finding and a note on each of its own criteria."""

    view = forms.ChoiceField(
        label="Do you support the bid?", choices=View.choices, widget=forms.RadioSelect, required=False
    )
    text = WrittenField(
        label="Your comment",
        help_text="Programme staff read it, and for a PCT its SHA; the bidder does not. Needed unless you support the "
        "bid without reservations.",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20_000,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ui |= {"view": Ui(size="m"), "text": Ui(size="m")}

    def findings(self) -> dict[str, tuple[str, str]]:
        """What `give_opinion` takes."""
        data = self.cleaned_data
        found = {c.key: (data[f"finding-{c.key}"], data[f"note-{c.key}"]) for c in self.criteria}
        return {key: pair for key, pair in found.items() if any(pair)}

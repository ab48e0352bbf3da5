"""Forms on evidence itself: what it is, and its documents. Rules are the actions'."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms

from pathfinders.forms.evidence import ACCEPTED, DOCUMENT, SOURCE, EvidenceFields
from pathfinders.forms.lead import Versioned
from pathfinders.forms.transition import WHY
from registry.pages.forms import Ui, WrittenField
from registry.pages.uploads import UploadField
from transitions.actions import Source


class CorrectForm(Versioned):
    """The fields of a new source, as they are said of this one."""

    why = WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

    ui = {name.removeprefix("source_"): ui for name, ui in EvidenceFields.evidence_ui.items()}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in SOURCE:
            self.fields[name] = deepcopy(EvidenceFields.base_fields[f"source_{name}"])
        self.fields["kind"].label = "What kind is it?"
        self.fields["kind"].required = self.fields["title"].required = True
        self.order_fields([*SOURCE, "why", "version"])

    def source(self) -> Source:
        return Source(**{name: self.cleaned_data[name] for name in SOURCE})


class AttachForm(forms.Form):
    file = UploadField(label="Document", help_text=DOCUMENT, widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    why = forms.CharField(
        label="Where it comes from (optional)",
        help_text=f"As “sent by the trust”. {WHY}",
        max_length=300,
        required=False,
    )

    ui = {"why": Ui(width=30)}


class WithdrawForm(forms.Form):
    why = WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

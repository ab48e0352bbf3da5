"""The part of a form that says on what evidence: one that the register has, or a new one."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from pathfinders.forms.register import RefField
from registry.errors import Refused
from registry.files.documents import SOURCES, Checked
from registry.pages.forms import DateField, Ui, add_refusal
from registry.pages.uploads import UploadField
from transitions.actions import Source, document
from transitions.models import Evidence, EvidenceKind

SOURCE = ("kind", "title", "publisher", "said_on", "words", "url")
FIELDS = ("evidence_ref", *(f"source_{name}" for name in SOURCE), "source_file")
ACCEPTED = ",".join(ending for kind in SOURCES.values() for ending in kind.extensions)
DOCUMENT = (
    "A PDF, an image, a file of Word, Excel, PowerPoint or OpenDocument, or a text; up to 10 MB. Everybody can read it: "
    "see that it holds nothing of a person’s that is not public."
)


def checked_file(file: Any) -> Checked | None:
    """An uploaded file as actions take it; ValidationError says what is wrong with it."""
    try:
        return document(file.name, file) if file else None
    except Refused as refused:
        raise forms.ValidationError(refused.message, code=refused.code) from None


class EvidenceFields(forms.Form):
    """Mixin, first in the bases: evidence by its reference, or what a new one is; `evidence()` gives what actions take.

    The names of a new one's fields begin with `source_`, so that a form may have a kind, a title or words of its own;
    what is wrong with them is said beside them before the action is called. They come last, but for `closing`: the
    fields of the form that belong below them.
    """

    closing: ClassVar[tuple[str, ...]] = ("why", "correction")

    evidence_ref = RefField(
        Evidence,
        label="Evidence that is in the register (optional)",
        help_text="Its reference, such as EV0001. Leave it empty and say below what new evidence is.",
        required=False,
    )
    source_kind = forms.ChoiceField(
        label="Or new evidence: what kind is it?",
        choices=EvidenceKind.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    source_title = forms.CharField(
        label="What it is",
        help_text="The title of the document, report or letter; or who said it, by their post. Name no person.",
        max_length=300,
        required=False,
    )
    source_publisher = forms.CharField(label="Who published it (optional)", max_length=200, required=False)
    source_said_on = DateField(label="When it said so (optional)", help_text="Where the day is known.", required=False)
    source_words = forms.CharField(
        label="How it is dated (optional)",
        help_text="In its own words, as “summer 2010”, where the day is not known.",
        max_length=100,
        required=False,
    )
    source_url = forms.CharField(
        label="Address on the web (optional)",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    source_file = UploadField(
        label="The document itself (optional)",
        help_text=DOCUMENT,
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    ui: dict[str, Ui] = {}
    evidence_ui: ClassVar[dict[str, Ui]] = {
        "evidence_ref": Ui(width=10),
        "source_kind": Ui(size="s"),
        "source_said_on": Ui(size="s"),
        "source_words": Ui(width=20),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ui = self.evidence_ui | type(self).ui
        own = [name for name in self.fields if name not in FIELDS and name not in self.closing]
        self.order_fields([*own, *FIELDS, *self.closing])

    def clean_source_file(self) -> Checked | None:
        return checked_file(self.cleaned_data["source_file"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.wants_evidence() or set(FIELDS) & set(self.errors):
            return data
        try:
            told = self.evidence()
            if isinstance(told, Source):
                told.checked()
        except Refused as refused:
            name = refused.field if refused.field == "evidence_ref" else f"source_{refused.field}"
            add_refusal(self, Refused(refused.code, refused.message, field=name))
        return data

    def wants_evidence(self) -> bool:
        """Whether evidence must be given, as what was typed stands: a form that can do without says when it can."""
        return True

    def evidence(self) -> Source | Evidence:
        """The evidence that was named, or the source as it was typed. Raises Refused (422) for both, or neither."""
        data = self.cleaned_data
        standing: Evidence | None = data["evidence_ref"]
        new = {name: data[f"source_{name}"] for name in SOURCE}
        if standing is None and not any((*new.values(), data["source_file"])):
            raise Refused("no_evidence", "Say on what evidence: its reference, or what it is.", field="evidence_ref")
        if standing is None:
            return Source(**new, file=data["source_file"])
        if data["source_file"]:
            sentence = f"{standing.ref} is in the register: attach its document on its own page, not here."
            raise Refused("two_sources", sentence, field="file")
        if any(new.values()):
            raise Refused("two_sources", "Give a reference, or new evidence, not both.", field="evidence_ref")
        return standing

    def own_data(self) -> dict[str, Any]:
        """What was typed but for the evidence: the rest of what an action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name not in FIELDS}

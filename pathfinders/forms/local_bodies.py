"""Forms on the local bodies of a trust or of a consortium. Rules are the actions'."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from django import forms

from consortia.models import Consortium
from pathfinders.forms.evidence import EvidenceFields
from pathfinders.forms.lead import Versioned
from pathfinders.forms.register import RefField
from pathfinders.forms.transition import WHY
from registry.pages.forms import DateField, Ui, WrittenField
from transitions.models import LocalBody, LocalBodyStatus, TransitionWordKind
from transitions.words import choices


def _text(label: str, help_text: str, length: int, rows: int = 3) -> WrittenField:
    box = forms.Textarea(attrs={"rows": rows})
    return WrittenField(label=label, help_text=help_text, widget=box, max_length=length, required=False)


class LocalBodyForm(EvidenceFields, Versioned):
    closing: ClassVar[tuple[str, ...]] = ("version",)
    kind = forms.ChoiceField(label="What kind is it?", widget=forms.RadioSelect)
    name = forms.CharField(label="What is it called?", max_length=200)
    status = forms.ChoiceField(
        label="Does it run?",
        choices=LocalBodyStatus.choices,
        widget=forms.RadioSelect,
        initial=LocalBodyStatus.RUNNING,
    )
    on = DateField(label="From which day", help_text="The first day of which this holds.")
    consortium = RefField(
        Consortium,
        label="Consortium that it is under too (optional)",
        help_text="Its reference, such as GC0001.",
        required=False,
    )
    reserved = _text("Decisions reserved to it (optional)", "What it decides, or signs off, itself.", 1_000)
    people_words = _text("Who sits on it (optional)", "By post, as “one GP of each locality”: name no person.", 500)
    clinical_leads = forms.IntegerField(
        label="How many clinical leads (optional)", help_text="Where it is said.", min_value=0, required=False
    )
    agreed_until = DateField(
        label="Agreed until",
        help_text="The last day of what was agreed. Needed for an agreement or a contract, otherwise optional.",
        required=False,
    )
    exit_terms = _text(
        "How it is left before that day",
        "Needed for an agreement or a contract; say so where the source does not say.",
        1_000,
    )
    replaces = RefField(
        LocalBody,
        label="What it replaced (optional)",
        help_text="The reference of a local body, such as LB0001.",
        required=False,
    )

    ui = {
        "kind": Ui(size="m"),
        "name": Ui(width=30),
        "status": Ui(size="s"),
        "on": Ui(size="s"),
        "consortium": Ui(width=10),
        "clinical_leads": Ui(width=3),
        "agreed_until": Ui(size="s"),
        "replaces": Ui(width=10),
    }

    def __init__(self, *args: Any, under: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in under:  # the page is its own
            self.fields.pop(name, None)
        self.fields["kind"].choices = choices(TransitionWordKind.ARRANGEMENT)  # type: ignore[attr-defined]

    def action_fields(self) -> dict[str, Any]:
        """What `set_local_body` takes."""
        data = self.own_data()
        return data | {"seen": data.pop("version"), "source": self.evidence()}


class ChangeLocalBodyForm(LocalBodyForm):
    closing = ("why", "correction", "version")
    why = WrittenField(
        label="Why it changes, or what was wrong",
        help_text=WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1_000,
    )
    correction = forms.BooleanField(
        label="This corrects what stands on that day, for all of its days",
        help_text="Leave it empty where the body itself changed.",
        required=False,
    )


class EndLocalBodyForm(Versioned):
    last_day = DateField(label="Its last day", help_text="What is delegated to it ends with it.")
    why = WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000)

    ui = {"last_day": Ui(size="s")}

"""Forms on a trust's stage and plan, and on the words of the transition. Rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.forms.evidence import EvidenceFields
from pathfinders.forms.lead import Versioned
from registry.actions.checks import require_day
from registry.pages.forms import DateField, Ui, WrittenField
from registry.timeline import first_day_out
from transitions.models import TransitionWord, TransitionWordKind
from transitions.words import choices

WHY = "Everybody can read this in the register’s journal: name no person."


class WithStages(Versioned):
    """Mixin: `stage`, one of those that may still be given."""

    stage = forms.ChoiceField(label="Stage", widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = choices(TransitionWordKind.STAGE)  # type: ignore[attr-defined]


class StageForm(EvidenceFields, WithStages):
    closing = ("why", "correction", "version")
    on = DateField(label="From which day", help_text="The first day of which the evidence says so; today or before.")
    until = DateField(
        label="To which day (optional)",
        help_text="The last day of which it says so. Leave it empty: until it says otherwise.",
        required=False,
    )
    note = forms.CharField(label="In its own words (optional)", max_length=500, required=False)
    why = WrittenField(
        label="Why (optional)",
        help_text=f"Needed where the trust goes back, or the same evidence said something else. {WHY}",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
    )
    correction = forms.BooleanField(
        label="This corrects what this evidence was recorded to say of this trust, of all its days", required=False
    )

    ui = {"stage": Ui(size="m"), "on": Ui(size="s"), "until": Ui(size="s"), "note": Ui(width=30)}

    def action_fields(self) -> dict[str, Any]:
        """What `set_stage` takes. Raises Refused (422) for a last day that cannot be meant."""
        data = self.own_data()
        last = data.pop("until")
        ends = first_day_out(require_day(last, "until")) if last else None
        return data | {"until": ends, "seen": data.pop("version"), "source": self.evidence()}


class PlanForm(EvidenceFields, WithStages):
    closing = ("why", "correction", "version")
    day = DateField(label="Planned from", help_text="The first day of the stage. Of “during 2011”, the last of 2011.")
    words = forms.CharField(
        label="In the source’s words (optional)", help_text="As “during 2011”.", max_length=100, required=False
    )
    known_from = DateField(label="Made known on", help_text="Pages about earlier days show the plan of before.")
    why = forms.CharField(
        label="Why it moved, or what was wrong (optional)",
        help_text=f"Needed where a plan for this stage stands already. {WHY}",
        max_length=500,
        required=False,
    )
    correction = forms.BooleanField(
        label="This corrects the plan that stands on the day it was made known",
        help_text="Leave it empty where the plan moved: that is a new version.",
        required=False,
    )

    ui = {"stage": Ui(size="m"), "day": Ui(size="s"), "words": Ui(width=20), "known_from": Ui(size="s")}

    def action_fields(self) -> dict[str, Any]:
        """What `plan_stage` takes."""
        data = self.own_data()
        return data | {"seen": data.pop("version"), "source": self.evidence()}


class ClearForm(Versioned):
    on = DateField(
        label="From which day (optional)",
        help_text="The first day of which it says nothing. Leave it empty where it never said so.",
        required=False,
    )
    why = WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

    ui = {"on": Ui(size="s")}


class DropForm(Versioned):
    on = DateField(label="Given up on", help_text="The first day without the plan; today or before.")
    why = WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)
    correction = forms.BooleanField(label="It was never planned: this was recorded in error", required=False)

    ui = {"on": Ui(size="s")}


class UndoForm(forms.Form):
    why = WrittenField(
        label="Why (optional)",
        help_text=WHY,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
    )


class WordForm(forms.Form):
    kind = forms.ChoiceField(
        label="What it is a word for", choices=TransitionWordKind.choices, widget=forms.RadioSelect
    )
    label = forms.CharField(
        label="The word, as people will read it",
        help_text="It never changes: to reword it, end it and add another.",
        max_length=100,
    )
    meaning = forms.CharField(label="What it means (optional)", max_length=300, required=False)
    after = forms.ChoiceField(label="It comes after (optional)", required=False)
    begun = forms.BooleanField(label="Of a stage: hand-over has begun in it", required=False)
    eligible = forms.BooleanField(label="Of a line: it counts in the eligible budget", required=False, initial=True)
    start = DateField(label="Given from (optional)", help_text="Leave it empty: of any day.", required=False)

    ui = {"kind": Ui(size="m"), "label": Ui(width=30), "start": Ui(size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = TransitionWord.objects.all()
        told = [(f"{w.kind}:{w.key}", f"{w.get_kind_display()}: {w.label}") for w in words]
        self.fields["after"].choices = [("", "At the end"), *told]  # type: ignore[attr-defined]

    def action_fields(self) -> dict[str, Any]:
        """What `add_word` takes."""
        return self.cleaned_data | {"after": self.cleaned_data["after"].partition(":")[2]}


class EndWordForm(forms.Form):
    on = DateField(label="Not given from", help_text="What was said with it keeps it.")

    ui = {"on": Ui(size="s")}

"""Forms of disputes, of practices in no consortium and of milestones. Rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms

from consortia.models import Consortium, SettlementOutcome, WordKind
from consortia.words import choices
from pathfinders.forms.register import RefField
from registry.pages.forms import DateField, Ui, WrittenField

PUBLIC = "The journal keeps it, in public, and both sides read it: name no person."
BASIS = "The Act or regulation, and its section. Needed for an allocation."


class SettleForm(forms.Form):
    outcome = forms.ChoiceField(
        label="How is it settled?", choices=SettlementOutcome.choices, widget=forms.RadioSelect
    )
    on = DateField(
        label="From which day (optional)",
        help_text="If it leaves: the first day without it. Otherwise today, unless you give another.",
        required=False,
    )
    basis = forms.CharField(label="Legal basis (optional)", help_text=BASIS, required=False, max_length=500)
    reason = WrittenField(
        label="The reason", help_text=PUBLIC, widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    ui = {"outcome": Ui(size="s"), "on": Ui(size="s")}


class WhyForm(forms.Form):
    reason = forms.ChoiceField(label="Why is it in no consortium?", widget=forms.RadioSelect)
    on = DateField(label="Since when", help_text="The first day on which this was the reason; today, or before.")

    ui = {"reason": Ui(size="s"), "on": Ui(size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(WordKind.LEFT_OUT)  # type: ignore[attr-defined]


class TakeStepForm(forms.Form):
    text = WrittenField(
        label="What do you ask or tell?",
        help_text="It stands in the letter, word for word.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5_000,
    )
    on = DateField(label="On which day", help_text="Today, or a day before where it was done then.")

    ui = {"on": Ui(size="s")}


class AllocateForm(forms.Form):
    consortium = RefField(Consortium, label="Consortium", help_text="Its reference, such as GC0001.")
    on = DateField(label="From which day", help_text="The first day of the membership; not before the deadline.")
    basis = forms.CharField(label="Legal basis", help_text="The Act or regulation, and its section.", max_length=500)
    why = WrittenField(
        label="Why this consortium", help_text=PUBLIC, widget=forms.Textarea(attrs={"rows": 4}), max_length=2_000
    )

    ui = {"consortium": Ui(width=10), "on": Ui(size="s")}


class MilestoneForm(forms.Form):
    key = forms.CharField(
        label="Key",
        help_text="“deadline” is the day from which every practice must be in a consortium.",
        max_length=40,
    )
    name = forms.CharField(label="What it is", max_length=200)
    day = DateField(label="The day", help_text="The first day on which it holds.")
    words = forms.CharField(
        label="In the source’s words (optional)",
        help_text="As “autumn 2012”, where the source names no day.",
        required=False,
        max_length=100,
    )
    known_from = DateField(label="Made known on", help_text="Pages about earlier days show the plan of before.")
    source = forms.CharField(label="Source", help_text="Who published it, and where.", max_length=500)
    why = forms.CharField(
        label="Why it moved, or what was wrong (optional)",
        help_text="Needed where the milestone stands already.",
        required=False,
        max_length=500,
    )
    settled = forms.BooleanField(label="It is no longer a plan: it came on that day", required=False)
    correction = forms.BooleanField(
        label="This corrects the version that stands on the day it was made known",
        help_text="Leave it empty where the plan moved: that is a new version.",
        required=False,
    )

    ui = {"key": Ui(width=20), "day": Ui(size="s"), "known_from": Ui(size="s"), "words": Ui(width=20)}

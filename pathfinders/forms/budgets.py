"""The forms of budgets. Sums of money are read as people type them; rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consortia.models import Consortium
from pathfinders.forms.carried import CarriedFileForm, file_field
from pathfinders.forms.evidence import EvidenceFields
from pathfinders.forms.register import RefField
from registry.pages.forms import DateField, Ui
from transitions.models import AllowanceKind, Level, TransitionWord, TransitionWordKind
from transitions.money import read_pounds

TYPED = "As 644m, 644.5 million or £644,000,000. Leave it empty where the source does not state it."
ROUNDINGS = [
    (0, "They are exact"),
    (1_000, "To £1,000"),
    (100_000, "To £100,000"),
    (1_000_000, "To £1 million"),
    (10_000_000, "To £10 million"),
    (100_000_000, "To £100 million"),
]
CORRECTION = "What stands was recorded wrongly: replace it for all of its days"
WHY = "Why it changed, or what was wrong. Needed where figures stood before."


class PoundsField(forms.CharField):
    """Whole pounds, or None for an empty box."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        try:
            return read_pounds(str(text or ""))
        except ValueError as error:
            raise ValidationError(str(error), code="pounds") from None

    def prepare_value(self, value: Any) -> Any:
        return f"{value:,}" if isinstance(value, int) else value


def money(label: str, help_text: str = "") -> PoundsField:
    return PoundsField(label=label, help_text=help_text, required=False, max_length=30)


def from_day() -> DateField:
    label, hint = "From which day does this stand? (optional)", "1 April, unless you give another."
    return DateField(label=label, help_text=hint, required=False)


class OfTheYear(EvidenceFields):
    """What every form of a trust's year has: the line, the version that was seen, why."""

    line = forms.ChoiceField(label="Service line")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(label="Note (optional)", max_length=500, required=False)
    why = forms.CharField(label="Why (optional)", help_text=WHY, max_length=500, required=False)
    correction = forms.BooleanField(label=CORRECTION, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = TransitionWord.objects.offered(TransitionWordKind.LINE)
        self.fields["line"].choices = list(words.values_list("key", "label"))  # type: ignore[attr-defined]


class LineForm(OfTheYear):
    on = DateField(label="From which day do these figures stand?", help_text="The day of the paper, or 1 April.")
    total = money("Total budget", TYPED)
    delegated = money("Delegated", "To consortia and local bodies, at whatever level.")
    retained = money("Retained", "What the trust keeps itself.")
    excluded = money("Excluded", "What may not be delegated, such as primary care and specialised services.")
    rounding = forms.TypedChoiceField(
        label="Does the source round its figures?", choices=ROUNDINGS, coerce=int, initial=0, required=False
    )
    ui = {"on": Ui(size="s"), **{n: Ui(width=20, prefix="£") for n in ("total", "delegated", "retained", "excluded")}}

    field_order = ("line", "on", "total", "delegated", "retained", "excluded", "rounding", "note")


class DelegateForm(OfTheYear):
    holder = forms.CharField(
        label="To whom?",
        help_text="The reference of a consortium (GC0001) or of a local body (LB0001).",
        max_length=12,
    )
    amount = money("How much?", TYPED)
    level = forms.ChoiceField(
        label="At what level?",
        help_text="Whatever the level, the trust stays accountable until 31 March 2013.",
        choices=Level.choices,
        widget=forms.RadioSelect,
    )
    on = DateField(label="From which day?")
    until = DateField(
        label="Last day (optional)",
        help_text="The end of the financial year, unless you give another.",
        required=False,
    )
    ui = {"on": Ui(size="s"), "until": Ui(size="s"), "level": Ui(size="s"), "holder": Ui(width=10)}
    ui |= {"amount": Ui(width=20, prefix="£")}


class EndDelegationForm(forms.Form):
    last_day = DateField(label="What is the last day?")
    why = forms.CharField(label="Why does it end?", max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    ui = {"last_day": Ui(size="s")}


class WeightedForm(forms.Form):
    people = forms.IntegerField(label="People as the allocation formula weights them", min_value=1)
    on = from_day()
    source = forms.CharField(label="Where that is said", max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label="Why (optional)", help_text=WHY, max_length=500, required=False)
    correction = forms.BooleanField(label=CORRECTION, required=False)

    ui = {"people": Ui(width=10), "on": Ui(size="s")}


class AllowanceForm(forms.Form):
    consortium = RefField(Consortium, label="Consortium", help_text="Its reference, such as GC0001.")
    kind = forms.ChoiceField(label="What for?", choices=AllowanceKind.choices, widget=forms.RadioSelect)
    pounds_per_head = forms.DecimalField(
        label="Pounds per head",
        help_text="The Operating Framework for 2011-12 has £2 for development and £25 to £35 for running costs.",
        max_digits=6,
        decimal_places=2,
    )
    people = forms.IntegerField(label="For how many people?", min_value=1)
    amount = money("Amount (optional)", "Pounds per head times people, unless you give another.")
    paid_on = DateField(label="Paid on (optional)", help_text="Leave it empty until it is paid.", required=False)
    on = from_day()
    source = forms.CharField(label="Where that is said", max_length=500)
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label="Why (optional)", help_text=WHY, max_length=500, required=False)
    correction = forms.BooleanField(label=CORRECTION, required=False)

    ui = {
        "consortium": Ui(width=10),
        "kind": Ui(size="s"),
        "pounds_per_head": Ui(width=5, prefix="£"),
        "people": Ui(width=10),
        "amount": Ui(width=20, prefix="£"),
        "paid_on": Ui(size="s"),
        "on": Ui(size="s"),
    }


class BudgetFileForm(CarriedFileForm):
    noun = "budgets.csv"
    file = file_field("File of budgets", "CSV or Excel, a row for each service line of a year.")

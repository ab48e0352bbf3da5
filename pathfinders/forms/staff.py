"""The forms of programme staff. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from pathfinders.forms.lead import Versioned
from pathfinders.models import Criterion, FindingValue, Outcome, Reason, Wave
from registry.models import User
from registry.pages.forms import DateField, Ui, WrittenField

CONDITIONS = 5
"""Rows for conditions on the form of a decision."""


class AssignForm(Versioned):
    assessor = forms.TypedChoiceField(label="Assessor", coerce=int)

    def __init__(self, *args: Any, assessors: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["assessor"].choices = [("", "Choose an assessor"), *((a.pk, str(a)) for a in assessors)]  # type: ignore[attr-defined]


class WaveChoiceForm(Versioned):
    wave = forms.TypedChoiceField(label="Wave", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, waves: Iterable[Wave], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wave"].choices = [("", "In no wave"), *wave_choices(waves)]  # type: ignore[attr-defined]


class FindingsForm(Versioned):
    """A finding and a note per criterion, named `finding-KEY` and `note-KEY`; those without a finding are left."""

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.ui: dict[str, Ui] = {}
        for criterion in criteria:
            finding, note = f"finding-{criterion.key}", f"note-{criterion.key}"
            self.fields[finding] = forms.ChoiceField(
                label="Finding", choices=FindingValue.choices, widget=forms.RadioSelect, required=False
            )
            self.fields[note] = WrittenField(
                label="Note",
                help_text="Needed for all but “Met”: what is missing.",
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                max_length=20_000,
            )
            self.ui[finding] = Ui(inline=True)

    def rows(self) -> list[dict[str, Any]]:
        """For the template: each criterion with its two fields."""
        return [
            {"criterion": c, "finding": self[f"finding-{c.key}"], "note": self[f"note-{c.key}"]} for c in self.criteria
        ]


class ReturnForm(Versioned):
    reasons = forms.MultipleChoiceField(
        label="Why is it returned?", widget=forms.CheckboxSelectMultiple, required=False
    )
    text = WrittenField(
        label="What should the bidder add or put right?",
        help_text="The bidder reads this word for word.",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20_000,
    )
    returned_on = DateField(label="Date of the return")

    ui = {"reasons": Ui(size="m"), "text": Ui(size="m"), "returned_on": Ui(size="m")}

    def __init__(self, *args: Any, reasons: Sequence[Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = [(r.key, r.label) for r in reasons]  # type: ignore[attr-defined]


class RecommendForm(Versioned):
    recommendation = forms.ChoiceField(
        label="What do you recommend?", choices=Outcome.choices, widget=forms.RadioSelect
    )
    note = WrittenField(
        label="Note for the approver",
        help_text="The bidder does not read it.",
        widget=forms.Textarea(attrs={"rows": 5}),
        required=False,
        max_length=20_000,
    )
    assessed_on = DateField(label="Date of the recommendation")

    ui = {"recommendation": Ui(size="m")}


class DecisionForm(Versioned):
    """Reasons are two fields, by whether they are among the published criteria; `reasons()` joins them."""

    outcome = forms.ChoiceField(label="Outcome", choices=Outcome.choices, widget=forms.RadioSelect)
    reasons = forms.MultipleChoiceField(
        label="Reasons under the published criteria",
        help_text="At least one reason, unless the bid is approved without conditions.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    outside = forms.MultipleChoiceField(
        label="Reasons outside the published criteria",
        help_text="The letter and every page say of these that they are not published criteria.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = WrittenField(
        label="What the letter says further",
        help_text="The bidder reads this word for word, after the findings and the reasons.",
        widget=forms.Textarea(attrs={"rows": 8}),
        required=False,
        max_length=20_000,
    )
    wave = forms.TypedChoiceField(
        label="Wave", help_text="Its release tells the bidder of the decision.", coerce=int, empty_value=None
    )
    decided_on = DateField(label="Date of the decision")
    on_behalf_of = forms.CharField(
        label="Decided on behalf of (optional)",
        help_text="For example, the minister who decided.",
        max_length=200,
        required=False,
    )

    ui = {
        "outcome": Ui(size="m"),
        "reasons": Ui(size="m"),
        "outside": Ui(size="m"),
        "text": Ui(size="m"),
        "wave": Ui(size="m"),
        "decided_on": Ui(size="m"),
        "on_behalf_of": Ui(width=30),
    }

    def __init__(
        self, *args: Any, reasons: Sequence[Reason], waves: Iterable[Wave], conditions: int = CONDITIONS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, conditions + 1):
            self.fields[f"condition_{n}"] = WrittenField(
                label=f"Condition {n}", widget=forms.Textarea(attrs={"rows": 2}), max_length=2_000, required=False
            )
            self.fields[f"due_{n}"] = DateField(label=f"Condition {n} is to be met by", required=False)
        self.conditions = conditions
        for name, outside in (("reasons", False), ("outside", True)):
            told = [(r.key, r.label) for r in reasons if r.outside_criteria is outside]
            self.fields[name].choices = told  # type: ignore[attr-defined]
        self.fields["wave"].choices = [("", "Choose a wave"), *wave_choices(waves)]  # type: ignore[attr-defined]

    def action_fields(self) -> dict[str, Any]:
        """What `decide_bid` takes."""
        data = dict(self.cleaned_data)
        numbers = range(1, self.conditions + 1)
        rows = [{"text": data.pop(f"condition_{n}"), "due_on": data.pop(f"due_{n}")} for n in numbers]
        return data | {"reasons": [*data["reasons"], *data.pop("outside")], "conditions": rows}

    def before_conditions(self) -> list[Any]:
        """For the template: the fields, but for the conditions' own, in two parts around them."""
        return [self[name] for name in ("outcome", "reasons", "outside")]

    def condition_rows(self) -> list[Any]:
        return [self[f"{name}_{n}"] for n in range(1, self.conditions + 1) for name in ("condition", "due")]

    def after_conditions(self) -> list[Any]:
        told = {f.name for f in (*self.before_conditions(), *self.condition_rows())}
        return [field for field in self.visible_fields() if field.name not in told]

    def conditions_show(self) -> bool:
        """Whether any condition is typed, saved or wrong: then their part of the form is open."""
        return any(
            field.value() not in (None, "", [None] * 3, [""] * 3) or field.errors for field in self.condition_rows()
        )


class ConsortiumForm(forms.Form):
    name = forms.CharField(label="Name of the consortium", max_length=200)
    form = forms.CharField(label="Form of the organisation (optional)", max_length=200, required=False)
    on = DateField(label="First day", help_text="The day from which it exists. For example, 1 4 2011.")
    reason = forms.CharField(
        label="Why it is registered",
        help_text="Everybody can read this in the register’s journal: name no person.",
        max_length=500,
    )

    ui = {"name": Ui(width=30), "form": Ui(width=30)}


def wave_choices(waves: Iterable[Wave]) -> list[tuple[int, str]]:
    return [(w.number, f"Wave {w.number}, announced {w.announced_on:%-d %B %Y}") for w in waves]

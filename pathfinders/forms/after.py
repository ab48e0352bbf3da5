"""The forms of what follows an announcement, for leads and staff. Rules are the actions'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from pathfinders.forms.lead import Versioned
from pathfinders.models import Condition
from registry.pages.forms import DateField, Ui, WrittenField, long_date

MOST = 20_000


def written(label: str, help_text: str = "", *, rows: int = 8, required: bool = True) -> WrittenField:
    return WrittenField(
        label=label,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
        max_length=MOST,
        required=required,
    )


class GroundsForm(Versioned):
    grounds = written("Why should the decision be looked at again?", "Somebody who took no part in it reads this.")


class LeavingForm(Versioned):
    text = written("Why does your pathfinder wish to leave the programme?")


class AgainForm(Versioned):
    as_at = DateField(
        label="Date of the new bid",
        help_text="Practices are checked as they were on this day, and its criteria are those in force then.",
    )


class ReviewForm(Versioned):
    note = written("Why?", "The lead reads this word for word.")


class ReverseForm(Versioned):
    on_behalf_of = forms.CharField(
        label="On behalf of", help_text="The minister’s title. The lead is told it.", max_length=200
    )
    reason = written(
        "Why is the decision to be made anew?", "Kept in the case log; the lead does not read it.", rows=5
    )

    ui = {"on_behalf_of": Ui(width=30)}


class SettleLeavingForm(Versioned):
    granted = forms.TypedChoiceField(
        label="May it leave?",
        choices=[("yes", "Yes: it leaves the programme"), ("no", "No: it stays")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    ends_on = DateField(
        label="First day on which it is no pathfinder",
        help_text="Only where it leaves. Its consortia and their members stay as they are.",
        required=False,
    )
    note = written("What the letter says further", "Needed where it is to stay.", rows=5, required=False)


class OneCondition(Versioned):
    """A choice among the bid's open conditions."""

    position = forms.TypedChoiceField(label="Which condition?", coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, conditions: Iterable[Condition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(conditions)
        self.fields["position"].choices = [(c.position, c.text) for c in rows]  # type: ignore[attr-defined]
        self.hints = {"position": {c.position: f"By {long_date(c.due_on)}" for c in rows}}
        if len(rows) == 1:
            self.fields["position"].initial = rows[0].position


class EvidenceForm(OneCondition):
    evidence = written("How is it met?", "An officer of the programme reads this.")


class DischargeForm(OneCondition):
    discharged_on = DateField(label="Date of the discharge")
    note = written("On what evidence?", "The lead reads this.", rows=5)


class InterestForm(forms.Form):
    about = forms.CharField(
        label="Reference of the bid or consortium", help_text="For example, BID-2011-0001 or GC0001.", max_length=20
    )
    text = written("What is your interest?", "Colleagues on the programme’s staff can read this.", rows=5)

    ui = {"about": Ui(width=20)}


class NothingForm(forms.Form):
    """The button is the answer."""


class ListForm(Versioned):
    """The list as it was shown: `bids` holds each reference with the version that was seen."""

    bids = forms.CharField(widget=forms.HiddenInput, required=False)
    decided_on = DateField(label="Date of the decision")
    on_behalf_of = forms.CharField(
        label="Decided on behalf of (optional)",
        help_text="For example, the minister who decided.",
        max_length=200,
        required=False,
    )
    text = written(
        "What each letter says further (optional)", "Every bidder on the list reads this.", rows=4, required=False
    )
    sure = forms.BooleanField(label="I approve all the bids on this list")

    ui = {"on_behalf_of": Ui(width=30)}

    def clean_bids(self) -> list[tuple[str, int]]:
        pairs = [pair.rpartition(":") for pair in self.cleaned_data["bids"].split()]
        if not all(ref and version.isdecimal() for ref, _, version in pairs):
            raise forms.ValidationError("The list could not be read. Open the page again.")
        return [(ref, int(version)) for ref, _, version in pairs]

    def action_fields(self) -> dict[str, Any]:
        """What `decide_list` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "sure"}

"""The forms of a lead's bid. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import formset_factory

from registry.pages.forms import DateField, Ui, WrittenField

AS_AT = (
    "The day on which the bid is true: practices are checked as they were then. "
    "It may be a past day, where history is entered late. For example, 1 2 2011."
)


MOST_TEXT = 20_000
DECLARATION = "What this bid says is true to the best of my knowledge, and each practice in it has agreed to be named"
TOO_LONG = "That is more than 20,000 characters. Paste the codes alone, in two goes where there are so many."


class Versioned(forms.Form):
    """Carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class StartForm(forms.Form):
    name = forms.CharField(label="Name of the bid", help_text="As it should be announced.", max_length=200)
    as_at = DateField(label="Date of the bid", help_text=AS_AT)

    ui = {"name": Ui(width=30)}


class DetailsForm(Versioned):
    name = forms.CharField(label="Name of the bid", help_text="As it should be announced.", max_length=200)
    form = forms.CharField(
        label="Form of the organisation",
        help_text="In your own words: a federation, a company, an alliance of practices. Leave empty if not settled.",
        max_length=200,
        required=False,
    )
    as_at = DateField(label="Date of the bid", help_text=AS_AT)
    agrees_to_be_named = forms.BooleanField(
        label="The bid may be named when outcomes are announced, also if it is not approved", required=False
    )

    ui = {"name": Ui(width=30), "form": Ui(width=30)}


class ConsortiumRow(forms.Form):
    name = forms.CharField(label="Name", max_length=200, required=False)
    form = forms.CharField(label="Form of the organisation (optional)", max_length=200, required=False)

    ui = {"name": Ui(width=30), "form": Ui(width=30)}


ConsortiumRows = formset_factory(ConsortiumRow, extra=0, min_num=1, max_num=100)


class PasteForm(Versioned):
    """The paste box. `consortium` is asked only where the bid holds several."""

    consortium = forms.TypedChoiceField(label="Which consortium are they in?", coerce=int, widget=forms.RadioSelect)
    practices = WrittenField(
        label="Practice codes",
        help_text="Paste or type them: one to a line, or parted by spaces or commas. For example, G85001. "
        "Nothing is saved until you have seen what was found.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "characters"}),
        validators=[MaxLengthValidator(MOST_TEXT, TOO_LONG)],  # no maxlength: a browser would cut a paste silently
    )


class AnswerForm(Versioned):
    text = WrittenField(widget=forms.Textarea(attrs={"rows": 12}), required=False, max_length=20_000)

    ui = {"text": Ui(count=20_000)}


class SubmitForm(Versioned):
    submitted_on = DateField(
        label="Date of submission",
        help_text="The day on which the bid is handed in; a past day where history is entered late.",
    )
    declared = forms.BooleanField(label=DECLARATION, required=False)


class SendBackForm(Versioned):
    answered_on = DateField(label="Date on which you send it back")
    declared = forms.BooleanField(label=DECLARATION, required=False)


class WithdrawForm(Versioned):
    """Only the version: the button is the answer."""

"""The forms of a lead's bid. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from django import forms
from django.core.validators import MaxLengthValidator
from django.forms import formset_factory

from registry.pages.forms import DateField, Ui, WrittenField
from registry.pages.uploads import UploadField

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
    """`row`: the saved consortium that this is, so that it can be renamed."""

    row = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label="Name", max_length=200, required=False)
    form = forms.CharField(label="Form of the organisation (optional)", max_length=200, required=False)

    ui = {"name": Ui(width=30), "form": Ui(width=30)}


ConsortiumRows = formset_factory(ConsortiumRow, extra=0, min_num=1, max_num=100)


def _yes_or_no(value: str) -> bool:
    return value == "yes"


class LeaderRow(forms.Form):
    name = forms.CharField(label="Name", max_length=200, required=False)
    post = forms.CharField(label="Post (optional)", help_text="For example, chair.", max_length=200, required=False)
    could_gain = forms.TypedChoiceField(
        label="Could you or your practice gain from what this consortium buys?",
        choices=[("yes", "Yes"), ("no", "No")],
        coerce=_yes_or_no,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )
    how = WrittenField(
        label="If yes, how?",
        help_text="For example, a share in a company that offers scans.",
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )

    ui = {"name": Ui(width=30), "post": Ui(width=30), "could_gain": Ui(inline=True)}


LeaderRows = formset_factory(LeaderRow, extra=0, min_num=1, max_num=100)


class PartnersForm(Versioned):
    partners = WrittenField(
        label="Partners and support needed (optional)",
        help_text="Who works with you: the council, hospitals, voluntary groups. What help you need, and from whom.",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=4_000,
        required=False,
    )

    ui = {"partners": Ui(count=4_000)}


class PasteForm(Versioned):
    """The paste box, or a file instead. `consortium` is asked only where the bid holds several."""

    consortium = forms.TypedChoiceField(label="Which consortium are they in?", coerce=int, widget=forms.RadioSelect)
    practices = WrittenField(
        label="Practice codes",
        help_text="Paste or type them: one to a line, or parted by spaces or commas. For example, G85001. "
        "Nothing is saved until you have seen what was found.",
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocapitalize": "characters"}),
        validators=[MaxLengthValidator(MOST_TEXT, TOO_LONG)],  # no maxlength: a browser would cut a paste silently
    )
    file = UploadField(
        label="Or a CSV file of them",
        help_text="With a column named “Practice code”; other columns may be there, in any order.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        required=False,
    )


class AnswerForm(Versioned):
    text = WrittenField(widget=forms.Textarea(attrs={"rows": 12}), required=False, max_length=20_000)
    file = UploadField(
        label="Attach a file (optional)",
        help_text="A PDF, PNG or JPEG of up to 10 MB. The assessor, and the PCTs and SHA of its practices, can read it.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        required=False,
    )

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


class ClaimForm(forms.Form):
    """What a practice answers to a bid that names it."""

    answer = forms.ChoiceField(
        label="Is that right?",
        error_messages={"required": "Select whether it is right"},
        choices=[
            ("confirmed", "Yes, our practice joins this consortium"),
            ("disputed", "No, our practice does not"),
            ("undecided", "We have not decided yet"),
        ],
        widget=forms.RadioSelect,
    )
    text = WrittenField(
        label="What you want to say about it",
        help_text="Needed where the answer is no. The bid’s lead and those who assess it read this.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        required=False,
    )

    ui = {"answer": Ui(size="m"), "text": Ui(count=2_000)}


class WithdrawForm(Versioned):
    """Only the version: the button is the answer."""

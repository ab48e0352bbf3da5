"""The forms by which a practice answers, and a lead asks. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

from typing import Any

from django import forms

from consortia.models import WordKind
from consortia.words import choices
from registry.pages.forms import DateField, Ui, WrittenField
from registry.pages.uploads import UploadField

ANSWERS = [
    ("confirmed", "Yes, we are a member"),
    ("disputed", "No, we are not"),
    ("undecided", "We have not decided"),
]


class AnswerForm(forms.Form):
    """What a practice answers; `who` is asked only where nobody is signed in."""

    answer = forms.ChoiceField(
        label="Is that right?",
        error_messages={"required": "Select whether it is right"},
        choices=ANSWERS,
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="If no, what is wrong?", required=False)
    text = WrittenField(
        label="Anything you want to add (optional)",
        help_text="Read by the consortium’s lead and the programme only.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        required=False,
    )
    who = forms.CharField(
        label="Your name and post",
        help_text="For example, Sam Example, practice manager. Not shown in public.",
        error_messages={"required": "Enter your name and post"},
        max_length=200,
    )

    ui = {"answer": Ui(size="m"), "who": Ui(width=30)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "Choose, if no"), *choices(WordKind.DISPUTE)]  # type: ignore[attr-defined]


class SignedInAnswerForm(AnswerForm):
    who = None  # type: ignore[assignment]


class MoveForm(forms.Form):
    """Whether a practice agrees to move."""

    answer = forms.ChoiceField(
        label="Do you agree?",
        error_messages={"required": "Select whether you agree"},
        choices=[("agree", "Yes, we agree to move"), ("decline", "No, we do not")],
        widget=forms.RadioSelect,
    )

    ui = {"answer": Ui(size="m")}


class CodeForm(forms.Form):
    """The two codes of a printed letter."""

    practice = forms.CharField(
        label="Practice code",
        help_text="A letter and five digits, such as G85001.",
        max_length=20,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label="Code of the letter",
        help_text="Twelve letters and digits, in three groups. Small letters and blanks do no harm.",
        max_length=40,
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "spellcheck": "false", "autocomplete": "off"}),
    )

    ui = {"practice": Ui(width=10), "code": Ui(width=20)}


class PaperForm(forms.Form):
    """What a practice signed on paper."""

    answer = forms.ChoiceField(
        label="What did the practice sign?",
        error_messages={"required": "Select what the practice signed"},
        choices=[
            ("confirmed", "That it is a member"),
            ("disputed", "That it is not"),
            ("undecided", "That it has not decided"),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.ChoiceField(label="If it is not, what is wrong?", required=False)
    on = DateField(label="Day on which it was signed", help_text="For example, 1 2 2011.")
    who = forms.CharField(
        label="Who signed, and in what post (optional)",
        help_text="Not shown in public.",
        max_length=200,
        required=False,
    )
    file = UploadField(
        label="A scan of the paper",
        help_text="A PDF, PNG or JPEG of up to 10 MB. The practice’s manager, those who keep the membership and the programme can read it.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )

    ui = {"answer": Ui(size="s"), "on": Ui(size="s"), "who": Ui(width=30)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = [("", "Choose, if not"), *choices(WordKind.DISPUTE)]  # type: ignore[attr-defined]


class ContactForm(forms.Form):
    """Where a practice is written to."""

    address = forms.EmailField(
        label="E-mail address",
        help_text="The practice’s own, not yours: an answer from your address is marked as that.",
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(
        label="Whose it is (optional)", help_text="For example, the practice manager.", max_length=200, required=False
    )
    ask = forms.BooleanField(label="Ask this practice now", required=False)

    ui = {"address": Ui(width=30), "name": Ui(width=30)}


class AddressForm(ContactForm):
    """The same, where nobody is asked at once."""

    ask = None  # type: ignore[assignment]


class EraseForm(forms.Form):
    reason = forms.CharField(label="Why is it erased?", max_length=500)

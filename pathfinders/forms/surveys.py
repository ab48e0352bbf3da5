"""The forms of surveys: what was asked, what a source reports, what a trust answered, and a file of answers."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.forms.carried import CarriedFileForm, file_field
from pathfinders.forms.evidence import EvidenceFields
from registry.pages.forms import DateField, Ui, WrittenField
from transitions.models import SurveyReply
from transitions.models.survey import Asked
from transitions.surveys import REPLIED

KNOWN = "The day on which it was published, or on which the survey began to ask."
REMOVE = "remove"


class SurveyForm(EvidenceFields, forms.Form):
    title = forms.CharField(label="What the survey is called", max_length=200)
    question = WrittenField(label="What was asked", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    asked_of = forms.ChoiceField(
        label="Who was asked?",
        help_text="Of GPs and practices the register keeps counts only.",
        error_messages={"required": "Select who was asked"},
        choices=Asked.choices,
        widget=forms.RadioSelect,
    )
    asked = forms.IntegerField(
        label="How many were asked (optional)",
        help_text="Leave it empty where the source does not say.",
        min_value=0,
        required=False,
    )
    replied = forms.IntegerField(
        label="How many replied (optional)",
        help_text="Leave it empty where the source does not say.",
        min_value=0,
        required=False,
    )
    begins = DateField(label="First day on which it asked (optional)", required=False)
    ends = DateField(
        label="Last day on which it asked (optional)",
        help_text="Until then leads of trusts are asked to answer on their own page.",
        required=False,
    )
    words = forms.CharField(
        label="How the source dates it (optional)", help_text="As “last week”.", max_length=100, required=False
    )
    known_from = DateField(label="Known from", help_text=KNOWN)

    ui = {
        "asked_of": Ui(size="s"),
        "asked": Ui(width=4),
        "replied": Ui(width=4),
        "begins": Ui(size="s"),
        "ends": Ui(size="s"),
        "words": Ui(width=20),
        "known_from": Ui(size="s"),
    }


class ChangeSurveyForm(SurveyForm):
    version = forms.IntegerField(widget=forms.HiddenInput)
    why = forms.CharField(label="Why is it changed?", max_length=500)
    correction = forms.BooleanField(
        label="What was recorded was wrong: correct it for all of its days", required=False
    )


class CountsForm(forms.Form):
    """For each answer a number, or the share in the source's words."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    known_from = DateField(label="Known from", help_text="The day on which the source reported it.")
    why = forms.CharField(label="Why (where it was recorded to report another)", max_length=500, required=False)
    correction = forms.BooleanField(
        label="What was recorded was wrong: correct it for all of its days", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ui = {"known_from": Ui(size="s")}
        for reply in SurveyReply:
            count, share = f"count_{reply}", f"share_{reply}"
            self.fields[count] = forms.IntegerField(label=f"“{reply.label}”: how many", min_value=0, required=False)
            self.fields[share] = forms.CharField(
                label=f"“{reply.label}”: the share in words, where there is no number", max_length=100, required=False
            )
            self.ui |= {count: Ui(width=4), share: Ui(width=20)}
        self.order_fields([*(n for n in self.fields if n.startswith(("count_", "share_"))), "known_from"])

    def counts(self) -> dict[str, tuple[int | None, str] | None]:
        """By answer what the source reports; None where both boxes are empty."""
        data = self.cleaned_data
        told = {reply.value: (data[f"count_{reply}"], data[f"share_{reply}"].strip()) for reply in SurveyReply}
        return {answer: None if values == (None, "") else values for answer, values in told.items()}


class AnswerForm(forms.Form):
    """What a trust answered; `stands`: an answer is recorded, which may also be taken away. `own`: the trust itself
    answers, which by answering was asked and replied."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label="What is the answer?",
        error_messages={"required": "Select the answer"},
        choices=SurveyReply.choices,
        widget=forms.RadioSelect,
    )
    words = WrittenField(
        label="In the trust’s words (optional)",
        help_text="Public. Name no person.",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    on = DateField(label="Day of the answer")

    ui = {"answer": Ui(size="m"), "on": Ui(size="s")}

    def __init__(self, *args: Any, stands: bool = False, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [(reply.value, reply.label) for reply in (REPLIED if own else SurveyReply)]
        if stands:
            offered.append((REMOVE, "Nothing is known: what is recorded is an error"))
        self.fields["answer"].choices = offered  # type: ignore[attr-defined]
        if stands:
            self.fields["why"] = forms.CharField(label="Why is it another than before?", max_length=500)


class AnswersFileForm(CarriedFileForm):
    noun = "answers.csv"
    file = file_field(
        "File of answers", "CSV or Excel, a row for each trust. Columns: PCT code, answer; and where wanted words, on."
    )

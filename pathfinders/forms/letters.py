"""A letter between the step that it tells of and its reader."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django import forms

from pathfinders.letters import Letter
from registry.pages.forms import Ui, WrittenField

FIELDS = ("letter_subject", "letter_body", "letter_of", "letter_shown")


@dataclass(frozen=True)
class TypedLetter:
    """A letter as it came back from the page. `of`: the mark of the composed letter that it began as; `shown`: that
    of the one which was last seen as its reader will have it."""

    subject: str
    body: str
    of: str
    shown: str

    @property
    def words(self) -> Letter:
        return {"subject": self.subject, "body": self.body}


class LetterForm(forms.Form):
    letter_subject = forms.CharField(label="Subject", max_length=200, required=False)
    letter_body = WrittenField(label="Letter", widget=forms.Textarea(attrs={"rows": 20}), required=False, strip=False)
    letter_of = forms.CharField(widget=forms.HiddenInput, required=False)
    letter_shown = forms.CharField(widget=forms.HiddenInput, required=False)

    ui = {"letter_subject": Ui(width=30)}


def mark(letter: Letter) -> str:
    """A short mark of a letter's words, blanks at its ends aside: two letters that read alike have the same."""
    return sha256(f"{letter['subject'].strip()}\n{letter['body'].strip()}".encode()).hexdigest()[:16]


def hide_letter(form: forms.Form) -> None:
    """Let a step's form carry the letter unseen, so that going back to the form loses none of it."""
    for name in FIELDS:
        kind = WrittenField if name == "letter_body" else forms.CharField
        form.fields[name] = kind(widget=forms.HiddenInput, required=False, strip=False)


def take_letter(form: forms.Form) -> TypedLetter | None:
    """The letter that a step's form carried, out of its cleaned data; None where none has been written yet."""
    subject, body, of, shown = (form.cleaned_data.pop(name, "") for name in FIELDS)
    return TypedLetter(subject, body, of, shown) if of else None

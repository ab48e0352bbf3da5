"""The forms of changes of memberships, for leads, practices and staff. Rules are the actions'; days are inclusive here
and half-open beyond."""

from __future__ import annotations

from typing import Any

from django import forms

from consortia.models import Consortium, MembershipStatus, WordKind
from consortia.words import choices
from pathfinders.forms.register import RefField
from practices.models import ParentBody, Practice, PracticeMergerKind
from registry.pages.forms import DateField, Ui, WrittenField
from registry.timeline import first_day_out

ANY_DAY = "It may be past, today or to come."
PUBLIC = "The journal keeps it, in public: name no patient."


def why() -> WrittenField:
    return WrittenField(
        label="Why is this recorded?",
        help_text=PUBLIC,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        error_messages={"required": "Say why this is recorded"},
    )


class CodeField(forms.CharField):
    """One practice or body, by its code. Its value is the identity."""

    def __init__(self, identity: Any, **kwargs: Any) -> None:
        self.identity = identity
        super().__init__(max_length=10, **kwargs)

    def clean(self, value: Any) -> Any:
        code = super().clean(value).strip().upper()
        row = self.identity.objects.filter(code=code).first() if code else None
        if code and row is None:
            noun = "practice" if self.identity is Practice else "PCT or other body"
            raise forms.ValidationError(f"The register knows no {noun} {code}: check the code.")
        return row


class LeaveForm(forms.Form):
    last_day = DateField(label="Its last day as a member", help_text=ANY_DAY)
    reason = forms.ChoiceField(
        label="Why does it leave?", widget=forms.RadioSelect, error_messages={"required": "Select why it leaves"}
    )
    why = why()
    ui = {"last_day": Ui(size="s"), "reason": Ui(size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(WordKind.LEAVE)  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"on": first_day_out(data["last_day"]), "reason": data["reason"], "why": data["why"]}


class CorrectClaimForm(forms.Form):
    what = forms.ChoiceField(
        label="What is wrong?",
        choices=[("first_day", "Its first day"), ("never", "It never was a member")],
        widget=forms.RadioSelect,
    )
    first_day = DateField(
        label="Its first day as a member", help_text="Only where the first day is wrong.", required=False
    )
    why = why()
    on = forms.DateField(widget=forms.HiddenInput)
    ui = {"what": Ui(size="s"), "first_day": Ui(size="s")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("what") == "first_day" and not data.get("first_day") and "first_day" not in self.errors:
            self.add_error("first_day", "Enter its first day as a member")
        return data

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        first = data["first_day"] if data["what"] == "first_day" else None
        return {"on": data["on"], "first_day": first, "why": data["why"]}


class UndoForm(forms.Form):
    why = WrittenField(
        label="Why is it undone? (optional)",
        help_text=PUBLIC,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2_000,
        required=False,
    )


class AskTransferForm(forms.Form):
    practice = CodeField(Practice, label="Practice", help_text="Its code, such as G85001.")
    on = DateField(
        label="First day as your member",
        help_text=ANY_DAY,
        error_messages={"required": "Enter its first day as your member"},
    )
    text = WrittenField(
        label="What do you want to say to it? (optional)",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        required=False,
    )
    ui = {"practice": Ui(width=10), "on": Ui(size="s")}


class AnswerTransferForm(forms.Form):
    answer = forms.ChoiceField(
        label="Your answer", choices=[("agree", "Yes, we agree"), ("decline", "No")], widget=forms.RadioSelect
    )
    ui = {"answer": Ui(size="s")}


class WorkForm(forms.Form):
    note = WrittenField(
        label="What was done? (optional)", widget=forms.Textarea(attrs={"rows": 2}), max_length=500, required=False
    )


class StaffJoinForm(forms.Form):
    consortium = RefField(Consortium, label="Consortium", help_text="Its reference, such as GC0001.")
    on = DateField(label="First day as a member", help_text=ANY_DAY)
    status = forms.ChoiceField(label="How sure is it?", choices=MembershipStatus.choices)
    reason = forms.ChoiceField(label="Why does it join?")
    basis = forms.CharField(label="Legal basis (of an allocation only)", max_length=500, required=False)
    why = why()
    ui = {"consortium": Ui(width=10), "on": Ui(size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = choices(WordKind.JOIN)  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class StaffCorrectForm(forms.Form):
    start = DateField(label="First day that was wrong")
    last_day = DateField(
        label="Last day that was wrong", help_text="Leave empty: for as long as both live.", required=False
    )
    consortium = RefField(
        Consortium, label="Consortium it belonged to", help_text="Leave empty: to none.", required=False
    )
    status = forms.ChoiceField(
        label="How sure is it?", choices=[("", "Where it belonged to one"), *MembershipStatus.choices], required=False
    )
    reason = forms.ChoiceField(label="Why did it join?", required=False)
    basis = forms.CharField(label="Legal basis (of an allocation only)", max_length=500, required=False)
    why = why()
    ui = {"start": Ui(size="s"), "last_day": Ui(size="s"), "consortium": Ui(width=10)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = [("", "Where it belonged to one"), *choices(WordKind.JOIN)]
        self.fields["reason"].choices = words  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        end = first_day_out(data.pop("last_day"))
        return data | {"end": end}


class StaffTransferForm(forms.Form):
    to = RefField(Consortium, label="Consortium that gains it", help_text="Its reference, such as GC0001.")
    on = DateField(label="First day as its member", help_text=ANY_DAY)
    why = WrittenField(
        label="How have both agreed?",
        help_text=f"Say what both have signed, and when. {PUBLIC}",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    ui = {"to": Ui(width=10), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class StaffParentForm(forms.Form):
    parent = CodeField(ParentBody, label="Code of the PCT or other body")
    on = DateField(label="From which day", help_text=ANY_DAY)
    reason = why()
    ui = {"parent": Ui(width=10), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class MergePracticesForm(forms.Form):
    practice = CodeField(Practice, label="Practice that ends", help_text="Its code, such as G85001.")
    into = CodeField(Practice, label="Practice that it becomes part of", help_text="The code that goes on.")
    kind = forms.ChoiceField(
        label="What is the practice that it becomes part of?",
        choices=[
            (PracticeMergerKind.ABSORB, "One that was there before, and goes on"),
            (PracticeMergerKind.MERGE, "A new practice, made of several"),
        ],
        initial=PracticeMergerKind.ABSORB,
        widget=forms.RadioSelect,
    )
    on = DateField(label="From which day", help_text=f"The first day of the new state. {ANY_DAY}")
    ui = {"practice": Ui(width=10), "into": Ui(width=10), "kind": Ui(size="s"), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)

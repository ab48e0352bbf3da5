"""The forms of the national close and of a body's successors. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consortia.models import MembershipWord, WordKind
from pathfinders.forms.register import RefField
from practices.models import ParentBody, SuccessionKind
from registry.actions.checks import said
from registry.pages.forms import DateField, Ui, WrittenField

PUBLIC = "The journal keeps it, in public: name no person."


class ExplainedField(WrittenField):
    """A practice a line: its code, then why, a blank, a comma or a colon between. Its value is {code: why}."""

    def clean(self, value: Any) -> dict[str, str]:
        told: dict[str, str] = {}
        for line in super().clean(value).splitlines():
            code, *rest = re.split(r"[\s,:;]+", line.strip(), maxsplit=1)
            if not code:
                continue
            if code.upper() in told:
                raise ValidationError(f"{code.upper()} stands on two lines: keep one.", code="twice")
            told[code.upper()] = "".join(rest).strip()
        return told


class RehearseForm(forms.Form):
    on = DateField(label="First day without trusts and authorities")
    as_if = forms.BooleanField(
        label="As if every consortium became a clinical commissioning group",
        help_text="For a register in which the groups are not told of yet. A rehearsal only: it cannot be closed so.",
        required=False,
    )
    explained = ExplainedField(
        label="Practices left without a group (optional)",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=200_000,
    )

    ui = {"on": Ui(size="s"), "explained": Ui(size="s")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = MembershipWord.objects.filter(kinds__contains=[WordKind.LEFT_OUT], period__endswith=None)
        keys = ", ".join(words.values_list("key", flat=True))
        self.fields["explained"].help_text = (
            "One practice a line: its code, then why it is left: a reason, a sentence, or both. As “Z00029 special: It serves a "
            f"prison”. Reasons: {keys}. {PUBLIC}"
        )


class CloseForm(forms.Form):
    """What was rehearsed comes back hidden; the day is typed once more."""

    on = forms.DateField(widget=forms.HiddenInput)
    explained = ExplainedField(widget=forms.HiddenInput, required=False)
    plan_hash = forms.CharField(widget=forms.HiddenInput)
    typed = DateField(
        label="The first day without them, once more",
        help_text="Every trust and authority of England ends the day before. It can be taken back while nothing builds on it.",
    )
    why = WrittenField(label="Why", help_text=PUBLIC, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

    ui = {"typed": Ui(size="s"), "why": Ui(size="s")}

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        on: date | None = told.get("on")
        if on is not None and told.get("typed") not in (None, on):
            self.add_error(
                "typed", f"That is not the day that was rehearsed, {said(on)}. Type that, or rehearse again."
            )
        told.pop("typed", None)
        return told


class UndoForm(forms.Form):
    why = WrittenField(
        label="Why is it taken back?", help_text=PUBLIC, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000
    )


class SuccessionForm(forms.Form):
    predecessor = RefField(ParentBody, label="Whose successors", help_text="The code of the body that ended, as 5QV.")
    kind = forms.ChoiceField(label="How", choices=SuccessionKind.choices, widget=forms.RadioSelect)
    on = DateField(label="First day of the successors in its place")
    successors = WrittenField(
        label="Successors",
        help_text="One a line: its code; of a split, the shares of the practices and of the people too, as "
        "“06K 0.6 0.55”. Over all lines each sums to 1.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    correction = forms.BooleanField(
        label="What is recorded of its successors is wrong: these replace it", required=False
    )
    why = WrittenField(label="Why", help_text=PUBLIC, widget=forms.Textarea(attrs={"rows": 3}), max_length=2_000)

    ui = {name: Ui(size="s") for name in ("predecessor", "kind", "on", "successors", "why")}

    def clean_successors(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        return [_part(line.split()) for line in self.cleaned_data["successors"].splitlines() if line.strip()]


def _part(words: list[str]) -> tuple[str, Decimal | None, Decimal | None]:
    try:
        shares = [Decimal(word) for word in words[1:]]
    except InvalidOperation:
        shares = [Decimal("NaN")]
    if len(shares) not in (0, 2) or not all(share.is_finite() for share in shares):
        raise ValidationError(
            f"“{' '.join(words)[:60]}”: give a code alone, or a code and two shares, as “06K 0.6 0.55”.", code="part"
        )
    return (words[0].upper(), shares[0], shares[1]) if shares else (words[0].upper(), None, None)

"""The forms of a consortium's people and of its attestation."""

from __future__ import annotations

from django import forms

from registry.pages.forms import Ui


class DeputyForm(forms.Form):
    email = forms.EmailField(
        label="E-mail address", help_text="Who has no account yet is invited by this mail.", max_length=254
    )
    name = forms.CharField(label="Name (optional)", max_length=200, required=False)

    ui = {"email": Ui(width=30), "name": Ui(width=30)}


class SuccessorForm(DeputyForm):
    sure = forms.BooleanField(label="I understand that I cannot open this consortium’s pages any more")


class AttestForm(forms.Form):
    """The list that was shown, by its hash, and the entry of the journal that it was read at."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)
    entry = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

"""A file that is first checked and then loaded: between the two it travels in the form, and nothing of it is kept."""

from __future__ import annotations

import base64
from typing import Any

from django import forms

from registry.files.source import Source
from registry.pages.uploads import UploadField

LARGEST = 500_000
"""Bytes: a row for each of 151 trusts takes a twentieth, one for each of their service lines a half."""


def file_field(label: str, help_text: str) -> UploadField:
    box = forms.FileInput(attrs={"accept": ".csv,.xlsx"})
    return UploadField(label=label, help_text=help_text, required=False, widget=box)


class CarriedFileForm(forms.Form):
    """A file, or one that was checked already, carried along as text. `noun`: what one without a name is called."""

    noun = "file.csv"
    file = file_field("File", "CSV or Excel.")
    name = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200)
    content = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LARGEST * 2)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        sent = data.get("file")
        try:
            whole = sent.read() if sent else base64.b64decode(data.get("content", ""), validate=True)
        except ValueError:  # no base64, or not even ASCII
            whole = b""
        if not whole:
            self.add_error("file", "Choose a file with at least one row")
        elif len(whole) > LARGEST:
            self.add_error("file", f"Choose a file of at most {LARGEST // 1000} kB: there are 151 trusts")
        else:
            data["source"] = Source(sent.name if sent else data["name"] or self.noun, whole)
        return data

    def carried(self) -> dict[str, str]:
        """What the second form holds."""
        source = self.cleaned_data["source"]
        return {"name": source.name, "content": base64.b64encode(source.data).decode()}

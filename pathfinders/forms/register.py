"""The forms of mergers, splits, names and going live. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from consortia.models import Consortium
from pathfinders.models import Pathfinder
from pathfinders.succession.consortia import LEFT_REASONS
from practices.models import ParentBody
from practices.pasting import pasted
from registry.models.fact import Identity
from registry.pages.forms import DateField, Ui, WrittenField

PARTS = 4
"""Parts on the form of a split; one into more is done in two steps."""
REF = re.compile(r"^GC\d{4,}$")


NOUNS: dict[type[Identity], tuple[str, str]] = {ParentBody: ("trust or authority", "code")}
"""Bodies that readers know by another name than the register's own, and what they are asked for by."""


class RefField(forms.CharField):
    """One body, by its reference. Its value is the identity."""

    def __init__(self, identity: type[Identity], **kwargs: Any) -> None:
        self.identity = identity
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value).strip().upper()
        return found(self.identity, [text])[0] if text else None


class RefsField(forms.CharField):
    """Several bodies, by their references, parted by spaces, commas or lines."""

    widget = forms.Textarea

    def __init__(self, identity: type[Identity], **kwargs: Any) -> None:
        self.identity = identity
        super().__init__(**kwargs)

    def clean(self, value: Any) -> list[Any]:
        return found(self.identity, [ref for _, ref in pasted(super().clean(value))])


def found(identity: type[Identity], refs: list[str]) -> list[Any]:
    """The bodies of these references, in their order; ValidationError names those that there are not."""
    rows = {
        getattr(row, identity.NATURAL): row
        for row in identity._default_manager.filter(**{f"{identity.NATURAL}__in": refs})
    }
    missing = [ref for ref in dict.fromkeys(refs) if ref not in rows]
    if missing:
        noun, said = NOUNS.get(identity, (str(identity._meta.verbose_name), "reference"))
        raise ValidationError(f"The register knows no {noun} {', '.join(missing[:8])}: check the {said}.")
    return [rows[ref] for ref in refs]


class MergeConsortiaForm(forms.Form):
    consortia = RefsField(
        Consortium,
        label="Consortia that end",
        help_text="Their references, such as GC0001, one a line.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    how = forms.ChoiceField(
        label="What do they become?",
        choices=[("new", "A new consortium, with a reference of its own"), ("into", "Part of one that goes on")],
        widget=forms.RadioSelect,
    )
    name = forms.CharField(label="Name of the new consortium", required=False, max_length=200)
    form = forms.CharField(
        label="Its organisational form",
        help_text="Leave empty to keep the form that they share.",
        required=False,
        max_length=200,
    )
    into = RefField(Consortium, label="Reference of the one that goes on", required=False)
    on = DateField(label="From which day", help_text="The first day of the new state. It may be past or to come.")

    ui = {"how": Ui(size="s"), "into": Ui(width=10), "on": Ui(size="s")}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == "into":
            data["name"] = data["form"] = ""
            if not data.get("into") and "into" not in self.errors:
                self.add_error("into", "Enter the reference of the one that goes on")
        elif data.get("how") == "new":
            data["into"] = None
            if not data.get("name", "").strip() and "name" not in self.errors:
                self.add_error("name", "Enter the name of the new consortium")
        return data

    def told(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "how"}


class Parted(forms.Form):
    """Mixin: parts 1 to `PARTS`, each a name (or reference) and what belongs to it."""

    named = "Name"
    holds = "What belongs to it"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ui = {"on": Ui(size="s")}
        for n in range(1, PARTS + 1):
            self.fields[f"part_{n}"] = forms.CharField(label=f"Part {n}: {self.named}", required=False, max_length=200)
            self.fields[f"holds_{n}"] = WrittenField(
                label=f"Part {n}: {self.holds}",
                widget=forms.Textarea(attrs={"rows": 3}),
                required=False,
                max_length=20_000,
            )

    def given(self) -> list[tuple[int, str, list[str]]]:
        """(number, name, codes) of each part that has either."""
        data = self.cleaned_data
        rows = [(n, data[f"part_{n}"].strip(), words(data[f"holds_{n}"])) for n in range(1, PARTS + 1)]
        return [row for row in rows if row[1] or row[2]]


def words(text: str) -> list[str]:
    return [word for _, word in pasted(text)]


class SplitConsortiumForm(Parted):
    named = "name of a new consortium, or the reference of one there is"
    holds = "its practices, by code"

    consortium = RefField(Consortium, label="Consortium that splits", help_text="Its reference, such as GC0001.")
    on = DateField(label="From which day", help_text="The first day of the new state. It may be past or to come.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [("", "Nobody: I name every practice"), *((str(n), f"Part {n}") for n in range(1, PARTS + 1))]
        self.fields["rest"] = forms.ChoiceField(
            label="Where do the members go that are not named?", choices=rest, required=False
        )
        self.fields["left"] = WrittenField(
            label="Practices left in no consortium, by code",
            widget=forms.Textarea(attrs={"rows": 2}),
            required=False,
            max_length=20_000,
        )
        self.fields["left_reason"] = forms.ChoiceField(
            label="Why are they in none?", choices=[("", "Choose a reason"), *LEFT_REASONS.items()], required=False
        )

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        parts: list[dict[str, Any]] = [
            {"ref" if REF.match(name.upper()) else "name": name, "practices": codes, "rest": data["rest"] == str(n)}
            for n, name, codes in self.given()
        ]
        if left := words(data["left"]):
            parts.append({"left": data["left_reason"], "practices": left})
        return {"consortium": data["consortium"], "on": data["on"], "parts": parts}


class RenameConsortiumForm(forms.Form):
    consortium = RefField(Consortium, label="Consortium", help_text="Its reference, such as GC0001.")
    name = forms.CharField(label="Its new name", max_length=200)
    on = DateField(label="From which day")
    ui = {"consortium": Ui(width=10), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class MergePathfindersForm(forms.Form):
    pathfinder = RefField(Pathfinder, label="Pathfinder that ends", help_text="Its reference, such as PF0001.")
    into = RefField(
        Pathfinder, label="Pathfinder that it becomes part of", help_text="Its consortia stand in this one."
    )
    on = DateField(label="From which day", help_text="The first day of the new state. It may be past or to come.")
    ui = {"pathfinder": Ui(width=10), "into": Ui(width=10), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class SplitPathfinderForm(Parted):
    named = "name of the new pathfinder"
    holds = "its consortia, by reference"

    pathfinder = RefField(Pathfinder, label="Pathfinder that splits", help_text="Its reference, such as PF0001.")
    on = DateField(label="From which day", help_text="The first day of the new state. It may be past or to come.")

    def told(self) -> dict[str, Any]:
        parts = [{"name": name, "consortia": refs} for _, name, refs in self.given()]
        return {"pathfinder": self.cleaned_data["pathfinder"], "on": self.cleaned_data["on"], "parts": parts}


class RenamePathfinderForm(forms.Form):
    pathfinder = RefField(Pathfinder, label="Pathfinder", help_text="Its reference, such as PF0001.")
    name = forms.CharField(label="Its new name", max_length=200)
    on = DateField(label="From which day")
    ui = {"pathfinder": Ui(width=10), "on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class GoingLiveForm(forms.Form):
    pathfinder = RefField(Pathfinder, label="Pathfinder", help_text="Its reference, such as PF0001.")
    goes_live_on = DateField(
        label="Day on which it goes live",
        help_text="Not before its announcement. Leave empty where it is not known any more.",
        required=False,
    )
    ui = {"pathfinder": Ui(width=10), "goes_live_on": Ui(size="s")}

    def told(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ConfirmForm(forms.Form):
    """What confirms a preview: the reason, and what was seen."""

    reason = WrittenField(
        label="Why is this recorded?",
        help_text="The journal keeps it, in public, and the leads concerned read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput)

"""Forms on clusters. Rules are the actions'."""

from __future__ import annotations

from typing import Any

from django import forms

from pathfinders.forms.lead import Versioned
from pathfinders.forms.register import RefsField
from pathfinders.forms.transition import WHY
from practices.models import ParentBody
from registry.pages.forms import DateField, Ui, WrittenField
from transitions.models import ClusterKind

SOURCE = "Where that is said: a statement of the Department, a board paper, the press."


def _why() -> WrittenField:
    return WrittenField(label="Why", help_text=WHY, widget=forms.Textarea(attrs={"rows": 3}), max_length=1_000)


class NewClusterForm(forms.Form):
    kind = forms.ChoiceField(label="What is it made of?", choices=ClusterKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label="What is it called?", max_length=200)
    on = DateField(label="From which day is it there?")
    source = forms.CharField(label="Where that is said", help_text=SOURCE, max_length=500)

    ui = {"kind": Ui(size="s"), "name": Ui(width=30), "on": Ui(size="s")}


class RenameClusterForm(Versioned):
    name = forms.CharField(label="What is it called?", max_length=200)
    on = DateField(label="From which day?", help_text="Its earlier name is told of the days before.")
    source = forms.CharField(label="Where that is said", help_text=SOURCE, max_length=500)
    why = _why()
    correction = forms.BooleanField(
        label="What stands on that day was recorded wrongly: correct it for all of its days", required=False
    )

    ui = {"name": Ui(width=30), "on": Ui(size="s")}


class MembersForm(Versioned):
    bodies = RefsField(
        ParentBody,
        label="Which trusts, or authorities?",
        help_text="Their codes, such as 5LE, parted by spaces, commas or lines. One that is in another cluster leaves that.",
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    on = DateField(label="From which day are they in it?")
    why = _why()
    correction = forms.BooleanField(
        label="The cluster that they are recorded in on that day is wrong: correct it for all of its days",
        required=False,
    )

    ui = {"on": Ui(size="s")}


class LastDayForm(Versioned):
    """For who leaves a cluster, and for a cluster that ends."""

    last_day = DateField(label="What is the last day?")
    why = _why()

    ui = {"last_day": Ui(size="s")}


class UndoClusterForm(forms.Form):
    why = _why()


def told(form: Any) -> dict[str, Any]:
    """What an action takes of a form that carries a version."""
    data = dict(form.cleaned_data)
    return data | {"seen": data.pop("version")}

"""The form of a wave's announcement: its words, a row for each figure, a row for each local service. Rules are the
action's; a form only reads what was typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.forms import formset_factory

from pathfinders.forms.lead import MOST_TEXT, Versioned
from pathfinders.models import Extent, Metric, Reconciliation, Rounding, ScopeKind, ServiceStatus
from registry.pages.forms import Ui, WrittenField

SHORT_SCOPES = (
    (ScopeKind.ENGLAND, "England"),
    (ScopeKind.SHA, "A strategic health authority, by its code"),
    (ScopeKind.PCT, "A primary care trust, by its code"),
    (ScopeKind.GROUP, "A pathfinder, by its name in the bid"),
)
SERVICE_SCOPES = (
    (ScopeKind.GROUP, "A pathfinder or consortium, or a place, by its name"),
    (ScopeKind.PCT, "A primary care trust, by its code"),
    (ScopeKind.SHA, "A strategic health authority, by its code"),
    (ScopeKind.ENGLAND, "England"),
)


class AnnouncementForm(Versioned):
    title = forms.CharField(label="Title", max_length=200, required=False)
    text = WrittenField(
        label="Text",
        help_text="Each figure in it should be a claim below: only claims are checked and kept with the wave.",
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=MOST_TEXT,
        required=False,
    )
    notes = WrittenField(
        label="Notes to editors (optional)",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=MOST_TEXT,
        required=False,
    )

    ui = {"title": Ui(width=30)}


class ClaimRow(forms.Form):
    words = forms.CharField(
        label="The figure in words",
        help_text="For example: nearly 90%, a quarter, 12.8 million people.",
        required=False,
    )
    metric = forms.ChoiceField(
        label="What it counts", choices=[("", "As the words say"), *Metric.choices], required=False
    )
    extent = forms.ChoiceField(label="Of which waves", choices=Extent.choices, initial=Extent.WAVE, required=False)
    scope_kind = forms.ChoiceField(label="Of what", choices=SHORT_SCOPES, initial=ScopeKind.ENGLAND, required=False)
    scope = forms.CharField(label="Its code or name", help_text="Leave empty for England.", required=False)
    value = forms.CharField(label="The value", help_text="Leave empty to have it read from the words.", required=False)
    rounding = forms.ChoiceField(
        label="How exactly it is worded", choices=[("", "As the words say"), *Rounding.choices], required=False
    )
    reconciliation = forms.ChoiceField(
        label="Explanation, if it differs", choices=[("", "None"), *Reconciliation.choices], required=False
    )
    note = forms.CharField(label="Note, if it differs", help_text="Published with the claim.", required=False)

    ui = {"words": Ui(width=30), "scope": Ui(width=30), "value": Ui(width=10), "note": Ui(width=30)}
    empty = {"extent": Extent.WAVE, "scope_kind": ScopeKind.ENGLAND}


class ServiceRow(forms.Form):
    scope_kind = forms.ChoiceField(label="Whose it is, or where", choices=SERVICE_SCOPES, required=False)
    scope = forms.CharField(label="Name or code", required=False)
    specialty = forms.CharField(label="Specialty", help_text="For example, ophthalmology.", required=False)
    status = forms.ChoiceField(label="Status", choices=[("", "Choose"), *ServiceStatus.choices], required=False)
    words = forms.CharField(label="What is claimed, in words", required=False)
    measure = forms.CharField(label="What is measured (optional)", required=False)
    value = forms.CharField(label="Value (optional)", required=False)
    unit = forms.CharField(label="Unit (optional)", required=False)
    comparator = forms.CharField(label="Compared with (optional)", required=False)
    period = forms.CharField(label="Period (optional)", required=False)

    ui = {
        **{name: Ui(width=30) for name in ("scope", "specialty", "words", "measure", "comparator")},
        **{name: Ui(width=10) for name in ("value", "unit", "period")},
    }
    empty = {"scope_kind": ScopeKind.GROUP}


ClaimRows = formset_factory(ClaimRow, extra=0, max_num=200, absolute_max=250)
ServiceRows = formset_factory(ServiceRow, extra=0, max_num=200, absolute_max=250)
Rows = Sequence[Mapping[str, Any]]


def typed_rows(row_class: type[forms.Form], data: Mapping[str, str], prefix: str) -> list[dict[str, str]]:
    """The rows that a form carries, each of its fields as it was typed, but for those left empty and the one whose
    button says to remove it (`remove=c-2`, the third)."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "0")
    names = list(row_class.base_fields)
    count = min(int(total), 250) if total.isdecimal() and len(total) < 5 else 0
    kept = [n for n in range(count) if data.get("remove") != f"{prefix}-{n}"]
    rows = [{name: data.get(f"{prefix}-{n}-{name}", "").strip() for name in names} for n in kept]
    unsaid: Mapping[str, str] = getattr(row_class, "empty", {})
    return [row for row in rows if any(value and value != unsaid.get(name) for name, value in row.items())]


def bound_rows(formset: Any, rows: Rows, prefix: str) -> Any:
    """A formset with these rows in it, so that each can carry what is wrong with it."""
    data = {f"{prefix}-TOTAL_FORMS": str(len(rows)), f"{prefix}-INITIAL_FORMS": "0"}
    for n, row in enumerate(rows):
        data |= {f"{prefix}-{n}-{name}": "" if value is None else str(value) for name, value in row.items()}
    return formset(data, prefix=prefix)


class CorrectRegionForm(forms.Form):
    region = forms.ChoiceField(label="Where it is", required=False)
    reason = forms.CharField(
        label="Why is it corrected?", help_text="Published beside the list, with today’s date.", max_length=500
    )

    ui = {"reason": Ui(width=30)}

    def __init__(self, *args: Any, regions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [*regions, ("", "In no region")]  # type: ignore[attr-defined]

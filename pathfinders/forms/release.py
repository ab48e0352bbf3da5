"""The forms of a wave's release. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pathfinders.forms.lead import Versioned
from pathfinders.models.wave import MOST_HOURS_EARLY
from registry.clock import LONDON
from registry.pages.forms import DateField, Ui


class ReleaseForm(Versioned):
    sure = forms.BooleanField(label="I have checked this wave; announce it to everybody now")


class HoldForm(forms.Form):
    """Needs nothing: a hold must never fail when it is meant."""

    reason = forms.CharField(
        label="Why (optional)",
        help_text="All programme staff read it in the wave’s log: name no bid and no person.",
        max_length=500,
        required=False,
    )


class TimeField(forms.CharField):
    """A time of day, as 9:30, 09.30, 930 or 14:05."""

    def to_python(self, value: Any) -> time | None:  # type: ignore[override]
        if isinstance(value, time):
            return value
        text = (super().to_python(value) or "").replace(" ", "")
        if not text:
            return None
        found = re.fullmatch(r"(\d{1,2})[:.]?(\d{2})", text, re.ASCII)
        if found is None or int(found[1]) > 23 or int(found[2]) > 59:
            raise ValidationError("Give a time from 00:00 to 23:59, for example 9:30.", code="time")
        return time(int(found[1]), int(found[2]))

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value


class ScheduleForm(Versioned):
    day = DateField(label="Day of the release")
    at = TimeField(label="Time, as clocks in London show it", help_text="For example, 9:30 or 14:05.")
    early_hours = forms.IntegerField(
        label="Hours before, from which each lead reads the own outcome",
        help_text=f"0 for not at all; at most {MOST_HOURS_EARLY}. They read it signed in, and it is logged.",
        min_value=0,
        max_value=MOST_HOURS_EARLY,
    )

    ui = {"at": Ui(width=5), "early_hours": Ui(width=3)}

    def clean(self) -> dict[str, Any]:
        """`release_at`, in UTC. A time that clocks skip in March is none; one that comes twice in October is the first."""
        told: dict[str, Any] = super().clean() or {}
        day, at = told.pop("day", None), told.pop("at", None)
        if day is None or at is None:
            return told
        there = datetime.combine(day, at, LONDON)
        instant = there.astimezone(UTC)
        if instant.astimezone(LONDON).time() != at:
            self.add_error("at", f"Clocks go forward on that day: there is no {at:%H:%M}. Give another time.")
        return told | {"release_at": instant}

"""The forms of a wave's life. Rules are the actions'; a form only reads what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from pathfinders.forms.lead import Versioned
from pathfinders.models import Bid
from pathfinders.models.wave import WaveDateKind
from registry.pages.forms import MONTHS, DateField, Ui, WrittenField

DAY_HINT = "For example, 2 3 2011."
SAID_IN_PUBLIC = "Everybody reads it beside the date, once that is published: name no person."


class MonthField(forms.Field):
    """A month, as "4 2011", "April 2011" or "2011-04": its first day."""

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        words = re.findall(r"[a-z]+|\d+", text.lower())
        if len(words) == 2 and len(words[0]) == 4 and words[0].isdecimal():
            words.reverse()
        if len(words) == 2 and len(words[1]) == 4 and words[1].isdecimal() and 0 < (month := _month(words[0])) < 13:
            return date(max(int(words[1]), 1), month, 1)
        raise ValidationError("Give a month and a year, for example 4 2011 or April 2011.", code="month")

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%B %Y}" if isinstance(value, date) else value


def _month(word: str) -> int:
    if word.isdecimal():
        return int(word[:3])
    return MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else 0


class OpenWaveForm(forms.Form):
    number = forms.IntegerField(label="Number of the wave", min_value=1, max_value=32_767)
    announced_on = DateField(
        label="Day of the announcement",
        help_text="The day it will be announced, or was, where history is entered late. For example, 2 3 2011.",
    )

    ui = {"number": Ui(width=4)}


def _dates() -> dict[str, DateField]:
    """A field for each date of a wave; only the announcement's must be there."""
    needed = WaveDateKind.ANNOUNCED.value
    return {
        kind: DateField(
            label=label if kind == needed else f"{label} (optional)", help_text=DAY_HINT, required=kind == needed
        )
        for kind, label in WaveDateKind.choices
    }


class ForecastForm(forms.Form):
    """The number of a wave to come, and its dates as they are expected."""

    number = forms.IntegerField(label="Number of the wave", min_value=1, max_value=32_767)

    ui = {"number": Ui(width=4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_dates())


class DatesForm(Versioned):
    """All four dates; one that is left empty stays as it is."""

    reason = forms.CharField(
        label="Why a date is moved",
        help_text=f"Needed where a date had been given before. {SAID_IN_PUBLIC}",
        max_length=500,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.update(_dates())
        self.order_fields(["version", *WaveDateKind.values, "reason"])


class ReasonForm(Versioned):
    reason = WrittenField(
        label="Why",
        help_text="The wave’s log keeps it, for programme staff.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
    )


class PublishForm(Versioned):
    reason = forms.CharField(
        label="Why it is published",
        help_text="Everybody can read this in the register’s journal: name no person.",
        max_length=500,
    )


class GoingLiveForm(Versioned):
    """A month for each bid, named `month-REF`."""

    def __init__(self, *args: Any, bids: Iterable[Bid], announced_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bids, self.announced_on = list(bids), announced_on
        self.ui: dict[str, Ui] = {}
        for bid in self.bids:
            self.fields[self.name(bid.ref)] = MonthField(label=f"{bid.name} ({bid.ref})", required=False)
            self.ui[self.name(bid.ref)] = Ui(width=10)

    @staticmethod
    def name(ref: str) -> str:
        return f"month-{ref}"

    def months(self) -> dict[str, date | None]:
        """A day of each month meant, by bid: the first, or, in the month of the announcement, that of the announcement.

        A bid whose month stays the one it has keeps the day that it has.
        """
        return {bid.ref: self._day(self.cleaned_data[self.name(bid.ref)], bid.goes_live_on) for bid in self.bids}

    def _day(self, month: date | None, now: date | None) -> date | None:
        if month is None or (now is not None and now.replace(day=1) == month and now >= self.announced_on):
            return now if month else None
        return self.announced_on if self.announced_on.replace(day=1) == month else month

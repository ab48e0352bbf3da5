"""Form fields and habits of the site.

A form is a plain Django form; the renderer gives it the design system's markup. Draw it with
`{% include "ui/error_summary.html" %}` above the heading and `{{ form }}` inside the `<form novalidate>`.
Whatever is refused keeps what was typed.
"""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from registry.errors import Refused
from registry.pages.renderer import Ui

__all__ = ["DateField", "DateParts", "DayInput", "Ui", "WrittenField", "add_refusal", "long_date"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
PARTS = ("day", "month", "year")


class WrittenField(forms.CharField):
    """Text of several lines. A browser sends CRLF; what is kept, counted and mailed has the plain line end."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class DateParts(forms.MultiWidget):
    """Day, month and year as three inputs named `<name>_day`, `<name>_month`, `<name>_year`.

    A single `<name>=YYYY-MM-DD` is read too, so that a link or a script can prefill the form.
    """

    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in PARTS}, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, str):
            value = _iso(value)
        return [value.day, value.month, value.year] if value else [None, None, None]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        whole = data.get(name)
        if whole and _iso(whole):
            return self.decompress(whole)
        return super().value_from_datadict(data, files, name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)


class DateField(forms.Field):
    """A calendar date. Errors name the part that is wrong; the link in the summary lands on it.

    Months are read as numbers or names. `earliest` and `latest` are inclusive.
    """

    widget = DateParts

    def __init__(
        self,
        *,
        earliest: datetime.date | None = None,
        latest: datetime.date | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.earliest, self.latest = earliest, latest

    @property
    def what(self) -> str:
        return str(self.label or "The date")

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, datetime.date):
            return value
        parts = [str(part if part is not None else "").strip() for part in (value or ["", "", ""])]
        missing = [index for index, part in enumerate(parts) if not part]
        if len(missing) == 3:
            return None
        if missing:
            names = " and ".join(f"a {PARTS[index]}" for index in missing)
            raise _bad(f"{self.what} must include {names}", missing)
        return self._real(parts)

    def _real(self, parts: list[str]) -> datetime.date:
        day, month, year = _number(parts[0]), _month(parts[1]), _number(parts[2])
        wrong = [
            index for index, fine in enumerate((1 <= day <= 31, 1 <= month <= 12, 1000 <= year <= 9999)) if not fine
        ]
        if 2 in wrong and len(wrong) == 1:
            raise _bad(f"{self.what}: the year must have 4 numbers", wrong)
        if wrong:
            raise _bad(f"{self.what} must be a real date", wrong)
        try:
            return datetime.date(year, month, day)
        except ValueError:
            raise _bad(f"{self.what} must be a real date", [0]) from None

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.earliest and value < self.earliest:
            raise _bad(f"{self.what} must be the same as or after {long_date(self.earliest)}", [0, 1, 2])
        if self.latest and value > self.latest:
            raise _bad(f"{self.what} must be the same as or before {long_date(self.latest)}", [0, 1, 2])

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != initial
        except ValidationError:
            return True


class DayInput(forms.DateInput):
    """The browser's own date box, for filters: one parameter, YYYY-MM-DD. In forms use DateField."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


def long_date(value: datetime.date) -> str:
    """1 April 2011."""
    return f"{value.day} {value:%B %Y}"


def add_refusal(form: forms.BaseForm, refused: Refused, fields: Mapping[str, str] | None = None) -> None:
    """Show a refused action in the form it came from: on its field where the form has it, else above the form.

    `fields` translates the action's field names to the form's, where they differ.
    """
    name = (fields or {}).get(refused.field or "", refused.field)
    error = ValidationError(refused.message, code=refused.code)
    form.add_error(name if name in form.fields else None, error)


def _bad(message: str, parts: list[int]) -> ValidationError:
    return ValidationError(message, code="date", params={"parts": parts})


def _iso(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1


def _month(text: str) -> int:
    lowered = text.lower()
    if lowered.isalpha() and lowered[:3] in MONTHS:
        return MONTHS.index(lowered[:3]) + 1
    return _number(text)

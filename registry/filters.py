"""What a filter refuses, on pages and in the API alike: a value that could only ever be answered with nothing, or with
everything, is told to be wrong, with what there is and what is near (docs/decisions/an-unknown-value-is-refused.md)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Protocol

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

LONGEST = 40
"""Characters of a wrong value that its sentence repeats."""
SHORTEST_PART = 3
"""Characters by which a word is found that holds them."""
UNANSWERED: tuple[Any, ...] = (None, "", [])


class Vocabulary(Protocol):
    """What a filter's values are known from, where they are no list written in the code."""

    def refusal(self, filters: Any, value: Any) -> ValidationError | None:
        """Why the value is none that can be asked, or None. Codes: `invalid_choice`, `bad_code`, `unknown_code`."""


class FilterForm(forms.Form):
    """Asks each filter's vocabulary after its field; `filters` is the filter set that it is of."""

    filters: Any = None
    for_people = False
    """On a page: words are told as its select shows them, and the error summary says which filter is wrong."""

    def add_error(self, field: str | None, error: Any) -> None:
        choices = getattr(self.fields.get(field or ""), "choices", None)
        if choices is not None and getattr(error, "code", "") == "invalid_choice":
            error = no_word((error.params or {}).get("value", ""), {str(key): str(label) for key, label in choices})
        if self.for_people and field and isinstance(error, NoWord):
            widget = self.fields[field].widget
            error = error.in_labels(widget.choices) if isinstance(widget, forms.Select) else error
        super().add_error(field, error)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, field in self.fields.items():
            if isinstance(field, forms.NullBooleanField) and name in cleaned and cleaned[name] is None:
                self._no_answer(name)
        for name, value in list(cleaned.items()):
            known = getattr(self.filters.filters.get(name), "known", None) if self.filters else None
            refusal = known.refusal(self.filters, value) if known is not None and value not in UNANSWERED else None
            if refusal is not None:
                self.add_error(name, refusal)
        return cleaned

    def _no_answer(self, name: str) -> None:
        """A yes or no that is neither would be left out, and all rows would pass for the answer."""
        text = self.data.get(self.add_prefix(name)) or ""
        if text:
            self.add_error(name, no_word(text, {"true": "Yes", "false": "No"}))


class CheckedFilters(django_filters.FilterSet):
    """A filter set that refuses what it does not know. `known`, of a filter, is its Vocabulary.

    `checked=False` for our own questions, whose values come from the register and need not be asked for again.
    """

    class Meta:
        form = FilterForm

    def __init__(self, data: Any = None, queryset: Any = None, *, checked: bool = True, **more: Any) -> None:
        if data is not None and not isinstance(data, QueryDict):
            data = dict(data)
        super().__init__(data, queryset, **more)
        self.checked = checked

    @property
    def form(self) -> Any:
        form = super().form
        form.filters = self if self.checked else None
        return form

    def filter_queryset(self, queryset: Any) -> Any:
        """A wrong filter would be left out, and more would pass for the answer than was asked."""
        return queryset.none() if self.form.errors else super().filter_queryset(queryset)


class NoWord(ValidationError):
    """A word that is none of a vocabulary."""

    value: str
    words: Mapping[str, str]

    def in_labels(self, choices: Iterable[Any]) -> ValidationError:
        """The same as a reader of a select sees the words: its own labels, where it has others."""
        shown = {**self.words, **{str(key): str(label) for key, label in choices if str(key) in self.words}}
        near = [shown[key] for key in _nearest(self.value, shown)]
        return fault(self.value, "invalid_choice", f"is none of {', '.join(v for k, v in shown.items() if k)}", near)


def no_word(value: Any, words: Mapping[str, str]) -> NoWord:
    """`words`: label by key."""
    known = [key for key in words if key]
    error = NoWord(_said(value, f"is none of {', '.join(known)}", _nearest(str(value), words)), code="invalid_choice")
    error.value, error.words = str(value), words
    return error


def fault(value: Any, code: str, said: str, near: Collection[str] = ()) -> ValidationError:
    """`said` goes on after the value: "is no primary care trust". `near`: what may have been meant."""
    return ValidationError(_said(value, said, near), code=code)


def _said(value: Any, said: str, near: Collection[str]) -> str:
    text = str(value)
    shown = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    meant = f" Did you mean {', '.join(near)}?" if near else ""
    return f"“{shown}” {said}.{meant}"


def _nearest(value: str, words: Mapping[str, str]) -> list[str]:
    """By the key, or by the words that people read; those that hold all of what was asked go first."""
    asked = value.strip().lower()[:LONGEST]
    said: dict[str, str] = {label.lower(): key for key, label in words.items() if key}
    said |= {key.lower(): key for key in words if key}
    holding = [text for text in said if len(asked) >= SHORTEST_PART and asked in text]
    return list(dict.fromkeys(said[found] for found in [*holding, *_close(asked, said)]))[:2]


def _close(asked: str, known: Iterable[str]) -> list[str]:
    return get_close_matches(asked, list(known), n=3, cutoff=0.6)

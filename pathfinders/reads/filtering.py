"""What all filter sets share."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from registry.filters import CheckedFilters, Vocabulary, fault
from registry.moment import Moment


class ReadFilters(CheckedFilters):
    """Filters of a read; they know the moment, since "in wave 2" is a question with a date.

    `moment` is the row's: in a history each row has a day of its own. `asked_at` is the one that was asked for, by
    which filters on what is no column of the row go (whose members lie under a PCT).
    """

    def __init__(self, data: Any = None, queryset: QuerySet | None = None, *, moment: Moment, **more: Any) -> None:
        super().__init__(data, queryset, **more)
        self.moment = self.asked_at = moment

    def asked(self, name: str, default: str = "") -> str:
        """Another filter's value, for those that go together (`scope` with `basis`)."""
        return self.form.cleaned_data.get(name) or default


class KnownFilter(django_filters.Filter):
    """`known`: where its values are known from; None, where any text is a question (`q`, a publisher)."""

    def __init__(self, *args: Any, known: Vocabulary | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.known = known


class CodeFilter(KnownFilter, django_filters.CharFilter):
    """A code or reference, in any case."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return super().filter(queryset, value.strip().upper() if value else value)


class WordFilter(KnownFilter, django_filters.CharFilter):
    """A word of a vocabulary that is data, in any case."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        return super().filter(queryset, value.strip().lower() if value else value)


class TextFilter(KnownFilter, django_filters.CharFilter):
    """What facts hold as they hold it."""


class WholeIntegerField(forms.IntegerField):
    """`such`: what is to be given, as an example; the refusal repeats what was given."""

    def __init__(self, *args: Any, such: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.such = such

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(value)
        except ValidationError:
            raise fault(value, "invalid", f"is no whole number{self.such and f', such as {self.such}'}") from None


class WholeNumberFilter(KnownFilter):
    field_class = WholeIntegerField


class SelectOne(forms.Select):
    """A choice of several drawn as a choice of one or all: an address may still name more."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        asked = data.getlist(name) if hasattr(data, "getlist") else data.get(name) or []
        return [value for value in asked if value]

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        every = self.create_option(name, "", "All", not any(value), 0, attrs=attrs)
        return [(None, [every], 0), *super().optgroups(name, value, attrs)]


def words(*names: str) -> list[tuple[str, str]]:
    """Choices whose label is the word itself."""
    return [(n, n.replace("_", " ").capitalize()) for n in names]

"""What each field means, read from the serializers: the one place that names fields is the one that explains them.

A field's `help_text` is its meaning. Its `style=` says the rest, where there is a rest to say: `told(unit=...)`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import IO, Any, NamedTuple

from rest_framework import serializers
from rest_framework.fields import Field

from registry.api.delimited import TableWriter
from registry.api.shapes import Shape

FIRST = "1"
"""The version of the API that a field is there since, where nothing else is said."""
TYPES: tuple[tuple[type[Field], str], ...] = (
    (serializers.BooleanField, "true or false"),
    (serializers.IntegerField, "integer"),
    (serializers.FloatField, "number"),
    (serializers.DateTimeField, "date and time"),
    (serializers.DateField, "date"),
    (serializers.DictField, "object"),
    (serializers.JSONField, "object"),
    (serializers.BaseSerializer, "object"),
)


class Meaning(NamedTuple):
    """`field`: its place in JSON (`pct.code`; `branches[].name` of each of a list). `column`: its heading in CSV and
    Excel; empty where it lies within the column above it."""

    resource: str
    field: str
    column: str
    type: str
    nullable: bool
    meaning: str
    unit: str
    vocabulary: str
    since: str


HEADINGS = Meaning._fields


def told(*, unit: str = "", words: Iterable[Any] = (), since: str = FIRST) -> dict[str, Any]:
    """For a field's `style`: what it is counted in, the words it may be, the version that brought it."""
    return {"unit": unit, "words": [str(word) for word in words], "since": since}


def meanings(resource: str, shape: Shape, wanted: Iterable[str] | None = None) -> list[Meaning]:
    """A row for each column of the list, in the columns' order, and for each member of what a column holds."""
    fields = shape.serializer().fields
    names = shape.names() if wanted is None else wanted
    return [row for name in names for row in _of_field(resource, name, fields[name], shape)]


def of_serializer(resource: str, serializer: serializers.BaseSerializer) -> list[Meaning]:
    """The same of an answer that is no list and has no columns."""
    return [row for name, field in serializer.fields.items() for row in _within(resource, name, field)]  # type: ignore[attr-defined]


def write_dictionary(out: IO[bytes], rows: Iterable[Meaning]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = TableWriter(text)
    writer.writerow(HEADINGS)
    writer.writerows(row._replace(nullable=_yes(row.nullable)) for row in rows)  # type: ignore[arg-type]
    text.detach()


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _of_field(resource: str, name: str, field: Field, shape: Shape) -> Iterator[Meaning]:
    if not isinstance(field, serializers.Serializer):
        yield _meaning(resource, name, name, field)
        yield from _members(resource, name, field)
        return
    for (heading, _), (inner, of) in zip(shape.columns[name], field.fields.items(), strict=True):
        own = _meaning(resource, f"{name}.{inner}", heading, of)
        meaning = f"{field.help_text}: {own.meaning[:1].lower()}{own.meaning[1:]}" if field.help_text else own.meaning
        yield own._replace(meaning=meaning, nullable=own.nullable or field.allow_null)


def _within(resource: str, name: str, field: Field) -> Iterator[Meaning]:
    yield _meaning(resource, name, "", field)
    yield from _members(resource, name, field)


def _members(resource: str, name: str, field: Field) -> Iterator[Meaning]:
    """What an object has, or each of a list of them."""
    child = getattr(field, "child", None)
    inner = child if isinstance(child, serializers.Serializer) else field
    if isinstance(inner, serializers.Serializer):
        path = name if inner is field else f"{name}[]"
        for member, of in inner.fields.items():
            yield from _within(resource, f"{path}.{member}", of)


def _meaning(resource: str, path: str, column: str, field: Field) -> Meaning:
    style = told() | field.style
    words = style["words"] or [str(word) for word in getattr(field, "choices", ())]
    text = str(field.help_text or "")
    return Meaning(
        resource, path, column, _type(field), field.allow_null, text, style["unit"], ", ".join(words), style["since"]
    )


def _type(field: Field) -> str:
    child = getattr(field, "child", None)
    if child is not None and isinstance(field, (serializers.ListField, serializers.ListSerializer)):
        of = _type(child)
        return f"list of {of}s" if of in ("object", "integer", "number", "date") else f"list of {of}"
    return next((name for kind, name in TYPES if isinstance(field, kind)), "text")

"""From a read's flat row to what the API answers, by the resource's serializer: the one place that names fields.

A nested serializer `pct` takes the columns `pct_code`, `pct_name`, and is null where the first is null. Rows are
shaped without instantiating serializers: a list of 8,000 would spend seconds in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rest_framework import serializers

from registry.canonical import plain

Row = dict[str, Any]


class Shape:
    """The fields of a resource, compiled once."""

    def __init__(self, serializer: type[serializers.Serializer]) -> None:
        self.serializer = serializer
        self.fields: dict[str, Callable[[Row], Any]] = {}
        self.columns: dict[str, list[tuple[str, str]]] = {}
        self.arrays: set[str] = set()
        """Columns of fields with `style={"array": True}`: a list of objects, of which a cell is one JSON array."""
        for name, field in serializer().fields.items():
            column = field.source or name
            if isinstance(field, serializers.Serializer):
                self._nest(name, column, list(field.fields))
            else:
                self.fields[name] = _reader(column)
                self.columns[name] = [(name, column)]
                if field.style.get("array"):
                    self.arrays.add(column)

    def _nest(self, name: str, column: str, inner: list[str]) -> None:
        paths = [(i, f"{column}_{i}") for i in inner]
        first = paths[0][1]

        def nested(row: Row) -> Any:
            return None if row[first] is None else {i: _value(row[path]) for i, path in paths}

        self.fields[name] = nested
        self.columns[name] = [(f"{name}_{i}", path) for i, path in paths]

    def names(self) -> list[str]:
        return list(self.fields)

    def shape(self, row: Row, wanted: list[str]) -> dict[str, Any]:
        return {name: self.fields[name](row) for name in wanted}

    def cell(self, row: Row, column: str) -> Any:
        """What a column of CSV or Excel holds of the row."""
        value = row[column]
        return json.dumps(value, ensure_ascii=False) if column in self.arrays and value is not None else value

    def flat(self, wanted: list[str]) -> list[tuple[str, str]]:
        """CSV's headings with their columns."""
        return [pair for name in wanted for pair in self.columns[name]]


def _reader(column: str) -> Callable[[Row], Any]:
    return lambda row: _value(row[column])


def _value(value: Any) -> Any:
    return value if isinstance(value, (str, int, type(None), list)) else plain(value)

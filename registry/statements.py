"""Several questions in one statement: what costs a read of many kinds of rows is the asking."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def at_once(*parts: QuerySet) -> list[list[dict[str, Any]]]:
    """The rows of each of these, in one statement and in their order: each a `values()` of its own columns, which come
    as their fields give them. Postgres sends rows of unlike columns as JSON; a column of a relation has a name given."""
    told: list[list[dict[str, Any]]] = [[] for _ in parts]
    asked, given = [], []
    for n, part in enumerate(parts):
        try:
            sql, params = part.query.get_compiler(connection=connection).as_sql()
        except EmptyResultSet:
            continue
        asked.append(f"SELECT {n}, row_number() OVER () AS at, to_jsonb(told) FROM ({sql}) told")
        given += params
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(f"{' UNION ALL '.join(asked)} ORDER BY 1, 2", given)
            for n, _, row in cursor:
                told[n].append(_as_fields_give(parts[n], json.loads(row, parse_float=Decimal)))
    return told


def _as_fields_give(part: QuerySet, row: dict[str, Any]) -> dict[str, Any]:
    made, own = part.query.annotation_select, part.model._meta.get_field
    fields = {name: made[name].output_field if name in made else own(name) for name in row}
    return {name: None if value is None else fields[name].to_python(value) for name, value in row.items()}

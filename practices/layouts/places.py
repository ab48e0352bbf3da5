"""Places: a practice's code or a postcode, longitude, latitude (WGS 84)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from practices.layouts.fields import degrees, postcode
from practices.layouts.reading import Column, one_a_key, rows_of
from registry.files.report import Report
from registry.files.table import Table

KEYS = ("practice_code", "postcode")


class PlaceRow(NamedTuple):
    line: int
    code: str  # a practice's code, or a postcode
    longitude: Decimal
    latitude: Decimal


def is_layout(table: Table) -> bool:
    header = table.header()
    return len(header) <= 5 and {"longitude", "latitude"} <= set(header) and any(k in header for k in KEYS)


def by_postcode(table: Table) -> bool:
    return "practice_code" not in table.header()


def read(table: Table, report: Report) -> list[PlaceRow]:
    named = "postcode" if by_postcode(table) else "practice_code"
    key, longitude, latitude = table.columns([named, "longitude", "latitude"])

    def row(cell: Column) -> PlaceRow:
        code = cell(named, key, postcode if named == "postcode" else str)
        east, north = cell("longitude", longitude, degrees, 180), cell("latitude", latitude, degrees, 90)
        return PlaceRow(cell.line.number, code, east, north)

    practice = key if named == "practice_code" else None
    width = max(key, longitude, latitude) + 1
    rows = rows_of(table, report, width, row, lines=table.lines[1:], practice=practice)
    return one_a_key(rows, report, named, lambda r: r.code)

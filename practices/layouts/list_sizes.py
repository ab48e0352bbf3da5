"""NHSBSA registered patients of a quarter: a header, then per practice 18 bands of age and sex."""

from __future__ import annotations

from typing import NamedTuple

from practices.layouts.reading import Column, one_a_key, rows_of
from registry.files.report import Report
from registry.files.table import Table

AGES = ("0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
BANDS = tuple(f"{sex} {age}" for age in AGES for sex in ("Male", "Female"))


class ListSizeRow(NamedTuple):
    line: int
    code: str
    patients: int


def is_layout(table: Table) -> bool:
    header = table.header()
    return "practice code" in header and all(b.lower() in header for b in BANDS)


def read(table: Table, report: Report) -> list[ListSizeRow]:
    """List size: the sum of the 18 bands. Raises Refused where a column is missing."""
    code, *bands = table.columns(["Practice Code", *BANDS])

    def row(cell: Column) -> ListSizeRow:
        counts = [cell.line.cells[index] for index in bands]
        if "".join(counts).isdecimal() and all(counts):
            patients = sum(map(int, counts))
        else:  # one by one, to say which is no good
            patients = sum(cell(name, index, _count) for name, index in zip(BANDS, bands, strict=True))
        return ListSizeRow(cell.line.number, cell("practice code", code), patients)

    rows = rows_of(table, report, max(code, *bands) + 1, row, lines=table.lines[1:], practice=code)
    return one_a_key(rows, report, "practice code", lambda r: r.code)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("not a whole number of patients")
    return int(text)

"""A list that somebody made in a spreadsheet, as text: CSV or XLSX in, and CSV or XLSX out.

In: a `Table` of text cells with the line numbers that the person sees. Dates become ISO text, whole numbers have no
".0", a formula is the text of itself and never what a program once worked out. Out: text that a spreadsheet would run
as a formula is neutralised.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from registry.api.delimited import TableWriter, cell
from registry.errors import Refused
from registry.files import workbook
from registry.files.source import Source
from registry.files.table import Table, looks_like, read_table

ROWS = 50_000
"""Lines of one list."""
SEPARATORS = (",", ";", "\t")


def read_spreadsheet(name: str, data: bytes) -> Table:
    """The lines of a CSV or XLSX file, the empty ones left out. Raises Refused on `file` with what it is instead, or
    that it is too long."""
    if not data.strip():
        raise Refused("empty", f"{name} is empty.", field="file")
    source = Source(name, data)
    if workbook.is_one(data):
        table = Table(source, workbook.lines(name, data, most=ROWS))
    else:
        if why := workbook.other_office(data):
            raise Refused("wrong_file", f"{name} {why}", field="file")
        table = read_table(source, separator=_separator(source))
    if not table.lines:
        raise Refused("no_rows", f"{name} holds no rows.", field="file")
    if len(table.lines) > ROWS + 1:
        raise too_long(name)
    return table


def too_long(name: str) -> Refused:
    return Refused(
        "too_long", f"{name} has more than {ROWS:,} rows. Part it, and send the parts one by one.", field="file"
    )


def described(table: Table) -> str:
    """What a table looks like, for a sentence that says that a column is missing."""
    if not workbook.is_one(table.source.data):
        return looks_like(table)
    first = [c[:20] for c in table.lines[0].cells if c][:4]
    return f"its line {table.lines[0].number} begins {', '.join(first)}"


def _separator(source: Source) -> str:
    """What parts the cells: the one that the first line with something in it has most of."""
    first = next((line for line in source.text.split("\n") if line.strip()), "")
    return max(SEPARATORS, key=first.count)


def csv_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file of these rows, its mark before it so that spreadsheets read its letters right."""
    out = io.StringIO(newline="")
    TableWriter(out).writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def xlsx_of(rows: Iterable[Sequence[Any]]) -> bytes:
    """An XLSX workbook of these rows; every text is a text cell, no formula."""
    return workbook.written([[cell(value) for value in row] for row in rows])


__all__ = ["ROWS", "csv_of", "described", "read_spreadsheet", "xlsx_of"]

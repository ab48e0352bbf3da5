"""A list of practices in a CSV file that a lead sends: its columns are known by their names, in any order."""

from __future__ import annotations

from typing import Any

from practices.pasting import CODE, MOST_CODES
from registry.errors import Refused
from registry.files.columns import find
from registry.files.source import Source
from registry.files.table import looks_like, read_table

TEMPLATE = "Practice code,Practice name\r\n"
LARGEST = 1_000_000
"""Bytes; a longer file is no list of a bid's practices."""


def codes_in(name: str, file: Any) -> list[tuple[int, str]]:
    """`(line, code)` of each row of the file, codes in upper case, "" where a row has none.

    Raises Refused on `file` where it is no CSV file, has more rows than a bid has practices, has no column of codes, or has lines that cannot be read.
    """
    data: bytes = file if isinstance(file, bytes) else file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused("too_large", f"{name} is larger than 1 MB. Is it another file?", field="file")
    if len([line for line in data.splitlines() if line.strip()]) > MOST_CODES + 1:
        raise Refused(
            "too_many",
            f"{name} has more than {MOST_CODES:,} rows under its first line. Is it another file?",
            field="file",
        )
    table = read_table(Source(name, data))
    if table.refused:
        first = table.refused[0]
        raise Refused("bad_line", f"Line {first.line} of {name} cannot be read: {first.message}.", field="file")
    column = find(table.header(), CODE)
    if column is None:
        raise Refused(
            "no_column",
            f"{name} has no column named “Practice code” in its first line: {looks_like(table)}. "
            "The template shows how it should look.",
            field="file",
        )
    rows = [(line.number, line.cells[column].upper() if column < len(line.cells) else "") for line in table.lines[1:]]
    if not rows:
        raise Refused("no_rows", f"{name} has no rows under its first line.", field="file")
    return rows

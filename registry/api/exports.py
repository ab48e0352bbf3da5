"""Whole lists as files: CSV and newline-delimited JSON, written to a spool inside the snapshot.

The spool (in memory while small, on disk when large) is what the client reads, so a slow client holds no database
connection and no snapshot, and memory stays flat whatever the length of the list.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from registry.api.shapes import Row, Shape

CHUNK = 1_000
IN_MEMORY = 1 << 20


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def spool() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def write_csv(out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]]) -> None:
    """A heading row, then a row each; UTF-8. Codes are text as they stand; lists are parted by spaces."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = TableWriter(text)
    columns = shape.flat(wanted)
    writer.writerow([heading for heading, _ in columns])
    for page in pages:
        writer.writerows([row[column] for _, column in columns] for row in page)
    text.detach()


class TableWriter:
    """What every CSV file of the product is written by: each cell goes through `cell`. `out` takes text."""

    def __init__(self, out: Any, line_end: str = "\r\n") -> None:
        self._csv = csv.writer(out, lineterminator=line_end)

    def writerow(self, row: Iterable[Any]) -> None:
        self._csv.writerow([cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        self._csv.writerows([cell(value) for value in row] for row in rows)


def cell(value: Any) -> Any:
    """One cell. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return cell(" ".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value))
    if isinstance(value, str):
        return "'" + value if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return value.isoformat() if hasattr(value, "isoformat") else value


def write_ndjson(out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]]) -> None:
    for page in pages:
        for row in page:
            out.write(json.dumps(shape.shape(row, wanted), ensure_ascii=False).encode() + b"\n")


WRITERS = {"csv": write_csv, "ndjson": write_ndjson}

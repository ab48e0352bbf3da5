"""CSV: what every such file of the product is written by."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from typing import IO, Any

from registry.api.about import About
from registry.api.shapes import Row, Shape

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001  # wide ones run in East Asian Excel


def write_csv(
    out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About | None = None
) -> None:
    """A heading row, then a row each; UTF-8. Codes are text as they stand; lists are parted by spaces."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    writer = TableWriter(text)
    columns = shape.flat(wanted)
    writer.writerow([heading for heading, _ in columns])
    for page in pages:
        writer.writerows([shape.cell(row, column) for _, column in columns] for row in page)
    text.detach()


class TableWriter:
    """What every CSV file of the product is written by: each cell goes through `cell`. `out` takes text."""

    def __init__(self, out: Any, *, end: str = "\r\n") -> None:
        self._csv = csv.writer(out, lineterminator=end)

    def writerow(self, row: Iterable[Any]) -> None:
        self._csv.writerow([cell(value) for value in row])

    def writerows(self, rows: Iterable[Iterable[Any]]) -> None:
        self._csv.writerows([cell(value) for value in row] for row in rows)


def cell(value: Any) -> Any:
    """One cell. Text that a spreadsheet would run as a formula gets an apostrophe before it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "'" + value if value.startswith(FORMULA) else value
    if isinstance(value, (list, dict)):
        return cell(joined(value))
    return value.isoformat() if hasattr(value, "isoformat") else value


def joined(value: list[Any] | dict[str, Any]) -> str:
    """A list in one cell: its words parted by spaces; what is no word, as JSON."""
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return " ".join(v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for v in value)

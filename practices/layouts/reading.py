"""Walking over a table's rows: whose code it is, what is refused, what is skipped with a count."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from practices import codes
from registry.files.report import Report
from registry.files.table import Line, Table

Row = TypeVar("Row")


class Column:
    """Reads the cells of one line, remembering which column it was at when a cell was no good."""

    def __init__(self, line: Line) -> None:
        self.line, self.name, self.value = line, "", ""

    def __call__(self, name: str, index: int, read: Callable[..., Any] = str, *more: Any) -> Any:
        self.name, self.value = name, self.line.cells[index] if index < len(self.line.cells) else ""
        return read(self.value, *more)


def rows_of(
    table: Table,
    report: Report,
    width: int,
    read: Callable[[Column], Row],
    *,
    lines: Iterable[Line] | None = None,
    practice: int | None = None,
) -> list[Row]:
    """Each line read by `read`, which raises ValueError with the sentence of the refusal.

    Lines with fewer than `width` cells are refused. `practice` is the column of the practice's code: rows of Wales,
    the islands and prescribers are skipped with a count before anything else of them is read.
    """
    report.refused += table.refused
    report.rows += len(table.refused)
    found = []
    for line in table.lines if lines is None else lines:
        report.rows += 1
        if len(line.cells) < width:
            held = f"has {len(line.cells)} cells where this layout has {width}"
            report.refuse(line.number, "", ",".join(line.cells)[:60], f"the row is too short: it {held}")
            continue
        column = Column(line)
        try:
            if practice is not None and not _english(column, practice, report):
                continue
            found.append(read(column))
        except ValueError as fault:
            report.refuse(line.number, column.name, column.value[:60], str(fault))
    return found


def _english(cell: Column, index: int, report: Report) -> bool:
    code = cell("practice code", index)
    if codes.is_practice(code):
        return True
    other = codes.foreign(code)
    if other is None:
        raise ValueError("not the shape of a practice code")
    report.skipped[other.label] += 1
    return False


def one_a_key(rows: list[Row], report: Report, column: str, key: Callable[[Row], Any]) -> list[Row]:
    """No key twice: a line that repeats an earlier one is skipped, one that says another thing is refused, and names
    both lines."""
    seen: dict[Any, Row] = {}
    for row in rows:
        first = seen.setdefault(key(row), row)
        if first is row:
            continue
        if first._replace(line=row.line) == row:  # type: ignore[attr-defined]
            report.skipped["lines that repeat an earlier one"] += 1
        else:
            report.refuse(row.line, column, str(key(row)), f"line {first.line} says something else of it")  # type: ignore[attr-defined]
    return list(seen.values())

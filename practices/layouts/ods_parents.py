"""ODS practice membership of parent bodies (epcmem): practice, parent, type, joined, left (inclusive), amended."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from practices.codes import BODY
from practices.layouts.fields import compact_date
from practices.layouts.reading import Column, one_a_key, rows_of
from registry.files.report import Report
from registry.files.table import Table
from registry.timeline import first_day_out

WIDTH = 5


class ParentRow(NamedTuple):
    """A practice belonged to a parent from `joined` up to, not including, `end`."""

    line: int
    code: str
    parent: str
    joined: date
    end: date | None


def is_layout(table: Table) -> bool:
    """5 to 7 columns, a body in the second, a day in the fourth: in a third of the first lines at least."""
    sample = [x.cells for x in table.lines[:200] if 5 <= len(x.cells) <= 7]
    fitting = [c for c in sample if c[3][:8].isdecimal() and len(c[2]) <= 2 and BODY.fullmatch(c[1])]
    return bool(fitting) and len(fitting) * 3 >= len(table.lines[:200])


def read(table: Table, report: Report) -> list[ParentRow]:
    """Rows by practice and joining day. A practice's rows that overlap are refused, naming both lines."""
    rows = one_a_key(
        rows_of(table, report, WIDTH, _row, practice=0), report, "practice and joined", lambda r: (r.code, r.joined)
    )
    rows.sort(key=lambda r: (r.code, r.joined))
    return _whole(_apart(rows, report), table, report)


def _row(cell: Column) -> ParentRow:
    code, parent = cell("practice code", 0), cell("parent", 1, _body)
    joined, last = cell("joined", 3, compact_date), cell("left", 4, compact_date)
    if parent == code:
        raise ValueError(f"{code} is named as its own parent")
    if joined is None:
        raise ValueError("the day it joined (column 4) is missing")
    if last is not None and last < joined:
        raise ValueError(f"it left on {last}, before it joined on {joined}")
    return ParentRow(cell.line.number, code, parent, joined, first_day_out(last))


def _body(text: str) -> str:
    if not BODY.fullmatch(text):
        raise ValueError("not the shape of a body's code")
    return text


def _apart(rows: list[ParentRow], report: Report) -> list[ParentRow]:
    """No practice has two parents on a day (data README)."""
    for a, b in zip(rows, rows[1:], strict=False):
        if a.code == b.code and (a.end is None or b.joined < a.end):
            until = f"until {a.end}" if a.end else "without an end"
            fault = f"{b.code} is under {a.parent} from {a.joined} {until} on line {a.line}: two parents on one day"
            report.refuse(b.line, "joined", f"{b.parent} {b.joined}", fault)
    return rows


def _whole(rows: list[ParentRow], table: Table, report: Report) -> list[ParentRow]:
    """A history is loaded whole or not at all: with a refused row, the practice's other rows are left out too."""
    bad = {r.line for r in report.refused}
    broken = {line.cells[0] for line in table.lines if line.number in bad}
    left_out = sum(r.code in broken and r.line not in bad for r in rows)
    if left_out:
        report.skipped["other rows of practices with a refused row"] = left_out
    return [r for r in rows if r.code not in broken]

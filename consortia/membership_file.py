"""The layout of a file of memberships: a header that names the columns, in any order.

practice, consortium (reference or name), from; and where wanted to (the inclusive last day), status, reason.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from consortia.models import MembershipReason, MembershipStatus, MembershipWord, WordKind
from registry.actions.checks import require_day
from registry.errors import Refused
from registry.files.report import Report
from registry.files.table import Line, Table
from registry.timeline import first_day_out

NEEDED, OPTIONAL = ("practice", "consortium", "from"), ("to", "status", "reason")


class Row(NamedTuple):
    """One row, checked as far as it can be by itself; `end` is half-open, None where the file gives no last day."""

    line: int
    practice: str
    consortium: str
    start: date
    end: date | None
    status: str
    reason: str


def read(table: Table, report: Report) -> list[Row]:
    """The rows; each that cannot be read is refused in the report. Raises Refused where a column is missing."""
    report.refused += table.refused
    table.columns(NEEDED)
    places = {name: n for n, name in enumerate(table.header()) if name in (*NEEDED, *OPTIONAL)}
    report.rows = len(table.lines) - 1
    reasons = list(MembershipWord.objects.of(WordKind.JOIN).values_list("key", flat=True))
    return [row for line in table.lines[1:] if (row := _row(line, places, report, reasons)) is not None]


def _row(line: Line, places: dict[str, int], report: Report, reasons: list[str]) -> Row | None:
    told = {n: line.cells[at] if at < len(line.cells) else "" for n, at in places.items()}
    already = len(report.refused)
    for name in NEEDED:
        if not told[name]:
            report.refuse(line.number, name, "", f"there is no {name}; fill it in")
    start = _day(line, "from", told, report)
    last = _day(line, "to", told, report)
    if start and last and last < start:
        report.refuse(line.number, "to", told["to"], "the last day lies before the first; correct one of them")
    status = _word(line, "status", told, report, MembershipStatus.values, MembershipStatus.CLAIMED)
    reason = _word(line, "reason", told, report, reasons, MembershipReason.IMPORTED)
    if len(report.refused) > already or start is None:
        return None
    return Row(line.number, told["practice"].upper(), told["consortium"], start, first_day_out(last), status, reason)


def _day(line: Line, name: str, told: dict[str, str], report: Report) -> date | None:
    text = told.get(name, "")
    if not text:
        return None
    try:
        return require_day(date.fromisoformat(text), name)
    except ValueError:
        report.refuse(line.number, name, text, "not a real date; write it as 2011-04-01")
    except Refused as refused:
        report.refuse(line.number, name, text, refused.message)
    return None


def _word(line: Line, name: str, told: dict[str, str], report: Report, words: list[str], otherwise: str) -> str:
    word = told.get(name, "").lower() or str(otherwise)
    if word not in words:
        report.refuse(line.number, name, told[name], f"no {name} of a membership; it is one of {', '.join(words)}")
    return word

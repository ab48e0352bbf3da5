"""The layouts of lists of memberships: a header that names the columns, in any order, however people write them.

Of many consortia (staff, the command): practice, consortium (reference or name), from; and where wanted to (the
inclusive last day), status, reason, and basis, the legal basis that an allocation needs. Of one (its lead): the practice's code; and where wanted from and reason.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from consortia.allocation import basis_of
from consortia.models import MembershipReason, MembershipStatus, MembershipWord, WordKind
from practices.pasting import CODE
from registry import clock
from registry.actions.checks import require_day
from registry.errors import Refused
from registry.files.columns import Columns, recognise
from registry.files.report import Report
from registry.files.spreadsheet import described
from registry.files.table import Line, Table
from registry.timeline import first_day_out

NEEDED = ("practice", "consortium", "from")
FROM = (
    "from",
    "member from",
    "from date",
    "joined",
    "joined on",
    "date joined",
    "join date",
    "start",
    "start date",
    "member since",
    "since",
    "effective from",
    "valid from",
    "date",
)
REASON = ("reason", "why", "membership reason", "reason for joining", "joining reason")
NAMES = {
    "practice": CODE,
    "consortium": (
        "consortium",
        "consortium reference",
        "consortium ref",
        "consortium name",
        "group",
        "ccg",
        "ccg name",
        "commissioning group",
        "gp consortium",
        "ref",
        "reference",
    ),
    "from": FROM,
    "to": (
        "to",
        "to date",
        "member to",
        "until",
        "last day",
        "left",
        "left on",
        "date left",
        "end",
        "end date",
        "effective to",
        "valid to",
    ),
    "status": ("status", "membership status", "state"),
    "reason": REASON,
    "basis": ("basis", "legal basis", "basis of allocation"),
}
"""For each column of a file of many consortia the names that it may bear, the likeliest first."""
OWN_NAMES = {"practice": CODE, "from": FROM, "reason": REASON}
"""The same for a list of one consortium."""


class Claim(NamedTuple):
    """A row of a list of one consortium: `day` and `reason` as text, where the row has its own; "" takes those of the
    list."""

    line: int
    code: str
    day: str = ""
    reason: str = ""


class Row(NamedTuple):
    """One row, checked as far as it can be by itself; `end` is half-open, None where the file gives no last day."""

    line: int
    practice: str
    consortium: str
    start: date
    end: date | None
    status: str
    reason: str
    basis: str = ""


def read(table: Table, report: Report) -> list[Row]:
    """The rows; each that cannot be read is refused in the report. Raises Refused where a column is missing."""
    report.refused += table.refused
    columns = columns_of(table)
    if columns.unknown:
        report.warnings.append(ignored(columns))
    report.rows = len(table.lines) - 1
    reasons = list(MembershipWord.objects.of(WordKind.JOIN).values_list("key", flat=True))
    with clock.asked_once():
        return [row for line in table.lines[1:] if (row := _row(line, columns, report, reasons)) is not None]


def columns_of(table: Table) -> Columns:
    """The columns of a file of many consortia. Raises Refused on `file` with those that are missing."""
    columns = recognise(table.lines[0].cells if table.lines else (), NAMES)
    if missing := [name for name in NEEDED if name not in columns.places]:
        raise Refused(
            "wrong_file", f"{table.source.name} has no column {', '.join(missing)}: {described(table)}.", field="file"
        )
    return columns


def read_own(table: Table) -> tuple[list[Claim], list[str]]:
    """The rows of a list of one consortium, and what is to be said of its columns. Raises Refused on `file` where it
    has no column of codes, or a line that cannot be read."""
    name = table.source.name
    if table.refused:
        first = table.refused[0]
        raise Refused("bad_line", f"Line {first.line} of {name} cannot be read: {first.message}.", field="file")
    columns = recognise(table.lines[0].cells, OWN_NAMES)
    if "practice" not in columns.places:
        raise Refused(
            "no_column",
            f"{name} has no column named “Practice code” in its first line: {described(table)}. The template shows how "
            "it should look.",
            field="file",
        )
    claims = []
    for line in table.lines[1:]:
        told = columns.told(line)
        claims.append(Claim(line.number, told["practice"].upper(), told.get("from", ""), told.get("reason", "")))
    return claims, [f"{ignored(columns)}."] if columns.unknown else []


def _row(line: Line, columns: Columns, report: Report, reasons: list[str]) -> Row | None:
    told = columns.told(line)
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
    basis = told.get("basis", "")
    try:
        basis = basis_of(status, basis)
    except Refused as refused:
        report.refuse(line.number, "basis", basis, f"{refused.message[:1].lower()}{refused.message[1:].rstrip('.')}")
    if len(report.refused) > already or start is None:
        return None
    end = first_day_out(last)
    return Row(line.number, told["practice"].upper(), told["consortium"], start, end, status, reason, basis)


def _day(line: Line, name: str, told: dict[str, str], report: Report) -> date | None:
    text = told.get(name, "")
    if not text:
        return None
    try:
        return require_day(read_day(text), name)
    except ValueError:
        report.refuse(line.number, name, text, "not a real date; write it as 2011-04-01 or 1/4/2011")
    except Refused as refused:
        report.refuse(line.number, name, text, refused.message)
    return None


def read_day(text: str) -> date:
    """A day as a file holds it: 2011-04-01, or day first as English spreadsheets write it: 1/4/2011. Raises
    ValueError."""
    text = text.strip()
    if "/" not in text:
        return date.fromisoformat(text)
    day, month, year = text.split("/")
    if len(year) != 4:
        raise ValueError(f"no year of four figures: {text}")
    return date(int(year), int(month), int(day))


def ignored(columns: Columns) -> str:
    """What is said of columns that nobody knows."""
    listed = ", ".join(f"“{name[:40]}”" for name in columns.unknown[:10])
    return f"columns that are not known were left aside: {listed}"


def _word(line: Line, name: str, told: dict[str, str], report: Report, words: list[str], otherwise: str) -> str:
    word = told.get(name, "").lower().replace(" ", "_").replace("-", "_") or str(otherwise)
    if word not in words:
        report.refuse(line.number, name, told[name], f"no {name} of a membership; it is one of {', '.join(words)}")
    return word

"""ODS general practices (epraccur) and its monthly amendments (egpam): 27 columns, no header (domain.md 3.3)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from practices.layouts.fields import compact_date, postcode, short
from practices.layouts.reading import Column, one_a_key, rows_of
from practices.lives import Told
from practices.models import Status
from registry.files.report import Report
from registry.files.table import Table
from registry.timeline import Values

WIDTH = 26  # up to the prescribing setting; the 27th is always blank, and spreadsheets drop it
LETTERS = {**{s.value: s.value for s in Status}, "B": Status.CLOSED.value}  # B, retired: files before 2013


class PracticeRow(NamedTuple):
    """One practice as the file has it; dates inclusive, as written."""

    line: int
    code: str
    name: str
    address: str
    postcode: str
    phone: str
    setting: int
    opened: date | None
    last: date | None
    letter: str
    parent: str
    joined: date | None
    left: date | None

    def told(self, vintage: date) -> Told:
        return Told(self.letter, self.opened, self.last, vintage)

    def particulars(self) -> Values:
        """In the order of PracticeParticulars' value fields."""
        return (self.name, self.address, self.postcode, self.phone, self.setting)


def is_layout(table: Table) -> bool:
    """27 columns (26 where a spreadsheet dropped the last), a letter in the 13th, a date in the 11th: in half of the
    first lines at least, for a few bad rows are refused one by one, and not with the file."""
    sample = [x.cells for x in table.lines[:200]]
    wide = [c for c in sample if WIDTH <= len(c) <= WIDTH + 2]
    fitting = [c for c in wide if len(c[12]) <= 1 and (c[10][:8].isdecimal() or not c[10])]
    return bool(fitting) and len(fitting) * 2 >= len(sample)


def read(table: Table, report: Report) -> list[PracticeRow]:
    rows = rows_of(table, report, WIDTH, _row, practice=0)
    return one_a_key(rows, report, "practice code", lambda r: r.code)


def _row(cell: Column) -> PracticeRow:
    row = PracticeRow(
        line=cell.line.number,
        code=cell("practice code", 0),
        name=cell("name", 1, _name),
        address="\n".join(c for c in cell.line.cells[4:9] if c),
        postcode=cell("postcode", 9, lambda v: short(postcode(v), 10)),
        phone=cell("phone", 17, short, 40),
        opened=cell("open date", 10, compact_date),
        last=cell("close date", 11, compact_date),
        parent=cell("parent", 14, _body),
        joined=cell("joined parent", 15, compact_date),
        left=cell("left parent", 16, compact_date),
        setting=cell("prescribing setting", 25, _setting),
        letter=cell("status", 12, _letter),
    )
    _check_dates(cell, row)
    return row


def _check_dates(cell: Column, row: PracticeRow) -> None:
    """Closing needs a date (domain.md rule 1); a life begins before it ends."""
    if row.opened is None and row.letter != Status.PROPOSED:
        cell("open date", 10)
        raise ValueError("a practice needs the day it opened")
    cell("close date", 11)
    if row.letter == Status.CLOSED and row.last is None:
        raise ValueError("a closed practice needs the day it closed")
    if row.opened and row.last and row.last < row.opened:
        raise ValueError(f"it closes before it opens, on {row.opened}")


def _name(text: str) -> str:
    if not text:
        raise ValueError("the name is missing")
    return short(text, 200)


def _body(text: str) -> str:
    if text and not (text.isalnum() and text.isascii() and 3 <= len(text) <= 10):
        raise ValueError("not the shape of a body's code")
    return text.upper()


def _setting(text: str) -> int:
    if not text.isdecimal() or int(text) > 99:
        raise ValueError("not a number of a prescribing setting (4 is a GP practice)")
    return int(text)


def _letter(text: str) -> str:
    if text not in LETTERS:
        raise ValueError("not a status that the register knows: A, C, D or P")
    return LETTERS[text]

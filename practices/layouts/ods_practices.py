"""ODS general practices (epraccur) and its monthly amendments (egpam): 27 columns, no header (domain.md 3.3)."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from practices.layouts.fields import compact_date, postcode, short
from practices.layouts.reading import Column, one_a_key, rows_of
from practices.lives import Told
from practices.models import Status
from registry.files.report import Report
from registry.files.table import Line, Table
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
    """27 columns (26 where a spreadsheet dropped the last), a status letter in the 13th, dates in the 11th."""
    return all(
        WIDTH <= len(line.cells) <= WIDTH + 2 and len(line.cells[12]) <= 1 and line.cells[10][:8].isdecimal()
        for line in _sample(table)
    ) and bool(_sample(table))


def _sample(table: Table) -> list[Line]:
    """Lines of a width that may be the layout's: a few short rows are refused one by one, not with the file."""
    lines = table.lines[:200]
    whole = [x for x in lines if len(x.cells) >= WIDTH and x.cells[10]]
    return whole if len(whole) * 2 >= len(lines) else []


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
    if row.letter == Status.CLOSED and row.last is None:
        raise ValueError("a closed practice needs the day it closed (close date)")
    if row.opened is None and row.letter != Status.PROPOSED:
        raise ValueError("a practice needs the day it opened (open date)")
    if row.opened and row.last and row.last < row.opened:
        raise ValueError(f"it closes on {row.last}, before it opens on {row.opened}")
    return row


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

"""Branch surgeries, the project's own layout: branch_code, name, address, postcode, opened, closed.

A branch's code is its practice's and three characters more (domain.md section 3.3). Dates are YYYY-MM-DD, the closing
an inclusive last day; lines of an address are parted by commas.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from practices.layouts.fields import iso_date, postcode, short
from practices.layouts.reading import Column, one_a_key, rows_of
from registry.files.report import Report
from registry.files.table import Table
from registry.timeline import Values

HEADER = ("branch_code", "name", "address", "postcode", "opened", "closed")
CODE = re.compile(r"^([A-HJ-NPYZ]\d{5})([A-Z0-9]{3})$")


class BranchRow(NamedTuple):
    """One branch as the file has it; dates inclusive, as written."""

    line: int
    practice: str
    branch: str
    name: str
    address: str
    postcode: str
    opened: date
    last: date | None

    def values(self) -> Values:
        """In the order of Branch's value fields."""
        return (self.name, self.address, self.postcode)


def is_layout(table: Table) -> bool:
    return set(HEADER) <= set(table.header())


def read(table: Table, report: Report) -> list[BranchRow]:
    at = dict(zip(HEADER, table.columns(HEADER), strict=True))

    def row(cell: Column) -> BranchRow:
        last, opened = cell("closed", at["closed"], iso_date), cell("opened", at["opened"], iso_date)
        if opened is None:
            raise ValueError("a branch needs the day it opened")
        if last is not None and last < opened:
            raise ValueError(f"it closes before it opens, on {last}")
        practice, branch = cell("branch_code", at["branch_code"], _code)
        return BranchRow(
            line=cell.line.number,
            practice=practice,
            branch=branch,
            name=cell("name", at["name"], _name),
            address="\n".join(part for part in map(str.strip, cell("address", at["address"]).split(",")) if part),
            postcode=cell("postcode", at["postcode"], lambda v: short(postcode(v), 10)),
            opened=opened,
            last=last,
        )

    rows = rows_of(table, report, len(HEADER), row, lines=table.lines[1:])
    return one_a_key(rows, report, "branch_code", lambda r: r.practice + r.branch)


def _code(text: str) -> tuple[str, str]:
    found = CODE.fullmatch(text.upper())
    if found is None:
        raise ValueError("not the shape of a branch's code: its practice's code and three characters, as A81001001")
    return found[1], found[2]


def _name(text: str) -> str:
    if not text:
        raise ValueError("the name is missing")
    return short(text, 200)

"""Excel workbooks: the list, its dictionary, and what it is a list of, a sheet each.

openpyxl makes the workbook; the rows of its sheets are written here, since a cell of its own costs it tens of times
what the cell's text does. Rows go through a temporary file, so that memory stays flat whatever the length of the list.
Text is text, whatever it looks like: a program that opens the file makes neither a number of `5E1` nor a formula of
`=1+1`. The same rows are the same bytes: no time of writing is in the file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.writer.excel import ExcelWriter

from registry.api.about import About
from registry.api.delimited import FORMULA, joined
from registry.api.dictionary import HEADINGS, meanings
from registry.api.shapes import Row, Shape

ROWS_OF_A_SHEET = 1_048_576
LONGEST = 32_767
"""Characters of a cell: both are the format's own limits."""
FIRST_DAY = date(1900, 3, 1)
"""Earlier days are text: Excel takes 1900 for a leap year, and knows none before it."""
IN_MEMORY = 1 << 20
LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""In a cell `_x0041_` would stand for the letter A."""
NO_ROWS = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")
WIDE = {"address": 40, "name": 36, "meaning": 80, "vocabulary": 50, "text": 60, "field": 26, "says": 100}


def write_xlsx(
    out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About | None = None
) -> None:
    """The list under a heading row that stays in sight; then the dictionary of its columns; then its dates and terms.
    A list longer than a sheet goes on in a further one."""
    book = _Book()
    columns = shape.flat(wanted)
    title = (about.resource.replace("/", " ") if about else "") or "list"
    sheet = book.sheet(title[:25], [heading for heading, _ in columns])
    for page in pages:
        for row in page:
            sheet.add([shape.cell(row, column) for _, column in columns])
    dictionary = book.sheet("dictionary", list(HEADINGS[1:]))
    for meaning in meanings(title, shape, wanted):
        dictionary.add(meaning[1:])
    if about:
        terms = book.sheet("about", ["what", "says"])
        for line in about.lines():
            terms.add(line)
    book.save(out)


class _Book:
    def __init__(self) -> None:
        self.made = Workbook(write_only=True)
        self.sheets: dict[str, IO[bytes]] = {}
        """By the name of its part of the archive: the rows of the sheet."""

    def sheet(self, title: str, headings: list[str]) -> _Sheet:
        return _Sheet(self, title, headings)

    def begun(self, title: str, headings: list[str]) -> tuple[Any, IO[bytes]]:
        sheet = self.made.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, heading in enumerate(headings, start=1):
            width = WIDE.get(heading.rsplit("_", 1)[-1], max(12, len(heading) + 2))
            sheet.column_dimensions[get_column_letter(number)].width = width
        rows: IO[bytes] = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the archive closes it
        self.sheets[f"xl/worksheets/sheet{len(self.sheets) + 1}.xml"] = rows
        return sheet, rows

    def save(self, out: IO[bytes]) -> None:
        self.made.properties.created = self.made.properties.modified = datetime(2010, 1, 1)
        archive = _Archive(out, self.sheets)
        ExcelWriter(self.made, archive).save()


class _Sheet:
    """A sheet with a heading row, and those in which it goes on."""

    def __init__(self, book: _Book, title: str, headings: list[str]) -> None:
        self.book, self.title, self.headings, self.parts = book, title, headings, 0
        self.letters = [get_column_letter(n) for n in range(1, len(headings) + 1)]
        self._begin()

    def _begin(self) -> None:
        self.parts += 1
        title = self.title if self.parts == 1 else f"{self.title} {self.parts}"
        sheet, self.rows = self.book.begun(title, self.headings)
        self.text, self.risky = _style(sheet, "@"), _style(sheet, "@", quotePrefix=True)
        self.day, self.time = _style(sheet, "yyyy-mm-dd"), _style(sheet, "yyyy-mm-dd hh:mm:ss")
        self.number = 0
        self._write(self.headings, _style(sheet, "@", font=Font(bold=True)))

    def add(self, row: Iterable[Any]) -> None:
        if self.number == ROWS_OF_A_SHEET:
            self._begin()
        self._write(row, self.text)

    def _write(self, row: Iterable[Any], text: int) -> None:
        self.number += 1
        n = self.number
        cells = [self._cell(f"{at}{n}", value, text) for at, value in zip(self.letters, row, strict=True)]
        self.rows.write(f'<row r="{n}">{"".join(cells)}</row>'.encode())

    def _cell(self, at: str, value: Any, text: int) -> str:
        if value is None or value == "" or value == []:
            return ""
        if isinstance(value, str):
            return self._text(at, value, text)
        if isinstance(value, bool):
            return f'<c r="{at}" t="b"><v>{value:d}</v></c>'
        if isinstance(value, (int, float, Decimal)):
            return f'<c r="{at}"><v>{value}</v></c>'
        if isinstance(value, datetime):
            return f'<c r="{at}" s="{self.time}"><v>{to_excel(value.astimezone(UTC).replace(tzinfo=None))}</v></c>'
        if isinstance(value, date) and value >= FIRST_DAY:
            return f'<c r="{at}" s="{self.day}"><v>{to_excel(value):.0f}</v></c>'
        return self._text(at, joined(value) if isinstance(value, (list, dict)) else str(value), text)

    def _text(self, at: str, value: str, style: int) -> str:
        """A cell of text; where it looks like a formula, marked as text for those who edit it too."""
        if value.startswith(FORMULA):
            style = self.risky
        told = escape(LOOKS_ESCAPED.sub("_x005F_", ILLEGAL_CHARACTERS_RE.sub("", value))[:LONGEST])
        told = told.replace("\r", "_x000D_")
        return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{told}</t></is></c>'


def _style(sheet: Any, number_format: str, **more: Any) -> int:
    """The number of a style in the workbook."""
    cell = WriteOnlyCell(sheet)
    cell.number_format = number_format
    for name, value in more.items():
        setattr(cell, name, value)
    return cell.style_id


class _Archive(ZipFile):
    """The workbook's archive: sheets get their rows on the way in, and no part a time."""

    def __init__(self, out: IO[bytes], sheets: dict[str, IO[bytes]]) -> None:
        super().__init__(out, "w", ZIP_DEFLATED)
        self.sheets = sheets

    def writestr(self, name: Any, data: Any, *args: Any, **kwargs: Any) -> None:
        super().writestr(_part(name), data, ZIP_DEFLATED)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **kwargs: Any) -> None:
        with open(filename, "rb") as source:
            head, tail = NO_ROWS.split(source.read(), maxsplit=1)
        rows = self.sheets[arcname]
        rows.seek(0)
        with self.open(_part(arcname), "w", force_zip64=True) as part:
            part.write(head + b"<sheetData>")
            shutil.copyfileobj(rows, part)
            part.write(b"</sheetData>" + tail)
        rows.close()


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part

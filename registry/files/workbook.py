"""XLSX workbooks, read as text and within limits: nothing in them is run, followed or worked out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.cell import range_boundaries

from registry.errors import Refused
from registry.files.table import Line

UNPACKED = 60 * 1024 * 1024
"""Bytes of a workbook once unpacked; what Python's zipfile gives of a part never exceeds what the archive says of it."""
RATIO = 200
"""A part that unpacks to more than so many times its size is made to do harm (text does not pack so well)."""
PARTS = 1_000
LAST_LINE = 1_048_576
WIDEST = 200
"""Columns that are read; a list has a handful."""
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z0-9:]{1,40})"')


def is_one(data: bytes) -> bool:
    """Whether the bytes are a ZIP archive with a workbook in it (a document with macros too: they are not read)."""
    if not data.startswith(ZIP):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError):  # its version, or a name in it, is nonsense
        return False


def other_office(data: bytes) -> str:
    """What is wrong with a file of an office program that is no XLSX; "" where it is none."""
    again = "Save it as an Excel workbook (.xlsx) or as CSV, and send that."
    if data.startswith(OLE):
        if ENCRYPTED in data:
            return "is locked with a password. Take the password off, and send it again."
        return f"is in the old Excel format (.xls). {again}"
    if data.startswith(ZIP):
        if b"opendocument.spreadsheet" in data[:200]:
            return f"is an OpenDocument spreadsheet (.ods). {again}"
        return f"is a ZIP archive, or damaged, but no workbook. {again}"
    return ""


def lines(name: str, data: bytes, *, most: int) -> list[Line]:
    """The lines of the one sheet that holds something, empty ones left out, cells as text; `most` rows under the first.

    Raises Refused on `file`: too large, damaged, several sheets, merged cells in its first line, too many rows.
    """
    _within_limits(name, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        found = [(sheet, rows) for sheet in book.worksheets if (rows := list(_rows(name, sheet, most + 1)))]
        if len(found) > 1:
            sheets = ", ".join(f"“{sheet.title}”" for sheet, _ in found)
            raise _refused(
                "several_sheets",
                f"{name} has {len(found)} sheets with something in them: {sheets}. Leave the one with the list in it, "
                "and send it again.",
            )
        for sheet, rows in found:
            _no_merged_header(name, sheet, rows[0].number)
            return rows
    except Refused:
        raise
    except Exception as error:  # a workbook that somebody made up can fail anywhere in the library
        raise _refused(
            "damaged", f"{name} cannot be read: it is damaged, or no workbook. Save it again, or as CSV."
        ) from error
    return []


def _refused(code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field="file")


def _within_limits(name: str, data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if any(part.flag_bits & 1 for part in parts):
        raise _refused("locked", f"{name} is locked with a password. Take the password off and send it again.")
    bomb = any(part.file_size > max(part.compress_size, 10_000) * RATIO for part in parts)
    if len(parts) > PARTS or bomb or sum(part.file_size for part in parts) > UNPACKED:
        raise _refused(
            "too_large",
            f"{name} unpacks to far more than a list of practices has. Save the list as CSV and send that.",
        )


def _rows(name: str, sheet: Any, most: int) -> Iterator[Line]:
    """What the sheet says of its own size is not believed."""
    if not hasattr(sheet, "reset_dimensions"):
        return  # a chart
    sheet.reset_dimensions()
    found = 0
    for number, row in enumerate(sheet.iter_rows(max_col=WIDEST, values_only=True), start=1):
        if number > LAST_LINE:
            raise _refused("damaged", f"{name} says that it has more lines than a sheet can have. Save it again.")
        if row.count(None) == len(row):  # in a sheet of a million empty lines every step counts
            continue
        cells = [_text(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        found += 1
        if found > most:
            raise _refused(
                "too_long", f"{name} has more than {most - 1:,} rows. Part it, and send the parts one by one."
            )
        yield Line(number, cells)


def _text(value: Any) -> str:
    """A cell as a person would type it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if (formula := getattr(value, "text", None)) is not None:  # of a whole block of cells
        return str(formula).strip()
    return " ".join(str(value).replace("\0", "␀").split())


def _no_merged_header(name: str, sheet: Any, first: int) -> None:
    with sheet._get_source() as part:
        merged = [ref.decode() for ref in MERGED.findall(part.read())]
    for ref in merged:
        _, top, _, bottom = range_boundaries(ref)
        if top is not None and bottom is not None and top <= first <= bottom:
            raise _refused(
                "merged_header",
                f"The cells {ref} in line {first} of {name} are merged. The first line names the columns, one name to "
                "a cell: take titles above it out, part the merged cells, and send it again.",
            )


def written(rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; text cells hold text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("List")
    for row in rows:
        cells = []
        for value in row:
            made = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                made.data_type = "s"
            cells.append(made)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out)


def _timeless(book: io.BytesIO) -> bytes:
    """The same workbook without the moment at which it was written: the same rows are the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for part in made.infolist():
            data = made.read(part)
            if part.filename == "docProps/core.xml":
                data = re.sub(rb"\d{4}-\d\d-\d\dT[\d:.]+Z", b"2010-01-01T00:00:00Z", data)
            kept.writestr(zipfile.ZipInfo(part.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()

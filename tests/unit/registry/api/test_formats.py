"""Files of a list, without a database: what their cells are, and that their length costs no memory."""

import json
import tracemalloc
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from rest_framework import serializers

from registry.api import exports, workbooks
from registry.api.compressing import accepts_gzip
from registry.api.delimited import cell
from registry.api.dictionary import meanings, told
from registry.api.exports import WRITERS, chunks, forms_of, spool
from registry.api.shapes import Shape


class Body(serializers.Serializer):
    code = serializers.CharField(help_text="Its code")
    name = serializers.CharField(allow_null=True, help_text="Its name")


class Thing(serializers.Serializer):
    code = serializers.CharField(help_text="Its code")
    size = serializers.IntegerField(allow_null=True, help_text="How large", style=told(unit="people"))
    day = serializers.DateField(allow_null=True, help_text="When")
    at = serializers.DateTimeField(allow_null=True, help_text="The instant")
    share = serializers.FloatField(allow_null=True, help_text="The part")
    right = serializers.BooleanField(help_text="Whether it is right")
    body = Body(allow_null=True, help_text="Whose it is")
    words = serializers.ListField(child=Body(), help_text="Each of them")
    longitude = serializers.FloatField(allow_null=True, help_text="Its place")
    latitude = serializers.FloatField(allow_null=True, help_text="Its place")


SHAPE = Shape(Thing)
EMPTY = dict.fromkeys(("size", "day", "at", "share", "body_code", "body_name", "longitude", "latitude"))


def row(code="5E1", **more):
    return EMPTY | {"code": code, "right": True, "words": []} | more


def written(form, rows, wanted=None):
    out = spool()
    WRITERS[form](out, SHAPE, wanted or SHAPE.names(), chunks(rows))
    out.seek(0)
    return out


def sheet(rows, wanted=None):
    return load_workbook(written("xlsx", rows, wanted))["list"]


@pytest.mark.parametrize(
    "text",
    [
        "5E1",
        "1E5",
        "007",
        "=1+1",
        "+44",
        "-1",
        "@x",
        "1.50",
        "TRUE",
        "2011-04-01",
        "a\nb",
        " a ",
        "<&>",
        "_x0041_",
        "é",
    ],
)
def test_text_is_text_in_a_workbook_whatever_it_looks_like(text):
    found = sheet([row(text)])["A2"]
    assert (found.value.replace("_x005F_", "_"), found.data_type, found.number_format) == (text, "s", "@")
    assert found.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_days_are_days_numbers_numbers_and_what_is_not_known_is_empty():
    full = row(size=5, day=date(2011, 4, 1), at=datetime(2011, 4, 1, 12, tzinfo=UTC), share=Decimal("1.5"))
    _, one, none, old = sheet([full, row(), row(day=date(1899, 5, 1))]).iter_rows(max_col=6)
    assert [c.value for c in one] == ["5E1", 5, datetime(2011, 4, 1), datetime(2011, 4, 1, 12), 1.5, True]
    assert one[2].is_date and one[2].number_format == "yyyy-mm-dd"
    assert [c.value for c in none] == ["5E1", None, None, None, None, True]
    assert old[2].value == "1899-05-01", "before Excel's first day: as text"


def test_lists_are_one_cell_and_what_xml_cannot_hold_is_left_out():
    many = [{"code": "a", "name": "b"}]
    found = sheet([row("a\x01b", words=many, body_code="5QV", body_name="x" * 40_000)], ["code", "words", "body"])
    values = [c.value for c in found[2]]
    assert values[:3] == ["ab", json.dumps(many[0]), "5QV"]
    assert len(values[3]) == workbooks.LONGEST


def test_a_sheet_has_a_heading_in_sight_and_the_next_one_the_dictionary():
    book = load_workbook(written("xlsx", [row()], ["code", "body"]))
    assert book.sheetnames == ["list", "dictionary"]
    assert book["list"].freeze_panes == "A2"
    assert [c.value for c in book["list"][1]] == ["code", "body_code", "body_name"]
    assert [r[1].value for r in book["dictionary"].iter_rows(min_row=2)] == ["code", "body_code", "body_name"]


def test_a_list_longer_than_a_sheet_goes_on_in_a_further_one(monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS_OF_A_SHEET", 4)
    book = load_workbook(written("xlsx", [row(str(n)) for n in range(7)], ["code"]))
    assert book.sheetnames[:3] == ["list", "list 2", "list 3"]
    told_in = [[c.value for (c,) in book[name].iter_rows()] for name in book.sheetnames[:3]]
    assert told_in == [["code", "0", "1", "2"], ["code", "3", "4", "5"], ["code", "6"]]


@pytest.mark.parametrize("form", ["xlsx", "zip"])
def test_the_same_rows_are_the_same_bytes(form, monkeypatch):
    import time

    first = written(form, [row()]).read()
    later = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert written(form, [row()]).read() == first


def test_features_have_a_place_or_none():
    found = json.load(written("geojson", [row(longitude=-0.1, latitude=51.5), row("b", longitude=1.0)], ["code"]))
    assert found.keys() == {"type", "features"}
    assert found["features"] == [
        {
            "type": "Feature",
            "id": "5E1",
            "geometry": {"type": "Point", "coordinates": [-0.1, 51.5]},
            "properties": {"code": "5E1"},
        },
        {"type": "Feature", "id": "b", "geometry": None, "properties": {"code": "b"}},
    ]
    assert json.load(written("geojson", []))["features"] == []
    assert "geojson" not in forms_of(Shape(Body)) and "geojson" in forms_of(SHAPE)


def test_the_dictionary_is_of_the_columns_and_of_what_is_in_them():
    rows = meanings("things", SHAPE)
    assert [m.column for m in rows if m.column] == [heading for heading, _ in SHAPE.flat(SHAPE.names())]
    by_field = {m.field: m for m in rows}
    assert by_field["size"][3:7] == ("integer", True, "How large", "people")
    assert by_field["body.code"][2:6] == ("body_code", "text", True, "Whose it is: its code")
    assert by_field["words"][2:4] == ("words", "list of objects")
    assert by_field["words[].name"][2:6] == ("", "text", True, "Its name")


def test_an_object_is_json_in_a_cell():
    assert cell({"met": 1}) == '{"met": 1}'


@pytest.mark.parametrize("form", list(WRITERS))
def test_a_list_five_times_as_long_takes_no_more_memory(form, monkeypatch):
    for module in (exports, workbooks):
        monkeypatch.setattr(module, "IN_MEMORY", 10_000)  # so that spools lie on disk, as long lists' do
    monkeypatch.setattr(exports, "CHUNK", 100)
    name = "A name of some length" * 10

    def peak(count):
        tracemalloc.reset_peak()
        began = tracemalloc.get_traced_memory()[0]
        written(form, (row(str(n), body_name=name) for n in range(count)), ["code", "body"]).close()
        return tracemalloc.get_traced_memory()[1] - began

    tracemalloc.start()
    try:
        peak(100)
        assert peak(2_500) < peak(500) + 100_000, "the rows alone are half a megabyte"
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("header", "accepted"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.5", True),
        ("*", True),
        ("deflate, *;q=0.1", True),
        ("", False),
        ("identity", False),
        ("gzip;q=0", False),
        ("gzip;q=0.000, *", False),
        ("x-gzip-like", False),
    ],
)
def test_who_accepts_gzip(header, accepted):
    assert accepts_gzip(header) is accepted

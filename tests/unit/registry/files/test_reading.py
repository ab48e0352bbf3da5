"""Reading files of the world: encodings, marks, quotes, damage, and files that are not what they say."""

from pathlib import Path

import pytest

from registry.errors import Refused
from registry.files.source import Source, encoding_of, read_source
from registry.files.table import looks_like, read_table


def table(data: bytes):
    return read_table(Source("a.csv", data))


@pytest.mark.parametrize(
    ("data", "cells"),
    [
        ("Dr Müller,x".encode(), ["Dr Müller", "x"]),
        ("Dr Müller,x".encode("latin-1"), ["Dr Müller", "x"]),
        ("O’Neill – x,y".encode("cp1252"), ["O’Neill – x", "y"]),
        (b"\xef\xbb\xbfcode,name", ["code", "name"]),
        ("code,Müller".encode("utf-16"), ["code", "Müller"]),
        (b"x\x81y,z", ["x\x81y", "z"]),  # no such letter in cp1252: latin-1 takes every byte
    ],
)
def test_encodings(data: bytes, cells: list[str]) -> None:
    assert table(data).lines[0].cells == cells


def test_utf8_is_preferred_where_valid() -> None:
    assert encoding_of("é".encode()) == "utf-8"
    assert encoding_of("é".encode("latin-1")) == "cp1252"


def test_line_ends_blank_lines_and_line_numbers() -> None:
    read = table(b'"a","b"\r\n\r\n , \r"c","d"\n')
    assert [(x.number, x.cells) for x in read.lines] == [(1, ["a", "b"]), (4, ["c", "d"])]


def test_a_quote_left_open_spoils_its_own_line_only() -> None:
    read = table(b'"a","b"\n"c,"d"\n"e","f\n"g","h"')
    assert [x.cells[0] for x in read.lines] == ["a", "g"]
    assert [r.line for r in read.refused] == [2, 3]
    assert "quotes" in read.refused[0].message


def test_quotes_inside_quotes_and_commas() -> None:
    assert table(b'"THE ""OLD"" SURGERY, ELY",1').lines[0].cells == ['THE "OLD" SURGERY, ELY', "1"]


def test_a_nul_byte_refuses_its_line() -> None:
    read = table(b"a,b\nc\x00,d\ne,f\n")
    assert [x.cells[0] for x in read.lines] == ["a", "e"]
    assert (read.refused[0].line, "NUL" in read.refused[0].message) == (2, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.4", "PDF"),
        (b"\x1f\x8brest", "gzip"),
        (b"", "empty"),
        (b" \n ", "empty"),
        ("code,name".encode("utf-16-le"), "UTF-16"),
        (bytes(range(32)) * 4, "program's own file"),
    ],
)
def test_what_is_not_text_is_named(data: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said):
        table(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"a": 1}', "JSON"),
        (b"<!DOCTYPE html><p>Not found", "web page"),
        (b"<?xml version='1.0'?>", "XML"),
        (b"a\tb\tc", "tabs"),
        (b"a;b;c", "semicolons"),
        (b"hello there", "plain text"),
        (b"a,b,c", "3 columns"),
    ],
)
def test_what_a_text_looks_like(data: bytes, said: str) -> None:
    assert said in looks_like(table(data))


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no file"):
        read_source(tmp_path / "none.csv")
    with pytest.raises(Refused, match="is a folder"):
        read_source(tmp_path)

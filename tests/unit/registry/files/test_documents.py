"""What may be a source's document: a whole file of a kind that is taken, which nothing in it can run."""

from __future__ import annotations

import zipfile

import pytest

from registry.errors import Refused
from registry.files.documents import SOURCES, checked
from tests.support.documents import DOCX, DOCX_PARTS, EXECUTABLE, JPEG, ODT, PDF, PNG, SVG, zipped

ENCRYPTED = DOCX[:6] + b"\x01" + DOCX[7:]
DAMAGED = DOCX.replace(b"word/document.xml", b"word/documens.xml", 1)
OTHERWISE = zipped(DOCX_PARTS, packed=zipfile.ZIP_LZMA)
FAILS_OTHERWISE = OTHERWISE.replace(b"\x00\x1e\x19\t", b"\xff\x1e\x19\t")
BOMB = zipped({**DOCX_PARTS, "word/media/1.bin": b"0" * 2_000_000})


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("a.pdf", PDF, "pdf"),
        ("a.png", PNG, "png"),
        ("a.jpg", JPEG, "jpeg"),
        ("Paper.DOCX", DOCX, "docx"),
        ("a.odt", ODT, "odt"),
        ("a.txt", "Naïve – “words”\r\n\tand more\n".encode(), "text"),
        ("a.csv", b"code,name\nZ00001,SURGERY\n", "text"),
    ],
)
def test_documents_pictures_office_files_and_texts_are_taken_by_their_content(name, data, kind):
    assert checked(name, data, SOURCES).kind == kind


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.docx", zipped({**DOCX_PARTS, "word/vbaProject.bin": b"x"}), "not_a_document"),
        ("a.docx", zipped({"[Content_Types].xml": b"", "readme": b""}), "not_a_document"),
        ("a.docx", DAMAGED, "not_a_document"),
        ("a.docx", DOCX[:-30], "not_a_document"),
        ("a.docx", BOMB, "not_a_document"),
        ("a.docx", OTHERWISE, "not_a_document"),
        ("a.docx", FAILS_OTHERWISE, "not_a_document"),
        ("a.odt", DOCX, "name_disagrees"),
        ("a.pdf", PDF[:-8], "damaged"),
        ("a.txt", PDF, "name_disagrees"),
        ("a.html", b"<script>alert(1)</script>", "name_disagrees"),
        ("a.svg", SVG, "name_disagrees"),
        ("a.txt", EXECUTABLE, "not_a_document"),
        ("a.txt", b"\xff\xfe" + "words".encode("utf-16-le"), "not_a_document"),
        ("a.txt", b"one\x1b[31mtwo", "not_a_document"),
        ("a.pdf", b"", "empty"),
        ("../a.pdf", PDF, "path_in_name"),
    ],
)
def test_what_can_run_is_damaged_or_is_something_else_is_refused(name, data, code):
    with pytest.raises(Refused) as refused:
        checked(name, data, SOURCES)
    assert (refused.value.code, refused.value.field) == (code, "file")


def test_a_bid_takes_no_office_file():
    with pytest.raises(Refused, match="is not a PDF, PNG or JPEG"):
        checked("a.docx", DOCX)

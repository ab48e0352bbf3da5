"""Every list in every format it is offered in: the same rows, with their dates, their dictionary and their terms."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import zipfile
from datetime import datetime

import pytest
from openpyxl import load_workbook

from registry.models import User
from tests import factories as make

DAY = "as_of=2011-04-01"
PLACED = ("practices", "parents", "pcts", "shas", "unaffiliated")
LISTS = (*PLACED, "consortia", "memberships", "pathfinders", "waves", "decisions", "services", "announcements")
FIGURES = ("coverage", "decisions/summary")


def get(client, path, query="", **headers):
    return client.get(f"/api/v1/{path}/?{query}", headers=headers)


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline="")))


@pytest.fixture
def five_e_one(england):
    pct = make.make_pct("5E1", sha=None, name="Norfolk")
    make.make_practice("Z05010", pct=pct, name="=1+1", patients=10, place=("1.25", "52.5"))
    return england


def test_each_list_has_the_same_rows_in_each_format_and_a_dictionary_of_its_columns(five_e_one, client):
    for name in (*LISTS, *FIGURES):
        rows = get(client, name, DAY).json()["results"]
        answer = get(client, name, f"{DAY}&format=csv")
        lines = table(body(answer))
        sheet = load_workbook(io.BytesIO(body(get(client, name, f"{DAY}&format=xlsx")))).worksheets[0]
        assert [c.value for c in sheet[1]] == lines[0], name
        assert sheet.max_row == len(lines) == len(rows) + 1, name

        assert 'rel="describedby"' in answer["Link"] and answer["Link"].endswith('rel="license"')
        meanings = table(body(client.get(answer["Link"].split(">")[0].removeprefix("<"))))
        assert [row[2] for row in meanings[1:] if row[2]] == lines[0], name

        mapped = get(client, name, f"{DAY}&format=geojson")
        if name in PLACED:
            assert [f["properties"] for f in json.loads(body(mapped))["features"]] == rows
        else:
            assert (mapped.status_code, mapped.json()["errors"][0]["field"]) == (400, "format")


def test_codes_are_text_in_excel_dates_are_dates_and_the_file_says_of_what_it_is(five_e_one, client):
    answer = get(client, "practices", f"{DAY}&q=Z05010&format=xlsx")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer["Content-Disposition"] == 'attachment; filename="practices-2011-04-01.xlsx"'
    book = load_workbook(io.BytesIO(body(answer)))
    assert book.sheetnames == ["practices", "dictionary", "about"]
    cells = {head.value: cell for head, cell in zip(*book["practices"].iter_rows(), strict=True)}
    assert (cells["pct_code"].value, cells["pct_code"].data_type) == ("5E1", "s")
    assert (cells["name"].value, cells["name"].data_type) == ("=1+1", "s")
    assert (cells["list_size"].value, cells["longitude"].value) == (10, 1.25)
    assert isinstance(cells["opened"].value, datetime) and cells["opened"].number_format == "yyyy-mm-dd"
    known = get(client, "practices", DAY).json()["known_at"]
    said = dict(book["about"].iter_rows(min_row=2, values_only=True))
    assert (said["as_of"], said["known_at"]) == ("2011-04-01", known)
    again = client.get(said["Address"][said["Address"].index("/api/") :])
    assert again["Cache-Control"].endswith("immutable")
    assert body(again) == body(get(client, "practices", f"{DAY}&q=Z05010&format=xlsx&known_at={known}"))


def test_geojson_is_a_collection_with_both_dates(five_e_one, client):
    answer = get(client, "practices", f"{DAY}&format=geojson&fields=code")
    assert answer["Content-Type"] == "application/geo+json"
    found = json.loads(body(answer))
    assert (found["type"], found["as_of"]) == ("FeatureCollection", "2011-04-01")
    assert found["known_at"] == get(client, "practices", DAY).json()["known_at"]
    places = {f["id"]: f["geometry"] and f["geometry"]["coordinates"] for f in found["features"]}
    assert (places["Z05010"], places["Z00001"]) == ([1.25, 52.5], None)
    accepted = get(client, "practices", DAY, accept="application/geo+json")
    assert accepted["Content-Type"] == "application/geo+json"


def test_a_bundle_holds_the_csv_what_it_means_and_its_hashes(five_e_one, client):
    with zipfile.ZipFile(io.BytesIO(body(get(client, "decisions/summary", f"{DAY}&format=zip")))) as archive:
        assert "decisions-summary-2011-04-01.csv" in archive.namelist()
    answer = get(client, "practices", f"{DAY}&sha=Q36&format=zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(body(answer))) as archive:
        names = ["practices-2011-04-01.csv", "dictionary.csv", "SHA256SUMS", "README.txt"]
        assert archive.namelist() == names
        parts = {name: archive.read(name) for name in names}
    assert parts[names[0]] == body(get(client, "practices", f"{DAY}&sha=Q36&format=csv"))
    assert parts["SHA256SUMS"].decode().splitlines() == [
        f"{hashlib.sha256(parts[name]).hexdigest()}  {name}" for name in names[:2]
    ]
    columns = [row[2] for row in table(parts["dictionary.csv"])[1:] if row[2]]
    assert columns == table(parts[names[0]])[0]
    readme = parts["README.txt"].decode()
    assert "as_of: 2011-04-01" in readme and "open-government-licence" in readme and "sha=Q36" in readme
    assert parts["SHA256SUMS"].decode().rstrip() in readme


def uncounted(answer):
    """Its headers but the one that counts requests down."""
    return {name: value for name, value in answer.items() if name != "RateLimit"}


def test_an_answer_is_compressed_for_those_who_accept_it(five_e_one, client):
    for query in (DAY, f"{DAY}&format=csv", f"{DAY}&format=ndjson", f"{DAY}&format=geojson"):
        plain, packed = get(client, "practices", query), get(client, "practices", query, accept_encoding="br, gzip")
        content = body(packed)
        assert gzip.decompress(content) == body(plain) and len(content) > 500, query
        assert (packed["Content-Encoding"], packed["Content-Length"]) == ("gzip", str(len(content)))
        assert packed["ETag"] == f"W/{plain['ETag']}" and not plain.has_header("Content-Encoding")
        for answer in (plain, packed):
            assert "Accept-Encoding" in answer["Vary"]
        head = client.head(f"/api/v1/practices/?{query}", headers={"accept-encoding": "gzip"})
        assert uncounted(head) == uncounted(packed)
        for tag in (plain["ETag"], packed["ETag"]):
            same = get(client, "practices", query, accept_encoding="gzip", if_none_match=tag)
            assert (same.status_code, same["ETag"]) == (304, tag)
            assert "Accept-Encoding" in same["Vary"]


def test_what_is_small_packed_already_or_signed_in_by_cookie_goes_as_it_is(five_e_one, client):
    for query in (f"{DAY}&fields=code&page_size=1", f"{DAY}&format=xlsx", f"{DAY}&format=zip"):
        answer = get(client, "practices", query, accept_encoding="gzip")
        assert not answer.has_header("Content-Encoding") and not answer["ETag"].startswith("W/")
    assert client.get("/practices/", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    client.force_login(User.objects.create_user("a@example.org"))
    for path in ("/practices/", f"/api/v1/practices/?{DAY}"):
        assert not client.get(path, headers={"accept-encoding": "gzip"}).has_header("Content-Encoding")


def test_lists_of_pages_offer_excel_too(england, client):
    page = client.get(f"/practices/?{DAY}&sha=Q36")
    answer = client.get(page.context["xlsx_href"])
    book = load_workbook(io.BytesIO(body(answer)))
    assert book["practices"].max_row == page.context["total"] + 1
    assert page.context["xlsx_href"].replace("&", "&amp;") in page.content.decode()

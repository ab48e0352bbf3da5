"""Pages by cursor: every row once, while rows change, forwards and back, in any order."""

from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from tests import factories as make


@pytest.fixture
def many(db):
    pct = make.make_pct()
    for n in range(25):
        make.make_practice(f"Z{n:05d}", pct=pct, name=f"NAME {n % 4}", patients=n % 3 * 100 if n % 5 else None)


def walk(client, url, step=lambda: None):
    pages = []
    while url:
        assert len(pages) < 50, "the walk does not end"
        body = client.get(url).json()
        pages.append(body)
        url = body["next"]
        step()
    return pages


@pytest.mark.parametrize("ordering", ["", "code", "-code", "name", "-name", "list_size", "-list_size"])
def test_a_walk_meets_every_row_once_in_order_and_back_again(many, client, ordering):
    url = f"/api/v1/practices/?as_of=2011-01-01&page_size=4&ordering={ordering}"
    whole = client.get(f"/api/v1/practices/?as_of=2011-01-01&ordering={ordering}").json()["results"]
    pages = walk(client, url)
    assert [r for p in pages for r in p["results"]] == whole
    assert {p["count"] for p in pages} == {25}
    assert pages[0]["previous"] is None
    back = pages[-1]["previous"]
    for page in reversed(pages[:-1]):
        body = client.get(back).json()
        assert body["results"] == page["results"]
        back = body["previous"]
    assert back is None


def test_rows_written_meanwhile_neither_shift_nor_repeat_a_page(many, client):
    numbers = iter(range(100, 200))
    before = client.get("/api/v1/practices/?as_of=2011-01-01").json()
    pages = walk(
        client,
        "/api/v1/practices/?as_of=2011-01-01&page_size=4",
        lambda: make.make_practice(f"Y{next(numbers):05d}"),
    )
    assert [r for p in pages for r in p["results"]] == before["results"]
    assert {p["known_at"] for p in pages} == {before["known_at"]}
    assert client.get("/api/v1/practices/?as_of=2011-01-01").json()["count"] == 25 + len(pages)


def test_next_pins_both_dates_also_where_neither_was_asked(many, client):
    first = client.get("/api/v1/practices/?page_size=4").json()
    query = parse_qs(urlsplit(first["next"]).query)
    assert (query["as_of"], query["known_at"]) == ([first["as_of"]], [first["known_at"]])


@pytest.mark.parametrize("change", ["&pct=5QV", "&as_of=2012-01-01", "&ordering=name"])
def test_a_cursor_belongs_to_its_question(many, client, change):
    following = client.get("/api/v1/practices/?page_size=4").json()["next"]
    if "as_of" in change:
        day = parse_qs(urlsplit(following).query)["as_of"][0]
        following, change = following.replace(f"as_of={day}", "as_of=2012-01-01"), ""
    answer = client.get(following + change)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] in ("cursor", "as_of")


def test_a_forged_cursor_is_refused(many, client):
    following = client.get("/api/v1/practices/?page_size=4").json()["next"]
    assert client.get(following[:-2]).json()["errors"][0]["field"] == "cursor"


def test_a_register_without_an_entry_answers_nothing(db, client):
    body = client.get("/api/v1/practices/").json()
    assert (body["count"], body["known_at"], body["next"]) == (0, None, None)
    assert body["as_of"] == make.at().as_of.isoformat()
    assert date.fromisoformat(body["as_of"])


def test_the_same_page_has_the_same_bytes_a_minute_later(db, client):
    for _ in range(3):
        make.make_practice()
    first = client.get("/api/v1/practices/?page_size=2&as_of=2011-04-01")
    with time_machine.travel(timedelta(minutes=1)):
        second = client.get("/api/v1/practices/?page_size=2&as_of=2011-04-01")
    assert first.json()["next"] and first["ETag"] == second["ETag"]
    assert first.content == second.content

"""Lists that were written down (registry.api.editions) answer to the byte as the database does."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from pathfinders.api import views
from registry.api import editions
from registry.api.editions import Title
from registry.api.views import ListView
from registry.api.wanted import write_wanted
from registry.moment import Moment
from tests.factories import make_practice
from tests.support.small_register import small_register

LISTS = [
    f"/api/v1/{name}/"
    for name, view in (
        ("practices", views.Practices),
        ("parents", views.Parents),
        ("pcts", views.Pcts),
        ("shas", views.Shas),
        ("consortia", views.Consortia),
        ("memberships", views.Memberships),
        ("pathfinders", views.Pathfinders),
        ("waves", views.Waves),
        ("unaffiliated", views.Unaffiliated),
    )
    if view.in_editions
]
DAYS = ("", "as_of=2011-04-15&", "as_of=2011-05-02&known_at={first}&")


@pytest.fixture
def register(committed_db, settings, tmp_path):
    settings.EDITIONS_DIR = tmp_path
    small_register()
    return Path(tmp_path)


@pytest.fixture
def public():
    return Client()


def answer(client, address):
    found = client.get(address)
    assert found.status_code == 200, (address, found.content)
    body = b"".join(found.streaming_content) if found.streaming else found.content
    return body, {name: found.headers[name] for name in ("ETag", "Cache-Control", "Content-Type", "Vary")}


def addresses(client):
    """Each list at three moments: a page, some fields, as files; at the last moment page after page to its end and back."""
    found = []
    for path in LISTS:
        row = client.get(f"{path}?as_of=2011-05-02").json()["results"][0]
        for words in DAYS:
            start = f"{path}?{words.format(first=_an_entry())}page_size=2"
            found += [
                *(walk(client, start) if words == DAYS[-1] else [start]),
                f"{start}&fields={','.join(list(row)[:3])}",
            ]
            found += [start.replace("page_size=2", f"format={form}") for form in ("csv", "ndjson")]
    return found


def walk(client, address):
    """The addresses of the pages to the end and back again."""
    yield address
    for way in ("next", "previous"):
        while after := client.get(address).json()[way]:
            parts = urlsplit(after)
            address = f"{parts.path}?{parts.query}"
            yield address


def _an_entry():
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM registry_entry WHERE number = 12")
        return cursor.fetchone()[0].isoformat().replace("+00:00", "Z")


def test_every_answer_is_the_databases_to_the_byte_and_asks_it_for_no_row(register, public, django_assert_num_queries):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ListView, "title", lambda self, moment: None)
        asked = addresses(public)
        by_database = {address: answer(public, address) for address in asked}
    assert not any(register.iterdir())
    for address in [a for a in asked if "page_size=2" in a and "cursor" not in a and "fields" not in a] * 2:
        public.get(address)
    assert write_wanted() == len(LISTS) * len(DAYS)
    for address in asked:
        assert answer(public, address) == by_database[address], address
    assert write_wanted() == 0
    with django_assert_num_queries(1):  # which entry is the newest
        public.get("/api/v1/practices/")


def test_a_list_asked_for_whole_is_written_at_once_and_a_new_entry_makes_it_another(register, public):
    before = answer(public, "/api/v1/practices/?format=csv")
    assert [e for e in register.iterdir() if (e / "list.csv").exists()]
    page = public.get("/api/v1/practices/")
    make_practice("G85999", name="NEW SURGERY")
    assert b"G85999" in answer(public, "/api/v1/practices/?format=csv")[0] != before[0]
    assert public.get("/api/v1/practices/").json()["count"] == page.json()["count"] + 1
    assert public.get("/api/v1/practices/", headers={"If-None-Match": page["ETag"]}).status_code == 200
    at = page.json()["known_at"]
    assert public.get(f"/api/v1/practices/?known_at={at}").json()["results"] == page.json()["results"]


def test_filters_orders_and_histories_are_the_databases(register, public):
    answer(public, "/api/v1/memberships/?format=ndjson")
    for query in ("sha=Q36", "ordering=-practice", "history=1", "history=all"):
        for _ in range(3):
            answer(public, f"/api/v1/memberships/?{query}")
    assert write_wanted() == 0
    one = public.get("/api/v1/memberships/").json()
    assert public.get("/api/v1/memberships/?history=1").json()["count"] > one["count"]


def test_what_a_transaction_may_take_back_is_not_written(db, settings, tmp_path):
    settings.EDITIONS_DIR = tmp_path
    small_register()
    for _ in range(3):
        answer(Client(), "/api/v1/practices/")
        answer(Client(), "/api/v1/practices/?format=csv")
    assert write_wanted() == 0 and not list(Path(tmp_path).glob("*/rows"))


def test_several_who_ask_at_once_are_given_one_edition(register):
    found = []

    def ask():
        found.append(answer(Client(), "/api/v1/practices/?format=csv")[0])
        connection.close()

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1 and len(found) == 4
    assert len(list(register.glob("*/rows"))) == 1 and not list(register.glob("draft-*"))


def test_the_longest_unused_make_room_and_are_made_again(register, public, monkeypatch):
    monkeypatch.setattr(editions, "LIMIT", 6_000)
    first = answer(public, "/api/v1/practices/?format=csv&as_of=2011-01-01")
    title = Title.of("/api/v1/practices/", Moment.of(date(2011, 1, 1)))
    for day in range(2, 9):
        answer(public, f"/api/v1/practices/?format=csv&as_of=2011-01-0{day}")
    assert not title.folder.exists() and 0 < len(list(register.glob("*/rows"))) < 7
    editions._opened.clear()
    assert answer(public, "/api/v1/practices/?format=csv&as_of=2011-01-01") == first
    assert answer(public, "/api/v1/practices/?as_of=2011-01-01")[0]


@pytest.mark.parametrize("form", ["ndjson", "csv", "geojson"])
def test_one_that_another_process_removed_while_it_is_held_open_is_still_answered(register, public, form):
    asked = f"/api/v1/practices/?as_of=2011-01-01&format={form}"
    first = answer(public, asked)
    answer(public, asked.replace(form, "json"))  # which holds it open
    folder = Title.of("/api/v1/practices/", Moment.of(date(2011, 1, 1))).folder
    rmtree(folder)
    assert answer(public, asked) == first
    assert not folder.exists() or (folder / "rows").exists()


def test_the_tag_of_today_is_not_tomorrows(register, public, time_machine):
    with connection.cursor() as cursor:
        cursor.execute("SELECT at FROM registry_entry ORDER BY number DESC LIMIT 1")
        written = cursor.fetchone()[0]
    time_machine.move_to(written)
    for query in ("", "?as_of=", "?as_of=&known_at="):
        tag = public.get(f"/api/v1/practices/{query}")["ETag"]
        assert public.get(f"/api/v1/practices/{query}", headers={"If-None-Match": tag}).status_code == 304
        time_machine.shift(86_400)
        assert public.get(f"/api/v1/practices/{query}", headers={"If-None-Match": tag}).status_code == 200


def test_a_kept_file_that_tells_its_moment_is_of_the_moment_asked_for(register, public):
    """Between two entries what was known is the same and the edition too, but the file says which instant was asked."""
    kept = json.loads(answer(public, "/api/v1/practices/?as_of=2011-05-02&format=geojson")[0])
    assert list(register.glob("*/list.geojson"))
    known = datetime.fromisoformat(kept["known_at"])
    make_practice("G85999", name="NEW SURGERY")
    later = (known + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    asked = f"/api/v1/practices/?as_of=2011-05-02&known_at={later}&format=geojson"
    told = json.loads(answer(public, asked.replace("+", "%2B"))[0])
    assert told == kept | {"known_at": later}

"""GET /api/v1/crosswalk/: whole, by pages, as files; every question either answered or refused with its name."""

from __future__ import annotations

import csv
import io
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.support import crosswalk_register

build_world = crosswalk_register.build
ON = {"as_of": "2013-04-01"}
URL = "/api/v1/crosswalk/"


@pytest.fixture
def ask(client: Client, in_world: SimpleNamespace) -> Any:
    return lambda **asked: client.get(URL, ON | asked)


def test_it_says_its_days_and_kinds_and_its_pages_walk_the_whole(ask: Any, client: Client) -> None:
    whole = ask().json()
    assert {k: whole[k] for k in ("as_of", "from_day", "lists_on", "source", "target", "count", "next")} == {
        **ON, "from_day": "2013-03-31", "lists_on": "2013-04-01", "source": "pct", "target": "ccg", "count": 8, "next": None,
    }  # fmt: skip
    assert whole["results"][2]["target"] is None and whole["results"][2]["target_absent"] == "in_none"
    assert whole["results"][-1]["source"] is None and whole["results"][-1]["practice_share"] is None
    for ordering in ("source", "-people", "target", "-practices", "people_share"):
        page = ask(page_size=3, ordering=ordering).json()
        pages = [page["results"]]
        while page["next"]:
            page = client.get(page["next"]).json()
            pages.append(page["results"])
        assert [len(p) for p in pages] == [3, 3, 2]
        assert sum(pages, []) == ask(ordering=ordering).json()["results"]
        assert client.get(page["previous"]).json()["results"] == pages[1]


def test_files_and_fields_and_a_tag(ask: Any, client: Client) -> None:
    answer = ask(format="csv", source="ccg", target="pct", from_day="2013-04-01", as_of="2013-03-31")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 8 and (rows[0]["source_code"], rows[0]["target_code"], rows[0]["people"]) == (
        "08A",
        "5AA",
        "1100",
    )
    for form in ("ndjson", "xlsx", "zip"):
        assert ask(format=form).status_code == 200
    told = ask(fields="people,target").json()["results"][0]
    assert told == {"people": 1100, "target": {"code": "08A", "name": "NHS 08A CCG"}}
    tag = ask().headers["ETag"]
    assert client.get(URL, ON, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "rows"),
    [({"pct": "5aa"}, 3), ({"ccg": "08B"}, 4), ({"code": "5QW"}, 1), ({"target_code": "08A"}, 2), ({"left_out": "true"}, 3), ({"left_out": "false"}, 5)],
)  # fmt: skip
def test_rows_of_one_body(ask: Any, asked: dict[str, str], rows: int) -> None:
    assert ask(**asked).json()["count"] == rows


@pytest.mark.parametrize(
    "asked",
    [{"consortium": "GC0003"}, {"source": "trust"}, {"from_day": "31/3/2013"}, {"from_day": "0900-01-01"}, {"left_out": "1"}, {"ordering": "name"}, {"sorce": "pct"}],
)  # fmt: skip
def test_what_is_not_understood_is_refused_by_name(ask: Any, asked: dict[str, str]) -> None:
    answer = ask(**asked)
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] in asked


class TestCarrying:
    FILE = "pct,items\n5AA,1000\n5QW,3\n"

    def test_a_file_in_and_a_file_or_json_out(self, ask: Any, client: Client) -> None:
        def send(data: Any = self.FILE, kind: str = "text/csv", **asked: str) -> Any:
            return client.post(f"{URL}carry/?{urlencode(ON | asked)}", data, content_type=kind)

        told = send().json()
        assert {k: told[k] for k in ("source", "target", "from_day", "weight", "count")} == {
            "source": "pct", "target": "ccg", "from_day": "2013-03-31", "weight": "people", "count": 3,
        }  # fmt: skip
        assert told["results"][0] == {
            "target": {"code": "08A", "name": "NHS 08A CCG"},
            "figures": {"items": 323.53},
            "unknown": {"items": ["5BB"]},
        }
        assert told["results"][2]["target"] is None
        assert "08A,NHS 08A CCG,500.00,5BB" in send(format="csv", weight="practices").content.decode()
        wrong = send("pct,items\n5AA,x\n9ZZ,1\n")
        assert wrong.status_code == 422 and wrong.json()["errors"][0]["code"] == "rows_refused"
        assert "line 2" in wrong.content.decode() and "line 3" in wrong.content.decode()
        assert send(weight="miles").status_code == send(wait="1").status_code == 400
        assert send("{}", "application/json").status_code == 415 and send("").status_code == 422
        assert client.get(f"{URL}carry/").status_code == 405

"""GET /api/v1/announcements/: claims, filtered, dated, whole as files."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pathfinders.actions import Claim, record_claims
from tests import programme as told

SAID = Claim(
    wave=1,
    metric="share",
    value=25,
    rounding="about",
    words="a quarter",
    publisher="Gazette",
    title="A title",
    url="https://example.org/1",
    published="2010-12",
    note="Ours.",
    reconciliation="denominator",
)


@pytest.fixture
def claims(england) -> None:
    people = replace(SAID, metric="people", value=1234, rounding="exact", words="1,234", reconciliation="")
    record_claims(
        by=told.people().admin,
        claims=[
            SAID,
            replace(people, wave=2, extent="wave", publisher="The Herald", published="2011-01-18"),
            replace(people, scope_kind="sha", scope="Q36", wave=None, published="2011-02-01"),
            replace(people, scope_kind="group", scope="First", words="=1234"),
        ],
        reason="As printed.",
    )


def get(client, path="announcements", **query):
    return client.get(f"/api/v1/{path}/", {"as_of": "2011-04-01"} | query)


def test_a_claim_has_its_source_its_figure_and_its_denominator(claims, client):
    row = get(client, "announcements/ac0001").json()["result"]
    assert list(row) == [
        "ref", "wave", "metric", "extent", "scope_kind", "scope", "scope_name", "value", "unit", "rounding", "words",
        "holds_from", "holds_to", "source", "note", "reconciliation", "figure_on", "figure", "figure_then",
        "difference", "holds", "denominator",
    ]  # fmt: skip
    assert row["source"] == {
        "publisher": "Gazette", "title": "A title", "url": "https://example.org/1", "published": "2010-12",
    }  # fmt: skip
    assert (row["value"], row["unit"], row["holds_from"], row["holds_to"]) == (25, "percent", 22.5, 27.5)
    national = get(client, "coverage", as_of="2010-12-08").json()["results"][0]
    assert (row["figure_on"], row["figure"]) == ("2010-12-08", national["percent"])
    assert row["denominator"] == national["denominator"]
    assert row in get(client).json()["results"]
    assert get(client, "announcements/AC0009").status_code == 404


@pytest.mark.parametrize(
    ("query", "refs"),
    [
        ({}, [1, 2, 3, 4]),
        ({"wave": "1"}, [1, 4]),
        ({"metric": "share"}, [1]),
        ({"extent": "wave"}, [2]),
        ({"scope": "england"}, [1, 2]),
        ({"scope": "q36"}, [3]),
        ({"scope": "First"}, [4]),
        ({"source": "herald"}, [2]),
        ({"reconciliation": "denominator"}, [1]),
        ({"as_of": "2010-12-08"}, [1, 4]),
        ({"as_of": "2010-12-07"}, []),
        ({"ordering": "-published"}, [3, 2, 4, 1]),
        ({"ordering": "wave"}, [3, 1, 4, 2]),
    ],
)
def test_filters(claims, client, query, refs):
    assert [row["ref"] for row in get(client, **query).json()["results"]] == [f"AC{n:04d}" for n in refs]


def test_its_pages_are_one_list_in_any_order(claims, client):
    for ordering in ("ref", "-wave", "published", "-metric"):
        whole = [row["ref"] for row in get(client, ordering=ordering).json()["results"]]
        found, answer = [], get(client, ordering=ordering, page_size=1).json()
        while True:
            found += [row["ref"] for row in answer["results"]]
            if answer["next"] is None:
                break
            answer = client.get(answer["next"]).json()
        assert found == whole


def test_whole_as_csv_and_ndjson(claims, client):
    rows = get(client).json()["results"]
    body = b"".join(get(client, format="ndjson").streaming_content)
    assert [json.loads(line) for line in body.splitlines()] == rows
    lines = b"".join(get(client, format="csv").streaming_content).decode().split("\r\n")
    assert lines[0].startswith("ref,wave,metric,extent,scope_kind,scope,scope_name,value,unit,rounding,words,")
    assert "source_publisher,source_title,source_url,source_published" in lines[0]
    assert lines[0].endswith("denominator_name,denominator_value,denominator_date,denominator_source")
    assert ",'=1234," in lines[4]


def test_an_unknown_choice_is_refused_by_name(claims, client):
    for name in ("metric", "extent", "reconciliation", "wave", "colour"):
        answer = get(client, **{name: "whim"})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, name)

"""Coverage counts by rules 5 to 8 of domain.md, and its explanation leads to the rows behind each figure."""

from datetime import date
from urllib.parse import urlsplit

import pytest

from pathfinders.reads.coverage import coverage
from registry.errors import Refused
from tests import factories as make

APRIL_2011 = date(2011, 4, 1)


def figures(day=APRIL_2011, **asked):
    return {row["key"]: row for row in coverage(None, make.at(day), **asked)}


def test_nationally_each_distinct_eligible_practice_counts_once(england):
    row = figures()["England"]
    # Z00003 and Z00004 are in two pathfinders; the prison, the closed and the Welsh practice do not count
    assert (row["practices"], row["practices_confirmed"]) == (4, 1)
    assert (row["people"], row["people_confirmed"]) == (1000 + 2000 + 4000, 2000)
    assert (row["practices_without_list"], row["practices_list_later"]) == (1, 1)
    assert (row["pathfinders"], row["consortia"]) == (2, 2)
    assert row["denominator"]["name"] == "registered-2010Q4"
    assert row["denominator"]["value"] == 1000 + 2000 + 4000 + 5000 + 6000
    assert row["percent"] == 38.9


def test_before_the_announcement_there_is_nothing(england):
    row = figures(date(2010, 12, 7))["England"]
    assert (row["pathfinders"], row["practices"], row["people"], row["percent"]) == (0, 0, 0, 0.0)


def test_by_pct_every_trust_of_the_day_is_a_row_with_its_own_denominator(england):
    rows = figures(by="pct")
    assert list(rows) == ["5AA", "5BB", "TAC"]
    assert [rows[k]["practices"] for k in rows] == [3, 1, 0]
    assert [rows[k]["pathfinders"] for k in rows] == [2, 2, 0]
    assert [rows[k]["denominator"]["value"] for k in rows] == [3000, 9000, 6000]
    assert [rows[k]["percent"] for k in rows] == [100.0, 44.4, 0.0]
    assert figures(date(2013, 4, 1), by="pct") == {}


def test_by_sha_wave_consortium_and_pathfinder(england):
    assert {k: r["practices"] for k, r in figures(by="sha").items()} == {"Q36": 4, "Q37": 0}
    assert {k: r["practices"] for k, r in figures(by="wave").items()} == {"1": 4, "2": 2}
    assert {k: r["practices"] for k, r in figures(by="pathfinder").items()} == {"PF0001": 4, "PF0002": 2}
    assert {k: r["practices"] for k, r in figures(by="consortium").items()} == {"GC0001": 2, "GC0002": 2}


def test_scope_consortium_counts_any_consortium_and_basis_live_only_what_went_live(england):
    row = figures(scope="consortium")["England"]
    assert (row["practices"], row["consortia"], row["people"]) == (5, 3, 13_000)
    assert "GC0003" in figures(scope="consortium", by="consortium")
    assert figures(basis="live", by="pathfinder").keys() == {"PF0001"}
    assert figures(date(2011, 3, 31), basis="live")["England"]["practices"] == 0


def test_a_registered_denominator_asked_by_its_name_is_the_same_and_of_another_quarter_another(england):
    make.make_list_size(england.practices[1], "2011Q2", 1500)
    by_default = figures()["England"]["denominator"]
    assert by_default["name"] == "registered-2011Q2"
    assert figures(denominator="registered-2011Q2")["England"]["denominator"]["value"] == by_default["value"]
    before = figures(denominator="registered-2010Q4")["England"]["denominator"]
    assert before["value"] == by_default["value"] - 500


def test_a_reference_denominator_is_of_england_only(england):
    row = figures(denominator="ONS-2009-resident")["England"]
    assert row["denominator"]["value"] == 51_800_000
    with pytest.raises(Refused) as refused:
        figures(denominator="ONS-2009-resident", by="pct")
    assert (refused.value.status, refused.value.field) == (400, "denominator")


@pytest.mark.parametrize(
    "asked",
    [
        {"by": "street"},
        {"basis": "x"},
        {"scope": "x"},
        {"denominator": "registered-11"},
        {"denominator": "registered-0000Q1"},
    ],
)
def test_a_word_it_does_not_know_is_refused_with_its_name(england, asked):
    with pytest.raises(Refused) as refused:
        figures(**asked)
    assert [refused.value.field] == list(asked)


@pytest.mark.parametrize("scope", ["pathfinder", "consortium"])
@pytest.mark.parametrize("basis", ["announced", "live"])
def test_the_links_of_an_explanation_followed_count_the_same(england, client, basis, scope):
    for by in ("national", "sha", "pct", "wave", "consortium", "pathfinder"):
        follow(client, by, basis, scope)


def follow(client, by, basis, scope):
    asked = {"as_of": "2011-04-01", "by": by, "basis": basis, "scope": scope, "explain": "1"}
    answer = client.get("/api/v1/coverage/", asked).json()
    assert "2011-04-01" in answer["explanation"]
    assert answer["results"]
    for row in answer["results"]:
        for figure, link in row["links"].items():
            parts = urlsplit(link)
            found = client.get(f"{parts.path}?{parts.query}").json()
            assert found["known_at"] == answer["known_at"]
            counted = sum(r["list_size"] or 0 for r in found["results"]) if figure == "people" else found["count"]
            assert counted == row[figure], (row["key"], figure, link)

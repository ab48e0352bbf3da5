"""What a practice was on a day."""

from datetime import date

import pytest

from pathfinders.reads import practices
from tests import factories as make

APRIL_2011 = date(2011, 4, 1)


def row(code: str, day: date = APRIL_2011) -> dict:
    return practices.rows(None, make.at(day)).get(code=code)


def test_a_practice_has_its_facts_of_the_day_in_the_order_of_the_api(england):
    assert list(row("Z00001").items()) == [
        ("code", "Z00001"),
        ("name", "THE SURGERY"),
        ("address", "1 High Street\nTown"),
        ("postcode", "SE1 1AA"),
        ("status", "active"),
        ("setting", 4),
        ("opened", date(2000, 4, 1)),
        ("closed", None),
        ("list_size", 1000),
        ("list_size_quarter", "2010Q4"),
        ("list_size_basis", "latest"),
        ("pct_code", "5AA"),
        ("pct_name", "Aa PCT"),
        ("sha_code", "Q36"),
        ("sha_name", "London"),
        ("consortium_ref", "GC0001"),
        ("consortium_name", "Group 1"),
        ("membership_status", "claimed"),
        ("pathfinders", ["PF0001"]),
        ("longitude", None),
        ("latitude", None),
        ("parent_code", "5AA"),
        ("parent_name", "Aa PCT"),
        ("parent_kind", "pct"),
        ("gss", "E16000001"),
        ("branch_list", []),
        ("predecessors", []),
        ("successors", []),
    ]


def test_a_closed_practice_is_listed_as_closed_with_its_inclusive_last_day(england):
    closed = row("Z00008")
    assert (closed["status"], closed["closed"]) == ("closed", date(2011, 3, 31))
    before = row("Z00008", date(2011, 3, 31))
    assert (before["status"], before["closed"], before["opened"]) == ("active", date(2011, 3, 31), date(2000, 4, 1))
    assert closed["pct_code"] is None


def test_a_practice_without_a_status_on_the_day_did_not_exist(england):
    assert not practices.rows(None, make.at(date(1999, 1, 1))).exists()


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2010, 9, 30), (100, "2010Q4", "later")),
        (date(2010, 10, 1), (100, "2010Q4", "latest")),
        (date(2011, 3, 31), (100, "2010Q4", "latest")),
        (date(2011, 4, 1), (300, "2011Q2", "latest")),
        (date(2012, 1, 1), (300, "2011Q2", "latest")),
    ],
)
def test_the_list_size_is_of_the_latest_quarter_begun_else_the_earliest_later_one(db, day, expected):
    practice = make.make_practice("Z00001", patients=100, quarter="2010Q4")
    make.make_list_size(practice, "2011Q2", 300)
    found = row("Z00001", day)
    assert (found["list_size"], found["list_size_quarter"], found["list_size_basis"]) == expected


def test_after_the_last_day_of_the_pcts_there_is_a_parent_and_no_pct(england):
    ccg = make.make_body("07R", "Camden CCG", kind="ccg", start=date(2013, 4, 1))
    make.make_parent(england.practices[1], ccg, date(2013, 4, 1))
    found = row("Z00001", date(2013, 4, 1))
    assert (found["parent_code"], found["parent_kind"], found["pct_code"], found["sha_code"]) == (
        "07R", "ccg", None, None,
    )  # fmt: skip
    assert row("Z00001", date(2013, 3, 31))["pct_code"] == "5AA"


FILTERED = [
    ({"status": "closed"}, "8"),
    ({"setting": 25}, "7"),
    ({"sha": "Q37"}, "67"),
    ({"pct": "5bb"}, "45"),
    ({"parent": "TAC"}, "67"),
    ({"consortium": "GC0002"}, "34"),
    ({"pathfinder": "PF0002"}, "34"),
    ({"pathfinder": "PF0002", "basis": "live"}, ""),
    ({"wave": 1, "eligible": True}, "1234"),
    ({"scope": "none", "eligible": True}, "5"),
    ({"scope": "consortium", "eligible": True}, "12346"),
    ({"list_size_basis": "later"}, "4"),
    ({"list_size_basis": "none"}, "3"),
    ({"membership_status": "disputed"}, "4"),
    ({"q": "surgery z00002"}, "2"),
    ({"q": "se11aa"}, "1"),
    ({"q": "z00003"}, "3"),
    ({"postcode": "se1"}, "1"),
    ({"code": "z00005"}, "5"),
]


def test_filters(england):
    moment = make.at(APRIL_2011)
    for asked, codes in FILTERED:
        filters = practices.Filters(asked, practices.rows(None, moment), moment=moment)
        assert filters.is_valid(), filters.errors
        found = "".join(r["code"][-1] for r in filters.qs.order_by("code") if r["code"].startswith("Z"))
        assert found == codes, asked

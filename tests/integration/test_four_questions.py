"""A practice moves, then the move is corrected: two dates, four questions, four right answers, from page and API.

Issue of the two clocks (architecture.md section 2): the register said on one day that the practice moved on 1 May 2011,
and later that it had moved on 1 April. What was true on 15 April, and what was thought then to be true, differ.
"""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from consortia import actions as consortia
from practices.actions import change_parent, correct_parent
from practices.models import ParentBody, Practice
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db

APRIL, MAY = date(2011, 4, 1), date(2011, 5, 1)
BEFORE, BETWEEN, AFTER = "2011-03-31", "2011-04-15", "2011-05-01"
WHY = "Told by the trust"


@pytest.fixture
def practice() -> Practice:
    return make.make_practice("Z00001", pct=make.make_pct("5LE", name="Southwark PCT"))


def newest(client: Client) -> str:
    """The moment that everything said so far is known at."""
    return client.get("/api/v1/practices/").json()["known_at"]


def summary(client: Client, query: dict[str, str], row: str) -> str:
    """What the practice's page says in one row of its summary."""
    page = client.get("/practices/Z00001/", query)
    assert page.status_code == 200, page.content
    _, _, rest = page.content.decode().partition(f'__key">{row}</dt>')
    assert rest, f"the page has no row {row}"
    return rest.partition("</dd>")[0]


def asked(as_of: str, known_at: str) -> dict[str, str]:
    return {"as_of": as_of} | ({"known_at": known_at} if known_at else {})


def test_a_move_to_another_trust_and_its_correction(practice: Practice, client: Client) -> None:
    lambeth: ParentBody = make.make_pct("5LD", name="Lambeth PCT")
    admin = told.person("programme_admin")
    at_first = newest(client)
    change_parent(by=admin, practice=practice, parent=lambeth, on=MAY, reason=WHY)
    when_told = newest(client)
    correct_parent(by=admin, practice=practice, start=APRIL, end=MAY, parent=lambeth, reason="It was in April")

    answers = {
        (BEFORE, when_told): "5LE", (BETWEEN, when_told): "5LE", (AFTER, when_told): "5LD",
        (BEFORE, ""): "5LE", (BETWEEN, ""): "5LD", (AFTER, ""): "5LD",
        (AFTER, at_first): "5LE",
    }  # fmt: skip
    for (as_of, known_at), expected in answers.items():
        query = asked(as_of, known_at)
        assert pct_by_api(client, query) == expected, query
        shown = summary(client, query, "Primary care trust")
        assert f"({expected})" in shown and shown.count("/pcts/") == 1, query


def pct_by_api(client: Client, query: dict[str, str]) -> str:
    one = client.get("/api/v1/practices/Z00001/", query).json()["result"]
    (listed,) = client.get("/api/v1/practices/", query | {"pct": one["pct"]["code"]}).json()["results"]
    assert listed == one
    return one["pct"]["code"]


def test_a_move_to_another_consortium_and_its_correction(practice: Practice, client: Client) -> None:
    one, two = (make.make_consortium(f"GC000{n}", name=f"Group {n}") for n in (1, 2))
    admin = told.person("programme_admin")
    change = {"by": admin, "practice": practice, "status": "claimed"}
    consortia.join(**change, consortium=one, on=date(2011, 1, 1), reason="founding", why=WHY)
    at_first = newest(client)
    consortia.join(**change, consortium=two, on=MAY, reason="transferred", why=WHY)
    when_told = newest(client)
    consortia.correct_membership(
        **change, consortium=two, start=APRIL, end=MAY, reason="transferred", why="It was in April"
    )

    answers = {
        (BEFORE, when_told): "GC0001", (BETWEEN, when_told): "GC0001", (AFTER, when_told): "GC0002",
        (BEFORE, ""): "GC0001", (BETWEEN, ""): "GC0002", (AFTER, ""): "GC0002",
        (AFTER, at_first): "GC0001",
    }  # fmt: skip
    for (as_of, known_at), expected in answers.items():
        query = asked(as_of, known_at)
        (row,) = client.get("/api/v1/memberships/", query | {"practice": "Z00001"}).json()["results"]
        assert row["consortium"]["ref"] == expected, query
        shown = summary(client, query, "Consortium")
        assert f"({expected})" in shown and shown.count("/consortia/") == 1, query
        others = client.get(f"/consortia/{expected}/", query).content.decode()
        assert "/practices/Z00001/" in others, query

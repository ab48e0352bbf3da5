"""What the API tells of each membership: by what its practice answered, and on what legal basis it was allocated."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from consortia.actions import join
from registry.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db
JAN = date(2011, 1, 1)
URL = "/api/v1/memberships/"


@pytest.fixture
def told() -> dict[str, Any]:
    group = make.make_consortium("GC0001")
    one, two, three = (make.make_practice(f"Z0000{n}") for n in (1, 2, 3))
    make.make_membership(one, group, JAN)
    make.make_membership(two, group, JAN, status="confirmed", reason="joined", proof="paper")
    say = {"status": "allocated", "reason": "allocated", "basis": "The Act, s. 14A", "why": "told"}
    join(by=User.objects.system(), practice=three, consortium=group, on=JAN, **say)
    return {}


def found(**asked: str) -> list[list[str]]:
    answer = Client().get(URL, {"as_of": "2011-06-01", **asked})
    assert answer.status_code == 200, answer.content
    return [[row["practice"]["code"], row["proof"], row["basis"]] for row in answer.json()["results"]]


def test_proof_and_basis_are_told_and_filtered_by(told):
    one, two, three = ["Z00001", "", ""], ["Z00002", "paper", ""], ["Z00003", "", "The Act, s. 14A"]
    assert found() == [one, two, three]
    assert found(proof="paper") == [two] and found(proof="none") == [one, three] and found(proof="link") == []
    assert found(reason="allocated") == [three] and found(reason="joined", proof="none") == []
    for wrong in ({"proof": "word"}, {"reason": "whim"}):
        assert Client().get(URL, wrong).status_code == 400


def test_the_csv_tells_them_too(told):
    body = b"".join(Client().get(URL, {"as_of": "2011-06-01", "format": "csv"})).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body)))
    assert [(r["proof"], r["basis"]) for r in rows] == [("", ""), ("paper", ""), ("", "The Act, s. 14A")]

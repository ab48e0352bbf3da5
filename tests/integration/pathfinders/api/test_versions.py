"""history=1 and history=all of what a trust hands over: each version of a fact, with its days and why."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from django.test import Client

from registry import clock
from tests import programme as told
from tests.support.handover import PRESS
from transitions import actions
from transitions.models import LocalBody, Survey

LISTS = ("budgets", "local-bodies", "surveys", "surveys/SV0001/answers")


def rows(name: str, **query: str) -> list[dict[str, Any]]:
    answer = Client().get(f"/api/v1/{name}/", {"history": "1", **query})
    assert answer.status_code == 200, answer.content
    assert answer.json()["accountable"]["body"]
    return answer.json()["results"]


@pytest.fixture
def moved(england: Any) -> str:
    """A year's budget told anew from July, the board halted, the answer and the survey changed. Gives the instant before."""
    before = clock.now().isoformat()
    by = told.person("programme_admin")
    budget = {"by": by, "pct": england.aa, "year": "2011/12", "line": "all", "source": PRESS, "why": "Said anew"}
    actions.set_budget_line(
        **budget, on=date(2011, 7, 1), total=934_000_000, delegated=700_000_000, retained=234_000_000
    )
    board = LocalBody.objects.get(ref="LB0001")
    actions.end_local_body(by=by, body=board, last_day=date(2011, 6, 30), why="Replaced by the senate")
    survey = Survey.objects.get(ref="SV0001")
    actions.answer_survey(by=by, survey=survey, pct=england.aa, answer="no", on=date(2011, 7, 1), why="Asked anew")
    return before


def test_versions_of_each_list(moved: str) -> None:
    days = lambda found, *fields: [  # noqa: E731
        [*(row[f] for f in fields), row["effective_from"], row["effective_to"]] for row in found
    ]
    told_before = ["2011-04-01", "2011-06-30"]
    assert days(rows("budgets", pct="5aa", ordering="effective_from"), "delegated") == [
        [644_000_000, *told_before], [700_000_000, "2011-07-01", None],
    ]  # fmt: skip
    assert days(rows("local-bodies"), "ref", "status") == [["LB0001", "running", "2011-02-01", "2011-06-30"]]
    assert days(rows("surveys"), "ref", "title") == [["SV0001", "Asked", "2011-02-01", None]]
    assert days(rows("surveys/SV0001/answers", ordering="effective_from"), "code", "answer") == [
        ["5AA", "yes", "2011-02-01", "2011-06-30"], ["5AA", "no", "2011-07-01", None],
    ]  # fmt: skip
    assert rows("surveys/SV0001/answers", answer="yes")[0]["sha"] == {"code": "Q36", "name": "London"}
    assert rows("budgets", year="2010/11") == [] == rows("local-bodies", status="planned")


def test_what_was_taken_back_has_its_time_and_the_old_answer_stands(moved: str) -> None:
    for name, taken_back in zip(LISTS, (1, 1, 0, 1), strict=True):
        now, every = rows(name), rows(name, history="all")
        gone = [row for row in every if row["recorded_to"]]
        assert len(gone) == taken_back and len(every) == len(now) + taken_back, name
        assert all(row["closed"] and row["effective_to"] != "2011-06-30" for row in gone)
        assert all(row["recorded_why"] and row["evidence"] if "evidence" in row else row["opened"] for row in every)
        then = rows(name, history="all", known_at=moved)
        assert len(then) == 1 and then[0]["recorded_to"] is None and then == rows(name, known_at=moved)
    (ended,) = rows("local-bodies")
    assert ended["recorded_why"] == "Replaced by the senate"


def test_files_filters_and_pages_of_versions(moved: str, client: Client) -> None:
    for name in LISTS:
        file = client.get(f"/api/v1/{name}/", {"history": "all", "format": "csv"})
        assert file.headers["X-Accountable"]
        found = list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))
        assert [row["opened"] for row in found] == [row["opened"] for row in rows(name, history="all")]
    page = client.get("/api/v1/budgets/", {"history": "1", "page_size": "1"}).json()
    assert page["count"] == 2 and client.get(page["next"]).json()["results"] != page["results"]
    refused = client.get("/api/v1/budgets/", {"history": "1", "holder": "GC0001"})
    assert refused.json()["errors"][0]["code"] == "unknown_parameter"  # a holder is no column of a version
    assert client.get("/api/v1/surveys/SV0002/answers/?history=1").status_code == 404

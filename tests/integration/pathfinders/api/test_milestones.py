"""Milestones: the plan of a day, and every version with why it moved."""

from __future__ import annotations

from datetime import date

from django.test import Client

from registry.models import User
from transitions.actions.milestones import set_milestone


def test_the_plan_of_a_day_and_its_versions(db: None, client: Client) -> None:
    say = {"by": User.objects.system(), "key": "deadline", "name": "Every practice in a consortium"}
    set_milestone(
        **say, day=date(2012, 4, 1), words="by April 2012", source="White paper", known_from=date(2010, 7, 12)
    )
    set_milestone(**say, day=date(2013, 4, 1), why="The pause", source="Response", known_from=date(2011, 6, 20))
    get = lambda path, **query: client.get(f"/api/v1/{path}/", query).json()  # noqa: E731
    (then,) = get("milestones", as_of="2011-01-01")["results"]
    assert (then["key"], then["day"], then["words"]) == ("deadline", "2012-04-01", "by April 2012")
    assert (then["effective_from"], then["effective_to"]) == ("2010-07-12", "2011-06-19")
    assert get("milestones", as_of="2010-01-01")["results"] == []
    now = get("milestones/deadline", as_of="2011-07-01")
    assert (now["result"]["day"], now["result"]["why"]) == ("2013-04-01", "The pause")
    assert now["result"] == get("milestones/DEADLINE", as_of="2011-07-01")["result"]
    versions = get("milestones", history="1", ordering="effective_from")["results"]
    assert [v["day"] for v in versions] == ["2012-04-01", "2013-04-01"]
    every = get("milestones", history="all", q="practice", day_to="2012-12-31")["results"]
    assert [(v["effective_to"], bool(v["recorded_to"])) for v in every] == [(None, True), ("2011-06-19", False)]
    assert versions[1]["recorded_why"] == "The pause"
    assert get("milestones", settled="true")["count"] == 0
    assert client.get(now["links"]["history"]).json()["results"] == get("milestones", history="1")["results"]

"""Two dates, four questions, four right answers, over HTTP."""

from datetime import date

from registry.models import EntryKind
from tests import factories as make


def consortium(client, as_of, **query):
    answer = client.get("/api/v1/memberships/", {"practice": "Z00001", "as_of": as_of} | query).json()
    return [row["consortium"]["ref"] for row in answer["results"]]


def test_a_move_and_its_correction(db, client):
    practice = make.make_practice("Z00001", pct=make.make_pct())
    one, two = make.make_consortium("GC0001"), make.make_consortium("GC0002")
    make.make_membership(practice, one, date(2011, 1, 1))
    make.make_membership(practice, two, date(2011, 5, 1))
    as_first_said = client.get("/api/v1/memberships/").json()["known_at"]
    make.make_membership(practice, two, date(2011, 4, 1), kind=EntryKind.CORRECTION)

    assert consortium(client, "2011-03-31") == ["GC0001"]
    assert consortium(client, "2011-04-15") == ["GC0002"]
    assert consortium(client, "2011-03-31", known_at=as_first_said) == ["GC0001"]
    assert consortium(client, "2011-04-15", known_at=as_first_said) == ["GC0001"]
    assert consortium(client, "2011-05-01", known_at=as_first_said) == ["GC0002"]
    assert (
        client.get("/api/v1/practices/Z00001/", {"as_of": "2011-04-15", "known_at": as_first_said}).json()["result"][
            "consortium"
        ]["ref"]
        == "GC0001"
    )


def test_known_at_with_its_plus_sign_turned_into_a_space(db, client):
    make.make_practice("Z00001")
    known = client.get("/api/v1/practices/").json()["known_at"].replace("Z", " 00:00")
    assert client.get(f"/api/v1/practices/?known_at={known.replace(' ', '+')}").json()["count"] == 1

"""Further codes and operational dates: staff record them; records, search and API tell of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from consortia.models import Consortium
from practices.actions import give_identifier, record_operation
from practices.models import ParentBody
from registry.models import User
from tests import factories as make
from tests.desk import day, errors_of, signed_in, text_of

pytestmark = pytest.mark.django_db
GROUP, TRUST = "/staff/register/codes/GC0001/", "/staff/register/codes/5QV/"
NOW = "as_of=2012-06-01"


@pytest.fixture
def desk(db: None) -> Client:
    make.make_consortium("GC0001", name="Red House")
    make.make_pct("5QV", sha=make.make_sha("Q36"), name="Hertfordshire", gss="E16000150", start=date(2006, 10, 1))
    return signed_in(User.objects.create_superuser("admin@example.org"))


def test_staff_give_confirm_and_end(desk: Client, client: Client) -> None:
    found = text_of(desk.get("/staff/register/?q=H"))
    assert GROUP in found and TRUST in found
    assert "It has none beside GC0001" in text_of(desk.get(GROUP)) and desk.get(f"{GROUP}confirm/").status_code == 404
    typed = {"scheme": "ods", "value": "00k", "standing": "provisional", "why": "A list."} | day("on", "31 5 2012")
    wrong = desk.post(f"{GROUP}give/", typed | {"value": "K00"})
    assert wrong.status_code == 422 and "two digits and a capital letter" in errors_of(wrong)[0]
    assert desk.post(f"{GROUP}give/", typed)["Location"] == GROUP
    assert "Reference GC0001<br>NHS code 00K (provisional)" in text_of(client.get(f"/consortia/GC0001/?{NOW}"))
    which: dict[str, Any] = {"code": "ods:00K", "why": "The order."}
    assert desk.post(f"{GROUP}confirm/", which | day("on", "1 4 2013")).status_code == 302
    assert desk.post(f"{GROUP}end/", which | day("last_day", "31 3 2014")).status_code == 302
    page = text_of(desk.get(GROUP))
    assert all(words in page for words in ("Provisional", "Confirmed", "31 March 2014"))
    record = text_of(client.get("/consortia/GC0001/?as_of=2013-04-01"))
    assert "<br>NHS code 00K</dd>" in record and "NHS code 00K: provisional" in record
    assert client.get("/search/?q=00k")["Location"].startswith("/consortia/GC0001/")
    never = desk.post(f"{GROUP}end/", which)
    assert never.status_code == 302 and client.get("/search/?q=00k").status_code == 200


def test_legal_and_operational_dates_stand_side_by_side(desk: Client, client: Client) -> None:
    assert desk.get(f"{GROUP}operation/").status_code == 404
    typed = {"why": "The plan."} | day("start", "1 10 2006") | day("last_day", "30 6 2013")
    assert desk.post(f"{TRUST}operation/", typed | day("last_day", "30 6 2005")).status_code == 422
    assert desk.post(f"{TRUST}operation/", typed)["Location"] == TRUST
    assert desk.post(f"{TRUST}operation/", typed).status_code == 409
    assert "It operated until 30 June 2013." in text_of(desk.get(TRUST))
    record = text_of(client.get(f"/pcts/5QV/?{NOW}"))
    assert "From 1 October 2006 to 31 March 2013 (last day); operated until 30 June 2013" in record
    assert "It operated until 30 June 2013." in text_of(client.get("/pcts/5QV/?as_of=2013-05-01"))


def test_the_api_tells_both(desk: Client, client: Client) -> None:
    system, pct = User.objects.system(), ParentBody.objects.get(code="5QV")
    say: Any = {"by": system, "scheme": "ods", "standing": "provisional", "on": date(2012, 5, 31), "why": "A list."}
    give_identifier(bearer=Consortium.objects.get(), value="00K", **say)
    give_identifier(bearer=pct, value="5QW", **say)
    record_operation(by=system, body=pct, start=date(2007, 1, 1), last_day=None, why="Late.")

    def told(path: str, when: str = NOW) -> dict[str, Any]:
        return client.get(f"/api/v1/{path}/?{when}").json()["result"]

    code = {"scheme": "ods", "standing": "provisional"}
    assert told("consortia/GC0001")["identifiers"] == [code | {"value": "00K"}]
    assert told("consortia/GC0001", "as_of=2012-05-30")["identifiers"] == []
    for resource in ("parents", "pcts"):
        row = told(f"{resource}/5QV")
        assert row["identifiers"] == [code | {"value": "5QW"}]
        assert (row["operational_from"], row["operational_to"]) == ("2007-01-01", None)
    assert "operated from 1 January 2007 on, with no last day recorded" in text_of(client.get(f"/pcts/5QV/?{NOW}"))
    rows = b"".join(client.get(f"/api/v1/consortia/?{NOW}&format=csv")).decode()  # type: ignore[arg-type]
    assert "identifiers" in rows and "00K" in rows


def test_a_code_of_a_trust_and_of_a_group_finds_both(desk: Client, client: Client) -> None:
    make.make_body("00K", "Red House CCG", kind="ccg", start=date(2013, 4, 1))
    say: Any = {"by": User.objects.system(), "standing": "provisional", "on": date(2012, 5, 31), "why": "A list."}
    give_identifier(bearer=Consortium.objects.get(), scheme="ods", value="00K", **say)
    page = client.get(f"/search/?q=00k&{NOW}")
    assert page.status_code == 200
    assert "/consortia/GC0001/" in text_of(page) and "/pcts/00K/" in text_of(page)

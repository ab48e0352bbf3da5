"""The national close as staff meet it: rehearsed, refused, explained, closed with the day typed, taken back."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from practices.models import BodyParticulars, BodySuccession, ParentBody
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.integration.transitions.closing_world import ON, build_world

__all__ = ["build_world"]
DAY = {"on_day": "1", "on_month": "4", "on_year": "2013"}
TYPED = {"typed_day": "1", "typed_month": "4", "typed_year": "2013"}
LONE = "Z00007 special: It serves a prison"


@pytest.fixture
def staff(in_world: Any, settings: Any) -> Client:
    settings.DEMO = True
    client = Client()
    client.force_login(told.person("programme_admin"))
    return client


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_rehearsal_names_who_is_left_and_offers_no_button(staff) -> None:
    entries = Entry.objects.count()
    page = staff.get("/staff/close/")
    assert page.status_code == 200 and page.context["close_form"] is None
    assert "Nothing can close: 1 practice would have no" in words(page) and "THE LONE SURGERY" in words(page)
    assert "Trusts and authorities of these whose end is recorded already" in words(page)
    assert "Codes before and after" in words(page) and not re.search(r">\s*[a-z]+_[a-z_]+\s*<", words(page))
    rows = list(
        csv.DictReader(io.StringIO(staff.get("/staff/close/lists/unplaced.csv?on=2013-04-01").content.decode()))
    )
    assert [(row["code"], row["why"]) for row in rows] == [("Z00007", "no_consortium")]
    for part in page.context["lists"]:
        file = staff.get(part["href"])
        assert len(list(csv.reader(io.StringIO(file.content.decode())))) == part["total"] + 1
    assert staff.get("/staff/close/lists/nothing.csv").status_code == 404
    assert staff.get("/staff/close/?as_if=1&on=2013-05-01").context["plan"].on.month == 5
    assert Entry.objects.count() == entries


def test_from_the_rehearsal_to_the_close_and_back(staff) -> None:
    page = staff.post("/staff/close/", {**DAY, "explained": LONE})
    assert page.status_code == 200 and page.context["plan"].left == []
    sent = {name: str(field.value() or "") for name, field in _fields(page.context["close_form"]).items()}
    sent = {k: v for k, v in sent.items() if k in ("on", "explained", "plan_hash")} | {"why": "The Act"}
    assert staff.post("/staff/close/confirm/", sent | TYPED | {"typed_day": "2"}).status_code == 422
    assert staff.post("/staff/close/confirm/", sent | TYPED | {"plan_hash": "0"}).status_code == 412
    assert staff.post("/staff/close/confirm/", sent | TYPED | {"explained": ""}).status_code == 409
    untyped = words(staff.post("/staff/close/confirm/", sent))
    assert "Enter the first day without them, once more" in untyped and "Enter type" not in untyped
    assert not BodySuccession.objects.exists()
    answer = staff.post("/staff/close/confirm/", sent | TYPED)
    entry = Entry.objects.order_by("-number")[0]
    assert answer.status_code == 302 and answer.url == f"/staff/close/{entry.number}/"
    page = words(staff.get(answer.url))
    assert page.index(">Take it back<") < page.index("It serves a prison")
    file = staff.get(f"{answer.url}?format=csv").content.decode()
    assert list(csv.reader(io.StringIO(file))) == [["code", "explanation"], ["Z00007", "special: It serves a prison"]]
    after = words(staff.get("/staff/close/"))
    assert "All of it is closed on that day already" in after and "1 practice was left without a group, each" in after
    assert "Nothing can close" not in after and "blocks the close" not in after and "It serves a prison" in after
    assert not BodyParticulars.objects.current().filter(effective__contains=ON, body__code="5LE").exists()
    again = staff.post("/staff/close/", {**DAY, "explained": LONE})
    assert again.context["close_form"] is None and "there is nothing to write" in words(again)
    assert "66.7% of the practices of 5LE" in words(staff.get("/pcts/5LE/?as_of=2013-03-31"))
    closed = '<dd class="nhsuk-summary-list__value"><strong>Closed</strong>, since 1 April 2013</dd>'
    for code in ("5LE", "5LF"):
        gone = words(staff.get(f"/pcts/{code}/?as_of=2013-04-01"))
        assert closed in gone and "The national close of 1 April 2013" in gone
        assert closed not in words(staff.get(f"/pcts/{code}/?as_of=2013-03-31"))
    undo = f"{answer.url}undo/"
    assert staff.get(undo).status_code == 200
    for why in ("", "w" * 2_001):
        assert staff.post(undo, {"why": why}).status_code == 422
    assert staff.post(undo, {"why": "A trial"}).status_code == 302
    assert BodyParticulars.objects.current().filter(effective__contains=ON, body__code="5LE").exists()
    assert closed not in words(staff.get("/pcts/5LF/?as_of=2013-04-01"))
    assert "taken back by" in words(staff.get("/staff/close/")) and "taken back by" in words(staff.get(answer.url))
    assert staff.post(undo, {"why": "Again"}).status_code == 409


def test_who_blocks_is_named_apart_from_who_is_explained(staff) -> None:
    for n in range(10, 70):
        make.make_practice(f"Z{n:05}", pct=ParentBody.objects.get(code="5LE"))
    lines = "\n".join(f"Z{n:05} special" for n in range(10, 65))
    page = staff.post("/staff/close/", {**DAY, "explained": lines})
    blocking, explained = page.context["lists"][:2]
    assert [row.code for row in blocking["table"].rows] == ["Z00007", *(f"Z{n:05}" for n in range(65, 70))]
    assert (blocking["total"], blocking["more"], explained["total"], explained["more"]) == (6, 0, 55, 5)
    assert "Unplaced practices: each blocks the close" in words(page)
    page = staff.get("/staff/close/")
    assert len(page.context["lists"][0]["table"].rows) == 61, "all that block are named"


def _fields(form: Any) -> dict[str, Any]:
    return {field.name: field for field in form}


def test_what_is_typed_wrongly_is_said_on_the_form(staff) -> None:
    twice = staff.post("/staff/close/", {**DAY, "explained": f"{LONE}\nZ00007 again"})
    assert twice.status_code == 422 and "stands on two lines" in words(twice)
    needless = staff.post("/staff/close/", {**DAY, "explained": "Z00001 no reason"})
    assert needless.status_code == 422 and "Of these nothing is to be explained: Z00001 goes to 08Q." in words(
        needless
    )
    lines = [LONE, "Z00008 no", "Z00001: no", *(f"Q{n:05} no" for n in range(18)), "X1 no", "Z00002:"]
    many = staff.post("/staff/close/", {**DAY, "explained": "\n".join(lines)})
    assert many.status_code == 422 and "why Z00002 is left" in words(many)
    assert many.context["plan"].left == [] and many.context["close_form"] is None, "what is right is rehearsed still"
    many = staff.post("/staff/close/", {**DAY, "explained": "\n".join(lines[:-1])})
    assert "Q00017; the register knows no practice X1; Z00001 goes to 08Q; and 1 more. Correct" in words(many)
    assert "the register knows no practice Q00000;" in words(many)
    assert many.context["plan"].left == [] and many.context["close_form"] is None
    twice = staff.post("/staff/close/", {**DAY, "explained": f"{LONE}\nZ00007 again"})
    assert [row.code for row in twice.context["plan"].left] == ["Z00007"] and twice.context["close_form"] is None


@pytest.mark.parametrize(
    "line", ["Z00007: special", "z00007:special", "Z00007, special", "Z00007\tspecial", "Z00007 special"]
)
def test_a_line_is_a_code_and_why_however_they_are_parted(staff, line) -> None:
    page = staff.post("/staff/close/", {**DAY, "explained": line})
    assert page.status_code == 200 and page.context["plan"].unplaced[0].explanation.startswith("special: ")
    assert "As “Z00029 special: It serves a prison”" in words(page)


def test_it_is_for_programme_administrators(staff) -> None:
    for who in (told.person("assessor"), told.person(pct_lead="5LE")):
        client = Client()
        client.force_login(who)
        for path in ("", "lists/unplaced.csv", "confirm/", "1/", "1/undo/", "succession/"):
            assert client.get(f"/staff/close/{path}").status_code == 403
        assert client.post("/staff/close/confirm/", {}).status_code == 403
    assert staff.get("/staff/close/1/").status_code == 404


def test_who_follows_a_body_is_recorded(staff) -> None:
    sent = {"predecessor": "5LF", "kind": "split", **DAY, "why": "As the order says"}
    open_still = staff.post(
        "/staff/close/succession/", sent | {"predecessor": "5LE", "successors": "08Q 0.6 0.5\n08R 0.4 0.5"}
    )
    assert open_still.status_code == 409 and "5LE is still there on 1 April 2013, without a last day" in words(
        open_still
    )
    wrong = staff.post("/staff/close/succession/", sent | {"successors": "08Q 0.6 x"})
    assert wrong.status_code == 422 and "a code and two shares" in words(wrong)
    wrong = staff.post("/staff/close/succession/", sent | {"successors": "08Q 0.6 0.5\n08R 0.3 0.5"})
    assert wrong.status_code == 422 and "sum to 0.9" in words(wrong)
    assert staff.post("/staff/close/succession/", sent | {"successors": "08Q 0.6 0.5\n08R 0.4 0.5"}).status_code == 302
    assert BodySuccession.objects.current().count() == 2


def test_the_command_says_the_same_and_writes_nothing(in_world, capsys) -> None:
    entries = Entry.objects.count()
    call_command("rehearse_close")
    said = capsys.readouterr().out
    assert "Z00007  THE LONE SURGERY (5LE): It is in no consortium on the day" in said
    assert "It is blocked until each of them is placed" in said and "nothing was written" in said
    call_command("rehearse_close", on=ON, as_if=True)
    assert Entry.objects.count() == entries

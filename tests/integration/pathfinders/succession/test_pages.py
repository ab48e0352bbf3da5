"""The register's pages: a form, what would happen, the deed; and what the public reads of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from consortia.models import Consortium, ConsortiumSuccession
from pathfinders.models import PathfinderParticulars
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.desk import day, letter_sent, signed_in, text_of
from tests.integration.pathfinders.succession.conftest import FOUNDED, Land

MERGER = {
    "consortia": "GC0001\nGC0002",
    "how": "new",
    "name": "Northsouth",
    "form": "",
    "into": "",
    **day("on", "1 7 2011"),
}


@pytest.fixture
def desk(land: Land) -> Client:
    return signed_in(land.admin)


def confirmed(page: Any, **changes: Any) -> dict[str, Any]:
    return letter_sent(page, **{"reason": "They work as one."} | changes)


def test_from_the_choice_to_the_deed(desk: Client, land: Land) -> None:
    first = text_of(desk.get("/staff/register/?q=north"))
    assert 'href="/staff/register/merge-consortia/?ref=GC0001"' in first and "Going live" not in first
    assert "GC0001" in text_of(desk.get("/staff/register/merge-consortia/?ref=GC0001"))
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    words = text_of(page)
    assert page.status_code == 200 and "This is what will happen" in words
    assert "Northsouth (new)" in words and "Z01001" in words and "Nora North" in words
    assert not ConsortiumSuccession.objects.exists()
    done = desk.post("/staff/register/merge-consortia/", confirmed(page))
    number = Entry.objects.order_by("-number").first().number  # type: ignore[union-attr]
    assert done.status_code == 302 and done["Location"] == f"/staff/register/done/{number}/"
    assert f"/changes/{number}/" in text_of(desk.get(done["Location"]))
    assert ConsortiumSuccession.objects.current().count() == 2
    assert desk.get("/staff/register/done/1/").status_code == 404  # not one of these


def test_going_back_keeps_what_was_typed(desk: Client, land: Land) -> None:
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    again = desk.post("/staff/register/merge-consortia/", confirmed(page, again="1"))
    assert 'value="Northsouth"' in text_of(again) and not ConsortiumSuccession.objects.exists()


def test_what_changed_meanwhile_is_shown_and_can_then_be_confirmed(desk: Client, land: Land) -> None:
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    make.make_membership(make.make_practice("Z09004"), land.groups["South"], FOUNDED)
    stale = desk.post("/staff/register/merge-consortia/", confirmed(page))
    assert stale.status_code == 412 and "what would happen to Z09004 is no longer the same" in text_of(stale)
    assert not ConsortiumSuccession.objects.exists()
    assert desk.post("/staff/register/merge-consortia/", confirmed(stale)).status_code == 302


@pytest.mark.parametrize(
    ("path", "typed", "status", "sentence"),
    [
        ("merge-consortia", MERGER | {"consortia": "GC0777"}, 422, "knows no consortium GC0777"),
        ("merge-consortia", MERGER | {"consortia": "GC0001"}, 422, "at least two different"),
        ("merge-consortia", MERGER | {"how": "into"}, 422, "Enter the reference of the one that goes on"),
        ("merge-consortia", MERGER | {"name": " "}, 422, "Enter the name"),
        ("merge-consortia", MERGER | day("on", "1 1 2009"), 409, "was not a consortium before"),
        ("merge-pathfinders", {"pathfinder": "PF0001", "into": "PF0001", **day("on", "1 7 2011")}, 422, "itself"),
        ("going-live", {"pathfinder": "PF0001", **day("goes_live_on", "1 1 2009")}, 422, "announced on 8 December"),
    ],
)
def test_what_is_wrong_comes_back_on_the_form(
    desk: Client, path: str, typed: dict[str, Any], status: int, sentence: str
) -> None:
    page = desk.post(f"/staff/register/{path}/", typed)
    assert page.status_code == status and sentence in text_of(page)
    assert "There is a problem" in text_of(page)


def test_no_reason_no_deed(desk: Client) -> None:
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    blank = desk.post("/staff/register/merge-consortia/", confirmed(page, reason=" "))
    assert blank.status_code == 422 and "This is what will happen" in text_of(blank)
    assert not ConsortiumSuccession.objects.exists()


def test_a_split_by_its_form(desk: Client) -> None:
    typed = {
        "consortium": "GC0001",
        "part_2": "Hill", "holds_2": "z01001",
        "part_3": "Dale", "rest": "3",
        "left": "Z01003", "left_reason": "undecided",
        **day("on", "1 7 2011"),
    }  # fmt: skip
    page = desk.post("/staff/register/split-consortium/", typed)
    assert "Hill (new)" in text_of(page) and "No consortium" in text_of(page)
    assert desk.post("/staff/register/split-consortium/", confirmed(page)).status_code == 302
    shares = ConsortiumSuccession.objects.current().values_list("successor__particulars__name", "share")
    assert {name: float(share) for name, share in shares} == {"Hill": 0.5, "Dale": 0.5}
    entry = Entry.objects.order_by("-number").first()
    assert entry is not None and entry.reason.endswith("Left in no consortium: Z01003 (undecided).")


def test_the_others_by_their_forms(desk: Client, land: Land) -> None:
    def does(path: str, **typed: str) -> None:
        page = desk.post(f"/staff/register/{path}/", typed)
        assert page.status_code == 200, text_of(page)
        assert desk.post(f"/staff/register/{path}/", confirmed(page)).status_code == 302

    does("rename-consortium", consortium="GC0004", name="Far West", **day("on", "1 7 2011"))
    does("rename-pathfinder", pathfinder="PF0002", name="The Second", **day("on", "1 7 2011"))
    does("going-live", pathfinder="PF0002", **day("goes_live_on", "1 4 2011"))
    split = {"part_1": "Upper", "holds_1": "GC0001", "part_2": "Lower", "holds_2": "gc0002"}
    does("split-pathfinder", pathfinder="PF0001", **split, **day("on", "1 7 2011"))
    does("merge-pathfinders", pathfinder="PF0002", into="PF0003", **day("on", "1 8 2011"))
    names = PathfinderParticulars.objects.current().order_by("pathfinder__ref", "effective")
    assert list(names.values_list("pathfinder__ref", "name", "goes_live_on")[1:3]) == [
        ("PF0002", "Two", names[1].goes_live_on),
        ("PF0002", "The Second", names[1].goes_live_on),
    ]
    assert str(names[1].goes_live_on) == "2011-04-01"


def test_only_who_may_change_the_register(land: Land) -> None:
    for user in (told.person("assessor"), told.person("approver"), land.lead):
        client = signed_in(user)
        for path in ("", "merge-consortia/", "done/1/"):
            assert client.get(f"/staff/register/{path}").status_code == 403
        assert client.post("/staff/register/merge-consortia/", MERGER).status_code == 403
    assert "Register" in text_of(signed_in(land.admin).get("/staff/"))


def test_the_public_reads_it_both_ways(desk: Client, land: Land, client: Client) -> None:
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    desk.post("/staff/register/merge-consortia/", confirmed(page))
    page = desk.post(
        "/staff/register/merge-pathfinders/", {"pathfinder": "PF0002", "into": "PF0001", **day("on", "1 8 2011")}
    )
    desk.post("/staff/register/merge-pathfinders/", confirmed(page))

    old = text_of(client.get("/consortia/GC0001/?as_of=2011-08-01"))
    assert "There was no consortium GC0001" in old
    assert "Merged into" in old and 'href="/consortia/GC0005/?as_of=2011-08-01"' in old and "1 July 2011" in old
    assert "with" in old and "South (GC0002)" in old
    before = text_of(client.get("/consortia/GC0001/?as_of=2011-06-01"))
    assert "Merged into" in before
    new = text_of(client.get("/consortia/GC0005/?as_of=2011-08-01"))
    assert "Formed from" in new and "North (GC0001)" in new and "South (GC0002)" in new
    gone = text_of(client.get("/pathfinders/PF0002/?as_of=2011-09-01"))
    assert "Became part of" in gone and "One (PF0001)" in gone and "1 August 2011" in gone
    assert "Two (PF0002)" in text_of(client.get("/pathfinders/PF0001/?as_of=2011-09-01"))


def test_the_api_tells_it_both_ways(desk: Client, client: Client) -> None:
    first = Entry.objects.order_by("-number").first()
    page = desk.post("/staff/register/merge-consortia/", MERGER)
    desk.post("/staff/register/merge-consortia/", confirmed(page))

    def row(path: str) -> dict[str, Any]:
        return client.get(f"/api/v1/{path}").json()["result"]

    to = {"ref": "GC0005", "kind": "merge", "on": "2011-07-01", "share": None}
    assert row("consortia/GC0001/?as_of=2011-06-01")["successors"] == [to]
    assert row("consortia/GC0001/?as_of=2011-06-01")["predecessors"] == []
    new = row("consortia/GC0005/?as_of=2011-07-01")
    assert new["predecessors"] == [to | {"ref": ref} for ref in ("GC0001", "GC0002")] and new["successors"] == []
    known = first.at.isoformat().replace("+00:00", "Z")  # type: ignore[union-attr]
    assert row(f"consortia/GC0001/?as_of=2011-06-01&known_at={known}")["successors"] == []
    assert row("pathfinders/PF0001/?as_of=2011-06-01")["successors"] == []
    listed = client.get("/api/v1/consortia/?as_of=2011-07-01&format=csv")
    assert b"GC0005" in b"".join(listed.streaming_content)  # type: ignore[attr-defined]
    feed = client.get("/api/v1/changes/?after=0&limit=1000").content.decode()
    assert '"kind":"consortium_succession"' in feed.replace(" ", "")
    number = Entry.objects.order_by("-number").first().number  # type: ignore[union-attr]
    assert "Consortium succession" in text_of(client.get(f"/changes/{number}/"))
    assert Consortium.objects.count() == 5

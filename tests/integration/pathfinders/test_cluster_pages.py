"""Clusters kept by programme staff on pages: what is shown first is what is done, and each change has a way back."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from practices.models import ParentBody
from registry.errors import Refused
from registry.models import Entry
from tests import factories as make
from tests import programme as told
from tests.desk import errors_of, signed_in, text_of
from transitions.actions import leave_cluster, place_in_cluster, set_cluster, undo_cluster
from transitions.models import Cluster, ClusterParticulars, ClusterPlace

ROOT, ON = "/staff/clusters/", "2011-04-28"
APRIL, OUT = date(2011, 4, 28), date(2013, 4, 1)


def build_world() -> dict[str, Any]:
    sha = make.make_sha("Q33")
    for code in ("5ET", "5H8", "5N9"):
        make.make_pct(code, sha=sha, name=f"Trust {code}")
    return {"admin": told.person("programme_admin"), "lead": told.person(pct_lead="5ET"), "sha": sha}


def does(desk: Client, path: str, **sent: str) -> Any:
    """Sends the form with its version, then the preview's button; gives (the preview's words, the last answer)."""
    drawn = desk.get(path).context["form"].initial
    first = {name: str(drawn[name]) for name in ("version",) if name in drawn} | sent
    before = Entry.objects.count()
    shown = desk.post(path, first)
    assert shown.status_code == 200, errors_of(shown)
    assert Entry.objects.count() == before, "a preview writes nothing"
    found = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', text_of(shown))
    carried = {name: html.unescape(value) for name, value in found} | {"confirm": "1"}
    return text_of(shown), desk.post(path, carried)


def places() -> set[tuple[Any, ...]]:
    rows = ClusterPlace.objects.current().select_related("body", "cluster")
    return {(r.body.code, r.cluster.ref, r.effective.lower, r.effective.upper) for r in rows}


def test_a_cluster_is_made_filled_renamed_and_ended_each_shown_first(in_world):
    desk = signed_in(in_world["admin"])
    words, answer = does(desk, f"{ROOT}new/", kind="pct", name="South Yorks", on=ON, source="HSJ")
    assert "South Yorks (CL0001)" in words and "28 April 2011 on" in words and answer.url == f"{ROOT}CL0001/"
    words, answer = does(desk, f"{ROOT}CL0001/members/", bodies="5et, 5H8", on=ON, why="It was confirmed.")
    assert answer.status_code == 302 and "Trust 5ET (5ET)" in words and "to 31 March 2013" in words
    assert places() == {("5ET", "CL0001", APRIL, OUT), ("5H8", "CL0001", APRIL, OUT)}
    assert Entry.objects.order_by("-number")[0].changes == 2, "all in one entry"
    renamed = {"name": "South Yorkshire", "on": "2011-06-01", "source": "HSJ", "why": "In full."}
    assert "South Yorkshire (CL0001)" in does(desk, f"{ROOT}CL0001/name/", **renamed)[0]
    does(desk, f"{ROOT}CL0001/members/5H8/leave/", last_day="2011-12-31", why="It moved.")
    words, _ = does(desk, f"{ROOT}CL0001/end/", last_day="2012-09-30", why="It was dissolved.")
    assert "Ends or is replaced" in words and "Trust 5ET (5ET)" in words, "who is in it leaves with it"
    assert "After 30 September 2012 Trust 5ET (5ET) is in no cluster." in words
    assert places() == {
        ("5ET", "CL0001", APRIL, date(2012, 10, 1)),
        ("5H8", "CL0001", APRIL, date(2012, 1, 1)),
    }
    page = text_of(desk.get(f"{ROOT}CL0001/"))
    assert "South Yorks</td>" in page and "30 September 2012" in page and "It was dissolved." in page
    assert "South Yorkshire" in text_of(desk.get(ROOT)), "one that has ended is listed"


def test_each_change_is_undone_while_nothing_builds_on_it(in_world):
    desk = signed_in(in_world["admin"])
    does(desk, f"{ROOT}new/", kind="pct", name="One", on=ON, source="HSJ")
    made = Entry.objects.order_by("-number")[0].number
    does(desk, f"{ROOT}CL0001/members/", bodies="5ET", on=ON, why="Confirmed.")
    placed = Entry.objects.order_by("-number")[0].number
    page = text_of(desk.get(f"{ROOT}CL0001/"))
    assert f"{ROOT}CL0001/undo/{placed}/" in page
    assert f"{ROOT}CL0001/undo/{made}/" not in page, "no way is offered that is refused at its end"
    assert f"Entry {placed} has placed 5ET in it since. Undo that first." in page
    early = desk.post(f"{ROOT}CL0001/undo/{made}/", {"why": "A slip."})
    assert early.status_code == 409 and f"entry {placed} has placed 5ET in it since" in errors_of(early)[0]
    does(desk, f"{ROOT}CL0001/undo/{placed}/", why="A slip.")
    again = desk.post(f"{ROOT}CL0001/undo/{placed}/", {"why": "A slip."})
    assert again.status_code == 409 and not places() and "was undone already" in errors_of(again)[0]
    page = text_of(desk.get(f"{ROOT}CL0001/"))
    assert "has undone it" in page and f"{ROOT}CL0001/undo/{made}/" in page, "what was taken back rests on nothing"
    _, answer = does(desk, f"{ROOT}CL0001/undo/{made}/", why="A slip.")
    assert answer.url == ROOT and not ClusterParticulars.objects.current().exists()
    assert "None is recorded" in text_of(desk.get(ROOT))


def test_who_left_with_a_cluster_is_in_it_again_when_its_end_is_undone(in_world):
    desk, admin = signed_in(in_world["admin"]), in_world["admin"]
    cluster = set_cluster(by=admin, on=APRIL, name="One", source="HSJ")
    make.make_pct("5XA", sha=in_world["sha"], last_day=None)
    bodies = list(ParentBody.objects.filter(code__in=("5ET", "5XA")))
    place_in_cluster(by=admin, bodies=bodies, cluster=cluster, on=APRIL, why="Confirmed.")
    before = places()
    open_still = text_of(desk.get(f"{ROOT}CL0001/"))
    assert (open_still.count("Leaves<"), open_still.count("It left earlier<")) == (1, 1), "5ET ended, 5XA did not"
    assert ">End it<" in open_still and ">Rename it<" in open_still
    does(desk, f"{ROOT}CL0001/end/", last_day="2011-12-31", why="Ended.")
    ended = text_of(desk.get(f"{ROOT}CL0001/"))
    assert ended.count("It left earlier<") == 2
    assert "31 December 2011 was its last day" in ended and "Correct who was in it" in ended
    assert "Leaves<" not in ended and ">End it<" not in ended and ">Rename it<" not in ended
    assert ended.count("changed the same since: undo that first") == 2, "the making and the placing"
    assert len(before) == 2 and not before & places()
    does(desk, f"{ROOT}CL0001/undo/{Entry.objects.order_by('-number')[0].number}/", why="A slip.")
    assert places() == before


def test_an_older_change_is_undone_once_a_later_one_was_taken_back(in_world):
    """What was undone, and its undoing, together changed nothing: the way back does not end there."""
    admin, trust = in_world["admin"], ParentBody.objects.get(code="5ET")
    cluster = set_cluster(by=admin, on=APRIL, name="One", source="HSJ")
    placed = place_in_cluster(by=admin, body=trust, cluster=cluster, on=APRIL, why="Confirmed.")
    left = leave_cluster(by=admin, body=trust, last_day=date(2011, 12, 31), why="It moved.")
    with pytest.raises(Refused, match=f"entry {left.number} has changed the same since"):
        undo_cluster(by=admin, entry=placed, why="A slip.")
    undo_cluster(by=admin, entry=left, why="It did not.")
    undo_cluster(by=admin, entry=placed, why="A slip.")
    assert not places()
    for entry in (placed, left):
        with pytest.raises(Refused, match="was undone already"):
            undo_cluster(by=admin, entry=entry, why="Again.")


def test_what_is_wrong_comes_back_on_the_form(in_world):
    desk, admin = signed_in(in_world["admin"]), in_world["admin"]
    cluster = set_cluster(by=admin, on=APRIL, name="One", source="HSJ")
    path = f"{ROOT}{cluster.ref}/members/"
    sent = {"version": str(desk.get(path).context["form"].initial["version"]), "on": ON, "why": "Confirmed."}
    unknown = errors_of(desk.post(path, sent | {"bodies": "5XX"}))[0]
    assert "The register knows no trust or authority 5XX: check the code." in unknown
    wrong = desk.post(path, sent | {"bodies": "5ET Q33"})
    assert wrong.status_code == 422 and "bodies" in wrong.context["form"].errors and not places()
    body = ParentBody.objects.get(code="5N9")
    place_in_cluster(by=admin, body=body, cluster=cluster, on=APRIL, why="By another.")
    stale = desk.post(path, sent | {"bodies": "5ET"})
    assert stale.status_code == 412 and "was changed since you opened the form" in errors_of(stale)[0]
    typed_again = desk.post(path, sent | {"bodies": "5ET", "again": "1"})
    assert typed_again.status_code == 200 and typed_again.context["form"]["bodies"].value() == "5ET"
    assert desk.get(f"{ROOT}{cluster.ref}/members/5ET/leave/").status_code == 404
    early = {"version": stale.context["form"]["version"].value(), "last_day": "2010-01-01", "why": "Slip."}
    assert desk.post(f"{ROOT}{cluster.ref}/end/", early).status_code == 409
    for address in (ROOT, f"{ROOT}new/", f"{ROOT}{cluster.ref}/", path):
        assert signed_in(in_world["lead"]).get(address).status_code == 403, address
    assert desk.get(f"{ROOT}CL0009/").status_code == 404 and Cluster.objects.count() == 1

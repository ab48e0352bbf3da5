"""The pages of changes: a lead's, a practice's, staff's; who may open them, and what a step through each records."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from consortia.actions import close_practice
from consortia.actions.changing import end_membership
from consortia.actions.transferring import ask_transfer
from consortia.models import TransferRequest, WorkItem
from practices.models import PracticeSuccession
from registry import clock
from registry.models import Entry
from tests import factories as make
from tests.desk import day, letter_sent, signed_in, text_of
from tests.integration.consortia.conftest import Land, land  # noqa: F401
from tests.support.memberships import belongs

LEAD, STAFF = "/lead/consortia/GC0001", "/staff/practices/Z00001/membership"


def newest() -> Entry:
    found = Entry.objects.order_by("-number").first()
    assert found is not None
    return found


def test_a_lead_ends_and_undoes(land: Land) -> None:  # noqa: F811
    desk = signed_in(land.lead)
    page = text_of(desk.get(f"{LEAD}/members/Z00001/"))
    assert (
        "A member of North (GC0001), claimed by the consortium since 1 January 2011" in page
        and "Silence confirms nothing" in page
    )
    when = clock.today() + timedelta(days=20)
    typed = {"reason": "resigned", "why": "They wrote.", **day("last_day", f"{when.day} {when.month} {when.year}")}
    assert desk.post(f"{LEAD}/members/Z00001/end/", typed | {"why": ""}).status_code == 422
    done = desk.post(f"{LEAD}/members/Z00001/end/", typed)
    assert done.status_code == 302 and belongs(land.practices[0])[0][2] == str(when + timedelta(days=1))
    entry = newest()
    page = text_of(desk.get(done["Location"]))
    assert "Ends on its day by itself" in page and f"Undo entry {entry.number}" in page
    assert f"Undo entry {entry.number}" in text_of(desk.get(f"{LEAD}/changes/"))
    assert "They wrote." in text_of(desk.get(f"{LEAD}/changes/{entry.number}/undo/"))
    assert desk.post(f"{LEAD}/changes/{entry.number}/undo/", {"why": ""}).status_code == 302
    assert belongs(land.practices[0])[0][2] == ""
    assert desk.post(f"{LEAD}/changes/{entry.number}/undo/", {"why": ""}).status_code == 409


def test_a_lead_corrects_the_first_day_or_says_that_it_never_was(land: Land) -> None:  # noqa: F811
    desk = signed_in(land.deputy)
    form = desk.get(f"{LEAD}/members/Z00002/correct/")
    wrong = desk.post(f"{LEAD}/members/Z00002/correct/", letter_sent(form, what="first_day", why="A slip."))
    assert wrong.status_code == 422 and "Enter its first day as a member" in text_of(wrong)
    typed = letter_sent(form, what="first_day", why="A slip.", **day("first_day", "1 3 2011"))
    assert desk.post(f"{LEAD}/members/Z00002/correct/", typed).status_code == 302
    assert belongs(land.practices[1])[0][1] == "2011-03-01"
    form = desk.get(f"{LEAD}/members/Z00002/correct/")
    assert desk.post(f"{LEAD}/members/Z00002/correct/", letter_sent(form, what="never", why="No.")).status_code == 302
    assert belongs(land.practices[1]) == []
    assert "No member of North" in text_of(desk.get(f"{LEAD}/members/Z00002/"))


@pytest.mark.parametrize(
    "path", ["members/Z00001/", "members/Z00001/end/", "changes/", "transfers/", "transfers/ask/", "work/"]
)
def test_a_consortium_is_its_keepers_only(land: Land, path: str) -> None:  # noqa: F811
    assert signed_in(land.lead).get(f"{LEAD}/{path}").status_code == 200
    assert signed_in(land.other).get(f"{LEAD}/{path}").status_code == 404
    assert signed_in(land.manager).get(f"{LEAD}/{path}").status_code == 403
    assert Client().get(f"{LEAD}/{path}").status_code == 302


def test_others_are_not_found(land: Land) -> None:  # noqa: F811
    desk = signed_in(land.lead)
    assert desk.get(f"{LEAD}/members/Z00003/").status_code == 404
    assert desk.get(f"{LEAD}/members/Z99999/").status_code == 404
    assert desk.get(f"{LEAD}/changes/1/undo/").status_code == 404
    assert desk.get("/practice/Z00001/transfers/").status_code == 403
    assert signed_in(land.manager).get("/practice/Z00002/transfers/").status_code == 404


def test_a_transfer_from_the_wish_to_the_move(land: Land) -> None:  # noqa: F811
    gaining, practice = signed_in(land.other), signed_in(land.manager)
    south = "/lead/consortia/GC0002"
    typed = {"practice": "z00001", "text": "Come.", **day("on", "1 7 2011")}
    assert gaining.post(f"{south}/transfers/ask/", typed | {"practice": "Z99999"}).status_code == 422
    assert gaining.post(f"{south}/transfers/ask/", typed).status_code == 302
    transfer = TransferRequest.objects.get()
    assert "Withdraw it: Z00001" in text_of(gaining.get(f"{south}/transfers/"))
    assert signed_in(land.lead).get(f"{LEAD}/transfers/{transfer.pk}/").status_code == 404
    assert "Answer it: GC0002" in text_of(practice.get("/practice/Z00001/transfers/"))
    answer = f"/practice/Z00001/transfers/{transfer.pk}/"
    assert "Come." in text_of(practice.get(answer))
    assert practice.post(answer, {}).status_code == 422
    assert practice.post(answer, {"answer": "agree"}).status_code == 302
    assert [s[0] for s in belongs(land.practices[0])] == ["GC0001", "GC0002"]
    again = practice.post(answer, {"answer": "agree"})
    assert again.status_code == 409 and "It is settled" in text_of(again)
    assert "Agreed" in text_of(signed_in(land.lead).get(f"{LEAD}/transfers/"))


def test_a_practice_asks_and_the_lead_declines_or_it_withdraws(land: Land) -> None:  # noqa: F811
    gaining, practice = signed_in(land.other), signed_in(land.manager)
    for answerer, path, typed, state in (
        (gaining, "/lead/consortia/GC0002/transfers/{}/", {"answer": "decline"}, "declined"),
        (practice, "/practice/Z00001/transfers/{}/", {}, "withdrawn"),
    ):
        asked = ask_transfer(
            by=land.manager, practice=land.practices[0], to=land.south, on=date(2011, 7, 1), side="practice"
        )
        assert answerer.get(path.format(asked.pk)).status_code == 200
        assert answerer.post(path.format(asked.pk), typed).status_code == 302
        asked.refresh_from_db()
        assert asked.state == state


def test_work_is_told_and_done(land: Land) -> None:  # noqa: F811
    for practice in land.practices[:2]:
        close_practice(by=land.admin, practice=practice, last_day=date(2011, 6, 30), reason="Closed.")
    desk, staff = signed_in(land.lead), signed_in(land.admin)
    page = text_of(desk.get(f"{LEAD}/work/"))
    assert "Two of your members closed." in page and "Its membership ended: last day 30 June 2011" in page
    assert "Two members closed." in text_of(staff.get("/staff/work/"))
    item = WorkItem.objects.order_by("pk").first()
    assert item is not None
    assert signed_in(land.other).get(f"/lead/consortia/GC0002/work/{item.pk}/").status_code == 404
    assert desk.get(f"{LEAD}/work/{item.pk}/").status_code == 200
    assert desk.post(f"{LEAD}/work/{item.pk}/", {"note": "Seen."}).status_code == 302
    assert "One of your members closed." in text_of(desk.get(f"{LEAD}/work/"))
    assert staff.post(f"/staff/work/{item.pk}/", {"note": ""}).status_code == 409
    assert "Seen." in text_of(staff.get("/staff/work/"))


def test_lists_ask_as_much_for_many_as_for_few(land: Land, django_assert_max_num_queries: Any) -> None:  # noqa: F811
    for n in range(30):
        practice = make.make_practice()
        make.make_membership(practice, land.north, date(2011, 1, 1))
        if n % 2:
            close_practice(by=land.admin, practice=practice, last_day=date(2011, 6, 30), reason="x")
        else:
            told: Any = {"by": land.lead, "consortium": land.north, "practice": practice, "on": date(2011, 5, 1)}
            end_membership(reason="resigned", why="x", **told)
    desk = signed_in(land.lead)
    for path, most in (("work/", 20), ("changes/", 20), ("members/Z00001/", 34)):
        with django_assert_max_num_queries(most):
            assert desk.get(f"{LEAD}/{path}").status_code == 200


def test_staff_record_and_undo_every_change_of_one_practice(land: Land) -> None:  # noqa: F811
    desk = signed_in(land.admin)
    assert 'href="/staff/practices/Z00003/membership/"' in text_of(desk.get("/staff/register/?q=Z00003"))
    assert "It never was a member" in text_of(desk.get("/staff/practices/Z00003/membership/"))
    make.make_pct("5LE", last_day=None)
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("leave", {"reason": "ejected", **day("last_day", "30 6 2011")}, "end_membership"),
        ("join", {"consortium": "GC0001", "status": "claimed", "reason": "joined", **day("on", "1 8 2011")}, "join"),
        ("transfer", {"to": "GC0002", **day("on", "1 9 2011")}, "transfer_on_paper"),
        ("correct", {**day("start", "1 6 2011"), **day("last_day", "5 6 2011")}, "correct_membership"),
        ("parent", {"parent": "5le", "reason": "Moved.", **day("on", "1 9 2011")}, "change_parent"),
    ]
    for path, typed, action in steps:
        assert desk.get(f"{STAFF}/{path}/").status_code == 200
        done = desk.post(f"{STAFF}/{path}/", {"why": "On paper."} | typed)
        assert done.status_code == 302, text_of(done)
        assert newest().action == action
        if action != "join":
            number = newest().number
            assert f"Undo entry {number}" in text_of(desk.get(f"{STAFF}/"))
            assert desk.post(f"{STAFF}/undo/{number}/", {"why": "Wrong."}).status_code == 302
            assert newest().kind == "void"
    assert signed_in(land.lead).get(f"{STAFF}/").status_code == 403
    refused = desk.post(f"{STAFF}/leave/", {"reason": "ejected", "why": "x", **day("last_day", "31 12 2010")})
    assert refused.status_code == 409 and "cannot leave on its first day" in text_of(refused)


def test_practices_merge_after_a_preview(land: Land) -> None:  # noqa: F811
    desk, path = signed_in(land.admin), "/staff/register/merge-practices/"
    typed = {"practice": "Z00001", "into": "Z00003", "kind": "absorb", **day("on", "1 7 2011")}
    new = text_of(desk.post(path, {**typed, "kind": "merge"}))
    assert "Z00001 merges into the new practice Z00003" in new
    assert "Select" in text_of(desk.post(path, {**typed, "kind": ""})) and not PracticeSuccession.objects.exists()
    assert 'value="Z00001"' in text_of(desk.get(f"{path}?ref=Z00001"))
    preview = desk.post(path, typed)
    words = text_of(preview)
    assert "Z00001 becomes part of Z00003" in words and "in GC0001 ends with it: its last day is 30 June 2011" in words
    assert "Z00003 is in no consortium on 1 July 2011" in words and "1,000 patients (2010Q4)" in words
    assert not PracticeSuccession.objects.exists()
    make.make_membership(land.practices[0], land.south, date(2011, 3, 1))
    stale = desk.post(path, letter_sent(preview, reason="The partners joined forces."))
    assert stale.status_code == 412 and not PracticeSuccession.objects.exists()
    done = desk.post(path, letter_sent(stale, reason="The partners joined forces."))
    assert done.status_code == 302 and desk.get(done["Location"]).status_code == 200
    assert belongs(land.practices[0])[-1][2] == "2011-07-01" and belongs(land.practices[2]) == []
    assert "Z00003" in text_of(desk.get("/practices/Z00001/")) and "Z00001" in text_of(desk.get("/practices/Z00003/"))
    assert WorkItem.objects.get().kind == "closed"
    for told, status, sentence in (
        (typed, 409, "already"),
        ({**typed, "practice": "Z00003", "into": "Z00001"}, 422, "has itself become part of"),
        ({**typed, "into": "Z00001"}, 422, "cannot merge into itself"),
    ):
        answer = desk.post(path, told)
        assert answer.status_code == status and sentence in text_of(answer)

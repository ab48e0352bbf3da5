"""Pages of disputes, of practices in no consortium and of milestones, as each reader finds them."""

from __future__ import annotations

from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.models import (
    ComplianceStep,
    ConfirmationRequest,
    LeftOut,
    Membership,
    MembershipAnswer,
    Settlement,
)
from registry import clock
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from transitions.actions import set_milestone, take_step
from transitions.models import Milestone

pytestmark = pytest.mark.django_db
TODAY = day("on", f"{clock.real_now():%d %m %Y}")


@pytest.fixture
def place():
    """Two SHAs with a PCT each; Z00001 disputes GC0001, Z00002 disputes GC0002; Z00003 is in none."""

    class Place:
        q36, q37 = make.make_sha("Q36", "London"), make.make_sha("Q37", "South Coast")
        one = make.make_pct("5AA", sha=q36, name="Aa PCT", last_day=None)
        two = make.make_pct("5BB", sha=q37, name="Bb PCT", last_day=None)
        groups = [make.make_consortium(f"GC000{n}", name=f"Group {n}") for n in (1, 2)]
        practices = [
            make.make_practice("Z00001", pct=one, name="FIRST SURGERY"),
            make.make_practice("Z00002", pct=two, name="SECOND SURGERY"),
            make.make_practice("Z00003", pct=one, name="THIRD SURGERY", patients=3000),
        ]
        admin = told.person("programme_admin", name="Addi Admin")

    for practice, group in zip(Place.practices, Place.groups, strict=False):
        make.make_membership(practice, group, date(2011, 4, 1), status="disputed", reason="not_agreed")
    question = ConfirmationRequest.objects.create(
        practice=Place.practices[0],
        consortium=Place.groups[0],
        starts_on=date(2011, 4, 1),
        channel="mail",
        address="lead@example.org",
        origin="lead",
        flag="leads_own",
        asked_by=Place.admin,
        asked_on=date(2011, 5, 1),
        expires_on=date(2011, 6, 30),
    )
    ConfirmationRequest.objects.filter(pk=question.pk).update(state="answered", ended_on=date(2011, 5, 10))
    MembershipAnswer.objects.create(
        request=question,
        practice=Place.practices[0],
        consortium=Place.groups[0],
        answer="disputed",
        reason="not_agreed",
        text="Nobody asked <us>.",
        who="Max Manager",
        how="link",
        origin="lead",
        flag="leads_own",
        answered_on=date(2011, 5, 10),
    )
    return Place


@pytest.fixture
def staff(place):
    return signed_in(place.admin)


def deadline(place, on=date(2012, 10, 1), **more):
    words = {"key": "deadline", "name": "All join", "source": "Pulse", "known_from": date(2010, 12, 1)}
    set_milestone(by=place.admin, day=on, **words | more)


class TestDisputes:
    def test_the_list_says_how_long_in_what_words_and_by_whose_address(self, staff):
        page = staff.get("/staff/disputes/")
        words = text_of(page)
        assert [row["practice_code"] for row in page.context["table"].rows] == ["Z00002", "Z00001"], "oldest first"
        assert "Nobody asked &lt;us&gt;." in words
        assert "link in a mail; address given by: its consortium’s lead; the lead’s own address" in unescape(
            words
        ).replace("'", "’")
        assert f"{(clock.today() - date(2011, 5, 10)).days:,} days" in words
        only = staff.get("/staff/disputes/?sha=Q37")
        assert [row["practice_code"] for row in only.context["table"].rows] == ["Z00002"]

    def test_a_longer_list_asks_no_more(self, place, staff):
        def asked():
            with CaptureQueriesContext(connection) as queries:
                assert staff.get("/staff/disputes/").status_code == 200
            return len(queries)

        before = asked()
        for n in range(4, 9):
            made = make.make_practice(f"Z0000{n}", pct=place.one)
            make.make_membership(made, place.groups[0], status="disputed", reason="not_agreed")
        assert asked() == before

    def test_each_outcome_is_shown_before_and_after_and_nothing_is_written(self, staff):
        page = staff.get("/staff/disputes/z00001/")
        assert [(label, why) for label, why, _ in page.context["previews"]] == [
            ("It never was a member: corrected from its first day", ""),
            ("It leaves from a day", ""),
            ("The practice agrees after all: confirmed", ""),
            ("It stays against its wish: allocated, with a legal basis", ""),
        ]
        after = [[row["status"] for row in table.rows] if table else [] for _, _, table in page.context["previews"]]
        assert after == [[], ["disputed"], ["disputed", "confirmed"], ["disputed", "allocated"]]
        assert [row["status"] for row in page.context["before"].rows] == ["disputed"]
        assert Membership.objects.current().filter(status="disputed").count() == 2

    def test_settling_it(self, staff):
        sent = {"outcome": "accepted", "reason": "They told us on paper.", "basis": ""}
        seen = staff.get("/staff/disputes/Z00001/").context["form"]["seen"].value()
        page = staff.post("/staff/disputes/Z00001/", sent | {"seen": seen}, follow=True)
        assert Settlement.objects.get().outcome == "accepted"
        assert "They told us on paper." in text_of(page)
        assert staff.get("/staff/disputes/Z00001/").status_code == 404

    def test_refused_it_keeps_what_was_typed(self, place, staff):
        sent = {"outcome": "allocated", "reason": "It must be in one.", "seen": "1"}
        page = staff.post("/staff/disputes/Z00001/", sent)
        assert page.status_code == 412
        assert "It must be in one." in text_of(page)
        again = sent | {"seen": page.context["form"]["seen"].value()}
        page = staff.post("/staff/disputes/Z00001/", again)
        assert (page.status_code, errors_of(page)) == (
            422,
            ["Give the legal basis of the allocation: the Act or regulation, and its section."],
        )
        assert not Settlement.objects.exists()

    def test_only_programme_administrators_open_them(self, place):
        for person in (told.person("assessor"), told.person(consortium_lead="GC0001"), told.person(pct_lead="5AA")):
            for path in ("disputes/", "disputes/Z00001/", "left-out/", "left-out/Z00003/"):
                assert signed_in(person).get(f"/staff/{path}").status_code == 403, path


class TestWorklist:
    def test_before_the_deadline_nothing_is_open(self, place, staff):
        assert "No deadline is recorded, so nothing is open." in text_of(staff.get("/staff/left-out/"))
        deadline(place, on=date(clock.today().year + 2, 10, 1))
        assert "Until then nothing is open" in text_of(staff.get("/staff/left-out/"))
        assert "Not an open item" in text_of(staff.get("/staff/left-out/Z00003/"))

    def test_from_it_on_the_steps_are_taken_one_by_one(self, place, staff):
        deadline(place)
        assert "Each practice below is an open item" in text_of(staff.get("/staff/left-out/"))
        for kind in ("asked", "pct", "notice"):
            page = staff.get("/staff/left-out/Z00003/")
            assert page.context["next"].kind == kind
            assert page.context["choices"][-1].kind == kind
            sent = staff.post(f"/staff/left-out/Z00003/steps/{kind}/", {"text": f"About {kind}.", **TODAY})
            assert sent.status_code == 302, kind
        words = text_of(staff.get("/staff/left-out/Z00003/"))
        assert "About asked." in words and "Notice of allocation was given" in words
        rows = staff.get("/staff/left-out/?step=notice").context["table"].rows
        assert [(row["code"], row["last_step_on"]) for row in rows] == [("Z00003", clock.today())]
        assert staff.get("/staff/left-out/?step=none").context["total"] == 0

        form = {"consortium": "gc0001", "basis": "The Act", "why": "Nearest.", **TODAY}
        assert staff.post("/staff/left-out/Z00003/allocate/", form | {"basis": ""}).status_code == 422
        assert staff.post("/staff/left-out/Z00003/allocate/", form).status_code == 302
        assert Membership.objects.current().get(practice=place.practices[2]).status == "allocated"
        assert staff.get("/staff/left-out/").context["total"] == 0
        assert staff.get("/staff/left-out/Z00003/").status_code == 404

    def test_the_step_before_comes_first(self, place, staff):
        deadline(place)
        page = staff.post("/staff/left-out/Z00003/steps/notice/", {"text": "We allocate you.", **TODAY})
        assert (page.status_code, "The steps are taken in their order" in text_of(page)) == (409, True)
        assert staff.get("/staff/left-out/Z00003/steps/allocated/").status_code == 404
        assert not ComplianceStep.objects.exists()

    def test_steps_before_the_last_membership_are_not_shown(self, place, staff):
        deadline(place)
        third = place.practices[2]
        take_step(by=place.admin, practice=third, kind="asked", text="Why?", on=date(2012, 11, 1))
        make.make_membership(third, place.groups[0], date(2013, 1, 1), last_day=date(2013, 12, 31))
        page = staff.get("/staff/left-out/Z00003/")
        assert (page.context["taken"], page.context["row"]["since"]) == ([], date(2014, 1, 1))
        assert staff.get("/staff/left-out/?step=none").context["total"] == 1


class TestWhy:
    def test_each_says_it_on_a_page_of_their_own(self, place, staff):
        third = place.practices[2]
        make.make_practice("Z00009", pct=place.two)
        people = {
            "staff": (staff, "/staff/left-out/Z00003/why/"),
            "pct": (signed_in(told.person(pct_lead="5AA")), "/pct/left-out/Z00003/"),
            "practice": (signed_in(told.person(practice_manager="Z00003")), "/practice/Z00003/left-out/"),
        }
        for said_by, (client, path) in people.items():
            assert client.get(path).status_code == 200, path
            assert client.post(path, {"reason": "undecided", **TODAY}).status_code == 302, path
            row = LeftOut.objects.current().get(practice=third)
            assert (row.reason, row.said_by) == ("undecided", said_by)
        listed = people["pct"][0].get("/pct/left-out/")
        assert [row["code"] for row in listed.context["table"].rows] == ["Z00003"], "of one's own PCT alone"
        for client, path in (people["pct"][0], "/pct/left-out/"), (people["practice"][0], "/practice/"):
            tail = "Z00009/" if path.startswith("/pct") else "Z00009/left-out/"
            assert client.get(f"{path}{tail}").status_code == 404

    def test_nobody_else(self, place, staff):
        for client in (staff, signed_in(told.person(sha_assessor="Q36"))):
            assert client.get("/pct/left-out/").status_code == 403
        assert signed_in(told.person(pct_lead="5AA")).get("/practice/Z00003/left-out/").status_code == 403

    def test_a_practice_that_joined_meanwhile(self, place):
        client = signed_in(told.person(pct_lead="5AA"))
        make.make_membership(place.practices[2], place.groups[0])
        assert client.post("/pct/left-out/Z00003/", {"reason": "undecided", **TODAY}).status_code == 404


class TestMilestones:
    def test_recorded_moved_and_listed(self, staff):
        assert "None is recorded." in text_of(staff.get("/staff/milestones/"))
        form = {
            "key": "deadline",
            "name": "All join",
            "source": "Pulse",
            "words": "autumn 2012",
            **day("day", "1 10 2012"),
            **day("known_from", "1 12 2010"),
        }
        assert staff.post("/staff/milestones/new/", form).status_code == 302
        moved = form | day("day", "1 1 2013") | day("known_from", "1 6 2012")
        assert errors_of(staff.post("/staff/milestones/new/", moved)) == [
            "Say why it moved, or what was wrong before."
        ]
        assert staff.post("/staff/milestones/new/", moved | {"why": "Paused."}).status_code == 302
        rows = staff.get("/staff/milestones/").context["table"].rows
        assert [(row.day, row.known_from) for row in rows] == [
            (date(2013, 1, 1), date(2012, 6, 1)),
            (date(2012, 10, 1), date(2010, 12, 1)),
        ]
        assert Milestone.objects.current().count() == 2

    def test_an_assessor_reads_and_records_none(self, place):
        client = signed_in(told.person("assessor"))
        assert client.get("/staff/milestones/").status_code == 200
        assert client.get("/staff/milestones/new/").status_code == 403

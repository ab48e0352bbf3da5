"""A practice's manager: the practices' page, errors reported and answered, consortia nearby, a wish to move."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consortia.actions.reporting import pass_on, report_error, settle_report
from consortia.models import Belonging, ConfirmationRequest, ErrorReport, LeftOut, Membership, Post, TransferRequest
from consortia.states import ReportState
from pathfinders.models import ServiceClaim
from practices.models import Branch, PracticeParticulars
from registry import clock
from registry.actions.people import erase_person
from registry.errors import Refused
from registry.models import Installation, Mail
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from tests.support.eight_practices import eight_practices
from transitions.models import Milestone

pytestmark = pytest.mark.django_db
SAID = {"about": "address", "text": "We moved to 9 New Road."}


@pytest.fixture
def summer(db):
    """1 September 2011, when there were PCTs."""
    Installation.declare(demonstration=True)
    with clock.story_time(clock.on_day(date(2011, 9, 1))):
        yield


@pytest.fixture
def england(summer):
    return eight_practices()


@pytest.fixture
def manager(england):
    return told.person(practice_manager="Z00002", name="Pam Manager")


@pytest.fixture
def lead(england):
    return told.person(consortium_lead="GC0001", name="Lee Lead")


@pytest.fixture
def admin():
    return told.person("programme_admin")


def home(user):
    return text_of(signed_in(user).get("/practice/"))


def deadline(on):
    with make.writing() as entry:
        values = ("Every practice in a consortium", on, "autumn 2012", False, "", "Pulse")
        entry.set(Milestone, ("deadline",), date(2010, 7, 12), None, values)


# The page of the manager's practices


def test_the_page_tells_the_record_memberships_and_what_of_it_is_public(england, manager):
    practice = england.practices[2]
    make.make_list_size(practice, "2011Q1", 2_100)
    with make.writing() as entry:
        entry.set(Branch, (practice.pk, "001"), date(2005, 1, 1), None, ("MILL BRANCH", "2 Mill Lane", "SE1 2BB"))
        moved = ("NEW NAME SURGERY", "1 High Street\nTown", "ZZ1 1ZZ", "", 4)
        entry.set(PracticeParticulars, (practice.pk,), date(2011, 2, 1), None, moved)
        joined = Belonging(england.two.pk, "allocated", "allocated", basis="s.28 of the Act")
        entry.set(Membership, (practice.pk,), date(2011, 8, 1), None, joined)
    words = home(manager)
    for expected in (
        "NEW NAME SURGERY (Z00002)", "SURGERY Z00002 (to 31 January 2011)", "Active", "Aa PCT (5AA)", "London (Q36)",
        "ZZ1 1ZZ", "4 (GP practice)", "MILL BRANCH", "2,100", "2011Q1", "2010Q4", 'href="/practices/Z00002/"',
        "Group 1 (GC0001)", "1 January 2011", "31 July 2011", "Confirmed", "Group 2 (GC0002)", "Allocated",
        "legal basis: s.28 of the Act", "All that stands under this heading is public", "dispute the membership",
    ):  # fmt: skip
        assert expected in words, expected
    assert "Questions to answer" not in words and "Every practice is to be in a consortium" not in words
    assert "Z00001" not in words


def test_each_practice_of_the_manager_has_its_own_part_for_the_same_number_of_questions(england):
    costs = []
    for codes in (["Z00001"], ["Z00001", "Z00003", "Z00005"]):
        user = told.person()
        for code in codes:
            user.grants.create(
                role="practice_manager", object_kind="practice", object_ref=code, period=(date(2010, 4, 1), None),
                given_by="system",
            )  # fmt: skip
        client = signed_in(user)
        client.get("/practice/")
        with CaptureQueriesContext(connection) as asked:
            words = text_of(client.get("/practice/"))
        costs.append(len(asked))
        assert [f'id="p-{code}"' in words for code in ("Z00001", "Z00003", "Z00005")].count(True) == len(codes)
    assert costs[0] == costs[1] and costs[0] <= 30, costs


def test_what_waits_for_an_answer_is_linked_each_once(england):
    manager = told.person(practice_manager="Z00003")
    practice, who = england.practices[3], told.person()
    common = {"practice": practice, "asked_by": who, "asked_on": date(2011, 4, 2)}
    asked = ConfirmationRequest.objects.create(
        consortium=england.two, starts_on=date(2011, 1, 1), channel="mail", address="a@example.org", origin="lead",
        expires_on=date(2011, 5, 2), **common,
    )  # fmt: skip
    waiting = TransferRequest.objects.create(
        from_consortium=england.two, to_consortium=england.three, on=date(2011, 6, 1), state="at_practice", **common
    )
    ConfirmationRequest.objects.create(
        consortium=england.three, starts_on=date(2011, 6, 1), channel="mail", address="a@example.org",
        transfer=waiting, expires_on=date(2011, 5, 2), **common,
    )  # fmt: skip
    words = home(manager)
    assert words.count('href="/practice/Z00003/answer/GC0002/"') == 1 and "asked on 2 April 2011" in words
    assert "answer/GC0003" not in words, "a transfer is answered on its own page"
    assert f'href="/practice/Z00003/transfers/{waiting.pk}/"' in words and "Waiting for you" in words
    asked.state, asked.ended_on = "answered", date(2011, 4, 3)
    asked.save()
    answered = Belonging(england.two.pk, "confirmed", "founding", proof="link")
    with make.writing() as entry:
        entry.set(Membership, (practice.pk,), date(2011, 4, 3), None, answered)
    words = home(manager)
    assert "Questions to answer" not in words and "Link in a mail" in words
    assert words.count("answer/GC0002") == 1 and "take the answer back" in words


def test_a_practice_in_none_is_told_the_deadline_and_why_it_is_left_out(england):
    manager = told.person(practice_manager="Z00005")
    assert "Every practice is to be" not in home(manager) and "has not been asked" in home(manager)
    deadline(clock.today() + timedelta(days=10))
    words = home(manager)
    assert "10 days from today" in words and "autumn 2012" in words and "After that day" in words
    with make.writing() as entry:
        entry.set(LeftOut, (england.practices[5].pk,), date(2011, 1, 1), None, ("undecided", "pct"))
    words = home(manager)
    assert "said by its PCT" in words and 'href="/practice/Z00005/left-out/"' in words
    deadline(clock.today() - timedelta(days=1))
    words = home(manager)
    assert "that day has come, 1 day ago" in words and "may allocate it" in words
    assert "that day has come" not in home(told.person(practice_manager="Z00002")), "a member is not warned"
    assert "that day has come" not in home(told.person(practice_manager="Z00008")), "a closed one neither"


def test_the_manager_says_why_it_is_in_none(england):
    manager = signed_in(told.person(practice_manager="Z00005"))
    page = "/practice/Z00005/left-out/"
    assert errors_of(manager.post(page, {})) == ["Select why it is in no consortium"]
    assert manager.post(page, {"reason": "undecided"})["Location"] == "/practice/#p-Z00005"
    assert "said by the practice" in text_of(manager.get("/practice/"))


@pytest.mark.parametrize("which", ["report", "left-out", "consortia", "transfer"])
def test_pages_of_a_practice_are_its_own_managers(england, manager, lead, which):
    assert signed_in(manager).get(f"/practice/z00002/{which}/").status_code == 200
    assert signed_in(manager).get(f"/practice/Z00001/{which}/").status_code == 404
    assert signed_in(manager).post(f"/practice/Z00001/{which}/", {}).status_code == 404
    assert signed_in(manager).post(f"/practice/Z00002/{which}/", {}).status_code == (
        405 if which == "consortia" else 422
    )
    assert signed_in(lead).get(f"/practice/Z00002/{which}/").status_code == 403


# Reported errors


def test_a_report_has_a_reference_told_and_mailed_and_goes_to_staff(england, manager, admin):
    client = signed_in(manager)
    assert errors_of(client.post("/practice/Z00002/report/", {"about": "address", "text": ""}))
    answer = client.post("/practice/Z00002/report/", SAID, follow=True)
    report = ErrorReport.objects.get()
    assert report.ref == f"ER-{clock.today().year}-0001" and (report.owner, report.state) == ("staff", "open")
    words = text_of(answer)
    assert f"reference is {report.ref}; it is with programme staff" in words and "We moved to 9 New Road." in words
    letter = Mail.objects.get(recipient=manager.ref)
    assert report.ref in letter.subject and "programme staff" in letter.body and "New Road" not in letter.body
    staff = signed_in(admin)
    listed = text_of(staff.get("/staff/errors/"))
    assert report.ref in listed and "Programme staff" in listed and "0 days" in listed
    page = f"/staff/errors/{report.ref}/"
    assert "We moved to 9 New Road." in text_of(staff.get(page)) and manager.email not in text_of(staff.get(page))
    assert errors_of(staff.post(page, {"outcome": "pass_on", "text": " "}))
    assert staff.post(page, {"outcome": "pass_on", "text": "To ODS, in Leeds."})["Location"] == "/staff/errors/"
    assert "passed on" in Mail.objects.filter(recipient=manager.ref).latest("pk").body
    words = home(manager)
    assert "Passed on" in words and "the owner of the data" in words and "To ODS, in Leeds." in words
    again = staff.post(page, {"outcome": "pass_on", "text": "Again."})
    assert again.status_code == 422, "passed on once: the choice is not there any more"
    assert staff.post(page, {"outcome": "corrected", "text": "ODS corrected it."}).status_code == 302
    assert staff.post(page, {"outcome": "unchanged", "text": "No."}).status_code == 422
    report.refresh_from_db()
    assert (report.state, report.settled_by, report.outcome) == ("corrected", admin, "ODS corrected it.")
    assert "It was corrected." in Mail.objects.filter(recipient=manager.ref).latest("pk").body
    assert "ODS corrected it." in home(manager)
    assert "Send this answer" not in text_of(staff.get(page))


def test_what_concerns_membership_goes_to_its_lead_who_answers_for_that_list_alone(england, manager, lead, admin):
    report = report_error(
        by=manager, practice=england.practices[2], about="membership", text="Since May, not January."
    )
    other = report_error(by=manager, practice=england.practices[2], about="name", text="Misspelt.")
    assert report.owner == "GC0001" and other.owner == "staff" and other.ref.endswith("-0002")
    letter = Mail.objects.get(recipient=lead.ref)
    assert "/lead/consortia/GC0001/errors/" in letter.body and "Since May" not in letter.body
    client = signed_in(lead)
    listed = text_of(client.get("/lead/consortia/GC0001/errors/"))
    assert report.ref in listed and other.ref not in listed
    page = f"/lead/consortia/GC0001/errors/{report.ref}/"
    assert "Since May, not January." in text_of(client.get(page)) and 'value="pass_on"' not in text_of(
        client.get(page)
    )
    assert client.get(f"/lead/consortia/GC0001/errors/{other.ref}/").status_code == 404
    assert client.get("/lead/consortia/GC0002/errors/").status_code == 404
    stranger = told.person(consortium_lead="GC0002")
    assert signed_in(stranger).get(page).status_code == 404
    assert signed_in(stranger).get(f"/lead/consortia/GC0002/errors/{report.ref}/").status_code == 404
    assert client.get("/staff/errors/").status_code == 403 and signed_in(manager).get(page).status_code == 403
    assert client.post(page, {"outcome": "unchanged", "text": "You signed in January."}).status_code == 302
    assert "You signed in January." in home(manager) and "Not changed" in home(manager)
    for refused, who in ((settle_report, stranger), (settle_report, lead), (settle_report, manager)):
        with pytest.raises(Refused) as said:
            refused(by=who, report=other, outcome="corrected", text="Ours.")
        assert said.value.status == 403
    with pytest.raises(Refused) as said:
        pass_on(by=lead, report=other, text="Not ours.")
    assert said.value.status == 403
    assert report.ref in text_of(signed_in(admin).get("/staff/errors/")), "staff see all"


def test_without_a_lead_or_a_consortium_a_report_of_membership_is_staffs(england):
    alone = told.person(practice_manager="Z00005")
    assert (
        report_error(by=alone, practice=england.practices[5], about="membership", text="We joined.").owner == "staff"
    )
    leaderless = told.person(practice_manager="Z00006")
    report = report_error(by=leaderless, practice=england.practices[6], about="membership", text="We left.")
    assert (report.owner, report.consortium) == ("staff", england.three)


def test_a_report_is_refused_that_is_not_the_managers_or_says_nothing(england, manager):
    mine, others = england.practices[2], england.practices[1]
    for practice, about, text, code in (
        (others, "name", "Wrong.", "not_allowed"), (mine, "weather", "Wrong.", "unknown_part"),
        (mine, "name", "  ", "no_text"), (mine, "name", "x" * 4001, "long_text"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            report_error(by=manager, practice=practice, about=about, text=text)
        assert refused.value.code == code
    assert not ErrorReport.objects.exists() and not Mail.objects.exists()


def test_the_queue_is_filtered_by_state_owner_and_age_those_that_wait_first(england, manager, lead, admin):
    practice = england.practices[2]
    first, second, third = (
        report_error(by=manager, practice=practice, about=about, text="Wrong.")
        for about in ("name", "membership", "pct")
    )
    settle_report(by=admin, report=first, outcome="corrected", text="Done.")
    ErrorReport.objects.filter(pk=third.pk).update(reported_on=clock.today() - timedelta(days=15))
    staff = signed_in(admin)

    def listed(**asked):
        return [row.ref for row in staff.get("/staff/errors/", asked).context["object_list"]]

    assert listed() == [third.ref, second.ref, first.ref]
    assert listed(state="corrected") == [first.ref] and listed(owner="lead") == [second.ref]
    assert listed(age="14") == [third.ref] and listed(age="28") == [] and listed(about="pct") == [third.ref]
    assert listed(q=second.ref) == [second.ref] and listed(q="z00002") == [third.ref, second.ref, first.ref]


def test_erasing_who_reported_blanks_the_words_and_keeps_that_it_was_reported(england, manager, admin):
    report = report_error(by=manager, practice=england.practices[2], about="name", text="I am Pam and it is wrong.")
    erase_person(by=admin, user=manager, reason="They asked.")
    report.refresh_from_db()
    assert (report.text, report.ref, report.reported_by) == ("", report.ref, manager)
    log = ErrorReport.pgh_event_model.objects.filter(pgh_obj_id=report.pk)
    assert log and not hasattr(log[0], "text"), "the log never held the words"
    settle_report(by=admin, report=report, outcome="corrected", text="Done.")
    assert not Mail.objects.exclude(body="").filter(recipient=manager.ref).exists(), "nobody is written to any more"
    assert "erased with the details" in text_of(signed_in(admin).get(f"/staff/errors/{report.ref}/"))


def test_references_run_on_within_a_year(england, manager):
    refs = [report_error(by=manager, practice=england.practices[2], about="name", text=t).ref for t in "ab"]
    year = clock.today().year
    assert refs == [f"ER-{year}-0001", f"ER-{year}-0002"] and {r.state for r in ErrorReport.objects.all()} == {
        ReportState.OPEN
    }


# Consortia nearby, and a wish to move


@pytest.fixture
def near(england, manager):
    """Z00002 is at 51.5 N, 0.1 W, in GC0001 under 5AA. GC0002 has members under 5AA and 5BB, GC0003 under TAC; GC0004
    is one degree to the north; GC0005 is next door under another PCT; nobody knows where GC0003's are."""
    for ref, code, place, trust in (
        ("GC0004", "Z00014", ("-0.1", "52.5"), england.bb), ("GC0005", "Z00015", ("-0.101", "51.501"), england.tac),
    ):  # fmt: skip
        group = make.make_consortium(ref, name=f"Group {ref[-1]}", form="company")
        make.make_membership(make.make_practice(code, pct=trust, patients=300, place=place), group)
    return signed_in(manager)


def on_the_page(client, path="/practice/Z00002/consortia/"):
    return [row["ref"] for row in client.get(path).context["table"].rows]


def test_those_of_the_same_pct_come_first_then_the_nearest(england, near):
    make.make_practice("Z00016", pct=england.bb, place=("-0.1", "51.6"))  # in none: nobody's member
    with make.writing() as entry:
        entry.set(Post, (england.two.pk, "chair", "P-GONE"), date(2011, 1, 1), None, ())
        entry.set(Post, (england.two.pk, "lead", told.person(name="Kim Keeper").ref), date(2011, 1, 1), None, ())
    with make.writing() as entry:
        said = (
            2,
            "group",
            "second",
            "Diabetes",
            "running",
            "",
            None,
            "",
            "",
            "",
            "Clinics in practices",
            "Gazette",
            "2011-04",
        )
        entry.set(ServiceClaim, ("AS0001",), date(2011, 4, 4), None, said)
    answer = near.get("/practice/Z00002/consortia/")
    rows = answer.context["table"].rows
    assert [row["ref"] for row in rows] == ["GC0002", "GC0005", "GC0004", "GC0003"], "not its own, GC0001"
    one, five, four, three = rows
    assert (one["near"], one["km"], one["practices"], one["pathfinders"]) == (True, None, 2, ["PF0001", "PF0002"])
    assert not five["near"] and five["km"] < 1 and round(four["km"], 1) == 111.2 and three["km"] is None
    words = text_of(answer)
    for expected in (
        "111 km", "under 1 km", "Not known", "company", "Lead: Kim Keeper<br>Chair", "First those with a member in Aa PCT",
        "Diabetes: Clinics in practices (running)", "may join any consortium, near or far", "4 consortia",
        'href="/practice/Z00002/transfer/?to=GC0005"', 'href="/pathfinders/PF0002/"',
    ):  # fmt: skip
        assert expected in words, expected


def test_the_list_is_short_until_all_of_it_is_asked_for_and_costs_the_same(england, near, monkeypatch):
    def cost(path):
        with CaptureQueriesContext(connection) as asked:
            page = near.get(path)
        return len(asked), [row["ref"] for row in page.context["table"].rows], text_of(page)

    near.get("/practice/Z00002/consortia/")
    monkeypatch.setattr("pathfinders.views.practice_nearby.MOST", 2)
    short, shown, words = cost("/practice/Z00002/consortia/")
    assert shown == ["GC0002", "GC0005"] and "Show all 4" in words
    whole, shown, words = cost("/practice/Z00002/consortia/?all=1")
    assert len(shown) == 4 and "Show all" not in words and short == whole <= 30


def test_without_a_place_or_a_pct_the_list_says_so(england):
    client = signed_in(told.person(practice_manager="Z00005"))
    words = text_of(client.get("/practice/Z00005/consortia/"))
    assert "is not known to the register, so no distance is" in words and "Bb PCT" in words


def test_the_form_of_a_transfer_offers_every_other_consortium_and_keeps_what_was_typed(england, near):
    page = near.get("/practice/Z00002/transfer/", {"to": "GC0003"})
    offered = [value for value, _ in page.context["form"].fields["to"].choices]
    assert offered == ["", "GC0002", "GC0003", "GC0004", "GC0005"] and page.context["form"]["to"].value() == "GC0003"
    assert "That consortium is told when the move is agreed" in text_of(page)
    refused = near.post("/practice/Z00002/transfer/", {"to": "GC0001", "text": "Kept words."})
    assert refused.status_code == 422 and "Kept words." in text_of(refused)


def test_the_manager_asks_to_transfer_and_sees_that_it_waits(england, near):
    sent = {"to": "GC0003", "text": "Nearer to us.", **day("on", "1 10 2011")}
    assert near.post("/practice/Z00002/transfer/", sent)["Location"] == "/practice/#p-Z00002"
    asked = TransferRequest.objects.get()
    assert (asked.to_consortium, asked.on, asked.state) == (england.three, date(2011, 10, 1), "at_consortium")
    words = text_of(near.get("/practice/"))
    assert "Waiting for the consortium" in words and f"/practice/Z00002/transfers/{asked.pk}/" in words
    assert near.post("/practice/Z00002/transfer/", sent).status_code == 409, "asked already"

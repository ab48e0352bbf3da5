"""Pages of what follows an announcement: the lead's, staff's and the public's, and the submission to ministers."""

from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import Bid, Condition, Decision, Review, StaffInterest
from registry import clock
from registry.models import Mail, User
from tests import factories as make
from tests import programme as told
from tests.desk import day, errors_of, signed_in, text_of
from tests.integration.pathfinders.programme.test_changed_mind import (
    LATER,
    assessed_again,
    decided_again,
    released,
    reviewed,
)
from tests.integration.pathfinders.programme.test_decide_list import recommended

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def reviewer():
    return told.person("approver", name="Rae Reviewer")


def lead_page(who, bid):
    return text_of(signed_in(who.lead).get(f"/lead/bids/{bid.ref}/"))


def sent(client, path, typed, **more):
    """A step's form, its letter seen and sent as it was shown; the last answer."""
    seen = client.get(path)
    assert seen.status_code == 200, text_of(seen)
    typed = {"version": seen.context["form"]["version"].value(), **typed}
    shown = client.post(path, typed)
    if shown.status_code != 200 or "letter" not in shown.context:
        return shown
    form = shown.context["form"]
    letter = {name: form[name].value() for name in form.fields}
    return client.post(path, {**typed, **letter, "send": "1", **more})


def test_a_changed_mind_shows_all_its_decisions_to_lead_staff_and_public(who, reviewer):
    bid = reviewed(who, reviewer, released(who))
    reopened = lead_page(who, bid)
    assert "under assessment again" in reopened and "Declined" in reopened and "Page four was not read" in reopened
    bid = decided_again(who, assessed_again(who, bid, "partly"))

    lead = lead_page(who, bid)
    for words in (
        "Decision 2: Approved",
        "Decision 1: Declined",
        "Overtaken",
        "seen again",  # a note on the second round's findings
        "Finances",
        "The outcome of your bid: declined",
        "The outcome of your bid: approved",
        "You overlooked page four",
    ):
        assert words in lead, words
    staff = text_of(signed_in(who.admin).get(f"/staff/bids/{bid.ref}/"))
    for words in (
        "Decision 1,",
        "Decision 2,",
        "Avery Approver",
        "Ash Assessor",
        "Rae Reviewer",
        "seen again",
        "Finances",
    ):
        assert words in staff, words
    client = signed_in(who.lead)
    client.logout()
    rows = client.get(f"/api/v1/decisions/?bid={bid.ref}&page_size=1").json()
    assert rows["count"] == 2 and rows["results"][0]["outcome"] == "declined"
    following = client.get(rows["next"]).json()
    assert [r["outcome"] for r in following["results"]] == ["approved"] and following["next"] is None
    page = text_of(client.get(f"/pathfinders/{bid.pathfinder().ref}/"))
    assert "Decisions, the newest first" in page and "Overtaken" in page and "Declined" in page


class TestLead:
    def test_asks_for_a_review_and_reads_why_nothing_else_can_be_done(self, who):
        bid, client = released(who), signed_in(who.lead)
        page = text_of(client.get(f"/lead/bids/{bid.ref}/"))
        assert 'href="review/"' in page and "Only a pathfinder asks to leave" in page
        path = f"/lead/bids/{bid.ref}/review/"
        version = client.get(path).context["form"]["version"].value()
        empty = client.post(path, {"version": version, "grounds": ""})
        assert empty.status_code == 422
        assert client.post(path, {"version": version, "grounds": "Look again"}).status_code == 302
        assert Review.objects.get().grounds == "Look again"
        page = text_of(client.get(f"/lead/bids/{bid.ref}/"))
        assert "Waits to be settled" in page and "it is asked for once" in page
        assert client.get(path).status_code == 409

    def test_bids_again_with_the_answers_and_reads_the_difference(self, who):
        bid, client = released(who), signed_in(who.lead)
        path = f"/lead/bids/{bid.ref}/again/"
        version = client.get(path).context["form"]["version"].value()
        answer = client.post(path, {"version": version, **day("as_at", "4 5 2011")})
        new = Bid.objects.get(earlier=bid)
        assert answer.url == f"/lead/bids/{new.ref}/" and new.as_at == LATER
        new = actions.answer_criterion(
            by=who.lead, bid=new, version=new.lead_version, criterion="qipp", text="About more savings"
        )
        page = text_of(client.get(f"/lead/bids/{new.ref}/difference/"))
        assert "<ins>" in page and "<del>" in page and "The same" in page and "Finding on" in page
        assert client.get(f"/lead/bids/{bid.ref}/difference/").status_code == 404
        new = actions.submit_bid(by=who.lead, bid=new, version=new.lead_version, declared=True)
        staff = text_of(signed_in(who.admin).get(f"/staff/bids/{new.ref}/difference/"))
        assert "<ins>" in staff and "<strong>Met</strong>" in staff

    def test_asks_to_leave_and_is_let_go(self, who):
        bid = released(who, "approved")
        client, admin = signed_in(who.lead), signed_in(who.admin)
        path = f"/lead/bids/{bid.ref}/leave/"
        version = client.get(path).context["form"]["version"].value()
        assert client.post(path, {"version": version, "text": "The partners disagree"}).status_code == 302
        assert "Wishes to leave" in text_of(admin.get("/staff/"))
        typed = {"granted": "yes", "note": "Thank you", **day("ends_on", "1 10 2011")}
        assert sent(admin, f"/staff/bids/{bid.ref}/leaving/", typed).status_code == 302
        assert not told.fresh(bid).is_in_programme()
        assert "No pathfinder from 1 October 2011" in lead_page(who, bid)

    def test_another_lead_finds_none_of_it(self, who):
        bid, other = released(who), signed_in(told.person("consortium_lead"))
        for step in ("review", "again", "leave", "conditions", "difference"):
            assert other.get(f"/lead/bids/{bid.ref}/{step}/").status_code == 404


class TestConditions:
    def test_given_on_the_form_met_and_discharged(self, who):
        wave, bid = told.wave(who), told.assessed(who)
        approver, path = signed_in(who.approver), f"/staff/bids/{bid.ref}/decide/"
        typed = {"outcome": "approved_with_conditions", "reasons": ["governance"], "wave": "3"}
        typed |= day("decided_on", "20 2 2011")
        version = approver.get(path).context["form"]["version"].value()
        without = approver.post(path, {**typed, "version": version})
        assert without.status_code == 422 and "Give at least one condition" in errors_of(without)[0]
        typed |= {"condition_1": "Publish a plan", **day("due_1", "30 6 2011")}
        shown = approver.post(path, {**typed, "version": version})
        assert "Publish a plan (by 30 June 2011)" in text_of(shown)
        assert sent(approver, path, typed).status_code == 302
        again = approver.get(path)
        assert again.context["form"]["condition_1"].value() == "Publish a plan"
        told.release(who, wave)

        pathfinder = told.fresh(bid).pathfinder()
        public = signed_in(who.lead)
        assert "Overdue" in text_of(public.get(f"/pathfinders/{pathfinder.ref}/"))
        assert "Open" in text_of(public.get(f"/pathfinders/{pathfinder.ref}/?as_of=2011-04-01"))
        queue = text_of(signed_in(who.admin).get("/staff/"))
        assert "Conditions overdue" in queue
        listed = text_of(signed_in(who.admin).get("/staff/announced/"))
        assert "Publish a plan" in listed and bid.ref in listed

        lead, path = signed_in(who.lead), f"/lead/bids/{bid.ref}/conditions/"
        version = lead.get(path).context["form"]["version"].value()
        assert lead.post(path, {"version": version, "position": "1", "evidence": "Here"}).status_code == 302
        typed = {"position": "1", "note": "Read", **day("discharged_on", "1 8 2011")}
        assert sent(signed_in(who.assessor), f"/staff/bids/{bid.ref}/conditions/", typed).status_code == 302
        assert Condition.objects.get().discharged_by == who.assessor
        assert "Discharged" in lead_page(who, bid)
        page = text_of(public.get(f"/pathfinders/{pathfinder.ref}/"))
        assert "Discharged" in page and "on 1 August 2011" in page
        assert "Conditions overdue" not in text_of(signed_in(who.admin).get("/staff/"))


class TestStaff:
    def test_settles_a_review_with_its_letter(self, who, reviewer):
        bid = released(who)
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="Look at page four")
        client = signed_in(reviewer)
        page = text_of(client.get(f"/staff/bids/{bid.ref}/review/uphold/"))
        assert "Look at page four" in page and "Declined" in page
        assert (
            sent(client, f"/staff/bids/{bid.ref}/review/uphold/", {"note": "Page four was missed"}).status_code == 302
        )
        assert "Page four was missed" in Mail.objects.filter(about=bid.ref).latest("pk").body
        assert told.fresh(bid).state == "assessing" and told.fresh(bid).due_on > clock.today()
        refused = signed_in(who.approver).get(f"/staff/bids/{bid.ref}/review/turn-down/")
        assert refused.status_code == 409

    def test_the_bids_page_says_who_may_not_settle_it_and_why(self, who):
        bid = released(who)
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
        page = text_of(signed_in(who.approver).get(f"/staff/bids/{bid.ref}/"))
        assert "You decided this bid, so somebody else must settle its review." in page

    def test_opens_a_bid_for_a_minister_and_the_form_of_the_decision_names_them(self, who, reviewer):
        bid, client = released(who), signed_in(reviewer)
        typed = {"on_behalf_of": "Minister of State", "reason": "As written on 1 April"}
        assert sent(client, f"/staff/bids/{bid.ref}/reverse/", typed).status_code == 302
        told.wave(who, number=4, announced_on=LATER)
        form = client.get(f"/staff/bids/{bid.ref}/decide/").context["form"]
        assert form["on_behalf_of"].value() == "Minister of State"
        page = text_of(client.get(f"/staff/bids/{bid.ref}/"))
        assert "Minister of State: As written on 1 April" in page

    def test_takes_a_deferral_up_again(self, who):
        bid, client = released(who, "deferred"), signed_in(who.assessor)
        assert bid.ref in text_of(client.get("/staff/announced/"))
        assert sent(client, f"/staff/bids/{bid.ref}/again/", {}).status_code == 302
        assert told.fresh(bid).state == "assessing"

    def test_declares_an_interest_and_ends_it(self, who):
        bid, client = told.assessing(who), signed_in(who.approver)
        wrong = client.post("/staff/interests/new/", {"about": "BID-1", "text": "A cousin"})
        assert wrong.status_code == 422 and "There is no bid or consortium BID-1" in text_of(wrong)
        group = make.make_consortium()
        for about in (bid.ref.lower(), group.ref):
            assert client.post("/staff/interests/new/", {"about": about, "text": "A cousin"}).status_code == 302
        assert "A cousin" in text_of(client.get(f"/staff/bids/{bid.ref}/"))
        interest = StaffInterest.objects.get(bid=bid)
        assert signed_in(who.admin).get(f"/staff/interests/{interest.pk}/end/").status_code == 404
        assert client.post(f"/staff/interests/{interest.pk}/end/").status_code == 302
        assert told.fresh(interest).ended_on == clock.today()
        assert group.ref in text_of(client.get("/staff/interests/"))

    def test_staff_do_not_find_the_after_of_their_own_bid(self, who):
        bid = released(who)
        who.lead.grants.create(role="approver", period=(date(2010, 4, 1), None), given_by="system")
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
        client = signed_in(User.objects.get(pk=who.lead.pk))
        assert bid.ref not in text_of(client.get("/staff/announced/"))
        assert "Reviews to settle" not in text_of(client.get("/staff/"))
        assert client.get(f"/staff/bids/{bid.ref}/review/uphold/").status_code == 404


class TestSubmission:
    def test_says_the_numbers_the_list_and_what_is_not_on_it(self, who):
        wave = told.wave(who)
        recommended(who, wave, "Alpha")
        recommended(who, wave, "Gamma", "declined")
        page = text_of(signed_in(who.admin).get("/staff/waves/3/submission/"))
        assert "Alpha" in page and "recommended to be declined: give a reason" in page
        assert "An approver decides this list" in page and "<form" not in page.partition("<main")[2]

    def test_what_changed_since_is_named_and_what_was_typed_is_kept(self, who):
        wave = told.wave(who)
        first, second = recommended(who, wave, "Alpha"), recommended(who, wave, "Beta")
        client, path = signed_in(who.approver), "/staff/waves/3/submission/"
        form = client.get(path).context["form"]
        typed = {n: form[n].value() for n in ("version", "bids")} | day("decided_on", "20 2 2011")
        typed |= {"on_behalf_of": "Minister of State", "sure": "on"}
        actions.reopen_assessment(by=who.assessor, bid=second, version=second.version)
        answer = client.post(path, typed)
        assert answer.status_code == 409 and f"{second.name} ({second.ref})" in text_of(answer)
        assert not Decision.objects.exists()
        form = answer.context["form"]
        assert form["on_behalf_of"].value() == "Minister of State"
        assert form["bids"].value() == f"{first.ref}:{first.version}"
        again = typed | {n: form[n].value() for n in ("version", "bids")}
        assert client.post(path, again).status_code == 302
        assert Decision.objects.get().bid == first
        page = client.get(path)
        assert page.context["decided_count"] == 1
        main = text_of(page).partition("Decided: 1")[2]
        assert first.ref in main and second.ref not in main and "20 February 2011" in main
        assert "Approved" in main and "Minister of State" in main

    def test_without_the_tick_nothing_is_decided(self, who):
        wave = told.wave(who)
        recommended(who, wave, "Alpha")
        client, path = signed_in(who.approver), "/staff/waves/3/submission/"
        form = client.get(path).context["form"]
        typed = {n: form[n].value() for n in ("version", "bids")} | day("decided_on", "20 2 2011")
        assert client.post(path, typed).status_code == 422 and not Decision.objects.exists()

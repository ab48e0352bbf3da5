"""What follows a decision, in a real browser: a review, a bid made again; and the list that ministers decide."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import expect

from pathfinders import actions
from pathfinders.models import Bid, Wave
from registry import clock
from registry.models import Mail, User
from tests import programme as told
from tests.browser.casework.window import Enter, Window

pytestmark = pytest.mark.browser
LATER = date(2011, 5, 4)


def declined(who: told.People, number: int, name: str) -> Bid:
    """Announced with its wave; the last criterion was not met."""
    bid = found(who, told.assessing(who, name=name), "not", "declined")
    wave = told.wave(who, number)
    told.decide(who, bid, wave, "declined", text=f"Decided of {name}.")
    told.release(who, wave)
    return told.fresh(bid)


def found(who: told.People, bid: Bid, last: str, recommendation: str) -> Bid:
    *others, criterion = told.criteria()
    findings = [*((c, "met", "") for c in others), (criterion, last, "" if last == "met" else "No plan as yet.")]
    for criterion, finding, note in findings:
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding=finding, note=note
        )
    return actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation=recommendation)


class TestReview:
    """Settled by the keyboard alone."""

    def test_it(self, enter: Enter, who: told.People, reviewer: User) -> None:
        bid = declined(who, 3, "Looked at again")
        lead = enter(who.lead)
        self.ask(lead, bid)
        for user, why in (
            (who.approver, "You decided this bid, so somebody else must settle its review."),
            (who.assessor, "You may not settle a review of a decision"),
        ):
            window = enter(user)
            window.go(f"/staff/bids/{bid.ref}/")
            expect(window.page.get_by_role("button", name="Uphold the review")).to_have_count(0)
            window.open("What you cannot do, and why")
            window.see(why)
        letter = self.uphold(enter(reviewer), bid)
        assert list(Mail.objects.filter(about=bid.ref, body=letter).values_list("to", "held_for")) == [
            (who.lead.email, "")
        ]
        lead.go(f"/lead/bids/{bid.ref}/")
        lead.see("under assessment again", "Upheld", "Page four was overlooked.", "Declined")

        wave = told.wave(who, 4, LATER)
        told.decide(who, found(who, told.fresh(bid), "met", "approved"), wave, text="Welcome.")
        told.release(who, wave)
        lead.go(f"/lead/bids/{bid.ref}/")
        lead.see("Decision 2: Approved", "Decision 1: Declined", "Overtaken", "Finances", "Upheld")
        for letter in lead.page.locator("summary", has_text="The letter").all():
            letter.click()
        lead.see("Welcome.", "Decided of Looked at again.")
        self.see_both(enter(who.admin), enter(), told.fresh(bid))

    def ask(self, lead: Window, bid: Bid) -> None:
        lead.go(f"/lead/bids/{bid.ref}/")
        lead.press("Ask for a review")
        lead.fill("Why should the decision be looked at again?", "Nobody read page four.")
        lead.press("Ask for the review")
        lead.see("Your request was received", "Waits to be settled", "Nobody read page four.")

    def uphold(self, officer: Window, bid: Bid) -> str:
        officer.go("/staff/")
        officer.follow(re.compile("^Reviews to settle"))
        officer.follow(bid.ref)
        officer.tab_to("Uphold the review")
        officer.enter()
        officer.see("Nobody read page four.", "Declined")
        officer.tab_to("Why?", "textbox")
        officer.type("Page four was overlooked.")
        officer.tab_to("Preview the letter")
        officer.enter()
        letter = officer.letter()
        assert "Page four was overlooked." in letter
        assert told.fresh(bid).state == "released"
        officer.tab_to("Uphold it, and send exactly this")
        officer.enter()
        officer.see("The review was upheld", "Upheld")
        return letter

    def see_both(self, staff: Window, public: Window, bid: Bid) -> None:
        staff.go(f"/staff/bids/{bid.ref}/")
        staff.see("Decision 1,", "Decision 2,", "Overtaken", "Avery Approver", "Rae Reviewer", "Finances")
        public.go(f"/pathfinders/{bid.pathfinder().ref}/")
        public.see("Decisions, the newest first", "Approved", "Declined", "Overtaken", "Finances", "Not met")
        public.go("/decisions/")
        expect(public.page.get_by_role("row").filter(has_text=bid.ref)).to_have_count(2)


class TestResubmission:
    def test_it(self, enter: Enter, who: told.People) -> None:
        old = declined(who, 5, "Second go")
        lead = enter(who.lead)
        lead.go(f"/lead/bids/{old.ref}/")
        lead.press("Bid again")
        lead.fill_date("as_at", LATER)
        lead.press("Make the new bid")
        lead.see("The new bid was made", f"It resubmits {old.ref}")
        new = Bid.objects.get(earlier=old)
        last = told.criteria()[-1]
        lead.follow(last.title)
        answer = lead.page.get_by_role("textbox", name=last.question)
        expect(answer).to_have_value(f"About {last.title}")  # the old bid's
        answer.fill(f"About {last.title}: there is a plan now")
        lead.press("Save and continue")
        lead.go(f"/lead/bids/{new.ref}/")
        lead.follow("what differs")
        self.differ(lead, old, last.title)
        new = told.fresh(new)
        new = actions.submit_bid(by=who.lead, bid=new, version=new.lead_version, declared=True)
        new = actions.assign_bid(by=who.assessor, bid=new, version=new.version, assessor=who.assessor)
        found(who, new, "met", "approved")

        assessor = enter(who.assessor)
        assessor.go(f"/staff/bids/{new.ref}/")
        assessor.follow("what differs, findings beside findings")
        section = self.differ(assessor, old, last.title)
        beside = section.locator(".site-beside > div")
        expect(beside.nth(0)).to_contain_text(f"Finding on {old.ref}")
        expect(beside.nth(0)).to_contain_text("Not met")
        expect(beside.nth(0)).to_contain_text("No plan as yet.")
        expect(beside.nth(1)).to_contain_text(f"Finding on {new.ref}")
        expect(beside.nth(1)).to_have_text(f"Finding on {new.ref}Met")
        lead.go(f"/lead/bids/{new.ref}/difference/")  # the lead is not told of the new bid's findings
        expect(lead.main.locator(".site-beside > div").nth(-1)).to_contain_text("None told")
        lead.go(f"/lead/bids/{old.ref}/")
        lead.see("It was resubmitted as", new.ref, "Declined")

    def differ(self, window: Window, old: Bid, title: str) -> object:
        """Only the last answer does; the section about it."""
        window.see("4 May 2011", old.ref, "2 practices in both")
        section = window.page.get_by_role("region", name=title)
        expect(section.locator("ins")).to_contain_text("there is a plan now")
        expect(window.main.get_by_text("The same", exact=True)).to_have_count(len(told.criteria()) - 1)
        return section


class TestListForMinisters:
    def test_three_clicks(self, enter: Enter, who: told.People) -> None:
        wave = told.wave(who, 9, clock.today())
        bids = [self.listed(who, wave, f"Listed {n}") for n in range(3)]
        other = found(who, told.assessing(who, name="Not listed"), "partly", "declined")
        actions.put_in_wave(by=who.admin, bid=other, version=other.version, wave=wave)
        approver = enter(who.approver)
        clicks = approver.count_clicks()
        approver.go("/staff/waves/9/")
        approver.press("Submission to ministers")
        approver.see("The list: 3 bids recommended for approval", "Not on the list: 1", "Not listed")
        approver.page.emulate_media(media="print")
        expect(approver.page.get_by_role("button", name="Approve these 3 bids")).to_be_hidden()
        approver.page.emulate_media(media="screen")
        approver.choose("I approve all the bids on this list")
        approver.press("Approve these 3 bids")
        approver.see("The list was decided")
        assert clicks() == 3
        for bid in map(told.fresh, bids):
            assert (bid.state, bid.outcome, bid.decision_number) == ("decided", "approved", 1)
            assert Mail.objects.filter(about=bid.ref, held_for="wave-9").count() == 1
        assert told.fresh(other).state == "assessed"

    def listed(self, who: told.People, wave: Wave, name: str) -> Bid:
        bid = told.assessed(who, name=name)
        return actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)

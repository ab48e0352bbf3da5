"""The route of a bid in a real browser: drafted, returned, sent back; commented on, assessed, decided; handed over."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pathfinders import actions
from pathfinders.models import Bid, Wave
from registry.models import Mail
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter, Window
from tests.support.documents import PDF

pytestmark = pytest.mark.browser
ASKED = "Who answers for the money?"


class TestDraftToSubmissionWithAReturn:
    def test_it(self, enter: Enter, who: told.People) -> None:
        practices = [make.make_practice(name=f"ELM LODGE {n}") for n in ("ONE", "TWO", "THREE")]
        lead = enter(who.lead)
        ref = self.start(lead)
        self.name_practices(lead, practices)
        self.give_evidence(lead, ref)
        self.name_leaders_and_partners(lead)
        self.submit(lead, ref)

        assessor = enter(who.assessor)
        self.take(assessor, ref)
        letter = self.return_it(assessor, ref)
        assert list(Mail.objects.filter(about=ref, body=letter).values_list("to", "held_for")) == [
            (who.lead.email, "")
        ]
        self.change_and_send_back(lead, ref)
        assessor.go(f"/staff/bids/{ref}/")
        assessor.see("What was changed since (1)")
        changes = assessor.page.locator("details", has_text="What was changed since")
        expect(changes.locator("del")).to_have_text("On Clinical leadership.")
        expect(changes.locator("ins")).to_have_text("Dr Elm answers for the money.")
        expect(assessor.page.get_by_role("button", name="Record a finding")).to_be_visible()

    def start(self, lead: Window) -> str:
        lead.go("/lead/")
        lead.press("Start a bid")
        lead.fill("Name of the bid", "Elm Valley")
        lead.fill_date("as_at", told.FEBRUARY)
        lead.press("Save and continue")
        ref = re.search(r"/lead/bids/([^/]+)/", lead.page.url)
        assert ref, lead.page.url
        lead.follow("Consortia in the bid")
        lead.press("Save")
        return ref[1]

    def name_practices(self, lead: Window, practices: list) -> None:
        """One by search, the others pasted; what cannot be taken is said in its row."""
        one, two, three = (practice.code for practice in practices)
        lead.follow("Practices")
        lead.fill("Name, place, postcode or code", "elm lodge one")
        lead.press("Search")
        lead.see("1 found for “elm lodge one”")
        lead.press(f"Add ELM LODGE ONE ({one})")
        lead.see("In this bid: 1 practice", "In this bid already")
        lead.fill("Practice codes", f"{two}, {three} A99999")
        lead.press("Check these codes")
        lead.see("2 ready, 1 needs you")
        expect(lead.page.get_by_role("row").filter(has_text="A99999")).to_contain_text("Unknown")
        lead.press("Add the 2 that are ready")
        lead.see("In this bid: 3 practices")
        lead.follow("Back to the bid")

    def give_evidence(self, lead: Window, ref: str) -> None:
        """Saving one answer leads to the next; the first has a file."""
        criteria = told.criteria()
        lead.follow(criteria[0].title)
        lead.page.get_by_label("Attach a file").set_input_files(
            {"name": "letter of support.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )
        lead.press("Attach the file and stay here")
        lead.see("letter of support.pdf")
        for criterion in criteria:
            expect(lead.page.get_by_role("heading", level=1)).to_have_text(criterion.title)
            lead.page.get_by_role("textbox", name=criterion.question).fill(f"On {criterion.title}.")
            lead.press("Save and continue")
        lead.go(f"/lead/bids/{ref}/")

    def name_leaders_and_partners(self, lead: Window) -> None:
        lead.follow("Leaders and their interests")
        lead.fill("Name", "Dr Elm")
        lead.fill("Post (optional)", "Chair")
        lead.choose("Yes")
        lead.fill("If yes, how?", "Owns a share of the scanner at Elm Lodge.")
        lead.press("Save")
        lead.follow("Partners and support needed")
        lead.fill("Partners and support needed (optional)", "The borough, and a manager for a year.")
        lead.press("Save")

    def submit(self, lead: Window, ref: str) -> None:
        lead.follow("Check your answers and submit")
        lead.see("Owns a share of the scanner", "a manager for a year", "letter of support.pdf", "3 practices")
        lead.press("Submit the bid")
        expect(lead.page.locator(".nhsuk-error-summary")).to_be_visible()  # not declared
        lead.choose(re.compile("^What this bid says is true"))
        lead.fill_date("submitted_on", told.FEBRUARY)
        lead.press("Submit the bid")
        lead.see("Bid submitted", ref)

    def take(self, assessor: Window, ref: str) -> None:
        assessor.go("/staff/")
        assessor.follow(ref)
        assessor.press("Assign to me")
        assessor.see("letter of support.pdf", "Owns a share of the scanner", "0 of 3 confirmed")

    def return_it(self, assessor: Window, ref: str) -> str:
        """The words of the letter as they were changed and shown."""
        assessor.press("Return for information")
        assessor.choose("Information is missing")
        assessor.fill("What should the bidder add or put right?", ASKED)
        assessor.fill_date("returned_on", told.RETURNED_ON)
        assessor.press("Preview the letter")
        first = assessor.letter()
        assert ASKED in first and "Information is missing" in first
        assert Bid.objects.get(ref=ref).state == "assessing" and not Mail.objects.filter(about=ref, body=first)
        assessor.open("Change the words of the letter")
        assessor.fill("Letter", f"{first}\n\nRing me if this is unclear. Ash")
        assessor.press("Show the letter as changed")
        letter = assessor.letter()
        assert letter.strip().endswith("Ring me if this is unclear. Ash") and ASKED in letter
        assessor.press("Return the bid, and send exactly this")
        assessor.page.get_by_text("The bid was returned to its lead").wait_for()
        return letter

    def change_and_send_back(self, lead: Window, ref: str) -> None:
        lead.go(f"/lead/bids/{ref}/")
        lead.see("Returned to you for information", "Information is missing", ASKED)
        lead.follow("Clinical leadership")
        lead.page.get_by_role("textbox").first.fill("Dr Elm answers for the money.")
        lead.press("Save and continue")
        lead.go(f"/lead/bids/{ref}/")
        lead.follow("Check your answers and send the bid back")
        lead.choose(re.compile("^What this bid says is true"))
        lead.fill_date("answered_on", told.RETURNED_ON)
        lead.press("Send the bid back")
        lead.see("Under assessment")


class TestPctAndShaToDhToDecision:
    """All of it on a phone."""

    def test_it(self, enter: Enter, who: told.People) -> None:
        told.local_criteria("Q36", keys=["access"])
        region = make.make_sha("Q36", name="NHS London")
        trust = make.make_pct("5LE", sha=region, name="Southwark PCT")
        bid = told.submitted(who, [make.make_practice(pct=trust), make.make_practice(pct=trust)], name="Peckham")
        told.wave(who)
        self.comment(enter(told.person(pct_lead="5LE", name="Pat Trust"), phone=True), bid)
        self.judge(enter(told.person(sha_assessor="Q36", name="Sam Region"), phone=True), bid)
        self.assess(enter(who.assessor, phone=True), bid)

        lead = enter(who.lead, phone=True)
        lead.go(f"/lead/bids/{bid.ref}/")
        letter = self.decide(enter(who.approver, phone=True), bid)
        before = lead.main.inner_html()
        lead.go(f"/lead/bids/{bid.ref}/")
        assert lead.main.inner_html() == before and "Bid submitted" in before
        self.release(enter(who.admin, phone=True), who)
        lead.go(f"/lead/bids/{bid.ref}/")
        lead.see("Declined", "Finances", "Not met", "No plan for the money.")
        lead.open("The letter")
        expect(lead.page.locator("details", has_text="The letter").locator(".site-written")).to_have_text(
            letter, use_inner_text=False
        )
        for hidden in ("Pat Trust", "Sam Region", "Ash Assessor", "It is too small"):
            expect(lead.main).not_to_contain_text(hidden)

    def comment(self, pct: Window, bid: Bid) -> None:
        pct.go("/pct/")
        pct.follow(bid.ref)
        pct.press("Reply for Southwark PCT")
        pct.choose("Supports it with reservations")
        pct.fill("Your comment", "It is too small.")
        pct.press("Send the reply")
        pct.see("Your reply was saved", "Change the reply")

    def judge(self, sha: Window, bid: Bid) -> None:
        """On the region's own criteria, having read what its trust said."""
        sha.go(f"/pct/bids/{bid.ref}/")
        sha.see("It is too small.", "Pat Trust")
        sha.press("Reply for NHS London")
        sha.choose("Partly met", inside="Q36 access")
        sha.page.get_by_role("region", name="Q36 access").get_by_label("Note").fill("Only on weekdays.")
        sha.choose("Does not support it")
        sha.fill("Your comment", "Not as it stands.")
        sha.press("Send the reply")
        sha.see("Your reply was saved", "Change the reply")

    def assess(self, assessor: Window, bid: Bid) -> None:
        assessor.go("/staff/")
        assessor.follow(bid.ref)
        assessor.see("It is too small.", "Only on weekdays.", "Does not support it")
        assessor.press("Assign to me")
        assessor.press("Record a finding")
        *others, last = told.criteria()
        for criterion in others:
            assessor.choose("Met", inside=criterion.title)
        assessor.choose("Not met", inside=last.title)
        assessor.page.get_by_role("region", name=last.title).get_by_label("Note").fill("No plan for the money.")
        assessor.press("Save the findings")
        assessor.press("Complete the assessment")
        assessor.choose("Declined")
        assessor.fill("Note for the approver", "The region is against it too.")
        assessor.fill_date("assessed_on", told.DECIDED_ON)
        assessor.press("Recommend")
        assessor.page.get_by_text("The assessment is complete").wait_for()

    def decide(self, approver: Window, bid: Bid) -> str:
        """The letter that was shown, which waits for the release."""
        approver.go(f"/staff/bids/{bid.ref}/")
        approver.press("Decide")
        approver.see("The region is against it too.")
        approver.choose("Declined")
        approver.choose("Finances")
        approver.fill("What the letter says further", "Please bid again.\n\nAvery")
        approver.page.get_by_label("Wave", exact=True).select_option("3")
        approver.fill_date("decided_on", told.DECIDED_ON)
        approver.press("Preview the letter")
        letter = approver.letter()
        for words in ("Please bid again.\n\nAvery", "Finances", "No plan for the money."):
            assert words in letter
        approver.press("Decide: declined")
        approver.page.get_by_text("The decision was recorded").wait_for()
        assert list(Mail.objects.filter(about=bid.ref, held_for="wave-3").values_list("state", "body")) == [
            ("held", letter)
        ]
        return letter

    def release(self, admin: Window, who: told.People) -> None:
        told.ready(who, Wave.objects.get(number=3))
        admin.go("/staff/waves/3/release/")
        admin.choose(re.compile("^I have checked this wave"))
        admin.press("Release wave 3 now")
        admin.see("Wave 3 is released")


class TestHandOver:
    """Without JavaScript."""

    def test_it(self, enter: Enter, who: told.People) -> None:
        bid = told.assessing(who, name="Handed over")
        first, *rest = told.criteria()
        actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=first, finding="partly", note="Ash asks on."
        )
        second = told.person("assessor", name="Bea Second")
        ash, bea = enter(who.assessor, scripts=False), enter(second, scripts=False)
        self.cannot(bea, bid, "This bid is assigned to Ash Assessor; only they may do this.")
        ash.go(f"/staff/bids/{bid.ref}/")
        ash.press("Assign to an assessor")
        ash.page.get_by_label("Assessor", exact=True).select_option(label="Bea Second")
        ash.press("Assign")
        ash.see("The bid was assigned")
        self.cannot(ash, bid, "This bid is assigned to Bea Second; only they may do this.")

        bea.go("/staff/")
        bea.page.get_by_label("Assessor", exact=True).select_option(label="Bea Second")
        bea.press("Apply filters")
        bea.follow(bid.ref)
        bea.see("Ash asks on.")
        bea.press("Record a finding")
        section = bea.page.get_by_role("region", name=first.title)
        expect(section.get_by_label("Partly met", exact=True)).to_be_checked()
        expect(section.get_by_label("Note")).to_have_value("Ash asks on.")
        for criterion in rest:
            bea.choose("Met", inside=criterion.title)
        bea.press("Save the findings")
        bea.press("Complete the assessment")
        bea.choose("Approved")
        bea.fill_date("assessed_on", told.DECIDED_ON)
        bea.press("Recommend")
        bea.see("by Bea Second", "Assigned to an assessor by Ash Assessor")
        told_by = set(Bid.objects.get(ref=bid.ref).findings.values_list("by__name", flat=True))
        assert told_by == {"Ash Assessor", "Bea Second"}

    def cannot(self, window: Window, bid: Bid, why: str) -> None:
        window.go(f"/staff/bids/{bid.ref}/")
        expect(window.page.get_by_role("button", name="Record a finding")).to_have_count(0)
        window.open("What you cannot do, and why")
        window.see(why)

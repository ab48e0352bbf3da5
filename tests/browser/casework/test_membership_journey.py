"""Membership from end to end, at five desks: a lead names a deputy, who pastes codes on a phone, sees the dry run,
commits and asks; a practice confirms from its mail, another disputes and staff settle; a third moves; the lead attests
the list within a minute and undoes what was a slip."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta
from urllib.parse import urlsplit

import pgtrigger
import pytest

from consortia.actions.contacts import name_contact
from consortia.models import ConfirmationRequest, Consortium, Membership, MembershipAnswer
from practices.models import Practice
from registry import clock, outbox
from registry.models import Mail, User
from tests import factories as make
from tests import programme as told
from tests.browser import moves
from tests.browser.casework.window import Enter, Window

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]
READY = 38
JOINED = date(2011, 4, 1)


class Land:
    """GC0801, which has no members yet; 38 practices free to join; one closed, one that GC0802 has claimed."""

    def __init__(self, admin: User) -> None:
        pct = make.make_pct("5YA", sha=make.make_sha("Q97", "The East"), name="Vale PCT", last_day=None)
        self.group, self.rival = (
            make.make_consortium(f"GC080{n}", name=name, start=JOINED)
            for n, name in ((1, "Vale Commissioning"), (2, "Rival Health"))
        )
        self.free = [make.make_practice(f"Z80{n:03d}", pct=pct, patients=4_000) for n in range(READY)]
        closed = make.make_practice("Z80100", pct=pct, last_day=date(2011, 1, 31))
        elsewhere = make.make_practice("Z80200", pct=pct, patients=4_000)
        make.make_membership(elsewhere, self.rival, JOINED, status="confirmed")
        self.codes = [p.code for p in (*self.free, closed, elsewhere)]
        for practice in self.free:
            name_contact(by=admin, practice=practice, address=f"{practice.code}@vale.example.org", origin="staff")
        self.lead = told.person(consortium_lead=self.group.ref, name="Lee Lead")
        self.home = f"/lead/consortia/{self.group.ref}/"


def standing(practice: Practice) -> tuple[str, str]:
    fact = (
        Membership.objects.current().filter(practice=practice).order_by("-effective").select_related("consortium")[0]
    )
    return fact.consortium.ref, fact.status


def link(to: Practice, kind: str) -> str:
    """The path of the secret link in the latest letter to a practice."""
    mail = Mail.objects.filter(recipient=to.code).latest("pk")
    found = re.search(rf"http://\S+/{kind}/\S+", outbox.whole_body(mail))
    assert found is not None
    return urlsplit(found[0]).path


def test_membership_from_the_first_list_to_the_attested_one(enter: Enter, who: told.People) -> None:
    land = Land(who.admin)
    confirms, disputes, moves, slips = land.free[:4]
    lead = enter(land.lead)
    deputy = invited(lead, enter, land)
    listed(deputy, land)
    answered(enter, confirms, "Yes, we are a member")
    answered(enter, disputes, "No, we are not", "We did not agree to join")
    assert {standing(p) for p in (confirms, disputes)} == {("GC0801", "confirmed"), ("GC0801", "disputed")}
    settled(enter(who.admin), disputes)
    assert standing(disputes) == ("GC0801", "confirmed")
    moved(enter, land.rival, moves)
    assert standing(moves) == ("GC0802", "confirmed")
    slipped(lead, land, slips)
    a_monday(lead, land)
    everywhere(deputy, land)


def invited(lead: Window, enter: Enter, land: Land) -> Window:
    """The deputy, signed in on a phone."""
    lead.go("/lead/")
    lead.follow("Vale Commissioning (GC0801)")
    lead.follow("Lead and deputies")
    lead.fill("E-mail address", "dee@vale.example.org")
    lead.press("Name as deputy")
    lead.see("The deputy was named", "Deputy")
    assert Mail.objects.filter(to="dee@vale.example.org").exists()
    return enter(User.objects.get(email="dee@vale.example.org"), phone=True)


def listed(deputy: Window, land: Land) -> None:
    """Forty codes: 38 ready, 2 need a look. They are written, undone as a whole, and written again; then asked."""
    for again in (False, True):
        deputy.go(f"{land.home}members/add/")
        deputy.fill("Practice codes", "\n".join(land.codes).lower())
        deputy.fill_date("on", JOINED)
        deputy.press("Check these practices")
        deputy.see("38 ready, 2 need you", "Closed", "Belongs elsewhere", "GC0802")
        assert again or not Membership.objects.filter(consortium=land.group).exists()
        deputy.press("Add the 38 that are ready")
        deputy.see("38 written, 2 left out")
        if not again:
            deputy.open("Undo this list")
            deputy.fill("Why is it undone?", "The wrong day")
            deputy.press("Undo the whole list")
            deputy.see("38 written, then undone")
            assert not Membership.objects.current().filter(consortium=land.group).exists()
    deputy.press("Ask the 38 to confirm")
    deputy.see("38 practices were asked")


def answered(enter: Enter, practice: Practice, answer: str, reason: str = "") -> None:
    """From the link in the letter, on a phone that runs no scripts and keeps no cookies."""
    phone = enter(phone=True, scripts=False)
    phone.go(link(practice, "answer"))
    assert not MembershipAnswer.objects.filter(practice=practice).exists()  # opening the link changes nothing
    phone.see("Vale Commissioning (GC0801) lists you as a member from 1 April 2011")
    assert not any(other in phone.page.content() for other in ("Z80007", "Z80200"))
    phone.choose(answer)
    if reason:
        phone.page.get_by_label("If no, what is wrong?").select_option(label=reason)
    phone.fill("Your name and post", "Sam Example, practice manager")
    phone.press("Send this answer")
    phone.see("Your answer is recorded")
    assert phone.page.context.cookies() == []


def settled(staff: Window, practice: Practice) -> None:
    staff.go("/staff/")
    staff.page.get_by_role("navigation", name="Your areas").get_by_role("link", name="Membership").click()
    staff.look()
    staff.follow(re.compile(practice.code))
    staff.see("What each outcome will do", "We did not agree to join")
    staff.press("Settle the dispute")
    staff.see("Enter the reason")
    staff.choose("The practice agrees after all: confirmed")
    staff.fill("The reason", "Its partners wrote to us.")
    staff.press("Settle the dispute")
    staff.see("Its partners wrote to us.")


def moved(enter: Enter, rival: Consortium, practice: Practice) -> None:
    """Asked by the gaining lead, agreed by the practice's manager on a phone."""
    gaining = enter(told.person(consortium_lead=rival.ref, name="Rae Rival"))
    gaining.go(f"/lead/consortia/{rival.ref}/")
    gaining.follow("Transfers")
    gaining.press("Ask a practice to move to you")
    gaining.fill("Practice", practice.code)
    gaining.fill_date("on", date(2011, 7, 1))
    gaining.press("Ask it")
    gaining.see("Waits for the practice")
    phone = enter(told.person(practice_manager=practice.code), phone=True)
    phone.go("/practice/")
    phone.follow(re.compile("^To Rival Health"))
    phone.choose("Yes, we agree")
    phone.press("Send this answer")
    phone.see("Agreed")


def slipped(lead: Window, land: Land, practice: Practice) -> None:
    """A membership that was ended by a slip, and is restored by an entry of its own."""
    lead.go(f"{land.home}members/{practice.code}/")
    lead.press("End the membership")
    lead.fill_date("last_day", clock.today() - timedelta(days=1))
    lead.choose("Resigned")
    lead.fill("Why is this recorded?", "They wrote to us.")
    lead.press("End the membership")
    lead.go(f"{land.home}changes/")
    lead.follow(re.compile("Undo entry"))
    lead.press("Undo it")
    assert standing(practice) == ("GC0801", "claimed")


def a_monday(lead: Window, land: Land) -> None:
    """A week later: three clicks, under a minute, and the list is reminded of and attested."""
    week = clock.today() - timedelta(days=8)
    with pgtrigger.ignore("consortia.ConfirmationRequest:stays"):  # as if they had been asked then
        ConfirmationRequest.objects.filter(consortium=land.group, state="open").update(asked_on=week)
    clicks = lead.count_clicks()
    began = time.monotonic()
    lead.page.goto(lead.site + "/lead/")
    lead.see("2 of 37 confirmed, 35 unanswered", "148,000 registered patients")
    moves.press(lead.main, re.compile("^Remind 3"))
    lead.see("practices were reminded")
    moves.follow(lead.main, re.compile("^Say that the list is right"))
    lead.see("these 37 practices, and no others")
    moves.press(lead.main, "This list is right")
    lead.see("The list is attested")
    assert time.monotonic() - began < 60 and clicks() == 3
    lead.look()
    lead.go(f"/consortia/{land.group.ref}/")
    lead.see("the list as attested (CSV)")


def everywhere(deputy: Window, land: Land) -> None:
    """The navigation of the consortium's pages, each entry followed by the deputy on a phone."""
    deputy.go(land.home)
    section = deputy.page.get_by_role("navigation", name="Pages of Vale Commissioning")
    entries = section.get_by_role("link").evaluate_all("all => all.map(e => [e.innerText, e.getAttribute('href')])")
    assert len(entries) == 11
    for words, href in entries:
        deputy.go(href)
        assert section.locator("[aria-current=page]").inner_text() == words
    for page in ("letters/", "members/Z80000/contact/", "members/Z80000/paper/", "members/?state=claimed"):
        deputy.go(land.home + page)
        assert section.locator("[aria-current]").count() == 1

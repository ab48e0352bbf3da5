"""The deadline recorded, and a practice in no consortium taken from step to step, in a real browser."""

from __future__ import annotations

from datetime import date

import pytest

from registry import clock
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter, Window

pytestmark = pytest.mark.browser
DEADLINE = date(2012, 10, 1)


class TestLeftOut:
    def test_it(self, enter: Enter, who: told.People) -> None:
        pct = make.make_pct("5XA", sha=make.make_sha("Q31", "North West"), name="Aa PCT", last_day=None)
        group = make.make_consortium("GC7001", name="Vale Group")
        member = make.make_practice("Z70001", pct=pct, name="FIRST SURGERY", patients=4000)
        make.make_practice("Z70002", pct=pct, name="SECOND SURGERY", patients=5000)
        make.make_membership(member, group, date(2011, 4, 1))
        admin = enter(who.admin)
        self.say_why(enter(told.person(pct_lead="5XA")))
        self.record_the_deadline(admin)
        self.allocate(admin)
        admin.go("/unaffiliated/?as_of=2012-12-01")
        admin.see("61 days ago", "Not asked")
        admin.open("Counts by strategic health authority")
        admin.open("Counts by recorded reason")
        admin.see("Vale Group")
        admin.look()

    def say_why(self, pct: Window) -> None:
        pct.go("/pct/left-out/")
        pct.see("1 in none; 1 not asked why.")
        pct.follow("Z70002")
        pct.choose("Undecided")
        pct.press("Record why")
        pct.see("Undecided, said by its PCT")

    def record_the_deadline(self, admin: Window) -> None:
        admin.go("/staff/left-out/")
        admin.follow("Record it")
        admin.fill_date("day", DEADLINE)
        admin.fill_date("known_from", date(2010, 12, 1))
        admin.fill("In the source’s words (optional)", "autumn 2012")
        admin.fill("Source", "Pulse")
        admin.press("Record it")
        admin.see("autumn 2012")

    def allocate(self, admin: Window) -> None:
        admin.go("/staff/left-out/")
        admin.see("Each practice below is an open item")
        admin.follow("Z70002")
        for asks in (
            "Ask the practice why it is in no consortium",
            "Ask its PCT to help it find one",
            "Give it notice that it will be allocated",
        ):
            admin.press(asks)
            admin.fill("What do you ask or tell?", "The deadline has passed.")
            admin.press("Record the step")
            admin.see("The deadline has passed.")
        admin.press("Allocate it, with the legal basis")
        admin.press("Allocate the practice")
        admin.fill("Consortium", "GC7001")
        admin.fill_date("on", clock.today())
        admin.fill("Legal basis", "The Act, section 14A")
        admin.fill("Why this consortium", "It is the only one near.")
        admin.press("Allocate the practice")
        admin.see("0 practices in no consortium")

"""A PCT lead keeps the hand-over of their own trust, in a real browser: its stage on new evidence, read by everybody."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter, Window

pytestmark = pytest.mark.browser


class TestTransition:
    def test_it(self, enter: Enter, who: told.People) -> None:
        pct = make.make_pct("5XC", sha=make.make_sha("Q31", "North West"), name="Cc PCT", last_day=None)
        make.make_practice("Z70011", pct=pct, name="FIRST SURGERY", patients=4000)
        lead = enter(told.person(pct_lead="5XC"))
        self.move_the_stage(lead)
        self.plan_the_next(lead)
        self.undo(lead)
        self.everybody_reads(enter(phone=True))
        self.staff_see(enter(who.admin))

    def move_the_stage(self, lead: Window) -> None:
        lead.go("/pct/")
        lead.see("Cc PCT (5XC)", "Nobody has said how far the trust is.")
        lead.follow("Record the stage")
        lead.choose("Shadow form")
        lead.fill_date("on", date(2011, 2, 1))
        lead.choose("Document of the body itself")
        lead.fill("What it is", "")
        lead.press("Record it")
        lead.see("Say what the evidence is")
        lead.fill("What it is", "Board paper 7, part 1")
        lead.fill_date("source_said_on", date(2011, 2, 3))
        lead.press("Record it")
        lead.see("Shadow form, since 1 February 2011", "Board paper 7, part 1")

    def plan_the_next(self, lead: Window) -> None:
        lead.press("Record a plan")
        lead.choose("Partial delegation")
        lead.fill_date("day", date(2011, 12, 31))
        lead.fill("In the source’s words (optional)", "during 2011")
        lead.fill_date("known_from", date(2011, 2, 3))
        lead.press("Record it")
        lead.see("“during 2011” (by 31 December 2011)", "Behind its plan")

    def undo(self, lead: Window) -> None:
        lead.follow(re.compile("It moved"))
        lead.fill_date("day", date(2012, 3, 31))
        lead.fill("In the source’s words (optional)", "")
        lead.fill("Why it moved, or what was wrong (optional)", "The Bill was paused.")
        lead.press("Record it")
        lead.see("moved later once")
        lead.follow(re.compile("Undo entry"))
        lead.see("What stands again", "from 31 March 2012", "“during 2011” (by 31 December 2011)")
        lead.press("Undo it")
        lead.see("“during 2011” (by 31 December 2011)", "has undone it.")
        lead.go("/pct/")
        lead.see("Shadow form, since 1 February 2011", "1 of 1 practices are in no consortium")

    def everybody_reads(self, anybody: Window) -> None:
        anybody.go("/pcts/5XC/?as_of=2011-05-01")
        anybody.see("Shadow form, since 1 February 2011", "Board paper 7, part 1", "was accountable for all of its")
        anybody.follow("Board paper 7, part 1")
        anybody.see("What rests on it", "Shadow form")

    def staff_see(self, admin: Window) -> None:
        admin.go("/staff/transitions/?pct=5XC")
        admin.see("Shadow form", "Behind its plan")
        admin.follow("Words of the transition")
        admin.see("Near-total delegation")

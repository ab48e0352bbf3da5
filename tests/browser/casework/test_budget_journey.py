"""A trust's lead records a budget that does not add up at first, delegates part of it, and everybody reads it."""

from __future__ import annotations

from datetime import date

import pytest

from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter, Window

pytestmark = pytest.mark.browser
APRIL = date(2011, 4, 1)
QUERY = "?year=2011%2F12"


class TestBudget:
    def test_it(self, enter: Enter, who: told.People) -> None:
        pct = make.make_pct("5XB", sha=make.make_sha("Q32", "South Central"), name="Bb PCT")
        group = make.make_consortium("GC7002", name="Hill Group")
        for n, patients in enumerate((4000, 5000), start=3):
            practice = make.make_practice(f"Z7000{n}", pct=pct, name=f"SURGERY {n}", patients=patients)
            make.make_membership(practice, group, APRIL)
        lead = enter(told.person(pct_lead="5XB"))
        self.record(lead)
        self.delegate(lead)
        self.read(lead)

    def record(self, lead: Window) -> None:
        lead.go(f"/pct/5XB/budget/{QUERY}")
        lead.see("No figures of 2011/12 are recorded: they are not known.")
        lead.press("Add figures of a line")
        lead.fill_date("on", APRIL)
        lead.fill("Total budget", "934m")
        lead.fill("Delegated", "644 million")
        lead.fill("Retained", "£291,000,000")
        lead.choose("Document of the body itself")
        lead.fill("What it is", "Board paper of April 2011")
        lead.press("Save the figures")
        lead.see("which is £1,000,000 more than the total of £934,000,000")
        lead.look()
        lead.page.get_by_label("Does the source round its figures?").select_option(label="To £1 million")
        lead.press("Save the figures")
        lead.see("Adds up to the stated rounding (£1 million)", "69.0% of £934 million")

    def delegate(self, lead: Window) -> None:
        lead.follow("Delegate part of All services")
        lead.fill("To whom?", "GC7002")
        lead.fill("How much?", "600m")
        lead.choose("Statutory")
        lead.fill_date("on", APRIL)
        lead.fill("Evidence that is in the register (optional)", "EV0001")
        lead.press("Save what is delegated")
        lead.see("Nothing is statutory before 1 April 2013")
        lead.choose("Shadow")
        lead.press("Save what is delegated")
        lead.see("GC7002 answers for £600,000,000", "Hill Group (GC7002)")
        lead.look()

    def read(self, lead: Window) -> None:
        for path in ("", "5XB/", "holders/GC7002/"):
            lead.go(f"/transitions/budgets/{path}?as_of=2011-06-01")
            lead.see("each primary care trust (PCT) was accountable")
            lead.look()
        lead.see("£266,666,667", "£333,333,333")

"""A lead's Monday on a telephone, by keyboard alone: home, remind, attest. It takes under a minute."""

from __future__ import annotations

import time
from datetime import date, timedelta
from importlib.util import find_spec

import pytest
from playwright.sync_api import Page, expect

from consortia.models import ConfirmationRequest
from registry import clock
from registry.models import Mail
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]
JOINED = date(2011, 1, 10)


def test_a_lead_s_monday(enter: Enter) -> None:
    group = make.make_consortium(name="Monday Health", start=JOINED)
    lead = told.person(consortium_lead=group.ref, name="Lee Lead")
    can_remind = find_spec("consortia.actions.asking") is not None
    pct = make.make_pct("5QK")
    for status in ("confirmed",) * 3 + ("claimed", "claimed", "disputed"):
        practice = make.make_practice(pct=pct, patients=4_000)
        make.make_membership(practice, group, JOINED, status=status)
        if status == "claimed" and can_remind:
            ConfirmationRequest.objects.create(
                practice=practice,
                consortium=group,
                starts_on=JOINED,
                channel="mail",
                address="surgery@monday.example.org",
                origin="lead",
                asked_by=lead,
                asked_on=clock.today() - timedelta(days=10),
                expires_on=clock.today() + timedelta(days=60),
            )

    phone = enter(lead, phone=True)
    began = time.monotonic()
    phone.go("/lead/")
    phone.see("What waits for you", "3 of 6 confirmed, 2 unanswered, 1 disputed", "24,000 registered patients")
    if can_remind:
        _by_keyboard(phone.page, "Remind 2")
        phone.look()
        phone.see("2 practices were reminded")
        assert Mail.objects.filter(to="surgery@monday.example.org").count() == 2
    _by_keyboard(phone.page, "Say that the list is right: overdue")
    phone.look()
    phone.see("Is this list right?", "these 6 practices, and no others")
    _by_keyboard(phone.page, "This list is right")
    phone.look()
    phone.see("The list is attested", "1 practice says that it is no member")
    assert time.monotonic() - began < 60

    for page in ("members/?state=disputed", "people/hand-over/"):
        phone.go(f"/lead/consortia/{group.ref}/{page}")


def _by_keyboard(page: Page, name: str) -> None:
    """Tab to the link or button whose words begin so, and press Enter."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip().startswith(name):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    expect(page.get_by_text(name)).to_be_focused()  # says what is on the page

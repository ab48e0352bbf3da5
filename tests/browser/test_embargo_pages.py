"""The lead's early outcome, and the administrator's list of who saw what, in a real browser."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from playwright.sync_api import Page, expect

from pathfinders import actions
from registry import clock
from registry.models import Installation, User
from tests import factories as make
from tests import programme as told
from tests.browser.axe import WIDE, check_page, watch
from tests.support.crawl import session

pytestmark = pytest.mark.browser


def sign_in(page: Page, site: str, user: User) -> None:
    name = configured.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": session(user).cookies[name].value, "url": site}])


def test_the_lead_reads_early_until_the_wave_is_held_and_the_administrator_sees_who_did(
    page: Page, live_site: str, settings: Any
) -> None:
    settings.DEMO = True  # the second step of sign-in has tests of its own
    Installation.declare(demonstration=True)
    who, today = told.people(), clock.today()
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    wave = told.wave(who, 3, today)
    practices = [make.make_practice(pct=pct, patients=1000) for _ in range(2)]
    bid = told.decide(who, told.assessed(who, practices, as_at=today), wave, "declined", decided_on=today)
    ready = told.ready(who, wave)
    at = clock.now() + timedelta(hours=2)
    actions.schedule_release(by=who.admin, wave=ready, version=ready.version, release_at=at, early_hours=24)

    watch(page).set_viewport_size(WIDE)
    sign_in(page, live_site, who.lead)
    page.goto(f"{live_site}/lead/bids/{bid.ref}/")
    expect(page.get_by_role("heading", name="Outcome: Declined")).to_be_visible()
    expect(page.get_by_text("tell nobody")).to_be_visible()
    check_page(page)

    actions.hold_wave(by=who.assessor, wave=ready)
    page.reload()
    expect(page.get_by_text("Declined")).to_have_count(0)

    sign_in(page, live_site, who.admin)
    page.goto(f"{live_site}/staff/embargo/")
    row = page.get_by_role("row").filter(has_text="Lee Lead")
    expect(row).to_contain_text(bid.ref)
    check_page(page)
    page.get_by_label("Person").fill("nobody of this name")
    page.get_by_role("button", name="Apply filters").click()
    expect(page.get_by_role("status")).to_contain_text("0 pages opened")

"""The close in a real browser: a form that is wrong takes the focus to what is wrong, and who led a closed trust is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from registry.models import User
from tests import programme as told
from tests.browser.axe import NARROW, WIDE, check_page, watch
from tests.browser.moves import move
from tests.browser.test_embargo_pages import sign_in
from tests.integration.transitions import closing_world
from tests.support import databases, sites
from transitions.actions import close_trusts, preview_close

pytestmark = pytest.mark.browser
WRONG = (
    "/pct/5LE/stage/",
    "/pct/5LE/budget/line/?year=2012/13",
    "/pct/5LE/local-bodies/new/",
    "/staff/close/succession/",
)
LONE = {"Z00007": "special: It serves a prison."}

EMPTIED = """() => document.querySelectorAll('main form :is(input:not([type=hidden]), textarea, select)').forEach(c => {
    if (c.type === 'radio' || c.type === 'checkbox') c.checked = false; else c.value = '' })"""


def build_world() -> dict[str, User]:
    closing_world.build_world()
    return {"admin": told.person("programme_admin"), "lead": told.person(pct_lead="5LE")}


@pytest.fixture
def people(world: databases.World, django_db_blocker: Any, settings: Any) -> Iterator[tuple[dict[str, User], str]]:
    settings.DEMO = True
    with django_db_blocker.unblock(), databases.clone(world.name), sites.served() as address:
        yield world.made(), address


def test_wrong_forms_and_an_ended_role_pass_everything(page: Page, people: Any) -> None:
    who, site = people
    watch(page)
    sign_in(page, site, who["admin"])
    for path in WRONG:
        page.goto(site + path)
        page.evaluate(EMPTIED)
        move(page.locator("main form button[type=submit]").first)
        assert page.title().startswith("Error: "), path
        expect(page.locator(".nhsuk-error-summary")).to_be_focused()
        check_page(page)
        link = page.locator(".nhsuk-error-summary a").first
        control = link.get_attribute("href") or ""
        link.click()
        expect(page.locator(control)).to_be_focused()
    plan = preview_close(by=who["admin"], explained=LONE)
    entry = close_trusts(by=who["admin"], explained=LONE, plan_hash=plan.hash, why="The Act")
    page.goto(f"{site}/staff/close/{entry.number}/")
    check_page(page)
    sign_in(page, site, who["lead"])
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)
        page.goto(f"{site}/pct/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Your role has ended")
    check_page(page)

"""Every public page in a real browser: axe, a quiet console, 320 px, without JavaScript, on paper, by keyboard."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from pathfinders.actions import Claim, record_claims
from practices.models import ParentBody
from registry.models import Entry, EntryKind, User
from tests.browser.axe import NARROW, WIDE, check_page, watch
from tests.browser.moves import follow, press
from tests.support.small_register import small_register
from transitions.actions import Source, answer_survey, record_survey

pytestmark = pytest.mark.browser
DAY = "as_of=2011-05-15"
PAGES = (
    f"/?{DAY}",
    "/",
    f"/practices/?{DAY}",
    f"/practices/?sha=Q36&parent=5LE&ordering=-list_size&{DAY}",
    "/practices/?wave=two",
    f"/practices/G85002/?{DAY}",
    f"/practices/G85004/?{DAY}",
    "/practices/G85002/?as_of=1990-01-01",
    "/practices/X99999/",
    f"/pcts/?{DAY}",
    "/pcts/",
    f"/pcts/5LE/?{DAY}",
    "/pcts/08Q/?as_of=2013-04-01",
    f"/shas/Q36/?{DAY}",
    f"/consortia/?{DAY}",
    f"/consortia/GC0001/?{DAY}",
    f"/pathfinders/?{DAY}",
    f"/pathfinders/PF0001/?{DAY}",
    f"/waves/?{DAY}",
    f"/waves/1/?{DAY}",
    f"/decisions/?{DAY}",
    f"/unaffiliated/?{DAY}",
    f"/search/?q=surgery&{DAY}",
    "/search/?q=Wallworth+surgry",
    "/search/?q=zzzzzz",
    f"/data/?{DAY}",
    f"/transitions/surveys/?{DAY}",
    f"/transitions/surveys/SV0001/?{DAY}",
    f"/transitions/surveys/SV0002/?{DAY}",
    "/changes/",
    "/about/",
    "/about/api/",
)


@pytest.fixture
def site(live_site: str) -> str:
    small_register()
    said = Claim(metric="people", wave=1, value=3000, words="3,000", publisher="Gazette", published="2010-12")
    share = replace(said, metric="share", value=90, rounding="nearly", words="nearly 90%", url="https://example.org/")
    area = replace(said, scope_kind="pct", scope="5LE", title="A title", note="Ours.", reconciliation="rounding")
    record_claims(by=User.objects.system(), claims=[said, share, area], reason="As printed.")
    asked_in_surveys()
    return live_site


def asked_in_surveys() -> None:
    """Of trusts, one of which is named; and of GPs, a share in words."""
    own = {"by": User.objects.system(), "question": "Have you begun?", "known_from": date(2010, 9, 1)}
    own["source"] = Source("press", "A report", publisher="Gazette", words="summer 2010", url="https://example.org/")
    counts = {"yes": (23, ""), "declined": (1, "")}
    trusts = record_survey(title="Of trusts", asked_of="trusts", asked=60, replied=29, counts=counts, **own)
    record_survey(title="Of GPs", asked_of="gps", counts={"yes": (None, "a quarter")}, **own)
    southwark = ParentBody.objects.get(code="5LE")
    answer_survey(by=own["by"], survey=trusts, pct=southwark, answer="partial", on=date(2010, 9, 1), words="In part.")


def test_every_page_passes_everything(page: Page, site: str) -> None:
    watch(page).set_viewport_size(WIDE)
    entries = [f"/changes/{e.number}/" for e in Entry.objects.filter(kind__in=(EntryKind.RELEASE, EntryKind.LATE))]
    past = f"/practices/G85002/?{DAY}&known_at={Entry.objects.get(kind=EntryKind.LATE, action='make_membership').at:%Y-%m-%dT%H:%M:%S.%fZ}"
    for path in (*PAGES, *entries, past):
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")  # what is folded too
        check_page(page)
    assert page.context.cookies() == []


def test_a_reader_without_javascript_finds_a_practice_on_another_day(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Show the register as at").fill("2011-04-15")
    press(page, "Show")
    expect(page.get_by_role("heading", name="Coverage on 15 April 2011")).to_be_visible()
    page.get_by_label("Name, code or postcode", exact=True).fill("walworth")
    press(page, "Search the register")
    follow(page, "WALWORTH SURGERY (G85002)")
    expect(page).to_have_url(re.compile(r"/practices/G85002/\?as_of=2011-04-15$"))
    expect(page.get_by_role("link", name="Other Group (GC0002)").first).to_be_visible()
    page.locator("#cite summary").click()
    page.get_by_role("link", name=re.compile("known_at=")).click(trial=True)
    context.close()


def test_the_keyboard_goes_from_the_skip_link_down_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/practices/?{DAY}")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Show the register as at")).to_be_focused()
    tops = []
    for _ in range(40):
        page.keyboard.press("Tab")
        top = page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY")
        tops.append(top)
        if page.evaluate("document.activeElement.matches('footer a')"):
            break
    else:
        pytest.fail("the footer was not reached by keyboard")
    steps_back = [b - a for a, b in zip(tops, tops[1:], strict=False) if b - a < -60]
    assert steps_back == [], "the focus jumps up the page"


def test_on_paper_there_are_words_and_tables_but_no_controls(page: Page, site: str) -> None:
    page.goto(f"{site}/practices/G85002/?{DAY}")
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", name="WALWORTH SURGERY (G85002)")).to_be_visible()
    expect(page.locator("#history")).to_be_visible()
    expect(page.locator(".site-dates")).to_be_hidden()
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()

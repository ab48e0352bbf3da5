"""The national map and an area's story in a real browser: axe, keyboard, the slider, without JavaScript, 320 px up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.axe import NARROW, WIDE, check_axe, check_console, check_page, watch
from tests.browser.moves import follow, press
from tests.support import databases, sites
from tests.support.trusts import handed_over

pytestmark = pytest.mark.browser
DAY = "as_of=2011-05-15"
PHONE = {"width": 375, "height": 800}
TABLET = {"width": 768, "height": 1024}
AREAS = ("", "postcode=OX4&", "postcode=ZZ99&", "postcode=ox&")

build_world = handed_over


@pytest.fixture
def site(world: databases.World, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone(world.name), sites.served() as address:
        yield address


def test_each_layer_and_an_area_pass_everything_on_a_desk_and_a_telephone(page: Page, site: str) -> None:
    watch(page)
    layers = [f"/transitions/?show={show}&{DAY}" for show in ("stage", "coverage", "budget", "left_out")]
    areas = [f"/transitions/area/?{asked}{DAY}" for asked in AREAS]
    seen_on_a_telephone = (layers[0], areas[0])  # the layers differ in colours and words, which the desk has shown
    for path in (*layers, "/transitions/?as_of=2013-04-01", *areas):
        page.set_viewport_size(WIDE)
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('main details').forEach(d => d.open = true)")
        check_page(page)
        for size in (TABLET, PHONE):
            page.set_viewport_size(size)
            assert page.evaluate("document.documentElement.scrollWidth") == size["width"], path
        if path in seen_on_a_telephone:
            check_axe(page)
    assert page.context.cookies() == []


def test_the_keyboard_skips_the_map_or_walks_it(page: Page, site: str) -> None:
    page.goto(f"{site}/transitions/?{DAY}")
    page.get_by_label(re.compile("Slide through")).focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip map")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.site-map')") is None, "past 151 links"
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.keyboard.press("Shift+Tab")
    last = page.evaluate("document.activeElement.closest('a').getAttribute('href')")
    assert re.match(r"/pcts/\w+/\?as_of=2011-05-15", last)
    oxfordshire = page.get_by_role("link", name="Oxfordshire: Shadow form")
    oxfordshire.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/pcts/5QE/\?as_of=2011-05-15$"))


def test_the_slider_moves_the_page_to_another_day_and_keeps_the_focus(page: Page, site: str) -> None:
    watch(page).goto(f"{site}/transitions/?show=stage&as_of=2010-12-01")
    slider = page.get_by_label(re.compile("Slide through"))
    slider.focus()
    page.keyboard.press("ArrowRight")
    expect(slider).to_have_attribute("aria-valuetext", "8 December 2010, wave 1")
    expect(page.get_by_role("heading", name="Stage of the hand-over on 8 December 2010")).to_be_visible()
    expect(page.locator("#slide-status")).to_have_text("The page shows 8 December 2010, wave 1")
    expect(slider).to_be_focused()
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="Stage of the hand-over on 1 February 2011")).to_be_visible()
    expect(page.get_by_role("link", name="Oxfordshire: Shadow form")).to_be_visible()
    expect(page.get_by_label("Show the register as at")).to_have_value("2011-02-01")
    expect(page).to_have_url(re.compile("as_of=2011-02-01"))
    expect(slider).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_text("No primary care trust is in life on 1 April 2013")).to_be_visible()
    page.keyboard.press("Home")
    expect(page.get_by_role("heading", name="Stage of the hand-over on 1 July 2010")).to_be_visible()
    check_axe(page)
    check_console(page)


def test_without_javascript_the_form_changes_the_day(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    page = context.new_page()
    page.goto(f"{site}/transitions/?show=coverage&{DAY}")
    expect(page.locator("#slider")).to_be_hidden()
    page.get_by_label("Show the register as at").fill("2011-04-15")
    press(page, "Show")
    expect(page.get_by_role("heading", name="People in pathfinders on 15 April 2011")).to_be_visible()
    page.get_by_label("Stage", exact=True).select_option("shadow_form")
    press(page, "Apply filters")
    expect(page.locator("#results")).to_have_text("1 trust")
    expect(page).to_have_url(re.compile("show=coverage.*#trusts$"))
    context.close()


def test_an_analyst_finds_a_postcodes_story_on_one_page(page: Page, site: str) -> None:
    watch(page).set_viewport_size(WIDE)
    page.goto(f"{site}/?{DAY}")
    follow(page, "What happened in my area")
    page.get_by_label("Postcode, its first half, or a town").fill("ox4 2aa")
    press(page, "Show this area")
    expect(page.get_by_role("heading", name="What happened in OX4")).to_be_visible()
    told = page.locator(".site-story")
    for year, said in (
        ("2010", "2 practices joined Oxford Group"),
        ("2011", "£644 million of £934 million delegated"),
        ("2013", "3 practices under Oxfordshire (clinical commissioning group) from now on"),
    ):
        expect(page.get_by_role("heading", name=year, exact=True)).to_be_visible()
        expect(told.filter(has_text=said)).to_have_count(1)
    expect(page.get_by_text("This is approximate.")).to_be_visible()
    follow(page, "Evidence EV0002")
    expect(page.get_by_role("heading", name="Board paper").first).to_be_visible()
    check_console(page)


def test_on_paper_and_in_forced_colours_the_map_is_seen(page: Page, site: str) -> None:
    page.goto(f"{site}/transitions/?{DAY}")
    page.emulate_media(media="print")
    expect(page.locator(".site-map__picture")).to_be_visible()
    for controls in (".site-layers", "#slider", ".site-dates", ".site-map__skip"):
        expect(page.locator(controls)).to_be_hidden()
    page.emulate_media(media="screen", forced_colors="active")
    ink, paper = (
        page.locator(f".site-map__picture .site-map__{part}").first.evaluate(f"e => getComputedStyle(e).{what}")
        for part, what in (("ink", "stroke"), ("paper", "fill"))
    )
    assert ink != paper

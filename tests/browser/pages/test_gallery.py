"""Every component in a real browser: axe, console, 320 px, keyboard, without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.axe import check_narrow, check_page
from tests.browser.moves import enter, follow, press
from tests.browser.pages.conftest import sign_in

pytestmark = pytest.mark.browser

PUBLIC = (
    "/",
    "/gallery/list/?name=Person&ordering=-name&page=2&as_of=2011-04-01",
    "/gallery/list/?since=soon",
    "/gallery/list/?name=nobody",
    "/gallery/list/?ordering=no",
    "/nope/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/signup/",
)
SIGNED_IN = (
    "/gallery/form/",
    "/gallery/refuse/409/",
    "/gallery/refuse/403/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/tokens/",
    "/accounts/password/change/",
    "/accounts/logout/",
)


def test_public_pages(watched, site):
    for path in PUBLIC:
        watched.goto(site + path)
        check_page(watched)
    assert watched.context.cookies() == [] or {c["name"] for c in watched.context.cookies()} == {"pathfinders-csrf"}


def test_signed_in_pages(watched, site):
    sign_in(watched, site)
    for path in SIGNED_IN:
        watched.goto(site + path)
        check_page(watched)


def test_errors_take_the_focus_and_lead_to_their_controls(watched, site):
    sign_in(watched, site)
    watched.goto(f"{site}/gallery/form/")
    watched.get_by_label("Day").fill("31")
    watched.get_by_label("Month").fill("2")
    press(watched, "Save")
    expect(watched).to_have_title(re.compile("^Error: "))
    expect(watched.locator(".nhsuk-error-summary")).to_be_focused()
    check_page(watched)
    expect(watched.get_by_label("Day")).to_have_value("31")
    links = watched.locator(".nhsuk-error-summary a")
    for index in range(links.count()):
        target = links.nth(index).get_attribute("href")
        links.nth(index).click()
        expect(watched.locator(target)).to_be_focused()


def test_the_keyboard_alone(watched, site):
    watched.goto(f"{site}/gallery/list/")
    watched.keyboard.press("Tab")
    expect(watched.get_by_role("link", name="Skip to main content")).to_be_focused()
    watched.keyboard.press("Enter")
    expect(watched.locator("main")).to_be_focused()
    watched.get_by_role("link", name="Name").focus()
    enter(watched)
    expect(watched.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    watched.get_by_role("searchbox").focus()
    watched.keyboard.type("5LE")
    enter(watched)
    expect(watched).to_have_url(f"{site}/search/?q=5LE")


def test_the_small_helps(watched, site):
    sign_in(watched, site)
    watched.goto(f"{site}/gallery/form/")
    word = watched.get_by_label("Password", exact=True)
    word.fill("horse")
    watched.get_by_role("button", name="Show password").click()
    expect(word).to_have_attribute("type", "text")
    watched.get_by_role("button", name="Hide password").click()
    expect(word).to_have_attribute("type", "password")
    watched.get_by_label("Reasons").fill("x" * 39)
    expect(watched.locator("#id_why_count")).to_have_text("You have 1 character remaining")
    check_page(watched)


def test_without_javascript(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    sign_in(page, site)
    page.goto(f"{site}/gallery/form/")
    expect(page.get_by_role("button", name="Show password")).to_be_hidden()
    page.get_by_label("Name of the group").fill("South & East")
    press(page, "Save")
    follow(page, "Select region")
    expect(page).to_have_url(f"{site}/gallery/form/#id_region")
    expect(page.get_by_label("Name of the group")).to_have_value("South & East")
    page.goto(f"{site}/gallery/list/")
    page.get_by_label("Name", exact=True).fill("Person 01")
    press(page, "Apply filters")
    expect(page.get_by_role("status")).to_have_text("1 person")
    page.get_by_label("Show the register as at").fill("2011-04-01")
    press(page, "Show")
    expect(page).to_have_url(f"{site}/gallery/list/?as_of=2011-04-01&name=Person+01")
    context.close()


def test_high_contrast_and_paper(watched, site):
    watched.emulate_media(forced_colors="active")
    watched.goto(f"{site}/gallery/list/")
    check_narrow(watched)
    watched.emulate_media(forced_colors="none", media="print")
    expect(watched.get_by_role("button", name="Apply filters")).to_be_hidden()
    expect(watched.get_by_role("table")).to_be_visible()

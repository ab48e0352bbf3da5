"""Clicks and keys that lead to another page. Every one that a journey makes goes through here.

Playwright's click() returns when the answer has begun to come, or before the request has even left: what is read next
may be the old page, or a new one that has no element yet. So the wait for the next page begins before the click, and
ends when that page has loaded. A plain click() is for what stays on its page: a box, a summary, "Show password".

from tests.browser.moves import follow, press
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page

Words = str | re.Pattern[str]


@contextmanager
def next_page(page: Page) -> Iterator[None]:
    """What is done within leads to another page, or to another place of this one; after it, that page has loaded."""
    with page.expect_navigation(wait_until="load"):
        yield
    settle(page)


def settle(page: Page) -> None:
    """Until what the window shows has loaded and has its root element."""
    page.wait_for_load_state("load")
    page.locator(":root").wait_for(state="attached")


def move(control: Locator) -> None:
    """Click what leads to another page."""
    with next_page(control.page):
        control.click()


def press(within: Page | Locator, name: Words) -> None:
    """The button, or the link that looks like one, with exactly these words; then its page."""
    move(within.get_by_role("button", name=name, exact=isinstance(name, str)))


def follow(within: Page | Locator, name: Words) -> None:
    """The first link with exactly these words; then its page."""
    move(within.get_by_role("link", name=name, exact=isinstance(name, str)).first)


def enter(page: Page) -> None:
    """The key, and the page that it leads to."""
    with next_page(page):
        page.keyboard.press("Enter")

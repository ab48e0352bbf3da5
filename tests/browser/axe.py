"""What every page must pass in a real browser: axe, a quiet console, no sideways scroll at 320 px.

from tests.browser.axe import watch, check_page

page = watch(page)          # before the first goto: collects console errors and policy violations
page.goto(...)
check_page(page)            # as it stands now: reach it by goto or by tests.browser.moves, which wait for it
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Page

from tests.browser.moves import settle

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # of what passes, no list: it would cost more than the rules
}
RUN = "options => axe.run(options).then(found => ({violations: found.violations}))"  # the rest is long, and nobody reads it
NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1440, "height": 900}


def watch(page: Page) -> Page:
    """Collect what the console says and what the page throws, for `check_page`."""
    page.said = []  # type: ignore[attr-defined]
    page.on("console", lambda message: _note(page, message.type, message.text))
    page.on("pageerror", lambda error: _note(page, "error", str(error)))
    return page


def _note(page: Any, kind: str, text: str) -> None:
    # The browser reports a 4xx of the page itself as an error: tests of refusals ask for it on purpose.
    if kind == "error" and "Failed to load resource: the server responded with a status of 4" not in text:
        page.said.append(text)


def check_axe(page: Page) -> None:
    """No violation of WCAG 2.2 AA or of axe's best practices."""
    page.evaluate(AXE_SCRIPT)
    results = AxeResults(page.evaluate(RUN, RULES))
    assert results.violations_count == 0, f"{page.url}\n{results.generate_report()}"


def check_console(page: Page) -> None:
    said = getattr(page, "said", None)
    assert said is not None, "call watch(page) before the first goto"
    assert not said, f"{page.url}: {said}"


def check_narrow(page: Page) -> None:
    """At 320 px nothing scrolls sideways. Puts the window back."""
    before = page.viewport_size or WIDE
    page.set_viewport_size(NARROW)
    widths = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    culprits = page.evaluate(
        """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
        && !e.closest('.nhsuk-u-visually-hidden')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
    )
    page.set_viewport_size(before)
    assert widths[0] <= widths[1], f"{page.url} is {widths[0]} px wide in {widths[1]}: {culprits}"


def check_page(page: Page) -> None:
    """Everything, in the order in which a failure is easiest to read, of a page that has loaded."""
    settle(page)
    check_console(page)
    check_narrow(page)
    check_axe(page)

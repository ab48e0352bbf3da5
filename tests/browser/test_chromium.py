"""The browser itself: Debian's Chromium, on the live site."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_chromium_reaches_the_live_site(page: Page, live_site: str) -> None:
    page.goto(f"{live_site}/readyz")
    assert page.inner_text("body").strip() == "ready"

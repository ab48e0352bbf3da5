"""Retakes the README's pictures from a running demonstration: python -m tests.screenshots [ADDRESS]"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.moves import move, press
from tests.support.browser import launch_arguments

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "images"
SIZE = {"width": 1120, "height": 1280}
MOST = 150_000
"""Bytes that a picture may have."""


def take(address: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as started:
        browser = started.chromium.launch(**launch_arguments())  # type: ignore[arg-type]
        page = browser.new_context(viewport=SIZE, device_scale_factor=0.75, base_url=address).new_page()
        page.goto("/")
        keep(page, "home")
        page.goto("/accounts/login/")
        press(page, re.compile("Ann Assessor"))
        page.goto("/staff/?state=assessing&assignee=me")
        move(page.locator("main tbody a").first)
        page.get_by_role("heading", name="What you can do").wait_for()
        keep(page, "bid")
        browser.close()


def keep(page: Page, name: str) -> None:
    path = FOLDER / f"{name}.png"
    size = len(page.screenshot(path=path))
    print(f"{path.name}: {size // 1000} kB")
    if size > MOST:
        sys.exit(f"{path.name} is larger than {MOST // 1000} kB: make the window smaller.")


if __name__ == "__main__":
    take(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")

"""A window of somebody's own on the live site, in which every page that comes is looked at as every page must be."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from registry.models import User
from tests.browser import moves
from tests.browser.axe import WIDE, check_axe, check_console, check_narrow, watch
from tests.browser.moves import Words
from tests.desk import signed_in

PATIENCE = 20_000
"""Milliseconds that a page may take on a busy machine."""
PHONE = {"width": 375, "height": 812}
NUMBERS = re.compile(r"\d+|(?<=evidence/)\w+")
PARTS = (
    "#letter, table, del, ins, .nhsuk-error-summary, .nhsuk-panel, .nhsuk-task-list, .nhsuk-inset-text, .site-files"
)
"""What makes two pages of one address different pages."""


class Window:
    """What a person does on the site, and sees.

    Each step checks the console. A page is given to axe and tried at 320 px when its like was not looked at before:
    `seen` is shared by all windows, so that a page which differs from another in its words alone is paid for once.
    """

    def __init__(self, page: Page, site: str, seen: set[object], scripts: bool) -> None:
        self.page, self.site, self.seen, self.scripts = watch(page), site, seen, scripts

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.look()

    def follow(self, name: Words) -> None:
        moves.follow(self.main, name)
        self.look()

    def press(self, name: Words) -> None:
        """A button, or a link that looks like one."""
        moves.press(self.main, name)
        self.look()

    def look(self) -> None:
        moves.settle(self.page)
        check_console(self.page)
        if not self.scripts:  # axe is a script
            return
        made_of = self.main.locator(PARTS).evaluate_all(
            "(all, parts) => parts.filter(p => all.some(e => e.matches(p)))", PARTS.split(", ")
        )
        width = (self.page.viewport_size or WIDE)["width"]
        key = (NUMBERS.sub("", urlsplit(self.page.url).path), width, *made_of)
        if key not in self.seen:
            self.seen.add(key)
            check_narrow(self.page)
            check_axe(self.page)

    def see(self, *words: str) -> None:
        for said in words:
            expect(self.main).to_contain_text(said)

    def fill(self, label: Words, text: str) -> None:
        self.main.get_by_label(label, exact=isinstance(label, str)).fill(text)

    def fill_date(self, name: str, day: date) -> None:
        for part in ("day", "month", "year"):
            self.page.locator(f"[name={name}_{part}]").fill(str(getattr(day, part)))

    def choose(self, name: Words, inside: str = "") -> None:
        """A radio button or a box; `inside`: of the section with this heading."""
        part = self.page.get_by_role("region", name=inside, exact=True) if inside else self.main
        part.get_by_label(name, exact=isinstance(name, str)).check()

    def open(self, summary: str) -> None:
        self.page.locator("summary", has_text=summary).first.click()

    def count_clicks(self) -> Callable[[], int]:
        """How often the mouse is pressed on the pages that come."""
        pressed: list[None] = []
        self.page.expose_function("pressed", lambda: pressed.append(None))
        self.page.add_init_script("document.addEventListener('pointerdown', () => pressed(), true)")
        return lambda: len(pressed)

    def letter(self) -> str:
        """The letter that is shown before it is sent."""
        return self.page.locator("#letter").text_content() or ""

    def tab_to(self, name: str, role: str = "button") -> None:
        """With the keyboard alone, from where the page stands."""
        control = self.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if control.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"no number of tabs leads to {name}")

    def type(self, keys: str) -> None:
        self.page.keyboard.type(keys)

    def enter(self) -> None:
        """The key, and the page that it leads to."""
        moves.enter(self.page)
        self.look()


Enter = Callable[..., Window]


def opened(browser: Browser, site: str, seen: set[object], contexts: list[BrowserContext]) -> Enter:
    """enter(user): a window signed in as them, or nobody's; `phone`: as wide as a phone; `scripts=False`: without."""

    def enter(user: User | None = None, *, phone: bool = False, scripts: bool = True) -> Window:
        context = browser.new_context(viewport=PHONE if phone else WIDE, java_script_enabled=scripts)  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        if user is not None:
            session = signed_in(user).cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
        return Window(context.new_page(), site, seen, scripts)

    return enter

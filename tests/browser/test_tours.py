"""The demonstration's tours, done word for word as the page /about/try/ tells them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from pathfinders.demonstration import tours
from tests.browser import moves
from tests.browser.axe import WIDE, check_console, check_page, watch

pytestmark = pytest.mark.browser
PATIENCE = 20_000


class Visitor:
    """Does what a step says, finding each thing by the words that the page gives."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = watch(page), site
        page.set_viewport_size(WIDE)
        page.set_default_timeout(PATIENCE)

    def do(self, step: tours.Step) -> None:
        told = getattr(self, step.do)(step)
        for words in step.see:
            if told is None:
                expect(self.page.locator("body")).to_contain_text(words, ignore_case=True, timeout=PATIENCE)
            else:
                assert words in told, step
        check_console(self.page)  # axe and 320 px: the journey on the real register has these pages

    def open(self, step: tours.Step) -> None:
        self.page.goto(self.site + step.what)

    def sign_in(self, step: tours.Step) -> None:
        self.page.goto(f"{self.site}/accounts/login/?next={step.then}")
        moves.press(self.page, re.compile(f"^{re.escape(step.what)}"))
        assert urlsplit(self.page.url).path == step.then

    def press(self, step: tours.Step) -> None:
        moves.press(self.page, step.what)

    def follow(self, step: tours.Step) -> None:
        moves.move(self._link(step))

    def follow_first(self, step: tours.Step) -> None:
        """Of the first list whose first column is called so."""
        head = self.page.locator("thead th:first-child").filter(has_text=re.compile(re.escape(step.what), re.I))
        moves.move(self.page.locator("main table").filter(has=head).first.locator("tbody a").first)

    def fill(self, step: tours.Step) -> None:
        self.page.get_by_label(step.what, exact=True).fill(step.text)

    def date(self, step: tours.Step) -> None:
        group = self.page.get_by_role("group", name=step.what)
        for part, number in zip(("Day", "Month", "Year"), step.text.split(), strict=True):
            group.get_by_label(part, exact=True).fill(number)

    def choose(self, step: tours.Step) -> None:
        self.page.get_by_role("radio", name=step.what, exact=True).check()

    def choose_each(self, step: tours.Step) -> None:
        choices = self.page.get_by_role("radio", name=step.what, exact=True)
        assert choices.count() > 1
        for choice in choices.all():
            choice.check()

    def choose_last(self, step: tours.Step) -> None:
        choice = self.page.get_by_label(step.what, exact=True)
        choice.select_option(index=choice.locator("option").count() - 1)

    def tick(self, step: tours.Step) -> None:
        self.page.get_by_role("checkbox", name=re.compile(f"^{re.escape(step.what)}")).check()

    def download(self, step: tours.Step) -> str:
        with self.page.expect_download() as started:
            self._link(step).click()
        return started.value.path().read_text(encoding="utf-8")

    def _link(self, step: tours.Step) -> Locator:
        """By its words, after which only a count may stand."""
        links = self.page.get_by_role("link", name=re.compile(rf"^{re.escape(step.what)}( \d+)?$"))
        inside = self.page.locator("main").get_by_role("link", name=re.compile(rf"^{re.escape(step.what)}( \d+)?$"))
        return (inside if inside.count() else links).first


def test_the_tours_can_be_done_as_they_are_told(
    page: Page, demonstration_site: str, subtests: pytest.Subtests
) -> None:
    site = demonstration_site
    visitor = Visitor(page, site)
    for path in ("/", "/accounts/login/"):
        page.goto(site + path)
        moves.move(page.locator("main a[href='/about/try/']"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Try it")
    check_page(page)
    found = tours.tours()
    for tour in found:
        told = page.get_by_role("region", name=tour.title).get_by_role("listitem").all_text_contents()
        assert len(told) == len(tour.steps)
        for words, step in zip(told, tour.steps, strict=True):
            assert (step.text or step.what) in words and all(seen in words for seen in step.see)
    for tour in found:
        with subtests.test(tour.key):
            for step in tour.steps:
                visitor.do(step)
    page.goto(f"{site}/outbox/")
    check_page(page)


def test_outside_a_demonstration_there_are_none(db: None) -> None:
    assert Client(headers={"host": "localhost"}).get("/about/try/").status_code == 404

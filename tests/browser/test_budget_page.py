"""A trust's budget with several holders in a real browser, on a telephone: a line each, nothing sideways."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Page

from practices.models import ParentBody
from registry.models import User
from tests.browser.axe import NARROW
from tests.support import databases, sites
from tests.support.trusts import APRIL, OXFORDSHIRE, PAPER, M, handed_over
from transitions.actions import delegate, set_local_body

pytestmark = pytest.mark.browser
PHONE = {"width": 375, "height": 800}
PLACES = ("Allerdale and Copeland", "Carlisle and the north", "Furness and the south of the county")


def build_world() -> SimpleNamespace:
    made = handed_over()
    by = User.objects.system()
    trust = {"by": by, "pct": ParentBody.objects.get(code=OXFORDSHIRE), "on": APRIL, "source": PAPER}
    for place in PLACES:
        board = set_local_body(**trust, kind="locality_board", name=f"Locality board of {place}")
        delegate(**trust, year="2011/12", line="all", holder=board.ref, amount=100 * M, level="shadow")
    return made


@pytest.fixture
def site(world: databases.World, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone(world.name), sites.served() as address:
        yield address


@pytest.mark.parametrize(
    "path", ["/transitions/budgets/5QE/?year=2011/12&as_of=2011-05-15", "/pcts/5QE/?as_of=2011-05-15"]
)
def test_several_holders_fit_a_telephone_a_line_each(page: Page, site: str, path: str) -> None:
    for size in (NARROW, PHONE):
        page.set_viewport_size(size)
        page.goto(site + path)
        boxes = page.locator("td", has_text="Delegated to").locator("a[href^='/transitions/budgets/holders/']").all()
        assert len(boxes) == len(PLACES)
        tops = [box.bounding_box()["y"] for box in boxes]
        assert tops == sorted(set(tops)), "a line each"
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]

"""Two consortia merge, at a desk: found, filled in, looked at, confirmed; and what the public reads of it then."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]


def test_a_merger_is_seen_before_it_is_done(enter: Enter, who: told.People) -> None:
    pct = make.make_pct("5QJ")
    groups = [make.make_consortium(name=f"Register {side}", start=date(2010, 12, 8)) for side in ("East", "West")]
    for group in groups:
        for _ in range(3):
            make.make_membership(make.make_practice(pct=pct, patients=4_000), group, date(2010, 12, 8))
    make.make_pathfinder(consortia=groups, name="Register")

    staff = enter(who.admin)
    staff.go("/staff/register/?q=Register")
    staff.go("/staff/register/split-consortium/")
    staff.go("/staff/register/?q=Register")
    staff.follow("Merge")
    staff.fill(re.compile("Consortia that end"), f"{groups[0].ref}\n{groups[1].ref}")
    staff.choose(re.compile("A new consortium"))
    staff.fill("Name of the new consortium", "Register Together")
    staff.fill_date("on", date(2011, 7, 1))
    staff.press("Show what will happen")
    staff.see("This is what will happen", "Members carried over (6)", "Register Together (new)")
    staff.fill(re.compile("Why is this recorded"), "They work as one.")
    staff.press("Merge consortia")
    staff.see("They work as one.", "Another change")
    for path in (
        f"/consortia/{groups[0].ref}/?as_of=2011-08-01",
        "/staff/register/",
        "/staff/register/split-consortium/",
    ):
        staff.go(path)
    staff.go(f"/consortia/{groups[0].ref}/?as_of=2011-08-01")
    staff.see("Merged into Register Together")

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


def test_a_code_is_given_and_confirmed_and_a_trust_worked_on(enter: Enter, who: told.People) -> None:
    group = make.make_consortium(name="Register Codes", start=date(2010, 12, 8))
    pct = make.make_pct("5QM", name="Register Trust", gss="E16000999", start=date(2006, 10, 1))
    staff = enter(who.admin)
    staff.go("/staff/register/?q=Register+Codes")
    staff.follow("Codes")
    staff.follow("Give it a code")
    staff.choose("NHS code")
    staff.fill("Code", "07Z")
    staff.choose("Provisional")
    staff.fill_date("on", date(2012, 5, 31))
    staff.fill(re.compile("Why is this recorded"), "The list of proposed groups.")
    staff.press("Record it")
    staff.see("Further codes by day", "07Z")
    staff.follow("Confirm a code")
    staff.choose("NHS code 07Z")
    staff.fill_date("on", date(2013, 4, 1))
    staff.fill(re.compile("Why is this recorded"), "The order.")
    staff.press("Record it")
    staff.go(f"/staff/register/codes/{pct.code}/operation/")
    staff.fill_date("start", date(2006, 10, 1))
    staff.fill_date("last_day", date(2013, 6, 30))
    staff.fill(re.compile("Why is this recorded"), "The plan of its closure.")
    staff.press("Record it")
    staff.see("It operated until 30 June 2013.")
    staff.go(f"/consortia/{group.ref}/?as_of=2012-06-01")
    staff.see("NHS code 07Z (provisional)")
    staff.go(f"/pcts/{pct.code}/?as_of=2012-06-01")
    staff.see("operated until 30 June 2013")

"""A membership changes at three desks: a lead ends and undoes and withdraws a transfer, staff record and merge."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from consortia.actions import close_practice
from registry import clock
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casework")]
JOINED = date(2011, 1, 1)


def test_a_membership_ends_moves_and_is_undone(enter: Enter, who: told.People) -> None:
    pct = make.make_pct("5QK", last_day=None)
    north, south = (make.make_consortium(name=f"Changes {side}") for side in ("North", "South"))
    first, second, third, fourth = (make.make_practice(pct=pct, patients=4_000) for _ in range(4))
    for practice in (first, second, third):
        make.make_membership(practice, north, JOINED)

    desk = enter(told.person(consortium_lead=north.ref, name="Nora North"))
    member = f"/lead/consortia/{north.ref}/members/{first.code}/"
    desk.go(member)
    desk.press("End the membership")
    desk.press("End the membership")
    desk.see("There is a problem")
    desk.fill_date("last_day", clock.today() + timedelta(days=30))
    desk.choose("Resigned")
    desk.fill("Why is this recorded?", "They wrote to us.")
    desk.press("End the membership")
    desk.see("To come.", "Ends on its day by itself")
    desk.follow(re.compile("Undo entry"))
    desk.press("Undo it")
    desk.see("They wrote to us.")
    desk.go(f"{member}correct/")

    gaining = enter(told.person(consortium_lead=south.ref, name="Sam South"))
    gaining.go(f"/lead/consortia/{south.ref}/transfers/ask/?practice={first.code}")
    gaining.fill_date("on", date(2011, 7, 1))
    gaining.press("Ask it")
    gaining.follow(re.compile("Withdraw it"))
    gaining.press("Withdraw it")
    gaining.see("Withdrawn")

    for practice in (second, third):
        close_practice(by=who.admin, practice=practice, last_day=date(2011, 6, 30), reason="It closed.")
    desk.go(f"/lead/consortia/{north.ref}/work/")
    desk.see("Two of your members closed.")
    desk.follow(f"Mark {second.code} as done")
    desk.press("Mark as done")
    desk.see("One of your members closed.")

    staff = enter(who.admin)
    staff.go("/staff/work/")
    staff.go(f"/staff/practices/{first.code}/membership/")
    for link in ("Record that it joins a consortium", "Correct a membership", "Move it to another PCT or body"):
        staff.follow(link)
        staff.page.go_back()
    staff.go(f"/staff/register/merge-practices/?ref={first.code}")
    staff.fill("Practice that it becomes part of", fourth.code)
    staff.fill_date("on", date(2011, 8, 1))
    staff.press("Show what will happen")
    staff.see(f"{fourth.code} is in no consortium on 1 August 2011")
    staff.fill(re.compile("Why is this recorded"), "The partners joined forces.")
    staff.press("Merge practices")
    staff.see("The partners joined forces.")

"""A practice's manager on a phone: the record, an error reported and answered, the consortia nearby."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from consortia.models import LeftOut, Membership, Post
from practices.models import Branch
from registry import clock
from tests import factories as make
from tests import programme as told
from tests.browser.casework.window import Enter
from transitions.models import Milestone

pytestmark = pytest.mark.browser


@pytest.fixture
def manager(site: str):
    """Of Z00701, a member, and Z00702, in none. GC0701 has a member under their PCT, GC0702 is next door."""
    trust = make.make_pct("5ZA", sha=make.make_sha("Q96", "The North"), name="Anytown PCT", last_day=None)
    other = make.make_pct("5ZB", name="Elsewhere PCT", last_day=None)
    own, alone = (
        make.make_practice(f"Z0070{n}", pct=trust, name=name, patients=9_000 + n, place=("-1.5", "53.8"))
        for n, name in ((1, "THE LIMES SURGERY"), (2, "STATION ROAD PRACTICE"))
    )
    beside = make.make_practice("Z00703", pct=other, patients=4_000, place=("-1.51", "53.8"))
    group = make.make_consortium("GC0701", name="Anytown Commissioning", form="Federation")
    near = make.make_consortium("GC0702", name="Elsewhere Health", form="Company limited by guarantee")
    make.make_membership(own, group)
    make.make_membership(beside, near)
    make.make_list_size(own, "2011Q1", 9_100)
    with make.writing() as entry:
        entry.set(Branch, (own.pk, "001"), make.LONG_AGO, None, ("MILL BRANCH", "2 Mill Lane\nAnytown", "ZZ1 2ZZ"))
        entry.set(LeftOut, (alone.pk,), date(2011, 1, 1), None, ("undecided", "pct"))
        due = clock.today() + timedelta(days=30)
        values = ("Every practice in a consortium", due, "autumn 2012", False, "", "Pulse")
        entry.set(Milestone, ("deadline",), date(2010, 7, 12), None, values)
        entry.set(Post, (group.pk, "lead", told.person(name="Lee Lead").ref), date(2011, 1, 1), None, ())
    made = told.person(name="Max Manager", practice_manager="Z00701")
    made.grants.create(
        role="practice_manager", object_kind="practice", object_ref="Z00702", period=(make.LONG_AGO, None),
        given_by="system",
    )  # fmt: skip
    assert Membership.objects.current().exists()
    return made


def test_a_manager_reads_the_record_reports_an_error_and_looks_around(enter: Enter, manager, who):
    mine = enter(manager, phone=True)
    mine.go("/practice/")
    mine.see("THE LIMES SURGERY (Z00701)", "Questions to answer", "Not answered", "30 days from today", "MILL BRANCH")
    mine.follow(re.compile("Report an error in its record.*THE LIMES"))
    mine.press("Report it")
    mine.see("Select which part of the record is wrong")
    mine.choose("A list size")
    mine.fill("What is wrong, and what would be right?", "It was 9,200 in 2011Q1.")
    mine.press("Report it")
    mine.see("Its reference is ER-", "Errors that you reported", "It was 9,200 in 2011Q1.", "is with programme staff")

    staff = enter(who.admin)
    staff.go("/staff/errors/")
    staff.follow(re.compile("^ER-"))
    staff.choose("It is passed on to the owner of the data in the NHS")
    staff.fill("What do you tell who reported it?", "To the NHS Business Services Authority.")
    staff.press("Send this answer")
    staff.see("Passed on")

    mine.go("/practice/")
    mine.see("To the NHS Business Services Authority.")
    mine.follow(re.compile("Compare consortia nearby.*STATION ROAD"))
    mine.see("Anytown Commissioning (GC0701)", "Lead: Lee Lead", "Elsewhere Health (GC0702)", "under 1 km")
    mine.follow(re.compile("Ask.*to transfer to Elsewhere Health"))
    mine.see("is in no consortium today", "Nothing changes until the consortium that you ask agrees")
    wide = enter(manager)
    for path in ("/practice/", "/practice/Z00701/consortia/", "/practice/Z00702/left-out/"):
        wide.go(path)

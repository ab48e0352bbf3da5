"""A bid is decided again after its pathfinder, or the consortium in it, has merged with another, or is to."""

from datetime import date

import pytest

from consortia.models import Consortium
from pathfinders import actions
from pathfinders.models import PathfinderParticulars, ProgrammePlace
from registry.errors import Refused
from registry.invariants import findings
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
MERGED, AGAIN, LATER = date(2011, 4, 6), date(2011, 5, 4), date(2011, 9, 7)


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def two(who):
    """Two bids, released: PF0001 with GC0001, PF0002 with GC0002."""
    wave = told.wave(who)
    bids = [told.decided(who, wave, [make.make_practice()], name=name) for name in ("One", "Two")]
    told.release(who, wave)
    return [told.fresh(bid) for bid in bids]


def again(who, bid, outcome, number, on=AGAIN):
    """Reversed for a minister, decided so, and announced."""
    reviewer = told.person("approver")
    bid = told.fresh(bid)
    bid = actions.reverse_decision(by=reviewer, bid=bid, version=bid.version, on_behalf_of="Minister", reason="Asked")
    wave = told.wave(who, number=number, announced_on=on)
    told.decide(who, bid, wave, outcome, decided_on=on, on_behalf_of="Minister")
    told.release(who, wave)


def merge(who, one, two, on):
    actions.merge_pathfinders(by=who.admin, pathfinder=one.pathfinder(), into=two.pathfinder(), on=on, reason="One")


def unbroken():
    assert [(f.rule.name, f.rows) for f in findings() if f.rows] == []


@pytest.mark.parametrize("on", [MERGED, LATER])
def test_approved_again_a_merged_pathfinder_stays_merged(who, two, on):
    one = two[0].pathfinder()
    merge(who, *two, on)
    again(who, two[0], "approved", 5)
    unbroken()
    stands = PathfinderParticulars.objects.at(make.at(LATER)).filter(pathfinder=one)
    assert not stands.exists()
    assert ProgrammePlace.objects.at(make.at(LATER)).filter(pathfinder=two[1].pathfinder()).count() == 2


def test_declined_before_its_merger_it_waits_for_that_to_be_put_right(who, two):
    merge(who, *two, LATER)
    with pytest.raises(Refused, match="becomes part of another"):
        again(who, two[0], "declined", 5)


def test_declined_after_its_merger_nothing_of_the_other_changes(who, two):
    merge(who, *two, MERGED)
    again(who, two[0], "declined", 5)
    unbroken()


def test_it_stands_again_without_a_consortium_that_is_no_more(who, two):
    again(who, two[0], "declined", 4, on=MERGED)
    first, second = Consortium.objects.order_by("ref")
    actions.merge_consortia(by=who.admin, consortia=[first], into=second, on=MERGED, reason="One")
    again(who, two[0], "approved", 5)
    unbroken()
    assert not ProgrammePlace.objects.at(make.at(LATER)).filter(consortium=first).exists()

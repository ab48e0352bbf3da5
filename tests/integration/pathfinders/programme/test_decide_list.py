"""A list for ministers: one decision a bid, all or none, the unready ones named."""

from datetime import timedelta

import pytest

from pathfinders import actions
from pathfinders.ministers import submission
from pathfinders.models import Bid, Decision
from registry import clock
from registry.errors import Refused
from registry.models import Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


def recommended(who, wave, name, outcome="approved", practices=None):
    bid = told.assessed(who, practices, name=name)
    if outcome != "approved":
        bid = actions.reopen_assessment(by=who.assessor, bid=bid, version=bid.version)
        bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation=outcome)
    return actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)


def decide(who, wave, bids, **more):
    given = {"by": who.approver, "decided_on": told.DECIDED_ON, "version": told.fresh(wave).version, **more}
    return actions.decide_list(wave=wave, bids=[(b.ref, b.version) for b in bids], **given)


def refused(*args, **more):
    with pytest.raises(Refused) as error:
        decide(*args, **more)
    assert not Decision.objects.exists() and set(Bid.objects.values_list("state", flat=True)) <= {
        "assessed",
        "submitted",
    }
    return error.value


def test_each_bid_gets_a_decision_of_its_own_with_its_letter(who):
    wave = told.wave(who)
    bids = [recommended(who, wave, name) for name in ("Alpha", "Beta")]
    decisions = decide(who, wave, bids, on_behalf_of="Minister of State", text="Well done")
    assert [(d.bid.ref, d.number, d.outcome, d.decided_by, d.on_behalf_of) for d in decisions] == [
        (b.ref, 1, "approved", who.approver, "Minister of State") for b in bids
    ]
    for bid in bids:
        assert (told.fresh(bid).state, told.fresh(bid).outcome) == ("decided", "approved")
        letter = Mail.objects.get(about=bid.ref, held_for="wave-3")
        assert "Well done" in letter.body and bid.name in letter.body
    told.release(who, wave)
    assert all(told.fresh(b).pathfinder() for b in bids)


def test_the_unready_are_named_and_none_is_decided(who):
    wave = told.wave(who)
    good = recommended(who, wave, "Good")
    unready = {
        "conditions": recommended(who, wave, "Conditional", "approved_with_conditions"),
        "declined": recommended(who, wave, "Declined", "declined"),
        "complete": actions.put_in_wave(
            by=who.admin, bid=(early := told.submitted(who, name="Early")), version=early.version, wave=wave
        ),
        "not in wave": told.assessed(who, name="Elsewhere"),
        "changed since": recommended(who, wave, "Moved"),
        "interest": recommended(who, wave, "Cousins"),
    }
    actions.declare_interest(by=who.approver, bid=unready["interest"], text="A cousin leads it")
    unready["changed since"].version -= 1
    error = refused(who, wave, [good, *unready.values()])
    assert error.status == 409 and "And 3 more" in error.message
    assert {row["bid"] for row in error.detail} == {b.ref for b in unready.values()}
    for word, bid in unready.items():
        (sentence,) = [row["message"] for row in error.detail if row["bid"] == bid.ref]
        assert bid.name in sentence and word in sentence, sentence


def test_a_changed_wave_an_empty_list_and_a_day_to_come_are_refused(who):
    wave = told.wave(who)
    bid = recommended(who, wave, "Good")
    assert refused(who, wave, [bid], version=told.fresh(wave).version - 1).status == 412
    assert refused(who, wave, []).field == "bids"
    assert refused(who, wave, [bid], decided_on=clock.today() + timedelta(days=1)).field == "decided_on"
    assert "cannot have been decided" in refused(who, wave, [bid], decided_on=told.FEBRUARY.replace(month=1)).message
    for person in (who.lead, who.assessor, who.admin):
        assert refused(who, wave, [bid], by=person).status == 403


def test_the_numbers_are_by_outcome_and_sha_with_each_practice_once(who):
    wave = told.wave(who)
    london = make.make_pct("5LE", sha=make.make_sha("Q36", name="London"))
    east = make.make_pct("5PY", sha=make.make_sha("Q35", name="East"))
    shared = make.make_practice(pct=london, patients=1_000)
    recommended(who, wave, "A", practices=[shared, make.make_practice(pct=london, patients=2_000)])
    recommended(who, wave, "B", practices=[shared, make.make_practice(pct=london)])
    recommended(who, wave, "C", "declined", practices=[make.make_practice(pct=east, patients=500)])
    told.decided(who, wave, name="Done")
    told_of = submission(wave, who.approver, Bid.objects.filter(wave=wave).select_related("assessor"))
    numbers = {k: (n.bids, n.consortia, len(n.practices), n.people, n.without_list) for k, n in told_of.by.items()}
    assert numbers == {("approved", "Q36"): (2, 2, 3, 3_000, 1), ("declined", "Q35"): (1, 1, 1, 500, 0)}
    assert [line.bid.name for line in told_of.ready] == ["A", "B"] and told_of.chosen.people == 3_000
    assert told_of.decided == 1 and told_of.sha_names == {"Q36": "London", "Q35": "East"}

"""Staff who lead a bid, or have another part in it, learn nothing of its casework and take no step of it."""

import json
from datetime import date, timedelta

import pytest

from pathfinders import actions
from pathfinders.ministers import unready
from pathfinders.models import Bid, StaffInterest
from pathfinders.states import ACTIONS, OWN_BID, allowed_actions, is_casework, why_not
from registry.errors import Refused
from registry.invariants import findings
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in, text_of

pytestmark = pytest.mark.django_db
STAFF = ("programme_admin", "assessor", "approver")
CASEWORK = [name for name in ACTIONS if is_casework(name)]


@pytest.fixture
def who():
    return told.people()


def staff_with(**objects):
    return told.person(*STAFF, **objects)


def also_staff(user):
    for role in STAFF:
        user.grants.create(role=role, period=(date(2010, 4, 1), None), given_by="system")
    return told.fresh(user)


def approved(who, **more):
    wave = told.wave(who)
    bid = told.decided(who, wave, **more)
    told.release(who, wave)
    return told.fresh(bid)


def minted(bid):
    return bid.consortia.get().consortium.ref


def broken():
    return {f.rule.name for f in findings() if f.rows}


# The roles of the consortium that was minted


@pytest.mark.parametrize("role", ["consortium_lead", "consortium_deputy"])
def test_a_role_for_the_minted_consortium_makes_the_bid_ones_own(who, role):
    bid = approved(who)
    person = staff_with(**{role: minted(bid)})
    assert bid.belongs_to(person) and list(Bid.objects.own(person)) == [bid]
    assert not bid.belongs_to(staff_with(**{role: "C-NONE"})) and not bid.belongs_to(who.approver)
    assert {why_not(bid, person, name) for name in CASEWORK} == {OWN_BID}


def test_such_a_role_settles_no_withdrawal_and_discharges_no_condition(who):
    bid = approved(who, outcome="approved_with_conditions")
    person = staff_with(consortium_lead=minted(bid))
    actions.ask_to_withdraw(by=who.lead, bid=bid, version=bid.lead_version, text="We merge")
    bid = told.fresh(bid)
    for step, given in (
        (actions.settle_withdrawal, {"granted": False, "note": "Stay"}),
        (actions.discharge_condition, {"position": 1, "note": "Done"}),
    ):
        with pytest.raises(Refused, match="This is your own bid") as error:
            step(by=person, bid=bid, version=bid.version, **given)
        assert error.value.status == 403


def test_the_check_of_the_register_finds_a_decider_with_a_role_for_the_minted_consortium(who):
    bid = approved(who)
    actions.reverse_decision(
        by=told.person("approver"), bid=bid, version=bid.version, on_behalf_of="Minister", reason="A new view"
    )
    who.approver.grants.create(
        role="consortium_lead",
        object_kind="consortium",
        object_ref=minted(bid),
        period=(told.FEBRUARY, None),
        given_by="system",
    )
    assert "decided_by_another" not in broken()  # what was decided before the consortium was is not its role's
    again = told.person("approver")
    wave = told.wave(who, number=4, announced_on=told.ANNOUNCED_ON + timedelta(days=60))
    told.decide(who, told.fresh(bid), wave, by=again)
    assert "decided_by_another" not in broken()
    again.grants.create(
        role="consortium_deputy",
        object_kind="consortium",
        object_ref=minted(bid),
        period=(told.FEBRUARY, None),
        given_by="system",
    )
    assert "decided_by_another" in broken()


# What refusals tell


def test_no_step_and_no_refusal_tells_staff_how_their_own_bid_stands(who):
    who.lead = also_staff(who.lead)
    wave, seen, api = told.wave(who), [], []
    bid = told.submitted(who)
    client = signed_in(who.lead)

    def look():
        now = told.fresh(bid)
        seen.append({name: why_not(now, who.lead, name) for name in ACTIONS})
        api.append(client.get(f"/api/v1/bids/{bid.ref}/").json()["result"]["allowed_actions"])
        assert api[-1] == allowed_actions(now, who.lead) == ["withdraw"]

    look()
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    look()
    for criterion in told.criteria():
        bid = actions.record_finding(by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding="met")
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    look()
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    told.decide(who, bid, wave)
    look()
    assert all(one == seen[0] for one in seen)
    assert {seen[0][name] for name in CASEWORK} == {OWN_BID}


def test_nobody_assigns_their_own_bid_puts_it_in_a_wave_or_takes_it_up_again(who):
    who.lead = also_staff(who.lead)
    wave = told.wave(who)
    bid = told.submitted(who)
    with pytest.raises(Refused, match="This is your own bid"):
        actions.assign_bid(by=who.lead, bid=bid, version=bid.version, assessor=who.assessor)
    with pytest.raises(Refused, match="This is your own bid"):
        actions.put_in_wave(by=who.lead, bid=bid, version=bid.version, wave=wave)
    deferred = told.decided(who, wave, outcome="deferred", name="Deferred")
    told.release(who, wave)
    deferred = told.fresh(deferred)
    with pytest.raises(Refused, match="This is your own bid"):
        actions.take_up_again(by=who.lead, bid=deferred, version=deferred.version)
    assert actions.take_up_again(by=who.admin, bid=deferred, version=deferred.version)


@pytest.mark.parametrize("step", ["return_bid", "reverse", "take_up_again", "discharge_condition", "decide", "assign"])
def test_the_api_has_no_step_of_casework_for_ones_own_bid(who, step):
    who.lead = also_staff(who.lead)
    bid = told.assessed(who)
    client = signed_in(who.lead)
    sent = json.dumps({})
    answer = client.post(
        f"/api/v1/bids/{bid.ref}/{step}/", sent, content_type="application/json", headers={"If-Match": '"1"'}
    )
    assert answer.status_code == 404


def test_the_list_for_ministers_says_the_same_of_ones_own_bid_wherever_it_stands(who):
    who.lead = also_staff(who.lead)
    wave, other = told.wave(who), told.wave(who, number=4, announced_on=told.ANNOUNCED_ON + timedelta(days=60))
    bid, said = told.assessed(who), set()

    def ask():
        for asked in (wave, other):
            said.add(unready(told.fresh(bid), who.lead, asked))
            with pytest.raises(Refused) as error:
                actions.decide_list(
                    by=who.lead,
                    wave=asked,
                    version=told.fresh(asked).version,
                    bids=[(bid.ref, 1)],
                    decided_on=told.DECIDED_ON,
                )
            said.add(error.value.detail[0]["message"].removeprefix(f"{bid.name} ({bid.ref}): "))

    ask()
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    ask()
    told.decide(who, bid, wave, "declined")
    ask()
    assert said == {OWN_BID}


def test_colleagues_declarations_in_ones_own_bid_are_not_shown(who):
    who.lead = also_staff(who.lead)
    bid, other = told.submitted(who), told.submitted(told.people(), name="Other")
    actions.declare_interest(by=who.approver, bid=bid, text="My sister works there")
    elsewhere = actions.declare_interest(by=who.approver, bid=other, text="I advised them")
    mine = actions.declare_interest(by=who.lead, bid=bid, text="I lead it")
    assert set(StaffInterest.objects.visible_to(who.lead)) == {elsewhere, mine}
    assert StaffInterest.objects.visible_to(who.admin).count() == 3
    page = text_of(signed_in(who.lead).get("/staff/interests/"))
    assert "My sister" not in page and "I advised them" in page


def test_a_declaration_in_a_consortium_is_shown_to_every_colleague(who):
    bid = approved(who)
    made = actions.declare_interest(by=who.approver, consortium=bid.consortia.get().consortium, text="I advised it")
    assert list(StaffInterest.objects.visible_to(also_staff(who.lead))) == [made]


STEPS = ("", "release/", "freeze/", "letters/", "confirm/", "schedule/")


def test_what_a_release_would_do_is_withheld_in_every_wave_from_whoever_has_a_bid_waiting(who):
    who.lead = also_staff(who.lead)
    wave, other = told.wave(who), told.wave(who, number=4, announced_on=told.ANNOUNCED_ON + timedelta(days=60))
    colleagues = told.people()
    told.decided(colleagues, other, name="Other")
    told.ready(colleagues, other)
    bid = told.assessed(who)
    client = signed_in(who.lead)

    def refused(row):
        with pytest.raises(Refused) as error:
            actions.release_wave(by=who.lead, wave=row, version=told.fresh(row).version)
        return error.value.status, error.value.message

    for _ in range(2):  # in no wave, then in one
        for number in (3, 4):
            for step in STEPS:
                words = text_of(client.get(f"/staff/waves/{number}/{step}"))
                assert "A bid of yours waits" in words and "site-figures" not in words, (number, step)
        assert refused(wave) == (409, "A wave is released, once, when its list is frozen; this one is open.")
        assert refused(other)[0] == 403 and "A bid of yours waits" in refused(other)[1]
        bid = actions.put_in_wave(by=who.admin, bid=bid, version=told.fresh(bid).version, wave=wave)
    told.decide(who, bid, wave)
    told.ready(who, wave)
    for row in (wave, other):
        assert refused(row)[0] == 403 and "A bid of yours waits" in refused(row)[1]
    told.release(who, wave)
    assert "A bid of yours waits" not in text_of(client.get("/staff/waves/4/"))


# A part in another's bid


def test_whoever_replied_for_a_trust_or_region_does_not_decide(who):
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    person = told.person("approver", pct_lead="5LE")
    bid = told.submitted(who, [make.make_practice(pct=pct)])
    stage = bid.stages.get(body__code="5LE")
    colleague = told.person(pct_lead="5LE")
    actions.give_opinion(by=person, stage=stage, version=stage.version, view="support")
    stage = told.fresh(stage)
    bid = told.fresh(bid)
    sentence = "You replied for a PCT or SHA about this bid, so somebody else must do this."
    assert why_not(bid, person, "decide") == sentence
    actions.give_opinion(by=colleague, stage=stage, version=stage.version, view="against", text="No")
    assert why_not(told.fresh(bid), person, "decide") == sentence  # their reply was replaced since
    assert "replied" not in why_not(told.fresh(bid), who.approver, "decide")


def test_whoever_manages_one_of_its_practices_does_not_decide(who):
    practice = make.make_practice()
    bid, wave = told.assessed(who, [practice]), told.wave(who)
    person = told.person("approver", practice_manager=practice.code)
    with pytest.raises(Refused, match="You manage a practice of this bid") as error:
        told.decide(who, bid, wave, by=person)
    assert error.value.status == 403
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    with pytest.raises(Refused, match="You manage a practice of"):
        actions.decide_list(
            by=person,
            wave=wave,
            version=told.fresh(wave).version,
            bids=[(bid.ref, bid.version)],
            decided_on=told.DECIDED_ON,
        )
    elsewhere = told.person("approver", practice_manager=make.make_practice().code)
    assert told.decide(who, told.fresh(bid), wave, by=elsewhere).state == "decided"

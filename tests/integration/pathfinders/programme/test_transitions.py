"""Every (state, action, role) that the table does not name is refused by the action itself.

EXPECTED is written out by hand, so that a slip in `states.py` shows here.
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from pathfinders import actions
from pathfinders.models import Bid
from pathfinders.states import ACTIONS, BidState, allowed_actions, why_not
from registry.errors import Refused
from registry.models import User
from tests import programme as told

pytestmark = pytest.mark.django_db

LEADS = {"lead", "deputy"}
EXPECTED = {
    ("draft", "edit"): LEADS,
    ("draft", "submit"): LEADS,
    **{(s, "withdraw"): LEADS for s in ("draft", "submitted", "assessing", "assessed", "decided")},
    ("submitted", "assign"): {"assessor", "other_assessor", "admin", "first_admin"},
    ("assessing", "assign"): {"assessor", "other_assessor", "admin", "first_admin"},
    ("submitted", "put_in_wave"): {"admin", "first_admin", "system"},
    ("assessing", "put_in_wave"): {"admin", "first_admin", "system"},
    ("assessed", "put_in_wave"): {"admin", "first_admin", "system"},
    ("assessing", "record_finding"): {"assessor"},
    ("assessing", "complete_assessment"): {"assessor"},
    ("assessed", "reopen_assessment"): {"assessor"},
    ("assessed", "decide"): {"approver"},
    ("decided", "decide"): {"approver"},
    ("decided", "release"): {"admin", "first_admin", "system"},
}


def users(who: told.People, bid: Bid) -> dict:
    return {
        "lead": who.lead,
        "deputy": told.person(consortium_deputy=bid.ref),
        "other_lead": told.person("consortium_lead"),
        "other_deputy": told.person(consortium_deputy="BID-2011-9999"),
        "assessor": who.assessor,
        "other_assessor": told.person("assessor"),
        "approver": who.approver,
        "admin": who.admin,
        "first_admin": User.objects.create_superuser("first@example.org"),
        "system": User.objects.system(),
        "sha_assessor": told.person(sha_assessor="Q36"),
        "pct_lead": told.person(pct_lead="5LE"),
        "practice_manager": told.person(practice_manager="Z00001"),
        "analyst": told.person("analyst"),
        "nobody": told.person(),
        "not_signed_in": AnonymousUser(),
    }


def make_bid(who, wave, state) -> Bid:
    """A bid in the state, with what the next step needs (findings made while it is being assessed)."""
    if state == "draft":
        return told.draft(who)
    if state == "submitted":
        return told.submitted(who)
    if state in ("assessing", "assessed"):
        bid = told.assessed(who)
        if state == "assessing":
            bid = actions.reopen_assessment(by=who.assessor, bid=bid, version=bid.version)
        return bid
    bid = told.decided(who, wave)
    if state == "withdrawn":
        return actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version)
    if state == "released":
        told.release(who, wave)
    return told.fresh(bid)


def do(action: str, user, bid: Bid, wave) -> None:
    """Call the action with everything else right."""
    lead, staff = (
        {"by": user, "bid": bid, "version": bid.lead_version},
        {"by": user, "bid": bid, "version": bid.version},
    )
    calls = {
        "edit": lambda: actions.edit_bid(**lead, name="Another name"),
        "submit": lambda: actions.submit_bid(**lead, declared=True),
        "withdraw": lambda: actions.withdraw_bid(**lead),
        "assign": lambda: actions.assign_bid(**staff, assessor=told.person("assessor")),
        "put_in_wave": lambda: actions.put_in_wave(**staff, wave=4),
        "record_finding": lambda: actions.record_finding(**staff, criterion="qipp", finding="partly", note="so so"),
        "complete_assessment": lambda: actions.complete_assessment(**staff, recommendation="approved"),
        "reopen_assessment": lambda: actions.reopen_assessment(**staff),
        "decide": lambda: actions.decide_bid(**staff, outcome="approved", wave=4, decided_on=told.DECIDED_ON),
        "release": lambda: actions.release_wave(by=user, wave=wave, version=told.fresh(wave).version),
    }
    calls[action]()


@pytest.mark.parametrize("state", list(BidState))
def test_every_action_by_every_role_in_this_state(state):
    who = told.people()
    wave = told.wave(who)
    told.wave(who, number=4)
    bid = make_bid(who, wave, state)
    assert bid.state == state
    for name, user in users(who, bid).items():
        offered = allowed_actions(bid, user)
        for action, rule in ACTIONS.items():
            expected = name in EXPECTED.get((state, action), ())
            outcome = attempt(action, user, bid, wave)
            assert (outcome is None) == expected, (state, action, name, outcome)
            assert (why_not(bid, user, action) is None) == expected, (state, action, name)
            assert (action in offered) == (expected and not rule.by_wave), (state, action, name)
            if outcome is not None:
                assert outcome.status in (403, 409), (state, action, name, outcome.status)


def attempt(action: str, user, bid: Bid, wave) -> Refused | None:
    """Do it, see what came of it, and take it back."""
    outcome = None
    try:
        with transaction.atomic():
            do(action, user, bid, wave)
            transaction.set_rollback(True)
    except Refused as error:
        outcome = error
    assert told.fresh(bid).version == bid.version
    return outcome


def test_one_role_cannot_stand_in_for_independence():
    """An approver who was the assessor, or who leads the bid, does not decide it, whatever roles they hold."""
    who = told.people()
    who.assessor = told.person("assessor", "approver")
    wave = told.wave(who)
    bid = told.assessed(who)
    with pytest.raises(Refused) as error:
        told.decide(who, bid, wave, by=who.assessor)
    assert error.value.status == 403 and "another approver" in error.value.message

    who = told.people()
    who.lead = told.person("consortium_lead", "approver")
    bid = told.assessed(who, name="Own")
    with pytest.raises(Refused) as error:
        told.decide(who, bid, wave, by=who.lead)
    assert error.value.status == 403


def test_a_lead_who_is_an_assessor_is_not_given_the_own_bid():
    who = told.people()
    who.lead = told.person("consortium_lead", "assessor")
    bid = told.submitted(who)
    with pytest.raises(Refused) as error:
        actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.lead)
    assert (error.value.field, error.value.code) == ("assessor", "own_bid")


def test_a_bid_is_not_given_to_somebody_who_does_not_assess():
    who = told.people()
    bid = told.submitted(who)
    with pytest.raises(Refused) as error:
        actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.approver)
    assert error.value.code == "not_an_assessor"

"""Every (state, action, role) that the table does not name is refused, by the action, by the API and by the page.

EXPECTED is written out by hand, so that a slip in `states.py` shows here. Some actions need more than a state (a review
needs one that was asked for): such bids are scenes of their own, named "released, declined".
"""

import json
from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import Client

from pathfinders import actions
from pathfinders.models import Bid
from pathfinders.states import ACTIONS, BidState, Whose, allowed_actions, why_not
from registry.errors import Refused
from registry.models import Mail, User
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in

pytestmark = pytest.mark.django_db

LEADS = {"lead", "deputy"}
ASSIGNERS = {"assessor", "other_assessor", "admin", "first_admin"}
ADMINS = {"admin", "first_admin"}
WAVES = {*ADMINS, "system"}
APPROVERS = {"approver", "other_approver"}
OPEN = ("submitted", "assessing", "returned", "assessed", "decided")
RELEASED = (
    "released, approved",
    "released, with conditions",
    "released, declined",
    "released, deferred",
    "released, under review",
    "released, wishes to leave",
)
SCENES = ("draft", *OPEN, *RELEASED, "withdrawn")
EXPECTED = {
    **{(s, "edit"): LEADS for s in ("draft", "returned")},
    ("draft", "submit"): LEADS,
    **{(s, "withdraw"): LEADS for s in ("draft", *OPEN)},
    ("returned", "answer_return"): LEADS,
    **{(s, "assign"): ASSIGNERS for s in ("submitted", "assessing", "returned")},
    **{(s, "put_in_wave"): WAVES for s in ("submitted", "assessing", "returned", "assessed")},
    **{("assessing", a): {"assessor"} for a in ("record_finding", "return_bid", "complete_assessment")},
    ("assessed", "reopen_assessment"): {"assessor"},
    **{(s, "decide"): APPROVERS for s in ("assessed", "decided")},
    ("decided", "release"): WAVES,
    **{(s, "give_opinion"): {"sha_assessor", "pct_lead"} for s in OPEN},
    **{(s, "answer_claim"): {"practice_manager"} for s in OPEN},
    **{
        (s, "request_review"): LEADS for s in ("released, with conditions", "released, declined", "released, deferred")
    },
    **{
        (s, "resubmit"): LEADS
        for s in ("released, declined", "released, deferred", "released, under review", "withdrawn")
    },
    **{(s, "ask_to_withdraw"): LEADS for s in ("released, approved", "released, with conditions")},
    ("released, with conditions", "answer_condition"): LEADS,
    ("released, with conditions", "discharge_condition"): ASSIGNERS,
    ("released, deferred", "take_up_again"): ASSIGNERS,
    **{("released, under review", a): {"other_approver"} for a in ("uphold_review", "turn_down_review")},
    **{(s, "reverse"): APPROVERS for s in RELEASED},
    ("released, wishes to leave", "settle_withdrawal"): ADMINS,
}


TRIED = ("lead", "assessor", "other_approver", "admin", "pct_lead", "not_signed_in")
"""Roles that try every action in the short run, beside those who may; --long lets everybody try."""

BRIEF = ("lead", "other_approver")
"""Those who try every step by API and page in the short run, beside those who may."""


class World:
    """A bid in one scene, and a person of every role, some of them of another trust, practice or bid."""

    def __init__(self, scene: str) -> None:
        self.who = told.people()
        pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
        self.practice = make.make_practice("Z00001", pct=pct)
        self.first, self.second = told.wave(self.who), told.wave(self.who, number=4)
        self.bid = self.at(scene)
        self.users = {
            "lead": self.who.lead,
            "deputy": told.person(consortium_deputy=self.bid.ref),
            "other_lead": told.person("consortium_lead"),
            "other_deputy": told.person(consortium_deputy="BID-2011-9999"),
            "assessor": self.who.assessor,
            "other_assessor": told.person("assessor"),
            "approver": self.who.approver,
            "other_approver": told.person("approver"),
            "admin": self.who.admin,
            "first_admin": User.objects.create_superuser("first@example.org"),
            "system": User.objects.system(),
            "sha_assessor": told.person(sha_assessor="Q36"),
            "other_sha": told.person(sha_assessor="Q30"),
            "pct_lead": told.person(pct_lead="5LE"),
            "other_pct": told.person(pct_lead="5QV"),
            "practice_manager": told.person(practice_manager="Z00001"),
            "other_manager": told.person(practice_manager="Z00009"),
            "analyst": told.person("analyst"),
            "nobody": told.person(),
            "not_signed_in": AnonymousUser(),
        }

    def at(self, scene: str) -> Bid:
        """The bid in the scene, with what its next step needs (findings made while it is being assessed)."""
        who, practices = self.who, [self.practice, make.make_practice()]
        if scene == "draft":
            return told.draft(who, practices)
        if scene == "submitted":
            return told.submitted(who, practices)
        if scene in ("assessing", "returned", "assessed"):
            bid = told.assessed(who, practices)
            if scene != "assessed":
                bid = actions.reopen_assessment(by=who.assessor, bid=bid, version=bid.version)
            if scene == "returned":
                returned = {"reasons": ["information_missing"], "text": "Say more."}
                bid = told.fresh(actions.return_bid(by=who.assessor, bid=bid, version=bid.version, **returned) and bid)
            return bid
        outcome, more = OUTCOMES.get(scene, ("approved", {}))
        bid = told.decide(who, told.assessed(who, practices), self.first, outcome, **more)
        if scene == "withdrawn":
            return told.fresh(actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version))
        if scene in RELEASED:
            told.release(who, self.first)
            bid = told.fresh(bid)
        if scene == "released, under review":
            actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="Unfair.")
        if scene == "released, wishes to leave":
            actions.ask_to_withdraw(by=who.lead, bid=bid, version=bid.lead_version, text="We stop.")
        return told.fresh(bid)


CONDITIONS = [{"text": "Say who leads.", "due_on": date(2012, 3, 1)}]
OUTCOMES = {
    "released, with conditions": ("approved_with_conditions", {"conditions": CONDITIONS}),
    "released, declined": ("declined", {}),
    "released, deferred": ("deferred", {}),
    "released, under review": ("declined", {}),
}
BODIES = {
    "edit": {"name": "Another name"},
    "submit": {"declared": True},
    "withdraw": {},
    "answer_return": {"declared": True},
    "request_review": {"grounds": "Unfair."},
    "resubmit": {},
    "ask_to_withdraw": {"text": "We stop."},
    "put_in_wave": {"wave": 4},
    "record_finding": {"criterion": "qipp", "finding": "partly", "note": "so so"},
    "return_bid": {"reasons": ["information_missing"], "text": "Say more."},
    "complete_assessment": {"recommendation": "approved"},
    "reopen_assessment": {},
    "decide": {"outcome": "approved", "wave": 4, "decided_on": told.DECIDED_ON},
    "answer_condition": {"position": 1, "evidence": "Dr Lee leads."},
    "discharge_condition": {"position": 1, "note": "Seen."},
    "answer_claim": {"practice": "Z00001", "answer": "confirmed"},
    "take_up_again": {},
    "uphold_review": {"note": "The finance was read wrongly."},
    "turn_down_review": {"note": "Nothing new."},
    "reverse": {"on_behalf_of": "The Secretary of State", "reason": "A change of mind."},
    "settle_withdrawal": {"granted": False, "note": "Not now."},
}
"""What each step needs, all right but for who takes it and when; `assign` and `give_opinion` are filled in below."""


def do(world: World, action: str, user) -> None:
    """Call the action with everything else right."""
    bid, body = world.bid, dict(BODIES.get(action, {}))
    given = {
        "by": user,
        "bid": bid,
        "version": bid.lead_version if ACTIONS[action].whose == Whose.LEAD else bid.version,
    }
    if action == "release":
        told.ready(world.who, world.first)
        actions.release_wave(by=user, wave=world.first, version=told.fresh(world.first).version)
    elif action == "assign":
        actions.assign_bid(**given, assessor=world.users["other_assessor"])
    elif action == "give_opinion":
        stage = opinion_of(world, user)
        if stage is None:
            raise Refused("no_stage", "Nobody was asked yet.", status=409)
        actions.give_opinion(by=user, stage=stage, version=stage.version, view="support", text="", findings={})
    elif action == "answer_claim":
        actions.answer_claim(by=user, bid=bid, **body)
    elif action in ("uphold_review", "turn_down_review"):
        actions.settle_review(**given, **body, upheld=action == "uphold_review")
    else:
        name = {"edit": "edit_bid", "submit": "submit_bid", "withdraw": "withdraw_bid", "decide": "decide_bid",
                "reverse": "reverse_decision"}.get(action, action)  # fmt: skip
        getattr(actions, name)(**given, **body)


def opinion_of(world: World, user):
    """The stage of the user's own body, else any: what somebody would try."""
    code = {world.users["sha_assessor"]: "Q36", world.users["pct_lead"]: "5LE"}.get(user, "5LE")
    return world.bid.stages.filter(body__code=code).first()


@pytest.mark.parametrize("scene", SCENES)
def test_every_action_by_every_role_in_this_scene(scene, request):
    world = World(scene)
    assert world.bid.state == scene.partition(",")[0]
    whole = request.config.getoption("--long")
    for name, user in world.users.items():
        offered = allowed_actions(world.bid, user)
        for action, rule in ACTIONS.items():
            expected = name in EXPECTED.get((scene, action), ())
            assert (why_not(world.bid, user, action) is None) == expected, (scene, action, name)
            assert (action in offered) == (expected and not rule.by_wave), (scene, action, name)
            if not (whole or expected or name in TRIED):
                continue
            outcome = attempt(world, lambda user=user, action=action: do(world, action, user))
            assert (outcome is None) == expected, (scene, action, name, outcome)
            if outcome is not None:
                assert outcome.status in (403, 409), (scene, action, name, outcome.status)


def attempt(world: World, act) -> Refused | None:
    """Do it, see what came of it, and take it back."""
    outcome = None
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except Refused as error:
        outcome = error
    assert told.fresh(world.bid).version == world.bid.version
    return outcome


@pytest.mark.parametrize("scene", SCENES)
def test_every_step_by_the_api_in_this_scene(scene, request):
    """The API takes exactly the steps that the table names, and answers each refusal as a problem, never a 500."""
    world = World(scene)
    whole = request.config.getoption("--long")
    for name, user in world.users.items():
        if name == "system" or not (whole or name in BRIEF or may_something(scene, name)):
            continue
        client = Client() if name == "not_signed_in" else signed_in(user)
        for action in set(ACTIONS) - {"release"}:
            expected = name in EXPECTED.get((scene, action), ())
            if not (whole or expected or name in BRIEF):
                continue
            with transaction.atomic():
                answer = post(client, world, action, user)
                transaction.set_rollback(True)
            assert (answer.status_code in (200, 201, 204)) == expected, (scene, action, name, answer.content[:300])
            if not expected:
                assert answer.status_code in (401, 403, 404, 409), (scene, action, name, answer.content[:300])
                assert answer["Content-Type"] == "application/problem+json"


PAGES = {
    "edit": "lead/bids/{ref}/details/",
    "submit": "lead/bids/{ref}/check/",
    "withdraw": "lead/bids/{ref}/withdraw/",
    "answer_return": "lead/bids/{ref}/send-back/",
    "request_review": "lead/bids/{ref}/review/",
    "resubmit": "lead/bids/{ref}/again/",
    "ask_to_withdraw": "lead/bids/{ref}/leave/",
    "answer_condition": "lead/bids/{ref}/conditions/",
    "give_opinion": "pct/bids/{ref}/reply/{body}/",
    "answer_claim": "practice/bids/{ref}/Z00001/",
    "assign": "staff/bids/{ref}/assign/",
    "put_in_wave": "staff/bids/{ref}/wave/",
    "record_finding": "staff/bids/{ref}/findings/",
    "return_bid": "staff/bids/{ref}/return/",
    "complete_assessment": "staff/bids/{ref}/recommend/",
    "reopen_assessment": "staff/bids/{ref}/reopen/",
    "decide": "staff/bids/{ref}/decide/",
    "discharge_condition": "staff/bids/{ref}/conditions/",
    "take_up_again": "staff/bids/{ref}/again/",
    "uphold_review": "staff/bids/{ref}/review/uphold/",
    "turn_down_review": "staff/bids/{ref}/review/turn-down/",
    "reverse": "staff/bids/{ref}/reverse/",
    "settle_withdrawal": "staff/bids/{ref}/leaving/",
}


def test_every_action_on_a_bid_has_a_page():
    assert set(PAGES) == set(ACTIONS) - {"release"}  # a wave's page releases


@pytest.mark.parametrize("scene", SCENES)
def test_every_step_by_its_page_in_this_scene(scene, request, settings):
    """A step's page opens to those who may take it now and to nobody else, and what others send to it does nothing."""
    settings.DEMO = True  # the second step of sign-in has tests of its own
    world = World(scene)
    whole = request.config.getoption("--long")
    for name, user in world.users.items():
        if name == "system" or not (whole or name in BRIEF or may_something(scene, name)):
            continue
        client = Client() if name == "not_signed_in" else signed_in(user)
        for action, page in PAGES.items():
            expected = name in EXPECTED.get((scene, action), ())
            if not (whole or expected or name in BRIEF):
                continue
            body = "Q36" if name == "sha_assessor" else "5LE"
            path = "/" + page.format(ref=world.bid.ref, body=body)
            opened = client.get(path).status_code
            assert (opened == 200) == expected, (scene, action, name, opened)
            if not expected:
                assert opened in (302, 403, 404, 409), (scene, action, name, opened)
                with transaction.atomic():
                    sent = client.post(path, {"version": world.bid.version, **BODIES.get(action, {})})
                    left = told.fresh(world.bid).version, Mail.objects.count()
                    transaction.set_rollback(True)
                assert sent.status_code in (302, 403, 404, 409, 412, 422), (scene, action, name, sent.status_code)
                assert left == (world.bid.version, Mail.objects.count()), (scene, action, name)


def may_something(scene: str, name: str) -> bool:
    return any(name in who for (where, _), who in EXPECTED.items() if where == scene)


def post(client: Client, world: World, action: str, user):
    body, leads = dict(BODIES.get(action, {})), ACTIONS[action].whose == Whose.LEAD
    version = world.bid.lead_version if leads else world.bid.version
    if action == "assign":
        body = {"assessor": world.users["other_assessor"].ref}
    if action == "give_opinion":
        stage = opinion_of(world, user)
        body, version = {"body": stage.body.code if stage else "5LE", "view": "support"}, stage.version if stage else 1
    path = f"/api/v1/bids/{world.bid.ref}/{action}/"
    sent = json.dumps(body, default=str)
    return client.post(path, sent, content_type="application/json", headers={"If-Match": f'"{version}"'})


def test_one_role_cannot_stand_in_for_independence():
    """An approver who was the assessor, or who leads the bid, does not decide it, whatever roles they hold."""
    who = told.people()
    who.assessor = told.person("assessor", "approver")
    wave = told.wave(who)
    bid = told.assessed(who)
    with pytest.raises(Refused) as error:
        told.decide(who, bid, wave, by=who.assessor)
    assert error.value.status == 403 and "You assessed this bid" in error.value.message

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


def test_the_scenes_cover_every_state():
    assert {scene.partition(",")[0] for scene in SCENES} == set(BidState)

"""Every (state, action) of a wave that the table does not name is refused, by the action and by its page, and changes
nothing. EXPECTED is written out by hand, so that a slip in `wave_states.py` shows here."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from pathfinders import actions
from pathfinders.models import Wave, WaveDate, WaveState, WaveStep
from pathfinders.views.staff.wave import LABELS, PATHS
from pathfinders.wave_states import ACTIONS, allowed_actions, moves, why_not
from registry import clock
from registry.authorization import Permission, permissions_of
from registry.clock import on_day
from registry.errors import Refused
from registry.models import Installation, User
from tests import programme as told
from tests.desk import signed_in

pytestmark = pytest.mark.django_db

BEFORE = ("forecast", "open", "closed", "decided", "frozen")
EXPECTED = {
    "date": ("forecast", "open", "closed", "decided"),
    "publish_dates": BEFORE,
    "open": ("forecast",),
    "close": ("open",),
    "reopen": ("closed",),
    "complete": ("open", "closed"),
    "reconsider": ("decided",),
    "set_going_live": ("open", "closed", "decided"),
    "announce": ("open", "closed", "decided", "frozen"),
    "freeze": ("decided",),
    "thaw": ("frozen",),
    "read_letters": ("frozen",),
    "confirm": ("frozen",),
    "schedule": ("frozen",),
    "hold": BEFORE,
    "lift_hold": BEFORE,
    "release": ("frozen",),
}
ADMINS, APPROVER = {"admin", "first_admin"}, {"approver"}
WHO = dict.fromkeys(EXPECTED, ADMINS) | {
    "confirm": ADMINS | APPROVER,
    "hold": ADMINS | APPROVER | {"assessor"},
}
READ_BY_ALL = ("read_letters", "confirm")
"""What somebody signs, all programme staff may read."""
NINE = on_day(told.ANNOUNCED_ON, hour=9)


@pytest.fixture(autouse=True)
def on_the_day(db):
    """It is nine on the morning of the announcement."""
    Installation.declare(demonstration=True)
    with clock.story_time(NINE):
        yield


class World:
    """A wave in one state, ready for any step that the state allows, and a person of each role."""

    def __init__(self, state: str) -> None:
        self.who = told.people()
        self.users = {
            "lead": self.who.lead,
            "assessor": self.who.assessor,
            "approver": self.who.approver,
            "admin": self.who.admin,
            "first_admin": User.objects.create_superuser("first@example.org"),
            "pct_lead": told.person(pct_lead="5LE"),
        }
        who = self.who
        if state == "forecast":
            self.wave = actions.forecast_wave(by=who.admin, number=3, announced_on=told.ANNOUNCED_ON)
        else:
            self.wave = told.wave(who)
            self.bid = told.decided(who, self.wave)
        step = {
            "closed": lambda: actions.close_wave(by=who.admin, wave=self.wave, version=self.now),
            "decided": lambda: actions.complete_wave(by=who.admin, wave=self.wave, version=self.now),
            "frozen": lambda: told.ready(who, self.wave),
            "released": lambda: told.release(who, self.wave),
        }.get(state)
        if step:
            step()
        assert told.fresh(self.wave).state == state

    @property
    def now(self) -> int:
        return told.fresh(self.wave).version

    def do(self, action: str, user: User) -> None:
        given = {"by": user, "wave": self.wave, "version": self.now}
        if action == "hold":
            given.pop("version")
        if action == "lift_hold" and told.fresh(self.wave).state != "released":
            actions.hold_wave(by=self.who.admin, wave=self.wave)
            given["version"] = self.now
        if action == "set_going_live" and hasattr(self, "bid"):
            given["months"] = {self.bid.ref: date(2011, 4, 1)}
        DO[action](**BODIES.get(action, {}) | given)


DO = {
    "date": actions.date_wave,
    "publish_dates": actions.publish_dates,
    "open": actions.open_forecast,
    "close": actions.close_wave,
    "reopen": actions.reopen_wave,
    "complete": actions.complete_wave,
    "reconsider": actions.reconsider_wave,
    "set_going_live": actions.set_going_live_months,
    "announce": actions.announce_wave,
    "freeze": actions.freeze_wave,
    "thaw": actions.thaw_wave,
    "read_letters": actions.read_letters,
    "confirm": actions.confirm_wave,
    "schedule": actions.schedule_release,
    "hold": actions.hold_wave,
    "lift_hold": actions.lift_hold,
    "release": actions.release_wave,
}
BODIES = {
    "date": {"announced_on": told.ANNOUNCED_ON + timedelta(days=1), "reason": "Parliament sits"},
    "publish_dates": {"reason": "As promised"},
    "reopen": {"reason": "One was late"},
    "reconsider": {"reason": "A mistake"},
    "set_going_live": {"months": {}},
    "announce": {"title": "Wave 3", "text": "It is announced."},
    "thaw": {"reason": "A mistake"},
    "schedule": {"release_at": NINE + timedelta(hours=2)},
}


def test_the_table_is_the_expected_one():
    assert set(EXPECTED) == set(ACTIONS) == set(DO)
    for name, rule in ACTIONS.items():
        assert {str(state) for state in rule.moves} == set(EXPECTED[name]), name
    assert moves() == sorted(
        [
            ("forecast", "open"), ("open", "closed"), ("closed", "open"), ("open", "decided"), ("closed", "decided"),
            ("decided", "closed"), ("decided", "frozen"), ("frozen", "decided"), ("frozen", "released"),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("state", WaveState.values)
def test_every_step_by_every_role_in_this_state(state):
    world = World(state)
    wave = told.fresh(world.wave)
    for name, user in world.users.items():
        for action in ACTIONS:
            expected = state in EXPECTED[action] and name in WHO[action]
            assert (why_not(wave, user, action) is None) == expected, (state, action, name)
            assert (action in allowed_actions(wave, user)) == expected
            outcome = attempt(world, action, user)
            if action == "confirm" and expected and name == "admin":
                assert outcome is not None and "second person" in outcome.message  # who froze it
            elif action == "publish_dates" and expected and outcome is not None:
                assert outcome.code == "no_change"
            else:
                assert (outcome is None) == expected, (state, action, name, outcome)
            if outcome is not None:
                assert outcome.status in (403, 409), (state, action, name)


def attempt(world, action, user):
    """Do it, see what came of it, and take it back; refused, it has changed nothing."""
    outcome, before = None, picture(world.wave)
    try:
        with transaction.atomic():
            world.do(action, user)
            transaction.set_rollback(True)
    except Refused as error:
        outcome = error
    assert picture(world.wave) == before
    return outcome


def picture(wave):
    row = Wave.objects.filter(pk=wave.pk).values().get()
    return row, WaveDate.objects.filter(wave=wave).count(), WaveStep.objects.filter(wave=wave).count()


@pytest.mark.parametrize("state", WaveState.values)
def test_every_step_by_its_page_in_this_state(state, settings):
    """A step's page opens to those who may take it now, and what others send to it does nothing."""
    settings.DEMO = True  # the second step of sign-in has tests of its own
    world = World(state)
    for name in ("lead", "assessor", "approver", "admin", "pct_lead"):
        client = signed_in(world.users[name])
        for action, page in PATHS.items():
            if action == "release":
                continue  # its page says of a released wave that it is
            expected = state in EXPECTED[action] and name in WHO[action]
            path = f"/staff/waves/3/{page}"
            opened = client.get(path)
            reads = action in READ_BY_ALL and name in ("assessor", "approver", "admin")
            assert (opened.status_code == 200) == (expected or reads), (state, action, name, opened.status_code)
            if expected:
                continue
            assert reads or opened.status_code in (403, 409)
            before = picture(world.wave)
            sent = client.post(path, {"version": world.now, **BODIES.get(action, {})})
            assert sent.status_code in (403, 409, 422), (state, action, name, sent.status_code)
            assert picture(world.wave) == before


@pytest.mark.parametrize("state", WaveState.values)
def test_the_wave_s_page_offers_what_can_be_done_and_says_why_not_the_rest(state, settings):
    settings.DEMO = True
    world = World(state)
    for name in ("assessor", "approver", "admin"):
        page = signed_in(world.users[name]).get("/staff/waves/3/").context
        possible = {c.label for c in page["possible"]}
        expected = {a for a in PATHS if state in EXPECTED[a] and name in WHO[a]}
        assert possible == {LABELS[a] for a in expected}, (state, name)
        sentences = {c.label: c.why for c in page["impossible"]}
        assert set(sentences) == {LABELS[a] for a in set(PATHS) - expected} and all(sentences.values())
    if state == "released":
        assert sum("this wave is released" in s or "this one is released" in s for s in sentences.values()) == len(
            sentences
        )


def test_who_may_is_by_permission_alone():
    for action in ACTIONS.values():
        assert isinstance(action.permission, Permission)
    nobody = told.person()
    assert not permissions_of(nobody) and not allowed_actions(Wave(state="open", number=1), nobody)

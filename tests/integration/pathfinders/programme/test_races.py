"""Two people at once, from two connections: one wins, the other is told so, nothing is half done."""

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections

from consortia.models import Consortium, Membership
from pathfinders import actions
from pathfinders.models import Bid, Decision, PathfinderParticulars, ReleasedDecision, Wave, WaveManifest, WaveRelease
from registry.errors import Refused
from registry.feed import broken_links
from registry.models import Entry, Mail
from tests import factories as make
from tests import programme as told

AT_A_DESK, IN_CI = 5, 20
FIRST = 3
"""The number of the first wave."""


class Ground:
    """What the rounds of the races need: a bid that may be decided, and a wave whose bids are all decided, for each."""

    def __init__(self) -> None:
        self.who = told.people()
        self.open = told.wave(self.who, number=FIRST - 1)
        many = IN_CI if os.environ.get("CI") else AT_A_DESK
        self._assessed = [told.assessed(self.who) for _ in range(many)]
        self._decided = [self._wave(n) for n in range(FIRST, FIRST + many)]

    def _wave(self, number: int) -> tuple[Wave, Bid]:
        wave = told.wave(self.who, number=number)
        return wave, told.decided(self.who, wave, name=f"Bid {number}")

    def assessed(self, rounds: int) -> Iterator[Bid]:
        for n in range(rounds):
            yield self._assessed[n] if n < len(self._assessed) else told.assessed(self.who)

    def decided(self, rounds: int) -> Iterator[tuple[Wave, Bid]]:
        """Waves with their one bid, approved."""
        for n in range(rounds):
            yield self._decided[n] if n < len(self._decided) else self._wave(FIRST + n)


def build_world() -> Ground:
    return Ground()


@pytest.fixture
def ground(committed_world: Ground) -> Ground:
    return committed_world


@pytest.fixture
def rounds(request) -> int:
    """How often each race is run: 5 times at a desk, 20 in CI, 1,000 with --long."""
    return 1_000 if request.config.getoption("--long") else IN_CI if os.environ.get("CI") else AT_A_DESK


@pytest.fixture(autouse=True)
def unblocked(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call gave or raised, all started together, each on a connection of its own."""
    outcomes: list[Any] = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(n: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")  # connected before the start
            start.wait()
            outcomes[n] = calls[n]()
        except Exception as error:
            outcomes[n] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()
    unclear = [o for o in outcomes if isinstance(o, Exception) and not isinstance(o, Refused)]
    assert not unclear, unclear
    return outcomes


def refusals(outcomes):
    return [o for o in outcomes if isinstance(o, Refused)]


def deciding(by, bid, wave, outcome, reasons=()):
    return lambda: actions.decide_bid(
        by=by,
        bid=bid,
        version=bid.version,
        outcome=outcome,
        reasons=reasons,
        text="",
        wave=wave,
        decided_on=told.DECIDED_ON,
    )


def test_of_two_approvers_one_decides_and_the_other_is_told(ground, rounds):
    who, wave = ground.who, ground.open
    second = told.person("approver", name="Sam Second")
    for bid in ground.assessed(rounds):
        outcomes = at_once(
            deciding(who.approver, bid, wave, "approved"), deciding(second, bid, wave, "declined", ["finance"])
        )
        (refused,) = refusals(outcomes)
        assert refused.status == 412 and "decided" in refused.message
        (won,) = [o for o in outcomes if isinstance(o, Decision)]
        assert won.decided_by.name in refused.message
        bid = told.fresh(bid)
        assert (bid.outcome, bid.decision_number, bid.decisions.count()) == (won.outcome, 1, 1)
        assert Mail.objects.filter(about=bid.ref, state="held").count() == 1


def test_decide_against_withdraw_ends_withdrawn_without_a_letter_of_the_outcome(ground, rounds):
    who, wave = ground.who, ground.open
    for bid in ground.assessed(rounds):
        outcomes = at_once(
            deciding(who.approver, bid, wave, "approved"),
            lambda bid=bid: actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version),
        )
        assert told.fresh(bid).state == "withdrawn"
        assert isinstance(outcomes[1], Bid)
        if isinstance(outcomes[0], Refused):
            assert outcomes[0].status in (409, 412)
            assert not Decision.objects.filter(bid=bid).exists()
        assert not Mail.objects.filter(about=bid.ref, state="held").exists()


def test_assign_against_decide(ground, rounds):
    who, wave = ground.who, ground.open
    other = told.person("assessor")
    for bid in ground.assessed(rounds):
        outcomes = at_once(
            deciding(who.approver, bid, wave, "approved"),
            lambda bid=bid: actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=other),
        )
        assert isinstance(outcomes[0], Decision) and outcomes[1].status == 409
        assert told.fresh(bid).assessor == who.assessor


def test_two_releases_at_once_make_one_release(committed_db):
    who = told.people()
    wave = told.wave(who)
    told.decided(who, wave)
    version = told.ready(who, wave).version
    release = lambda: actions.release_wave(by=who.admin, wave=wave, version=version)  # noqa: E731
    (refused,) = refusals(at_once(release, release))
    assert refused.status == 409 and "once" in refused.message
    assert WaveRelease.objects.count() == PathfinderParticulars.objects.count() == 1
    assert list(broken_links()) == []


def test_release_against_a_change_of_mind(ground, rounds):
    """A frozen wave's bids are not decided again: the approver is told so, before the release as after it."""
    who = ground.who
    for wave, bid in ground.decided(rounds):
        version = told.ready(who, wave).version
        released, decided = at_once(
            lambda wave=wave, version=version: actions.release_wave(by=who.admin, wave=wave, version=version),
            deciding(who.approver, bid, wave, "declined", ["finance"]),
        )
        assert isinstance(released, Entry)
        assert isinstance(decided, Refused) and decided.status in (409, 412)
        assert ReleasedDecision.objects.get(bid=bid.ref).outcome == "approved"
    assert list(broken_links()) == []


def test_release_against_withdraw(ground, rounds):
    """Whoever withdraws before the release succeeds, and then the list is no longer the frozen one."""
    who = ground.who
    for wave, bid in ground.decided(rounds):
        told.decided(who, wave, name=f"Stays {wave.number}")
        version = told.ready(who, wave).version
        released, withdrawn = at_once(
            lambda wave=wave, version=version: actions.release_wave(by=who.admin, wave=wave, version=version),
            lambda bid=bid: actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version),
        )
        gone = isinstance(withdrawn, Bid)
        assert gone or (isinstance(released, Entry) and withdrawn.status == 409)
        assert not gone or (isinstance(released, Refused) and released.status in (409, 412))
        assert ReleasedDecision.objects.filter(bid=bid.ref).exists() != gone
        assert told.fresh(wave).state == ("frozen" if gone else "released")


def test_release_against_hold(ground, rounds):
    """A hold pressed while the release runs stops it or comes after it: never both, never neither."""
    who = ground.who
    for wave, _ in ground.decided(rounds):
        version = told.ready(who, wave).version
        released, held = at_once(
            lambda wave=wave, version=version: actions.release_wave(by=who.admin, wave=wave, version=version),
            lambda wave=wave: actions.hold_wave(by=who.assessor, wave=wave),
        )
        now = told.fresh(wave)
        if isinstance(held, Refused):
            assert isinstance(released, Entry) and "held until its release" in held.message
            assert (now.state, now.held_by) == ("released", None)
        else:
            assert isinstance(released, Refused) and released.status in (409, 412)
            assert (now.state, now.held_by) == ("frozen", who.assessor)


def test_two_waves_that_claim_one_practice_do_not_both_get_it(committed_db):
    who = told.people()
    shared = make.make_practice()
    waves = [told.wave(who, number=n) for n in (3, 4)]
    for wave in waves:
        told.decided(who, wave, [shared, make.make_practice()], name=f"Bid {wave.number}")
    outcomes = at_once(*(lambda wave=wave: told.release(who, wave) for wave in waves))
    assert not refusals(outcomes)
    assert Membership.objects.current().filter(practice=shared).count() == 1
    assert list(broken_links()) == []


def test_two_drafts_at_once_get_two_references(committed_db):
    leads = [told.person("consortium_lead") for _ in range(4)]
    drafted = at_once(*(lambda lead=lead: actions.draft_bid(by=lead, name="B", as_at=told.FEBRUARY) for lead in leads))
    assert sorted(b.ref for b in drafted) == [f"BID-2011-000{n}" for n in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    "obstacle",
    [
        "ALTER TABLE registry_rolegrant ADD CONSTRAINT none_more CHECK (object_kind <> 'consortium')",
        "ALTER TABLE pathfinders_wave ADD CONSTRAINT none_released CHECK (state <> 'released')",
        "ALTER TABLE registry_mail ADD CONSTRAINT none_sent CHECK (about = '' OR state = 'held') NOT VALID",
        "ALTER TABLE consortia_membership ADD CONSTRAINT no_founders CHECK (reason <> 'founding')",
        "ALTER TABLE pathfinders_wavemanifest ADD CONSTRAINT no_manifest CHECK (wave_id < 0)",
    ],
    ids=["roles", "wave", "letters", "memberships", "manifest"],
)
def test_a_failure_anywhere_in_a_release_leaves_nothing(committed_db, obstacle):
    who = told.people()
    wave = told.wave(who)
    told.decided(who, wave)
    Mail.objects.exclude(state="held").delete()
    with connection.cursor() as cursor:
        cursor.execute(obstacle)
    with pytest.raises(IntegrityError):
        told.release(who, wave)
    for kind in (WaveRelease, WaveManifest, PathfinderParticulars, Membership, ReleasedDecision, Consortium):
        assert not kind.objects.exists(), kind
    assert Wave.objects.get().state == "frozen" and Bid.objects.get().state == "decided"
    assert list(Mail.objects.values_list("state", flat=True)) == ["held"]
    assert not Entry.objects.filter(kind="release").exists()

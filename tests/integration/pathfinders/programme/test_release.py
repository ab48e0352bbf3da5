"""The release of a wave: what becomes public, all or nothing (domain.md rules 3, 4, 11, 12)."""

from datetime import date, timedelta

import pytest

from consortia.models import Consortium, ConsortiumParticulars, Membership, Post
from pathfinders import actions
from pathfinders.models import (
    Bid,
    LeftOutAtRelease,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedDecision,
    ReleasedFinding,
    WaveRelease,
)
from practices.models import PracticeParticulars, PracticeStatus
from registry.actions.people import erase_person
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Entry, Mail, RoleGrant
from registry.timeline import first_day_out
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
ON = make.at


@pytest.fixture
def who():
    return told.people()


def members(day=told.ANNOUNCED_ON):
    return dict(Membership.objects.at(ON(day)).values_list("practice__code", "consortium__ref"))


def test_an_approved_bid_becomes_a_pathfinder_with_its_members_on_the_day_and_not_before(who):
    wave = told.wave(who)
    bid = told.decided(who, wave)
    codes = set(bid.practices.values_list("practice__code", flat=True))
    entry = told.release(who, wave)

    pathfinder = PathfinderParticulars.objects.at(ON(told.ANNOUNCED_ON)).get()
    assert (pathfinder.name, pathfinder.wave, pathfinder.approved_on) == ("Southwark", 3, told.DECIDED_ON)
    assert (pathfinder.announced_on, pathfinder.goes_live_on) == (told.ANNOUNCED_ON, None)
    place = ProgrammePlace.objects.at(ON(told.ANNOUNCED_ON)).get()
    assert place.pathfinder == pathfinder.pathfinder
    assert members() == dict.fromkeys(codes, place.consortium.ref)
    membership = Membership.objects.current().first()
    assert (membership.status, membership.reason) == ("claimed", "founding")
    named = ConsortiumParticulars.objects.current().get(consortium=place.consortium)
    assert (named.name, named.form) == ("Southwark Health Commissioning", "company")
    assert Post.objects.current().get().person == who.lead.ref
    assert WaveRelease.objects.at(ON(told.ANNOUNCED_ON)).get().wave == 3
    decision = ReleasedDecision.objects.at(ON(told.ANNOUNCED_ON)).get()
    assert (decision.bid, decision.name, decision.outcome) == (bid.ref, "Southwark", "approved")
    assert (decision.criteria, decision.pathfinder) == ("national-1", pathfinder.pathfinder)
    assert set(ReleasedFinding.objects.values_list("criterion", "finding")) == {
        (c.key, "met") for c in told.criteria()
    }

    before = ON(told.ANNOUNCED_ON - timedelta(days=1))
    for kind in (PathfinderParticulars, ProgrammePlace, Membership, WaveRelease, ReleasedDecision, Post):
        assert not kind.objects.at(before).exists(), kind
    assert (entry.kind, entry.actor) == ("release", who.admin.ref)
    assert list(broken_links()) == []


def test_the_casework_is_closed_and_the_lead_leads_the_consortium(who):
    wave = told.wave(who)
    bid = told.decided(who, wave)
    entry = told.release(who, wave)
    bid, wave = told.fresh(bid), told.fresh(wave)
    assert (bid.state, wave.state, wave.released_by) == ("released", "released", entry)
    consortium = bid.consortia.get().consortium
    grant = RoleGrant.objects.get(user=who.lead, object_kind="consortium")
    assert (grant.role, grant.object_ref) == ("consortium_lead", consortium.ref)
    assert bid.shown_state(who.lead) == "released"


def test_letters_wait_for_the_release_and_then_leave(who):
    wave = told.wave(who)
    bid = told.decided(who, wave, outcome="declined")
    letter = Mail.objects.get(state="held")
    assert (letter.about, letter.recipient) == (bid.ref, who.lead.ref)
    assert "Finances" in letter.body and "Declined" in letter.subject.title()
    told.release(who, wave)
    letter.refresh_from_db()
    assert letter.state == "queued"


def test_references_are_minted_in_name_order_and_consortia_in_the_bids_order(who):
    wave = told.wave(who)
    for name in ("Zennor", "alpha", "Mid"):
        told.decided(who, wave, name=name)
    told.release(who, wave)
    named = PathfinderParticulars.objects.order_by("pathfinder__ref").values_list("name", flat=True)
    assert list(named) == ["alpha", "Mid", "Zennor"]
    groups = ConsortiumParticulars.objects.order_by("consortium__ref").values_list("name", flat=True)
    assert [g.split()[0] for g in groups] == ["alpha", "Mid", "Zennor"]


def test_one_pathfinder_of_several_consortia(who):
    wave = told.wave(who)
    practices = [make.make_practice() for _ in range(3)]
    bid = told.draft(who, practices[:1], name="Leeds")
    groups = [{"name": "Leeds Health Commissioning"}, {"name": "North"}, {"name": "West"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=groups)
    for position, practice in enumerate(practices, start=1):
        bid = actions.set_practices(
            by=who.lead, bid=bid, version=bid.lead_version, consortium=position, codes=[practice.code]
        )
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    _decide(who, bid, wave)
    told.release(who, wave)
    assert PathfinderParticulars.objects.count() == 1
    assert ProgrammePlace.objects.count() == 3
    assert len(set(members().values())) == 3


def _decide(who, bid, wave):
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for c in told.criteria():
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=c, finding="met", note=""
        )
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    return told.decide(who, bid, wave)


def test_a_declined_bid_makes_only_its_decision_public_unnamed(who):
    wave = told.wave(who)
    bid = told.decided(who, wave, outcome="declined", name="Hidden")
    told.release(who, wave)
    decision = ReleasedDecision.objects.get()
    assert (decision.bid, decision.name, decision.reasons, decision.pathfinder) == (bid.ref, "", "finance", None)
    for kind in (PathfinderParticulars, ProgrammePlace, Membership, Post, ConsortiumParticulars):
        assert not kind.objects.exists(), kind
    assert not RoleGrant.objects.filter(object_kind="consortium").exists()


def test_a_declined_bid_is_named_where_its_lead_agreed(who):
    wave = told.wave(who)
    bid = told.draft(who, name="Open")
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, agrees_to_be_named=True)
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for c in told.criteria():
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=c, finding="not", note="nothing shown"
        )
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="declined")
    told.decide(who, bid, wave, "declined")
    told.release(who, wave)
    assert ReleasedDecision.objects.get().name == "Open"


def close(practice, last_day):
    with make.writing("close") as entry:
        entry.set(PracticeStatus, (practice.pk,), first_day_out(last_day), None, ("C",))


def left_out():
    return dict(LeftOutAtRelease.objects.values_list("practice__code", "why"))


def test_a_practice_closed_between_decision_and_release_is_left_out_and_the_wave_goes(who):
    wave = told.wave(who)
    stays, closes = make.make_practice(), make.make_practice()
    told.decided(who, wave, [stays, closes])
    close(closes, told.ANNOUNCED_ON - timedelta(days=1))
    told.release(who, wave)
    assert set(members()) == {stays.code}
    assert left_out() == {closes.code: "closed"}


def test_a_practice_that_is_a_gp_practice_no_more_is_left_out(who):
    wave = told.wave(who)
    stays, turned = make.make_practice(), make.make_practice()
    told.decided(who, wave, [stays, turned])
    with make.writing("turn") as entry:
        entry.set(PracticeParticulars, (turned.pk,), date(2011, 3, 1), None, ("PRISON", "", "", "", 25))
        entry.set(PracticeParticulars, (stays.pk,), date(2012, 4, 1), None, ("WALK-IN", "", "", "", 1))
    told.release(who, wave)
    assert left_out() == {turned.code: "closed"}
    assert members(date(2012, 3, 31)) and not members(date(2012, 4, 1))


def test_a_release_breaks_no_rule_of_the_register(who):
    """Every rule of check_invariants, with memberships capped, left out and double claimed."""
    wave = told.wave(who)
    shared, closes, ends = make.make_practice(), make.make_practice(), make.make_practice(last_day=date(2012, 6, 30))
    told.decided(who, wave, [shared, closes, ends], name="Alpha")
    told.decided(who, wave, [shared, make.make_practice()], name="Beta")
    told.decided(who, wave, outcome="deferred")
    close(closes, told.ANNOUNCED_ON - timedelta(days=1))
    told.release(who, wave)
    assert [(f.rule.name, f.rows) for f in findings() if f.rows] == []


def test_a_practice_open_on_its_last_day_is_a_member_for_that_day_only(who):
    wave = told.wave(who)
    stays, closes = make.make_practice(), make.make_practice()
    told.decided(who, wave, [stays, closes])
    close(closes, told.ANNOUNCED_ON)
    told.release(who, wave)
    assert set(members()) == {stays.code, closes.code}
    assert set(members(told.ANNOUNCED_ON + timedelta(days=1))) == {stays.code}


def test_a_membership_ends_where_the_practices_life_is_known_to_end(who):
    wave = told.wave(who)
    ends = make.make_practice(last_day=date(2012, 6, 30))
    told.decided(who, wave, [ends])
    told.release(who, wave)
    assert members(date(2012, 6, 30)) and not members(date(2012, 7, 1))


def test_a_practice_that_becomes_dormant_stays_a_member(who):
    wave = told.wave(who)
    practice = make.make_practice()
    with make.writing("dormant") as entry:
        entry.set(PracticeStatus, (practice.pk,), date(2012, 1, 1), None, ("D",))
    told.decided(who, wave, [practice])
    told.release(who, wave)
    assert set(members(date(2012, 6, 1))) == {practice.code}


def test_a_practice_that_belongs_elsewhere_is_not_moved_but_listed(who):
    wave = told.wave(who)
    free, held, later = (make.make_practice() for _ in range(3))
    group = make.make_consortium()
    told.decided(who, wave, [free, held, later])
    make.make_membership(held, group, date(2011, 1, 1))
    make.make_membership(later, group, date(2012, 1, 1))
    told.release(who, wave)
    assert members()[held.code] == group.ref
    assert left_out() == {held.code: "elsewhere", later.code: "elsewhere"}
    assert list(broken_links()) == []


def test_a_membership_that_ended_the_day_before_does_not_stand_in_the_way(who):
    wave = told.wave(who)
    practice, group = make.make_practice(), make.make_consortium()
    make.make_membership(practice, group, date(2011, 1, 1), last_day=told.ANNOUNCED_ON - timedelta(days=1))
    told.decided(who, wave, [practice])
    told.release(who, wave)
    assert members()[practice.code] != group.ref and left_out() == {}


def test_of_two_bids_that_claim_a_practice_the_first_by_name_gets_it(who):
    wave = told.wave(who)
    shared, one, two = (make.make_practice() for _ in range(3))
    told.decided(who, wave, [shared, two], name="Beta")
    told.decided(who, wave, [shared, one], name="Alpha")
    told.release(who, wave)
    assert members()[shared.code] == members()[one.code] != members()[two.code]
    assert LeftOutAtRelease.objects.get().bid == Bid.objects.get(name="Beta").ref


def test_the_plan_tells_what_the_release_then_does(who):
    wave = told.wave(who)
    shared = make.make_practice()
    told.decided(who, wave, [shared, make.make_practice()], name="Alpha")
    told.decided(who, wave, [shared, make.make_practice()], name="Beta")
    told.decided(who, wave, outcome="declined")
    plan = actions.plan_release(told.fresh(wave))
    told.release(who, wave)
    done = {
        "pathfinders": PathfinderParticulars.objects.count(),
        "consortia": Consortium.objects.count(),
        "practices": Membership.objects.current().count(),
        "left_out": LeftOutAtRelease.objects.count(),
    }
    assert plan.figures == done == {"pathfinders": 2, "consortia": 2, "practices": 3, "left_out": 1}


def refused(who, wave):
    with pytest.raises(Refused) as error:
        told.release(who, wave)
    assert not WaveRelease.objects.exists()
    return error.value


def test_an_undecided_bid_keeps_its_wave_back_by_name(who):
    wave = told.wave(who)
    told.decided(who, wave)
    waiting = told.assessed(who, name="Waiting")
    actions.put_in_wave(by=who.admin, bid=waiting, version=waiting.version, wave=wave)
    error = refused(who, wave)
    assert (error.code, error.status) == ("undecided", 409)
    assert "Waiting" in error.message and error.detail[0]["bid"] == waiting.ref


def test_a_withdrawn_bid_does_not_keep_its_wave_back_and_nothing_of_it_is_released(who):
    wave = told.wave(who)
    told.decided(who, wave, name="Stays")
    gone = told.decided(who, wave, name="Gone")
    actions.withdraw_bid(by=who.lead, bid=gone, version=gone.lead_version)
    assert not Mail.objects.filter(about=gone.ref, state="held").exists()
    told.release(who, wave)
    assert list(PathfinderParticulars.objects.values_list("name", flat=True)) == ["Stays"]
    assert not ReleasedDecision.objects.filter(bid=gone.ref).exists()
    assert told.fresh(gone).state == "withdrawn"


def test_nothing_is_announced_before_it_is_decided(who):
    wave = told.wave(who)
    told.decide(who, told.assessed(who), wave, decided_on=told.ANNOUNCED_ON + timedelta(days=1))
    error = refused(who, wave)
    assert error.code == "decided_after" and "3 March 2011" in error.message


def test_a_wave_is_not_released_before_its_day(who):
    from registry import clock

    wave = told.wave(who, announced_on=clock.today() + timedelta(days=1))
    told.decided(who, wave)
    error = refused(who, wave)
    assert error.code == "worker" and "is announced on" in error.message


def test_an_empty_wave_is_not_released(who):
    assert refused(who, told.wave(who)).code == "empty"


def test_a_wave_is_released_once(who):
    wave = told.wave(who)
    told.decided(who, wave)
    told.release(who, wave)
    entries = Entry.objects.count()
    with pytest.raises(Refused) as error:
        actions.release_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    assert error.value.status == 409 and "once" in error.value.message
    assert Entry.objects.count() == entries


def test_who_looked_before_the_last_step_is_told(who):
    wave = told.wave(who)
    told.decided(who, wave)
    seen = told.ready(who, wave).version
    wave = told.fresh(wave)
    actions.thaw_wave(by=who.admin, wave=wave, version=seen, reason="One more")
    actions.reconsider_wave(by=who.admin, wave=wave, version=told.fresh(wave).version, reason="One more")
    told.decided(who, wave, name="Late")
    told.ready(who, wave)
    with pytest.raises(Refused) as error:
        actions.release_wave(by=who.admin, wave=wave, version=seen)
    assert error.value.status == 412
    assert told.release(who, wave)


def test_a_decided_bid_of_a_frozen_wave_is_not_decided_again_or_taken_out(who):
    wave, other = told.wave(who), told.wave(who, number=4, announced_on=told.ANNOUNCED_ON + timedelta(days=60))
    bid = told.decided(who, wave)
    told.frozen(who, wave)
    for chosen in (wave, other):
        with pytest.raises(Refused, match="Wave 3 is frozen: unfreeze its list first") as error:
            told.decide(who, told.fresh(bid), chosen, "declined")
        assert error.value.status == 409
    assert (told.fresh(bid).outcome, told.fresh(bid).wave_id) == ("approved", 3)


def test_a_bid_withdrawn_from_a_frozen_wave_stops_it_until_it_is_frozen_again(who):
    """A withdrawal always succeeds: a refusal would tell the bidder of the freezing (embargo)."""
    wave = told.wave(who)
    told.decided(who, wave)
    gone = told.decided(who, wave, name="Gone")
    seen = told.ready(who, wave).version
    actions.withdraw_bid(by=who.lead, bid=gone, version=gone.lead_version)
    with pytest.raises(Refused, match="withdrawn") as error:
        actions.release_wave(by=who.admin, wave=wave, version=seen)
    assert error.value.status == 412
    now = told.fresh(wave).version
    with pytest.raises(Refused, match="Gone .* is no longer decided in this wave") as error:
        actions.release_wave(by=who.admin, wave=wave, version=now)
    assert (error.value.code, error.value.status) == ("list", 409)
    actions.thaw_wave(by=who.admin, wave=wave, version=now, reason="A bid was withdrawn")
    assert told.release(who, wave)


def test_a_practice_that_closes_after_freezing_never_sinks_the_wave(who):
    wave = told.wave(who)
    stays, closes = make.make_practice(), make.make_practice()
    told.decided(who, wave, [stays, closes])
    told.ready(who, wave)
    close(closes, told.ANNOUNCED_ON - timedelta(days=1))
    actions.release_wave(by=who.admin, wave=wave, version=told.fresh(wave).version)
    assert set(members()) == {stays.code} and left_out() == {closes.code: "closed"}


def test_a_lead_who_was_erased_gets_neither_role_nor_letter(who):
    wave = told.wave(who)
    bid = told.assessed(who)
    erase_person(by=who.admin, user=who.lead, reason="Asked for it")
    told.decide(who, bid, wave)
    assert not Mail.objects.filter(about=bid.ref, state__in=("held", "queued")).exists()
    told.release(who, wave)
    assert not Mail.objects.filter(about=bid.ref, state="queued").exists()
    assert not RoleGrant.objects.filter(user=who.lead, object_kind="consortium").exists()
    assert told.fresh(bid).state == "released"


@pytest.mark.parametrize("role", ["lead", "assessor", "approver"])
def test_only_who_may_releases(who, role):
    wave = told.wave(who)
    told.decided(who, wave)
    with pytest.raises(Refused) as error:
        actions.release_wave(by=getattr(who, role), wave=wave, version=told.fresh(wave).version)
    assert error.value.status == 403

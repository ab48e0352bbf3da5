"""Until release nothing that the bidder, PCT, SHA or public can read is moved by staff's work (architecture.md 5)."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.forms.models import model_to_dict

from pathfinders import actions
from pathfinders.models import Answer, Bid, BidConsortium, BidPractice, Decision, Finding, Return, Stage, Wave
from pathfinders.states import ACTIONS, allowed_actions, why_not
from pathfinders.views.access import staff_bids
from registry.errors import Refused
from registry.models import Entry, Mail, fact_kinds
from tests import factories as make
from tests import programme as told
from tests.desk import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    who = told.people()
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    practices = [make.make_practice(pct=pct) for _ in range(2)]
    bid = told.submitted(who, practices)
    outsiders = {
        "lead": who.lead,
        "deputy": told.person(consortium_deputy=bid.ref),
        "pct": told.person(pct_lead="5LE"),
        "sha": told.person(sha_assessor="Q36"),
        "public": AnonymousUser(),
        "analyst": told.person("analyst"),
    }
    return who, bid, practices, outsiders


def readable(user):
    """All that the querysets give this user, by value."""
    bids = Bid.objects.visible_to(user)
    return {
        "bids": list(bids.shown_to(user)),
        "parts": [
            [model_to_dict(row) for row in model.objects.visible_to(user).order_by("pk")]
            for model in (BidConsortium, BidPractice, Answer, Stage, Return)
        ],
        "casework": [list(m.objects.visible_to(user).values()) for m in (Finding, Decision, Wave)],
        "buttons": [
            (b.ref, b.shown_state(user), b.shown_label(user), allowed_actions(b, user))
            + tuple(why_not(b, user, a) for a in ACTIONS)
            for b in bids
        ],
        "facts": {name: list(kind.objects.visible_to(user).values()) for name, kind in fact_kinds().items()},
        "entries": list(Entry.objects.visible_to(user).values()),
    }


def test_nothing_that_outsiders_read_moves_from_submission_to_decision_and_back(scene):
    who, bid, _, outsiders = scene
    before = {name: readable(user) for name, user in outsiders.items()}
    for name in ("lead", "deputy", "pct", "sha"):
        assert before[name]["bids"][0]["shown_state"] == "under_assessment", name
    assert before["public"]["bids"] == before["analyst"]["bids"] == []

    wave = told.wave(who)
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for c in told.criteria():
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=c, finding="met", note=""
        )
    assert {name: readable(user) for name, user in outsiders.items()} == before
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    assert {name: readable(user) for name, user in outsiders.items()} == before
    bid = told.decide(who, bid, wave)
    assert {name: readable(user) for name, user in outsiders.items()} == before
    told.decide(who, bid, wave, "declined")
    assert {name: readable(user) for name, user in outsiders.items()} == before

    told.release(who, wave)
    assert readable(outsiders["lead"])["bids"][0]["shown_state"] == "released"
    assert readable(outsiders["public"])["facts"] != before["public"]["facts"]


def test_a_return_is_told_to_the_bidder_alone(scene):
    who, bid, _, outsiders = scene
    others = {name: user for name, user in outsiders.items() if name not in ("lead", "deputy")}
    before = {name: readable(user) for name, user in others.items()}
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    bid = actions.return_bid(by=who.assessor, bid=bid, version=bid.version, reasons=["finance"], text="Accounts?")
    assert {name: readable(user) for name, user in others.items()} == before
    for name in ("lead", "deputy"):
        assert readable(outsiders[name])["bids"][0]["shown_state"] == "returned"
    actions.answer_return(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert {name: readable(user) for name, user in others.items()} == before


def test_only_programme_staff_see_casework(scene):
    who, bid, _, outsiders = scene
    wave = told.wave(who)
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for c in told.criteria():
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=c, finding="met", note=""
        )
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    told.decide(who, bid, wave)
    for user in outsiders.values():
        assert not Decision.objects.visible_to(user) and not Finding.objects.visible_to(user)
        assert not Wave.objects.visible_to(user)
    for staff in (who.assessor, who.approver, who.admin):
        assert Decision.objects.visible_to(staff).count() == 1
        assert Finding.objects.visible_to(staff).count() == 4
        assert told.fresh(bid).shown_state(staff) == "decided"


def test_a_region_sees_submitted_bids_that_touch_it_and_no_others(scene):
    who, bid, practices, outsiders = scene
    elsewhere = told.submitted(who, [make.make_practice(pct=make.make_pct("5AA", sha=make.make_sha("Q30")))], name="B")
    told.draft(who, practices, name="Draft")
    both = {bid.ref, elsewhere.ref}
    assert set(Bid.objects.visible_to(who.admin).filter(ref__in=both).values_list("ref", flat=True)) == both
    assert list(Bid.objects.visible_to(outsiders["pct"])) == [bid]
    assert list(Bid.objects.visible_to(outsiders["sha"])) == [bid]
    assert list(Bid.objects.visible_to(told.person(sha_assessor="Q30"))) == [elsewhere]
    assert list(Bid.objects.visible_to(told.person(pct_lead="5QV"))) == []
    assert set(BidPractice.objects.visible_to(outsiders["pct"]).values_list("bid", flat=True)) == {bid.pk}


def test_the_region_is_that_of_the_bids_own_date():
    who = told.people()
    old, new = make.make_pct("5P3"), make.make_pct("5QV")
    practice = make.make_practice(pct=old)
    make.make_parent(practice, new, told.FEBRUARY.replace(month=3))
    told.submitted(who, [practice])
    assert Bid.objects.visible_to(told.person(pct_lead="5P3")).exists()
    assert not Bid.objects.visible_to(told.person(pct_lead="5QV")).exists()


def test_another_lead_sees_nothing_of_it(scene):
    _, bid, practices, _ = scene
    other = told.person("consortium_lead")
    assert not Bid.objects.visible_to(other).exists()
    own = actions.draft_bid(by=other, name="Mine", as_at=told.FEBRUARY)
    rows = actions.check_practices(by=other, bid=own, text=practices[0].code)
    assert (rows[0]["verdict"], rows[0]["message"]) == ("ok", "")


def test_withdrawing_looks_the_same_before_and_after_a_decision():
    seen = []
    for decided in (False, True):
        who = told.people()
        bid = told.assessed(who)
        if decided:
            bid = told.decide(who, bid, told.wave(who))
        actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version)
        row = Bid.objects.visible_to(who.lead).shown_to(who.lead).get()
        letters = Mail.objects.filter(recipient=who.lead.ref).values_list("subject", "state")
        seen.append(({k: v for k, v in row.items() if k != "ref"}, [(s.split("(")[0], t) for s, t in letters]))
    assert seen[0] == seen[1]


@pytest.mark.parametrize("part", ["lead", "deputy"])
def test_staff_read_of_their_own_bid_what_its_bidder_reads(part):
    who = told.people()
    bid = told.decided(who, told.wave(who))
    staff = who.lead if part == "lead" else told.person(consortium_deputy=bid.ref)
    staff.grants.create(role="assessor", period=(told.FEBRUARY, None), given_by="system")
    staff = told.fresh(staff)
    assert (bid.shown_state(staff), bid.shown_label(staff)) == ("under_assessment", "Under assessment")
    assert Bid.objects.shown_to(staff).get()["shown_state"] == "under_assessment"
    assert not Decision.objects.visible_to(staff) and not Finding.objects.visible_to(staff)
    assert not staff_bids(staff).exists()
    other = told.submitted(told.people(), name="Other")
    assert list(staff_bids(staff)) == [other]
    assert Bid.objects.shown_to(staff).get(ref=other.ref)["shown_state"] == "submitted"


def test_a_deputy_of_a_bid_is_not_given_it_to_assess():
    who = told.people()
    bid = told.submitted(who)
    deputy = told.person("assessor", consortium_deputy=bid.ref)
    with pytest.raises(Refused, match="is a deputy of this bid") as error:
        actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=deputy)
    assert error.value.field == "assessor"


LATER = told.ANNOUNCED_ON.replace(month=5)


@pytest.mark.parametrize("again", ["review", "minister", "deferral"])
def test_a_reopened_bid_shows_its_announced_decision_and_nothing_of_the_next(scene, again):
    who, bid, _, outsiders = scene
    reviewer = told.person("approver")
    first = told.wave(who)
    bid = told.decide(who, assessed_by(who, bid), first, "deferred")
    told.release(who, first)
    bid = told.fresh(bid)
    told_at_first = readable(outsiders["public"])["facts"]["decision"]

    if again == "review":
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
        seen = told.fresh(bid).version
        actions.settle_review(by=reviewer, bid=bid, version=seen, upheld=True, note="y")
    elif again == "minister":
        actions.reverse_decision(by=reviewer, bid=bid, version=bid.version, on_behalf_of="Minister", reason="x")
    else:
        actions.take_up_again(by=who.admin, bid=bid, version=bid.version)
    before = {name: readable(user) for name, user in outsiders.items()}
    for name in ("lead", "deputy", "pct", "sha"):
        assert before[name]["bids"][0]["shown_state"] == "under_assessment", name
    page = signed_in(who.lead).get(f"/lead/bids/{bid.ref}/")
    told_before = page.context["announced"]
    assert [row["fact"].outcome for row in told_before["decisions"]] == ["deferred"]

    bid = told.fresh(bid)
    wave = told.wave(who, number=4, announced_on=LATER)
    bid = assessed_by(who, bid, finding="partly") if again != "minister" else bid
    assert {name: readable(user) for name, user in outsiders.items()} == before
    bid = told.decide(who, bid, wave, "approved_with_conditions", decided_on=told.ANNOUNCED_ON)
    assert {name: readable(user) for name, user in outsiders.items()} == before
    assert before["public"]["facts"]["decision"] == told_at_first
    after = signed_in(who.lead).get(f"/lead/bids/{bid.ref}/")
    assert without_token(after) == without_token(page)

    told.release(who, wave)
    rows = readable(outsiders["public"])["facts"]["decision"]
    assert [(row["number"], row["outcome"]) for row in rows] == [(1, "deferred"), (2, "approved_with_conditions")]


def assessed_by(who, bid, finding="met"):
    """The bid assessed by the assessor, whether it was given to them before or not."""
    if bid.assessor is None:
        bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    for c in told.criteria():
        note = "" if finding == "met" else "for later"
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=c, finding=finding, note=note
        )
    return actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")


def without_token(page):
    return re.sub(r'name="(csrfmiddlewaretoken|typed_by_secret)" value="[^"]+"', "", page.content.decode())

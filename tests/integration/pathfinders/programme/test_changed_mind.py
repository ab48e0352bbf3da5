"""A changed mind after release: every decision stands beside the next, in the casework and in the register."""

from datetime import date, timedelta

import pytest

from consortia.models import Membership
from pathfinders import actions
from pathfinders.models import (
    Bid,
    Decision,
    PathfinderParticulars,
    ProgrammePlace,
    ReleasedCondition,
    ReleasedDecision,
    ReleasedFinding,
    Review,
)
from pathfinders.reads import decisions as read
from pathfinders.rounds import findings_by_decision
from pathfinders.states import BidState, why_not
from registry.errors import Refused
from registry.feed import broken_links
from registry.invariants import findings
from registry.models import Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
LATER = date(2011, 5, 4)
LATEST = date(2011, 9, 7)


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def reviewer():
    return told.person("approver", name="Rae Reviewer")


def released(who, outcome="declined", number=3, **more):
    wave = told.wave(who, number=number)
    bid = told.decided(who, wave, outcome=outcome, **more)
    told.release(who, wave)
    return told.fresh(bid)


def reviewed(who, reviewer, bid, *, upheld=True):
    actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="You overlooked page four")
    actions.settle_review(
        by=reviewer, bid=bid, version=told.fresh(bid).version, upheld=upheld, note="Page four was not read"
    )
    return told.fresh(bid)


def assessed_again(who, bid, finding="met", recommendation="approved"):
    for criterion in told.criteria():
        note = "" if finding == "met" else "seen again"
        bid = actions.record_finding(
            by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding=finding, note=note
        )
    return actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation=recommendation)


def decided_again(who, bid, outcome="approved", number=4, on=LATER, **more):
    wave = told.wave(who, number=number, announced_on=on)
    told.decide(who, bid, wave, outcome, decided_on=on - timedelta(days=7), **more)
    told.release(who, wave)
    return told.fresh(bid)


def unbroken():
    assert [(f.rule.name, f.rows) for f in findings() if f.rows] == []
    assert list(broken_links()) == []


def stands(pathfinder, day):
    return PathfinderParticulars.objects.at(make.at(day)).filter(pathfinder=pathfinder).exists()


def test_declined_review_upheld_approved_and_all_of_it_still_stands(who, reviewer):
    bid = released(who)
    assert not PathfinderParticulars.objects.exists()
    bid = reviewed(who, reviewer, bid)
    assert (bid.state, bid.recommendation, bid.wave, bid.outcome) == ("assessing", "", None, "declined")
    bid = decided_again(who, assessed_again(who, bid, "partly"))

    assert (bid.state, bid.decision_number, bid.released_number, bid.outcome) == ("released", 2, 2, "approved")
    first, second = Decision.objects.filter(bid=bid)
    assert (first.outcome, first.reasons, first.decided_by) == ("declined", ["finance"], who.approver)
    assert (second.outcome, second.reasons, second.decided_by) == ("approved", [], who.approver)
    review = Review.objects.get()
    assert (review.decision, review.outcome, review.settled_by) == (first, "upheld", reviewer)

    facts = list(ReleasedDecision.objects.at(make.at(LATER)).filter(bid=bid.ref).order_by("number"))
    assert [(f.number, f.outcome, f.reasons, f.wave) for f in facts] == [
        (1, "declined", "finance", 3),
        (2, "approved", "", 4),
    ]
    assert ReleasedFinding.objects.filter(bid=bid.ref).count() == 8
    rounds = findings_by_decision(bid)
    assert {f.finding for f in rounds[1]} == {"met"} and {(f.finding, f.note) for f in rounds[2]} == {
        ("partly", "seen again")
    }
    assert {f.by for f in rounds[1]} == {who.assessor} and len(rounds[1]) == 4
    rows = list(read.rows(None, make.at(LATER)).filter(bid=bid.ref).order_by(*read.KEY))
    assert [(r["number"], r["outcome"], r["reason_codes"]) for r in rows] == [
        (1, "declined", ["finance"]),
        (2, "approved", []),
    ]

    pathfinder = PathfinderParticulars.objects.get()
    assert (pathfinder.wave, pathfinder.announced_on) == (4, LATER)
    assert Membership.objects.at(make.at(LATER)).count() == 2
    letters = Mail.objects.filter(about=bid.ref, state="queued", recipient=who.lead.ref)
    assert [s.split(" (")[0] for s in letters.order_by("pk").values_list("subject", flat=True)] == [
        "We have your bid",
        "The outcome of your bid: declined",
        "We have your request for a review",
        "Your request for a review is upheld",
        "The outcome of your bid: approved",
    ]
    unbroken()


def test_conditions_then_approved_changes_nothing_of_the_pathfinder(who, reviewer):
    bid = released(who, "approved_with_conditions")
    pathfinder = bid.pathfinder()
    bid = decided_again(who, assessed_again(who, reviewed(who, reviewer, bid)))
    assert PathfinderParticulars.objects.count() == ProgrammePlace.objects.count() == 1
    particulars = PathfinderParticulars.objects.get()
    assert (particulars.wave, particulars.approved_on) == (3, told.DECIDED_ON)
    last = ReleasedDecision.objects.get(bid=bid.ref, number=2)
    assert (last.outcome, last.pathfinder) == ("approved", pathfinder)
    assert not bid.conditions().exists() and ReleasedCondition.objects.count() == 1
    unbroken()


def test_approved_then_declined_for_a_minister_ends_it_and_approved_again_it_stands_again(who, reviewer):
    bid = released(who, "approved")
    pathfinder, members = bid.pathfinder(), Membership.objects.count()
    bid = actions.reverse_decision(
        by=reviewer, bid=bid, version=bid.version, on_behalf_of="Minister of State", reason="A letter of 1 April"
    )
    assert (bid.state, bid.recommendation) == ("assessed", "approved")
    bid = decided_again(who, bid, "declined", on_behalf_of="Minister of State")
    assert ReleasedDecision.objects.get(bid=bid.ref, number=2).on_behalf_of == "Minister of State"
    assert stands(pathfinder, LATER - timedelta(days=1)) and not stands(pathfinder, LATER)
    assert not ProgrammePlace.objects.at(make.at(LATER)).exists()
    assert Membership.objects.at(make.at(LATER)).count() == members
    unbroken()

    bid = actions.reverse_decision(by=reviewer, bid=bid, version=bid.version, on_behalf_of="Minister", reason="Again")
    bid = decided_again(who, bid, "approved", number=5, on=LATEST)
    assert bid.pathfinder() == pathfinder and stands(pathfinder, LATEST)
    assert not stands(pathfinder, LATEST - timedelta(days=1))
    assert ProgrammePlace.objects.at(make.at(LATEST)).get().pathfinder == pathfinder
    assert Membership.objects.at(make.at(LATEST)).count() == members == Membership.objects.count()
    assert ReleasedDecision.objects.at(make.at(LATEST)).filter(bid=bid.ref).count() == 3
    unbroken()


def test_a_deferral_is_taken_up_again_for_a_later_wave(who):
    bid = released(who, "deferred")
    assert why_not(bid, who.admin, "take_up_again") is None
    bid = actions.take_up_again(by=who.assessor, bid=bid, version=bid.version)
    assert (bid.state, bid.wave, bid.shown_state(who.lead)) == ("assessing", None, "under_assessment")
    bid = decided_again(who, assessed_again(who, bid))
    assert bid.pathfinder() is not None
    unbroken()
    other = released(who, "declined", number=9, name="Other")
    with pytest.raises(Refused, match="Only a deferred bid"):
        actions.take_up_again(by=who.assessor, bid=other, version=other.version)


def test_a_minister_and_the_officer_are_both_in_the_case_log(who, reviewer):
    bid = released(who)
    with pytest.raises(Refused) as error:
        actions.reverse_decision(by=reviewer, bid=bid, version=bid.version, on_behalf_of=" ", reason="x")
    assert error.value.field == "on_behalf_of"
    actions.reverse_decision(by=reviewer, bid=bid, version=bid.version, on_behalf_of="The Minister", reason="Fairness")
    log = Bid.pgh_event_model.objects.filter(pgh_obj_id=bid.pk).order_by("-pgh_id")[0].pgh_context.metadata
    told_of = {k: log[k] for k in ("action", "actor", "on_behalf_of", "reason")}
    assert told_of == {
        "action": "reverse",
        "actor": reviewer.ref,
        "on_behalf_of": "The Minister",
        "reason": "Fairness",
    }


class TestReview:
    def test_once_a_decision_and_only_of_one_that_is_not_a_plain_approval(self, who, reviewer):
        bid = reviewed(who, reviewer, released(who), upheld=False)
        assert bid.state == BidState.RELEASED
        with pytest.raises(Refused, match="asked for once"):
            actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="again")
        approved = released(who, "approved", number=9, name="Other")
        with pytest.raises(Refused, match="nothing to review"):
            actions.request_review(by=who.lead, bid=approved, version=approved.lead_version, grounds="x")

    def test_the_next_decision_can_be_reviewed_again(self, who, reviewer):
        bid = decided_again(who, assessed_again(who, reviewed(who, reviewer, released(who))), "deferred")
        assert why_not(bid, who.lead, "request_review") is None

    def test_it_needs_grounds_and_a_note(self, who, reviewer):
        bid = released(who)
        with pytest.raises(Refused) as error:
            actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds=" \n")
        assert error.value.field == "grounds"
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
        with pytest.raises(Refused) as error:
            actions.settle_review(by=reviewer, bid=bid, version=told.fresh(bid).version, upheld=True, note="")
        assert error.value.field == "note"

    def test_nobody_with_a_part_settles_it(self, who):
        who.approver = told.person("approver", "assessor")
        earlier = told.person("approver", "assessor", name="Earlier")
        wave = told.wave(who)
        bid = told.submitted(who)
        for person in (earlier, who.assessor):
            bid = actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=person)
        bid = told.decide(who, assessed_again(who, bid), wave, "declined")
        told.release(who, wave)
        bid = told.fresh(bid)
        actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
        deputy = told.person("approver", consortium_deputy=bid.ref)
        interested = told.person("approver")
        actions.declare_interest(by=interested, bid=bid, text="A cousin")
        for person, words in (
            (who.approver, "You decided this bid"),
            (earlier, "assigned to you once"),
            (deputy, "This is your own bid"),
            (interested, "declared an interest"),
            (who.assessor, "You may not"),
        ):
            with pytest.raises(Refused, match=words) as error:
                actions.settle_review(by=person, bid=bid, version=told.fresh(bid).version, upheld=True, note="y")
            assert error.value.status == 403


class TestLeaving:
    def ask(self, who, bid):
        actions.ask_to_withdraw(by=who.lead, bid=bid, version=bid.lead_version, text="The partners disagree")
        return told.fresh(bid)

    def test_granted_the_pathfinder_ends_and_its_consortia_stay(self, who):
        bid = self.ask(who, released(who, "approved"))
        pathfinder, day = bid.pathfinder(), date(2011, 10, 1)
        wish = actions.settle_withdrawal(by=who.admin, bid=bid, version=bid.version, granted=True, ends_on=day)
        assert (wish.outcome, wish.settled_by, wish.ends_on) == ("granted", who.admin, day)
        assert stands(pathfinder, day - timedelta(days=1)) and not stands(pathfinder, day)
        assert not ProgrammePlace.objects.at(make.at(day)).exists()
        assert Membership.objects.at(make.at(day)).count() == 2
        assert ReleasedDecision.objects.at(make.at(day)).filter(bid=bid.ref).exists()
        assert "leaves the programme" in Mail.objects.filter(about=bid.ref).latest("pk").subject
        assert "no pathfinder any more" in why_not(told.fresh(bid), who.lead, "ask_to_withdraw")
        unbroken()

    def test_refused_it_stays_and_may_ask_again(self, who):
        bid = self.ask(who, released(who, "approved"))
        with pytest.raises(Refused) as error:
            actions.settle_withdrawal(by=who.admin, bid=bid, version=bid.version, granted=False)
        assert error.value.field == "note"
        actions.settle_withdrawal(by=who.admin, bid=bid, version=bid.version, granted=False, note="Not now")
        bid = told.fresh(bid)
        assert bid.is_in_programme() and why_not(bid, who.lead, "ask_to_withdraw") is None

    @pytest.mark.parametrize("day", [None, told.ANNOUNCED_ON, date(2011, 1, 1)])
    def test_it_ends_on_a_day_on_which_it_was_a_pathfinder_until_then(self, who, day):
        bid = self.ask(who, released(who, "approved"))
        with pytest.raises(Refused) as error:
            actions.settle_withdrawal(by=who.admin, bid=bid, version=bid.version, granted=True, ends_on=day)
        assert error.value.field == "ends_on"
        assert told.fresh(bid).withdrawal() is not None

    def test_a_bid_that_was_not_approved_has_nothing_to_leave(self, who):
        bid = released(who)
        with pytest.raises(Refused, match="Only a pathfinder"):
            self.ask(who, bid)


class TestInterests:
    def test_an_interest_keeps_from_assessing_deciding_and_findings(self, who):
        bid = told.assessing(who)
        actions.declare_interest(by=who.assessor, bid=bid, text="My own surgery")
        with pytest.raises(Refused, match="declared an interest") as error:
            actions.record_finding(by=who.assessor, bid=bid, version=bid.version, criterion="qipp", finding="met")
        assert error.value.status == 403
        other = told.person("assessor", name="Other")
        actions.declare_interest(by=other, bid=bid, text="A friend")
        with pytest.raises(Refused, match="Other has declared an interest") as error:
            actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=other)
        assert error.value.field == "assessor"

        done = told.assessed(who, name="Done")
        actions.declare_interest(by=who.approver, bid=done, text="A cousin leads it")
        with pytest.raises(Refused, match="declared an interest") as error:
            told.decide(who, done, told.wave(who))
        assert error.value.status == 403 and not Decision.objects.exists()

    def test_an_interest_in_a_consortium_that_holds_a_practice_counts_and_ends(self, who):
        held = make.make_practice()
        group = make.make_consortium()
        make.make_membership(held, group, date(2011, 1, 1))
        bid = told.assessed(who, [held, make.make_practice()])
        interest = actions.declare_interest(by=who.approver, consortium=group, text="A share in it")
        assert "declared an interest" in why_not(told.fresh(bid), who.approver, "decide")
        with pytest.raises(Refused, match="Only the person"):
            actions.end_interest(by=who.admin, interest=interest)
        actions.end_interest(by=who.approver, interest=interest)
        assert why_not(told.fresh(bid), who.approver, "decide") is None
        with pytest.raises(Refused, match="ended already"):
            actions.end_interest(by=who.approver, interest=interest)

    def test_an_interest_in_a_bid_goes_over_to_the_one_that_resubmits_it(self, who):
        bid = released(who)
        actions.declare_interest(by=who.approver, bid=bid, text="A cousin")
        new = actions.resubmit(by=who.lead, bid=bid, version=bid.lead_version, as_at=LATER)
        assert new.is_of_interest_to(who.approver) and not new.is_of_interest_to(who.admin)

    def test_it_says_what_and_in_one_thing(self, who):
        bid = told.submitted(who)
        for given, field in (({"text": ""}, "text"), ({"text": "x", "bid": None}, "about")):
            with pytest.raises(Refused) as error:
                actions.declare_interest(by=who.assessor, **{"bid": bid, **given})
            assert error.value.field == field
        with pytest.raises(Refused):
            actions.declare_interest(by=who.lead, bid=bid, text="x")


class TestResubmission:
    def test_it_copies_what_the_old_bid_said_and_leaves_it_alone(self, who):
        bid = released(who)
        deputy = told.person(consortium_deputy=bid.ref)
        new = actions.resubmit(by=deputy, bid=bid, version=bid.lead_version, as_at=LATER)
        assert (new.state, new.earlier, new.lead, new.as_at, new.ref) == (
            "draft", bid, who.lead, LATER, new.ref
        )  # fmt: skip
        for rows in ("answers", "practices", "consortia"):
            assert getattr(new, rows).count() == getattr(bid, rows).count() > 0
        assert new.belongs_to(told.fresh(deputy)) and new.answers.first().text == bid.answers.first().text
        assert told.fresh(bid).state == "released"
        with pytest.raises(Refused, match=f"resubmitted already, as {new.ref}"):
            actions.resubmit(by=who.lead, bid=bid, version=told.fresh(bid).lead_version)
        new = actions.submit_bid(by=who.lead, bid=new, version=new.lead_version, declared=True)
        actions.withdraw_bid(by=who.lead, bid=new, version=new.lead_version)
        assert why_not(told.fresh(bid), who.lead, "resubmit") is None

    def test_a_pathfinder_does_not_bid_again(self, who):
        bid = released(who, "approved")
        with pytest.raises(Refused, match="nothing to bid for again"):
            actions.resubmit(by=who.lead, bid=bid, version=bid.lead_version)


class TestConditions:
    def test_they_are_answered_and_discharged_by_a_named_officer(self, who):
        bid = released(who, "approved_with_conditions")
        assert "Publish a governance plan (by 30 June 2011)" in Mail.objects.filter(about=bid.ref).latest("pk").body
        fact = ReleasedCondition.objects.at(make.at(told.ANNOUNCED_ON)).get()
        assert (fact.text, fact.due_on, fact.discharged_on) == ("Publish a governance plan", told.CONDITION_DUE, None)
        actions.answer_condition(by=who.lead, bid=bid, version=bid.lead_version, position=1, evidence="Here it is")
        bid, day = told.fresh(bid), date(2011, 7, 1)
        condition = actions.discharge_condition(
            by=who.assessor, bid=bid, version=bid.version, position=1, note="Read and good", discharged_on=day
        )
        assert (condition.evidence, condition.discharged_by, condition.note) == (
            "Here it is", who.assessor, "Read and good",
        )  # fmt: skip
        assert ReleasedCondition.objects.at(make.at(day - timedelta(days=1))).get().discharged_on is None
        assert ReleasedCondition.objects.at(make.at(day)).get().discharged_on == day
        unbroken()
        with pytest.raises(Refused, match="No condition"):
            actions.discharge_condition(
                by=who.assessor, bid=bid, version=told.fresh(bid).version, position=1, note="again"
            )

    @pytest.mark.parametrize("day", [told.ANNOUNCED_ON - timedelta(days=1), date(2999, 1, 1)])
    def test_not_before_its_announcement_nor_after_today(self, who, day):
        bid = released(who, "approved_with_conditions")
        with pytest.raises(Refused) as error:
            actions.discharge_condition(
                by=who.admin, bid=bid, version=bid.version, position=1, note="x", discharged_on=day
            )
        assert error.value.field == "discharged_on"

    @pytest.mark.parametrize(
        ("outcome", "conditions"),
        [
            ("approved_with_conditions", []),
            ("approved_with_conditions", [{"text": "", "due_on": None}]),
            ("approved_with_conditions", [{"text": "Plan", "due_on": None}]),
            ("approved_with_conditions", [{"text": " ", "due_on": told.CONDITION_DUE}]),
            ("approved_with_conditions", [{"text": "Plan", "due_on": told.DECIDED_ON}]),
            ("approved", [{"text": "Plan", "due_on": told.CONDITION_DUE}]),
        ],
    )
    def test_a_decision_has_whole_conditions_exactly_where_it_is_conditional(self, who, outcome, conditions):
        bid = told.assessed(who)
        with pytest.raises(Refused) as error:
            told.decide(who, bid, told.wave(who), outcome, conditions=conditions)
        assert (error.value.field, error.value.status) == ("conditions", 422)


def test_two_officers_do_not_overtake_each_other_unseen(who, reviewer):
    """What staff saw is what counts for staff, also where the step changes what the bidder reads."""
    bid = released(who)
    actions.request_review(by=who.lead, bid=bid, version=bid.lead_version, grounds="x")
    seen = told.fresh(bid)
    assert seen.version != seen.lead_version
    with pytest.raises(Refused) as error:
        actions.settle_review(by=reviewer, bid=seen, version=seen.lead_version, upheld=True, note="y")
    assert error.value.status == 412


def test_a_withdrawn_second_round_leaves_the_first_decision_as_announced(who, reviewer):
    bid = reviewed(who, reviewer, released(who))
    wave = told.wave(who, number=4, announced_on=LATER)
    bid = told.decide(who, assessed_again(who, bid), wave, decided_on=LATER)
    actions.withdraw_bid(by=who.lead, bid=bid, version=bid.lead_version)
    assert ReleasedDecision.objects.current().get(bid=bid.ref).outcome == "declined"
    assert told.fresh(bid).shown_state(who.lead) == "withdrawn"
    unbroken()

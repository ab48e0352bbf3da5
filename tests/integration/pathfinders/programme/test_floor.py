"""What Postgres itself refuses of the programme's tables, each shown by SQL that goes past the actions."""

from types import FunctionType

import pytest
from django.db import connection

from pathfinders import actions
from pathfinders.models import (
    Answer,
    Bid,
    BidConsortium,
    BidPractice,
    CriteriaSet,
    Criterion,
    Decision,
    Finding,
    Reason,
    Wave,
)
from tests import factories as make
from tests import programme as told
from tests.support.floor import broken

CASEWORK = (Answer, Bid, BidConsortium, BidPractice, CriteriaSet, Criterion, Decision, Finding, Reason)
"""A wave's own: test_floor_waves.py."""


def build_world():
    """One bid in each state, all in wave 3 from the decision on, by state."""
    who = told.people()
    wave = told.wave(who)
    bids = {
        "draft": told.draft(who, name="a"),
        "submitted": told.submitted(who, name="b"),
        "assessing": told.assessing(who, name="c"),
        "assessed": told.assessed(who, name="d"),
        "decided": told.decided(who, wave, name="e"),
    }
    return who, wave, bids


@pytest.fixture
def scene(in_world):
    return in_world


def bid_change(state, /, **fields):
    return lambda who, wave, bids: Bid.objects.filter(pk=bids[state].pk).update(**fields)


def new_decision(state="assessed", **fields):
    def change(who, wave, bids):
        values = {
            "number": 1,
            "outcome": "approved",
            "decided_by": who.approver,
            "decided_on": told.DECIDED_ON,
            "wave": wave,
        }
        extra = {k: (v(who) if isinstance(v, FunctionType) else v) for k, v in fields.items()}
        Decision.objects.create(bid=bids[state], **{**values, **extra})

    return change


def make_row(model, **fields):
    return lambda who, wave, bids: model.objects.create(
        **{k: v(who, wave, bids) if callable(v) else v for k, v in fields.items()}
    )


def draft_of(who, wave, bids):
    return bids["draft"]


def first_criterion(who, wave, bids):
    return told.criteria()[0]


def two_criteria(*rows):
    """In a set that no bid has locked."""
    free = CriteriaSet.objects.create(scope="Q37", version=1, published_on=told.FEBRUARY)
    for row in rows:
        Criterion.objects.create(set=free, title="t", question="q", **row)


CONSTRAINTS = {
    "bid_ref_shape": make_row(Bid, ref="B1", as_at=told.FEBRUARY, lead=lambda w, *_: w.lead, name="x"),
    "bid_state_known": None,  # shown below: the triggers on states come before it
    "bid_versions": bid_change("draft", lead_version=99),
    "bid_submitted_is_whole": bid_change("draft", submitted_on=told.FEBRUARY),
    "bid_submitted_after_its_date": bid_change("draft", submitted_on=told.FEBRUARY.replace(month=1)),
    "bid_assigned_is_whole": bid_change("assessing", assessor=None),
    "bid_assessor_is_not_lead": lambda w, _, bids: Bid.objects.filter(pk=bids["assessing"].pk).update(assessor=w.lead),
    "bid_assessed_is_whole": bid_change("assessed", recommendation=""),
    "bid_decided_is_whole": bid_change("decided", wave=None),
    "bid_outcome_is_decided": lambda who, *_: Bid.objects.create(
        ref="BID-2011-0555", as_at=told.FEBRUARY, lead=who.lead, name="x", outcome="declined"
    ),
    "bid_released_is_decided": bid_change("decided", state="released", released_number=1, wave=None),
    "bid_is_not_its_own_earlier": lambda who, *_: Bid.objects.create(
        pk=999_999, earlier_id=999_999, ref="BID-2011-0555", as_at=told.FEBRUARY, lead=who.lead, name="x"
    ),
    "claim_answer_is_whole": lambda w, _, bids: bids["draft"].practices.update(answer="confirmed"),
    "one_consortium_a_position": make_row(BidConsortium, bid=draft_of, position=1, name="again"),
    "bid_consortium_is_named": make_row(BidConsortium, bid=draft_of, position=2, name=""),
    "one_claim_a_practice_a_bid": make_row(
        BidPractice,
        bid=draft_of,
        consortium=lambda w, _, bids: bids["draft"].consortia.get(),
        practice=lambda w, _, bids: bids["draft"].practices.first().practice,
    ),
    "one_answer_a_criterion": make_row(Answer, bid=draft_of, criterion=first_criterion, text="again"),
    "answer_says_something": lambda w, _, bids: Answer.objects.filter(bid=bids["draft"]).update(text=""),
    "criteria_set_version": make_row(CriteriaSet, scope="national", version=1, published_on=told.FEBRUARY),
    "criteria_set_scope": make_row(CriteriaSet, scope="any", version=1, published_on=told.FEBRUARY),
    "criteria_set_numbered": make_row(CriteriaSet, scope="Q36", version=0, published_on=told.FEBRUARY),
    "one_criterion_a_key": lambda *_: two_criteria({"position": 1, "key": "same"}, {"position": 2, "key": "same"}),
    "one_criterion_a_position": lambda *_: two_criteria({"position": 1, "key": "a"}, {"position": 1, "key": "b"}),
    "one_decision_a_number": None,  # shown below: the trigger on order comes before it
    "decision_outcome_known": new_decision(outcome="perhaps", reasons=["finance"]),
    "decision_is_reasoned": new_decision(outcome="declined"),
    "one_finding_a_criterion": lambda w, _, bids: [
        Finding.objects.create(bid=bids["assessing"], criterion=told.criteria()[0], finding="met", by=w.assessor)
        for _ in range(2)
    ],
    "finding_is_known": lambda w, _, bids: Finding.objects.create(
        bid=bids["assessing"], criterion=told.criteria()[0], finding="maybe", by=w.assessor
    ),
    "reason_kinds_known": lambda *_: Reason.objects.filter(key="finance").update(kinds=["praise"]),
    "reason_period_is_real": lambda *_: Reason.objects.filter(key="finance").update(
        period=(told.FEBRUARY, told.FEBRUARY)
    ),
}


def test_every_constraint_of_the_casework_is_tried():
    declared = {c.name for model in CASEWORK for c in model._meta.constraints}
    assert declared == set(CONSTRAINTS)


def test_each_constraint_refuses_what_breaks_it(scene):
    for name, change in CONSTRAINTS.items():
        if change is not None:
            refused_by = broken(lambda change=change: change(*scene))
            assert refused_by.removesuffix("_fkey").startswith(name), (name, refused_by)


FAIRNESS = {
    "decided by somebody other": new_decision(decided_by=lambda w: w.assessor),
    "other than its assessors, its lead, its deputies": new_decision(decided_by=lambda w: w.lead),
    "not ready": new_decision("assessing"),
    "out of order": new_decision(number=2),
    "is out of order": new_decision(decided_on=told.FEBRUARY.replace(month=1)),
}


@pytest.mark.parametrize("sentence", FAIRNESS)
def test_postgres_refuses_an_unfair_decision(scene, sentence):
    assert sentence in broken(lambda: FAIRNESS[sentence](*scene))


def test_postgres_refuses_a_decision_by_a_deputy_or_an_earlier_assessor(scene):
    who, _, bids = scene
    earlier, deputy = (
        told.person("assessor", "approver"),
        told.person("approver", consortium_deputy=bids["assessed"].ref),
    )
    bid = actions.reopen_assessment(by=who.assessor, bid=bids["assessed"], version=bids["assessed"].version)
    for person in (earlier, who.assessor):
        bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=person)
        bid = actions.record_finding(by=person, bid=bid, version=bid.version, criterion="qipp", finding="met")
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    for person in (earlier, deputy):
        assert "somebody other" in broken(lambda person=person: new_decision(decided_by=person)(*scene))
    new_decision()(*scene)


def test_postgres_refuses_a_decision_without_all_findings(scene):
    who, wave, bids = scene
    bid = bids["assessing"]
    for criterion in told.criteria()[:3]:
        Finding.objects.create(bid=bid, criterion=criterion, finding="met", by=who.assessor)
    Bid.objects.filter(pk=bid.pk).update(
        state="assessed", recommendation="approved", assessed_on=told.DECIDED_ON, version=50
    )
    assert "without a finding" in broken(lambda: new_decision("assessing")(*scene))
    Bid.objects.filter(pk=bid.pk).update(state="assessing", recommendation="", assessed_on=None)
    Finding.objects.create(bid=bid, criterion=told.criteria()[3], finding="met", by=who.assessor)
    Bid.objects.filter(pk=bid.pk).update(state="assessed", recommendation="approved", assessed_on=told.DECIDED_ON)
    new_decision("assessing")(*scene)


def test_postgres_refuses_the_same_decision_number_twice(scene):
    assert "out of order" in broken(lambda: new_decision("decided")(*scene))


def test_postgres_refuses_a_state_without_its_decision(scene):
    _, wave, bids = scene
    change = {"state": "decided", "decision_number": 1, "outcome": "approved", "wave": wave}
    assert "no such decision" in broken(lambda: Bid.objects.filter(pk=bids["assessed"].pk).update(**change))


def test_postgres_refuses_moves_that_the_table_does_not_have(scene):
    _, _, bids = scene
    moves = [("draft", "assessing"), ("submitted", "draft"), ("decided", "assessed"), ("draft", "released")]
    for state, to in moves:
        sentence = broken(lambda state=state, to=to: Bid.objects.filter(pk=bids[state].pk).update(state=to))
        assert sentence == f"a bid does not go from {state} to {to}"


def test_postgres_begins_a_bid_as_a_draft(scene):
    who, _, _ = scene
    for state in ("submitted", "withdrawn", "lost"):
        row = {"ref": "BID-2011-0777", "as_at": told.FEBRUARY, "lead": who.lead, "name": "x", "state": state}
        sentence = broken(lambda row=row: Bid.objects.create(**row))
        assert sentence == f"a bid begins as a draft, not as {state}"


def test_postgres_ties_the_outcome_to_its_decision_and_the_assessor_to_the_assessment(scene):
    _, _, bids = scene
    assert "only by a decision" in broken(lambda: bid_change("decided", outcome="declined")(*scene))
    other = told.person("assessor")
    for state in ("assessed", "decided"):
        assert "is assigned before" in broken(lambda state=state: bid_change(state, assessor=other)(*scene))
    assert bid_change("assessing", assessor=other)(*scene) == 1


def test_postgres_keeps_findings_once_the_assessment_is_complete(scene):
    who, _, bids = scene
    values = {"criterion": told.criteria()[0], "finding": "met", "by": who.assessor}
    for change in (
        lambda: Finding.objects.create(bid=bids["submitted"], **values),
        lambda: Finding.objects.filter(bid=bids["assessed"]).update(finding="not"),
        lambda: Finding.objects.filter(bid=bids["decided"]).update(note="late"),
        lambda: Finding.objects.filter(bid=bids["decided"]).update(bid=bids["assessing"]),
    ):
        assert "while their bid is being assessed" in broken(change)


def test_postgres_keeps_a_submitted_bid_as_it_was_submitted(scene):
    _, _, bids = scene
    bid = bids["submitted"]
    other = CriteriaSet.objects.create(scope="Q36", version=1, published_on=told.FEBRUARY)
    changes = [
        lambda: Answer.objects.filter(bid=bid).update(text="better"),
        lambda: Answer.objects.filter(bid=bid)._raw_delete("default"),
        lambda: BidPractice.objects.filter(bid=bid)._raw_delete("default"),
        *(
            lambda field=field, value=value: Bid.objects.filter(pk=bid.pk).update(**{field: value})
            for field, value in {
                "name": "Better",
                "form": "company",
                "as_at": told.FEBRUARY.replace(month=1),
                "lead": told.person(),
                "submitted_on": told.DECIDED_ON,
                "criteria": other,
            }.items()
        ),
        lambda: BidConsortium.objects.filter(bid=bid).update(name="Better"),
        lambda: BidConsortium.objects.filter(bid=bid).update(form="partnership"),
        lambda: BidConsortium.objects.create(bid=bid, position=2, name="late"),
        lambda: BidPractice.objects.create(bid=bid, consortium=bid.consortia.get(), practice=make.make_practice()),
    ]
    for change in changes:
        assert "fixed once it is submitted" in broken(change)


def test_postgres_keeps_a_practice_in_a_consortium_of_its_own_bid(scene):
    who, _, bids = scene
    other = told.draft(who, name="other")
    row = bids["draft"].practices.first()
    change = BidPractice.objects.filter(pk=row.pk).update
    assert "of that bid" in broken(lambda: change(consortium=other.consortia.get()))


@pytest.mark.parametrize("model", [Bid, Finding, Decision, Reason, CriteriaSet, Criterion, Wave])
def test_rows_of_record_are_never_deleted(scene, model):
    assert "never deleted" in broken(lambda: model.objects.all()._raw_delete("default"))


@pytest.mark.parametrize("model", [Bid, BidConsortium, BidPractice, Answer, Finding, Wave])
def test_a_case_log_is_never_truncated(db, model):
    def change():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model.pgh_event_model._meta.db_table}")

    assert "a case log is never deleted" in broken(change)


@pytest.mark.parametrize("model", [Decision, Criterion])
def test_decisions_and_criteria_are_never_changed(scene, model):
    field = "text" if model is Decision else "question"
    assert "never changed" in broken(lambda: model.objects.update(**{field: "other words"}))


def test_the_case_log_keeps_every_version_of_a_finding(scene):
    who, _, bids = scene
    bid = bids["assessed"]
    actions.reopen_assessment(by=who.assessor, bid=bid, version=bid.version)
    finding = bid.findings.first()
    Finding.objects.filter(pk=finding.pk).update(finding="not", note="past the action")
    log = Finding.pgh_event_model.objects.filter(pgh_obj_id=finding.pk).order_by("pgh_id")
    assert list(log.values_list("finding", flat=True)) == ["met", "not"]
    assert "delete rows" in broken(lambda: log._raw_delete("default"))

"""Drafting, submitting, assessing and deciding: each rule with what breaks it (domain.md rules 9, 10, 13)."""

from datetime import date, timedelta

import pgtrigger
import pytest

from pathfinders import actions
from pathfinders.case_log import history
from pathfinders.models import Bid, CriteriaSet, Criterion, Decision, Reason
from registry import clock
from registry.actions.roles import grant_role
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
TOMORROW = timedelta(days=1)


@pytest.fixture
def who():
    return told.people()


def refused(call, **arguments) -> Refused:
    with pytest.raises(Refused) as error:
        call(**arguments)
    return error.value


# Drafting


def test_a_lead_is_made_before_there_is_a_consortium():
    who = told.people()
    newcomer = told.person()
    grant_role(by=who.admin, user=newcomer, role="consortium_lead")
    assert actions.draft_bid(by=told.fresh(newcomer), name="B", as_at=told.FEBRUARY).lead == newcomer


def test_references_count_up_within_the_year_of_the_bids_date(who):
    days = [date(2010, 11, 1), date(2011, 2, 1), date(2010, 12, 1)]
    bids = [actions.draft_bid(by=who.lead, name="B", as_at=day) for day in days]
    assert [b.ref for b in bids] == ["BID-2010-0001", "BID-2011-0001", "BID-2010-0002"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"form": "x" * 201}, "form"),
        ({"as_at": date(2100, 1, 1)}, "as_at"),
        ({"as_at": date(1011, 2, 1)}, "as_at"),
        ({"state": "released"}, "state"),
        ({"lead": None}, "lead"),
    ],
)
def test_a_draft_says_which_field_is_wrong(who, fields, field):
    bid = actions.draft_bid(by=who.lead, name="B", as_at=told.FEBRUARY)
    error = refused(actions.edit_bid, by=who.lead, bid=bid, version=1, **fields)
    assert (error.field, error.status) == (field, 422)
    assert told.fresh(bid).version == 1


def test_consortia_are_reordered_renamed_and_kept_with_their_practices(who):
    bid = told.draft(who, name="Leeds")
    first = bid.consortia.get()
    names = [{"name": "North", "form": "partnership"}, {"name": "leeds health commissioning"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=names)
    assert list(bid.consortia.values_list("position", "name")) == [(1, "North"), (2, "leeds health commissioning")]
    assert bid.consortia.get(position=2).pk == first.pk and first.practices.count() == 2
    error = refused(
        actions.set_consortia, by=who.lead, bid=bid, version=bid.lead_version, consortia=[{"name": "North"}]
    )
    assert error.field == "consortia" and "2 practices" in error.message
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=names[1:])
    assert bid.consortia.get().position == 1


@pytest.mark.parametrize("rows", [[], [{"name": ""}], [{"name": "A"}, {"name": "a "}]])
def test_consortia_need_names_of_their_own(who, rows):
    bid = actions.draft_bid(by=who.lead, name="B", as_at=told.FEBRUARY)
    assert refused(actions.set_consortia, by=who.lead, bid=bid, version=1, consortia=rows).field == "consortia"


def test_an_answer_can_be_changed_and_taken_out(who):
    bid = told.draft(who)
    for text, left in (("better", 4), (" ", 3)):
        bid = actions.answer_criterion(by=who.lead, bid=bid, version=bid.lead_version, criterion="qipp", text=text)
        assert bid.answers.count() == left
    error = refused(
        actions.answer_criterion, by=who.lead, bid=bid, version=bid.lead_version, criterion="charm", text="x"
    )
    assert error.field == "charm"


# Submitting


def test_a_submission_names_all_that_is_missing(who):
    bid = actions.draft_bid(by=who.lead, name="B", as_at=told.FEBRUARY)
    error = refused(actions.submit_bid, by=who.lead, bid=bid, version=1, declared=False)
    keys = [c.key for c in told.criteria()]
    assert [d["field"] for d in error.detail] == ["consortia", "practices", *keys, "declared"]
    assert (error.field, error.message) == ("consortia", error.detail[0]["message"])


def test_a_consortium_without_practices_is_missing_some(who):
    bid = told.draft(who)
    rows = [{"name": "Southwark Health Commissioning"}, {"name": "Empty"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=rows)
    error = refused(actions.submit_bid, by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert error.field == "practices" and "Empty" in error.message


def test_practices_are_looked_at_again_as_of_the_date_submitted(who):
    practice = make.make_practice(last_day=date(2011, 2, 10))
    bid = told.draft(who, [practice])
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, as_at=date(2011, 2, 11))
    error = refused(actions.submit_bid, by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert error.field == "practices" and practice.code in error.message


def test_no_bid_before_the_first_criteria(who):
    bid = told.draft(who)
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, as_at=date(2010, 1, 1))
    error = refused(actions.submit_bid, by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert error.field == "as_at"


def test_a_submission_locks_its_criteria_and_sends_a_receipt(who):
    bid = told.submitted(who)
    assert (bid.state, bid.submitted_on, bid.criteria.key) == ("submitted", told.FEBRUARY, "national-1")
    receipt = Mail.objects.get()
    assert (receipt.recipient, receipt.state, receipt.about) == (who.lead.ref, "queued", bid.ref)
    assert bid.ref in receipt.body
    later = CriteriaSet.objects.create(scope="national", version=2, published_on=date(2011, 1, 1))
    assert told.fresh(bid).criteria_in_force().key == "national-1"
    assert CriteriaSet.objects.in_force(told.FEBRUARY) == later


@pytest.mark.parametrize("day", [told.FEBRUARY - TOMORROW, date(2100, 1, 1)])
def test_a_submission_has_a_day_from_the_bids_own_to_today(who, day):
    bid = told.draft(who)
    error = refused(
        actions.submit_bid, by=who.lead, bid=bid, version=bid.lead_version, declared=True, submitted_on=day
    )
    assert error.field == "submitted_on"


def test_casework_writes_no_journal_entry(who):
    practices = [make.make_practice()]
    entries = Entry.objects.count()
    told.decided(who, told.wave(who), practices)
    assert Entry.objects.count() == entries


# Versions


def test_a_stale_page_is_told_what_changed(who):
    bid = told.draft(who)
    deputy = told.person(consortium_deputy=bid.ref, name="Dee Deputy")
    actions.edit_bid(by=deputy, bid=bid, version=bid.lead_version, name="Renamed")
    error = refused(actions.edit_bid, by=who.lead, bid=bid, version=bid.lead_version, name="Mine")
    assert error.status == 412 and "it was edited" in error.message
    assert "Dee Deputy" not in error.message  # the lead's side is told what happened, and nobody's name
    assert told.fresh(bid).name == "Renamed"


def test_staff_are_told_of_staff(who):
    bid = told.assessing(who)
    actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=who.assessor)
    error = refused(
        actions.record_finding, by=who.assessor, bid=bid, version=bid.version, criterion="qipp", finding="met"
    )
    assert error.status == 412 and "assigned" in error.message and "Addi Admin" in error.message


# Assessing


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"criterion": "charm", "finding": "met"}, "charm"),
        ({"criterion": "qipp", "finding": "splendid"}, "finding"),
        ({"criterion": "qipp", "finding": "not", "note": " "}, "note"),
    ],
)
def test_a_finding_is_on_a_criterion_of_a_kind_and_says_what_is_missing(who, fields, field):
    bid = told.assessing(who)
    error = refused(actions.record_finding, by=who.assessor, bid=bid, version=bid.version, **fields)
    assert error.field == field


def test_an_assessment_is_complete_with_all_findings(who):
    bid = told.assessing(who)
    for key in ("gp_backing", "qipp"):
        bid = actions.record_finding(by=who.assessor, bid=bid, version=bid.version, criterion=key, finding="met")
    error = refused(
        actions.complete_assessment, by=who.assessor, bid=bid, version=bid.version, recommendation="approved"
    )
    assert error.code == "findings_missing"
    assert [d["field"] for d in error.detail] == ["clinical_leadership", "local_authority"]


def test_a_handed_over_bid_is_the_new_assessors(who):
    bid = told.assessing(who)
    other = told.person("assessor")
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=other)
    error = refused(
        actions.record_finding, by=who.assessor, bid=bid, version=bid.version, criterion="qipp", finding="met"
    )
    assert error.status == 403
    actions.record_finding(by=other, bid=bid, version=bid.version, criterion="qipp", finding="met")


# Deciding


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"outcome": "maybe"}, "outcome"),
        ({"outcome": "declined", "reasons": []}, "reasons"),
        ({"outcome": "deferred", "reasons": []}, "reasons"),
        ({"outcome": "approved_with_conditions", "reasons": []}, "reasons"),
        ({"outcome": "declined", "reasons": ["whim"]}, "reasons"),
        ({"outcome": "approved_with_conditions", "reasons": ["wave_capacity"]}, "reasons"),
        ({"outcome": "approved", "decided_on": told.FEBRUARY - TOMORROW}, "decided_on"),
        ({"outcome": "approved", "decided_on": date(2100, 1, 1)}, "decided_on"),
        ({"outcome": "approved", "wave": None}, "wave"),
        ({"outcome": "approved", "wave": 99}, "wave"),
    ],
)
def test_a_decision_needs_its_parts(who, fields, field):
    wave = told.wave(who)
    bid = told.assessed(who)
    values = {"reasons": [], "text": "", "wave": wave, "decided_on": told.DECIDED_ON, **fields}
    error = refused(actions.decide_bid, by=who.approver, bid=bid, version=bid.version, **values)
    assert error.field == field
    assert not Decision.objects.exists() and told.fresh(bid).state == "assessed"


def test_a_decision_looks_at_all_findings_again(who):
    wave = told.wave(who)
    bid = told.assessed(who)
    with pgtrigger.ignore("pathfinders.Criterion:locked_by_a_bid"):
        Criterion.objects.create(set=bid.criteria, position=5, key="late", title="Late", question="?")
    with pytest.raises(Refused) as error:
        told.decide(who, bid, wave)
    assert (error.value.code, error.value.field) == ("findings_missing", "late")


def test_a_reason_is_given_in_its_time(who):
    Reason.objects.filter(key="finance").update(period=(None, date(2011, 1, 1)))
    bid = told.assessed(who)
    with pytest.raises(Refused) as error:
        told.decide(who, bid, told.wave(who), "declined")
    assert error.value.code == "reason_not_usable"


def test_a_decision_is_made_today_at_the_latest_and_can_be(who):
    bid = told.assessed(who)
    wave = told.wave(who, announced_on=clock.today() + TOMORROW)
    assert told.decide(who, bid, wave, decided_on=clock.today()).state == "decided"


def test_a_bid_is_not_decided_into_a_released_wave(who):
    wave = told.wave(who)
    told.decided(who, wave)
    late = told.assessed(who, name="Late")
    told.release(who, wave)
    with pytest.raises(Refused) as error:
        told.decide(who, late, wave)
    assert error.value.status == 409 and error.value.field == "wave"


def test_a_changed_mind_is_a_new_decision_and_the_old_one_stands(who):
    wave, next_wave = told.wave(who), told.wave(who, number=4)
    bid = told.decided(who, wave, outcome="declined")
    second = told.person("approver")
    bid = told.decide(who, bid, next_wave, by=second, on_behalf_of="the Secretary of State")
    told_of = bid.decisions.values_list("number", "outcome", "reasons", "decided_by", "on_behalf_of", "wave")
    assert list(told_of) == [
        (1, "declined", ["finance"], who.approver.pk, "", 3),
        (2, "approved", [], second.pk, "the Secretary of State", 4),
    ]
    assert (bid.outcome, bid.decision_number, bid.wave_id) == ("approved", 2, 4)
    letter = Mail.objects.get(state="held")
    assert letter.held_for == "wave-4" and "Approved" in letter.body.title()


def test_the_letter_says_findings_and_reasons_and_which_are_outside_the_criteria(who):
    bid = told.assessed(who)
    told.decide(who, bid, told.wave(who), "declined", reasons=["wave_capacity", "qipp"], text="Do try again.")
    body = Mail.objects.get(state="held").body
    assert "no room for it (not one of the published criteria)" in body
    assert "Do try again." in body and "Backing of local GPs: met" in body


def test_taking_a_bid_out_of_its_wave(who):
    wave = told.wave(who)
    bid = told.assessed(who)
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=wave)
    assert told.fresh(bid).wave == wave and told.fresh(wave).version == 2
    bid = actions.put_in_wave(by=who.admin, bid=bid, version=bid.version, wave=None)
    assert told.fresh(bid).wave is None and told.fresh(wave).version == 3
    assert [step.what for step in history(bid)[:2]] == ["Taken out of its wave", "Put into a wave"]


# Waves


def test_a_wave_is_opened_once_and_dated_by_who_saw_it(who):
    wave = told.wave(who)
    assert refused(actions.open_wave, by=who.admin, number=3, announced_on=told.FEBRUARY).status == 409
    assert refused(actions.open_wave, by=who.admin, number=0, announced_on=told.FEBRUARY).field == "number"
    unsaid = refused(actions.date_wave, by=who.admin, wave=wave, version=1, announced_on=date(2011, 3, 9))
    assert (unsaid.status, unsaid.field) == (422, "reason")
    sooner = {"announced_on": date(2011, 3, 9), "reason": "Parliament sits"}
    moved = actions.date_wave(by=who.admin, wave=wave, version=1, **sooner)
    assert (moved.announced_on, moved.version) == (date(2011, 3, 9), 2)
    assert refused(actions.date_wave, by=who.admin, wave=wave, version=1, **sooner).status == 412
    assert refused(actions.open_wave, by=who.approver, number=5, announced_on=told.FEBRUARY).status == 403


def test_who_did_what_is_in_the_case_log(who):
    bid = told.decided(who, told.wave(who))
    log = Bid.pgh_event_model.objects.filter(pgh_obj_id=bid.pk).order_by("pgh_id")
    steps = [(c["action"], c["actor"]) for c in log.values_list("pgh_context__metadata", flat=True)]
    assert steps[0] == ("draft_bid", who.lead.ref)
    assert [s for s in steps if s[0] in ("submit", "assign", "complete_assessment", "decide")] == [
        ("submit", who.lead.ref),
        ("assign", who.assessor.ref),
        ("complete_assessment", who.assessor.ref),
        ("decide", who.approver.ref),
    ]


# Independence (rule 10)


def test_whoever_had_a_part_in_a_bid_does_not_decide_it(who):
    bid = told.assessing(who)
    earlier = told.person("assessor", "approver", name="Early")
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=earlier)
    bid = actions.record_finding(by=earlier, bid=bid, version=bid.version, criterion="qipp", finding="met")
    bid = actions.assign_bid(by=who.admin, bid=bid, version=bid.version, assessor=who.assessor)
    for criterion in told.criteria():  # replaces what the earlier assessor found
        bid = actions.record_finding(by=who.assessor, bid=bid, version=bid.version, criterion=criterion, finding="met")
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    wave = told.wave(who)
    deputy = told.person("approver", consortium_deputy=bid.ref)
    for person, sentence in ((earlier, "You assessed"), (deputy, "This is your own bid")):
        with pytest.raises(Refused, match=sentence) as error:
            told.decide(who, bid, wave, by=person)
        assert error.value.status == 403
    assert told.decide(who, bid, wave).state == "decided"


def test_the_check_of_the_register_finds_a_decider_who_became_a_deputy_that_day(who):
    bid = told.decided(who, told.wave(who))
    assert "decided_by_another" not in {f.rule.name for f in findings() if f.rows}
    who.approver.grants.create(
        role="consortium_deputy",
        object_kind="bid",
        object_ref=bid.ref,
        period=(told.FEBRUARY, None),
        given_by="system",
    )
    assert "decided_by_another" in {f.rule.name for f in findings() if f.rows}

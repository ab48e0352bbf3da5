"""PCTs and SHAs: who is asked, on which criteria, by when, and what they reply (domain.md rules 9, 13; section 5.6)."""

from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import Stage
from pathfinders.states import OPEN_STATES
from registry.errors import Refused
from registry.models import Mail
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db


@pytest.fixture
def who():
    return told.people()


@pytest.fixture
def local():
    return told.local_criteria("Q36")


@pytest.fixture
def pct(local):
    return make.make_pct("5LE", sha=make.make_sha("Q36"))


def bid_of(who, *pcts, **more):
    return told.submitted(who, [make.make_practice(pct=pct) for pct in pcts], **more)


def stage_of(bid, code) -> Stage:
    return bid.stages.get(body__code=code)


def reply(person, stage, **more) -> Stage:
    more.setdefault("version", stage.version)
    more.setdefault("view", "support")
    return actions.give_opinion(by=person, stage=stage, **more)


def refused(call, *words, **more) -> Refused:
    with pytest.raises(Refused) as error:
        call(*words, **more)
    return error.value


# Who is asked


def test_each_pct_and_sha_of_its_practices_is_asked_once_by_the_working_days_of_its_step(who, pct):
    other = make.make_pct("5AA", sha=make.make_sha("Q30"))
    bid = bid_of(who, pct, pct, other)
    asked = bid.stages.order_by("kind", "body__code").values_list("kind", "body__code", "above__code", "due_on")
    ten, twenty = date(2011, 2, 15), date(2011, 3, 1)
    assert list(asked) == [
        ("pct", "5AA", "Q30", ten),
        ("pct", "5LE", "Q36", ten),
        ("sha", "Q30", None, twenty),
        ("sha", "Q36", None, twenty),
    ]
    assert set(bid.stages.values_list("asked_on", flat=True)) == {told.FEBRUARY}
    assert bid.due_on == date(2011, 3, 29)


def test_practices_without_a_parent_are_nobodys_to_comment_on(who):
    assert not told.submitted(who).stages.exists()


def test_an_sha_is_asked_on_the_criteria_it_had_published_by_the_bids_date(who, pct):
    told.local_criteria("Q36", version=2, published_on=date(2011, 2, 2))
    assert stage_of(bid_of(who, pct), "Q36").criteria.key == "Q36-1"
    later = bid_of(who, pct, as_at=date(2011, 2, 2))
    assert stage_of(later, "Q36").criteria.key == "Q36-2"
    assert stage_of(later, "5LE").criteria is None


def test_whoever_holds_the_role_today_is_written_to(who, pct):
    mine, sha = told.person(pct_lead="5LE"), told.person(sha_assessor="Q36")
    told.person(pct_lead="5QV")
    gone = told.person(pct_lead="5LE")
    gone.grants.update(period=(date(2010, 4, 1), date(2010, 5, 1)))
    who.lead.grants.create(
        role="pct_lead", object_kind="pct", object_ref="5LE", period=(told.FEBRUARY, None), given_by="system"
    )
    bid = bid_of(who, pct)
    letters = {mail.recipient: mail for mail in Mail.objects.filter(subject__contains="in your area")}
    assert set(letters) == {mine.ref, sha.ref}
    assert "PCT 5LE" in letters[mine.ref].body and "15 February 2011" in letters[mine.ref].body
    assert "SHA Q36" in letters[sha.ref].body and bid.ref in letters[sha.ref].body


# The bid answers national and local criteria; the assessor finds on the national, the SHA on its own


def test_a_bid_answers_the_criteria_of_its_shas_too(who, pct):
    bid = told.draft(who, [make.make_practice(pct=pct)], local=False)
    error = refused(actions.submit_bid, by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert [row["field"] for row in error.detail] == ["Q36-access", "Q36-finance"]
    answers = {"Q36-access": "Open", "Q36-finance": "Sound"}
    bid = actions.answer_criteria(by=who.lead, bid=bid, version=bid.lead_version, answers=answers)
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    assert [s.key for s in bid.sets_in_force()] == ["national-1", "Q36-1"]


def test_the_assessor_finds_on_national_criteria_alone(who, pct):
    bid = told.assessing(who, [make.make_practice(pct=pct)])
    for key in ("access", "Q36-access"):
        error = refused(
            actions.record_finding, by=who.assessor, bid=bid, version=bid.version, criterion=key, finding="met"
        )
        assert error.field == key and "national" in error.message
    wave = told.wave(who)
    bid = told.decide(who, told.assessed(who, [make.make_practice(pct=pct)], name="B"), wave)
    assert bid.state == "decided" and not stage_of(bid, "Q36").findings.exists()


# Replies


def test_a_pct_comments_and_an_sha_assesses_on_each_of_its_own_criteria(who, pct):
    bid = bid_of(who, pct)
    person, sha = told.person(pct_lead="5LE", name="Pat"), told.person(sha_assessor="Q36")
    stage = reply(person, stage_of(bid, "5LE"), view="against", text="Too small.")
    assert (stage.view, stage.text, stage.replied_by, stage.version) == ("against", "Too small.", person, 2)
    found = {"access": ("met", ""), "finance": ("partly", "No accounts.")}
    assessed = reply(sha, stage_of(bid, "Q36"), findings=found)
    said = assessed.findings.order_by("criterion__position").values_list("criterion__key", "finding", "note")
    assert list(said) == [("access", "met", ""), ("finance", "partly", "No accounts.")]
    again = reply(sha, assessed, findings=found | {"finance": ("met", "")})
    assert again.findings.get(criterion__key="finance").finding == "met" and again.findings.count() == 2


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"view": ""}, "view"),
        ({"view": "perhaps"}, "view"),
        ({"view": "against"}, "text"),
        ({"view": "reservations", "text": "  "}, "text"),
        ({"text": "x" * 20_001}, "text"),
        ({"findings": {}}, "finding-access"),
        ({"findings": {"access": ("met", "")}}, "finding-finance"),
        ({"findings": {"access": ("met", ""), "finance": ("not", " ")}}, "note-finance"),
        ({"findings": {"access": ("met", ""), "finance": ("maybe", "")}}, "finding-finance"),
        ({"findings": {"access": ("met", ""), "finance": ("met", ""), "qipp": ("met", "")}}, "qipp"),
    ],
)
def test_a_reply_says_what_is_missing_and_nothing_is_saved(who, pct, more, field):
    bid = bid_of(who, pct)
    found = {"access": ("met", ""), "finance": ("met", "")}
    error = refused(reply, told.person(sha_assessor="Q36"), stage_of(bid, "Q36"), **({"findings": found} | more))
    assert (error.field, error.status) == (field, 422)
    stage = stage_of(bid, "Q36")
    assert (stage.version, stage.view, stage.findings.count()) == (1, "", 0)
    assert told.fresh(bid).version == bid.version


def test_a_pct_has_no_criteria_to_find_on(who, pct):
    bid = bid_of(who, pct)
    error = refused(reply, told.person(pct_lead="5LE"), stage_of(bid, "5LE"), findings={"access": ("met", "")})
    assert error.field == "access"


def test_nobody_replies_for_another_body_or_on_their_own_bid(who, pct):
    bid = bid_of(who, pct, make.make_pct("5LD", sha=pct.particulars.get().above))
    sha = told.person(sha_assessor="Q36")
    neighbour, stranger = told.person(pct_lead="5LD"), told.person(pct_lead="5AA")
    own = told.person(pct_lead="5LE", consortium_deputy=bid.ref)
    people = {sha: "5LE to answer", neighbour: "5LE to answer", stranger: "your trust", own: "own bid"}
    for person, sentence in people.items():
        error = refused(reply, person, stage_of(bid, "5LE"))
        assert error.status == 403 and sentence in error.message
    assert not Stage.objects.visible_to(own).exists()
    assert set(Stage.objects.visible_to(sha).values_list("body__code", flat=True)) == {"5LE", "5LD", "Q36"}
    assert set(Stage.objects.visible_to(neighbour).values_list("body__code", flat=True)) == {"5LD"}
    assert not Stage.objects.visible_to(stranger).exists() and not Stage.objects.visible_to(who.lead).exists()
    assert Stage.objects.visible_to(who.assessor).count() == 3


def test_a_colleagues_reply_is_not_written_over_unseen(who, pct):
    stage = stage_of(bid_of(who, pct), "5LE")
    reply(told.person(pct_lead="5LE"), stage)
    error = refused(reply, told.person(pct_lead="5LE"), stage, version=1)
    assert error.status == 412 and "of your own" in error.message


def test_replies_are_taken_in_every_state_until_release_and_refused_alike(who, pct):
    """Whatever staff have done: from the reply nothing can be told of it (the embargo)."""
    person, wave = told.person(pct_lead="5LE"), told.wave(who)
    made = {
        "submitted": told.submitted,
        "assessing": told.assessing,
        "returned": told.returned,
        "assessed": told.assessed,
        "decided": lambda who, practices, **more: told.decided(who, wave, practices, **more),
    }
    assert set(made) == set(OPEN_STATES)
    for state, make_bid in made.items():
        bid = make_bid(who, [make.make_practice(pct=pct)], name=state)
        version, seen = bid.version, bid.lead_version
        reply(person, stage_of(bid, "5LE"))
        bid = told.fresh(bid)
        assert (bid.state, bid.version, bid.lead_version) == (state, version + 1, seen)
    actions.withdraw_bid(by=who.lead, bid=(gone := bid_of(who, pct)), version=gone.lead_version)
    told.release(who, wave)
    for name in ("decided", "Southwark"):
        error = refused(reply, person, Stage.objects.get(bid__name=name, body__code="5LE"), version=1)
        assert error.status == 409 and "until its outcome is announced" in error.message


def test_a_silent_stage_blocks_nothing_and_a_late_reply_is_told_as_late(who, pct):
    wave = told.wave(who)
    bid = told.decided(who, wave, [make.make_practice(pct=pct)])
    stage = stage_of(bid, "5LE")
    days = (date(2011, 2, 15), date(2011, 2, 16))
    assert [stage.status(day).value for day in days] == ["waiting", "no_reply"]
    late = reply(told.person(pct_lead="5LE"), stage)
    assert late.status(date(2011, 2, 16)).value == "late"  # replied today, long after
    told.release(who, wave)
    assert told.fresh(bid).state == "released"

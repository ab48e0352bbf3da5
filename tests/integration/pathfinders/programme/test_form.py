"""What the bid form writes: renamed consortia, leaders, partners, practices' answers, and the warnings about it all."""

from datetime import date

import pytest

from consortia.models import Membership
from pathfinders import actions
from pathfinders.bid_members import confirmations, named_in
from pathfinders.models import BidLeader, BidPractice, LeaderInterest
from pathfinders.warnings import LARGEST, SMALLEST, warnings_of
from practices.models import PracticeStatus
from registry.errors import Refused
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
LEADERS = [
    {"name": "Dr Ann  Ash", "post": "Chair", "could_gain": True, "how": "Shares in a scanning company."},
    {"name": "Dr Bo Beech", "post": "", "could_gain": False, "how": "ignored"},
]


@pytest.fixture
def who():
    return told.people()


def refused(call, **arguments) -> Refused:
    with pytest.raises(Refused) as error:
        call(**arguments)
    return error.value


# Consortia


def named(bid):
    return list(bid.consortia.values_list("position", "name"))


def test_a_consortium_that_holds_practices_is_renamed_and_keeps_them(who):
    bid = told.draft(who)
    row = bid.consortia.get()
    rows = [{"name": "New"}, {"row": row.pk, "name": "Renamed", "form": "federation"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=rows)
    assert named(bid) == [(1, "New"), (2, "Renamed")]
    assert bid.consortia.get(position=2).pk == row.pk and row.practices.count() == 2


def test_two_consortia_swap_their_names(who):
    bid = told.draft(who)
    bid = actions.set_consortia(
        by=who.lead,
        bid=bid,
        version=bid.lead_version,
        consortia=[{"name": "Southwark Health Commissioning"}, {"name": "Two"}],
    )
    one, two = bid.consortia.all()
    swapped = [{"row": one.pk, "name": "Two"}, {"row": two.pk, "name": "Southwark Health Commissioning"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=swapped)
    assert [(c.pk, c.name) for c in bid.consortia.all()] == [
        (one.pk, "Two"),
        (two.pk, "Southwark Health Commissioning"),
    ]
    assert one.practices.count() == 2


def test_a_row_of_another_bid_or_none_is_a_new_consortium(who):
    bid, other = told.draft(who), told.draft(who, name="Other")
    theirs = other.consortia.get()
    mine = bid.consortia.get()
    rows = [{"row": mine.pk, "name": "Mine"}, {"row": theirs.pk, "name": "Taken"}, {"row": mine.pk, "name": "Again"}]
    bid = actions.set_consortia(by=who.lead, bid=bid, version=bid.lead_version, consortia=rows)
    assert named(bid) == [(1, "Mine"), (2, "Taken"), (3, "Again")]
    assert bid.consortia.get(position=1).pk == mine.pk and named(other) == [(1, "Other Health Commissioning")]


# Partners and leaders


def test_partners_are_written_and_their_length_is_limited(who):
    bid = told.draft(who)
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, partners=" The council. ")
    assert told.fresh(bid).partners == "The council."
    error = refused(actions.edit_bid, by=who.lead, bid=bid, version=bid.lead_version, partners="x" * 4_001)
    assert error.field == "partners"


def test_leaders_are_set_in_order_and_replaced(who):
    bid = told.draft(who)
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=LEADERS)
    assert list(bid.leaders.values_list("position", "name", "could_gain", "how")) == [
        (1, "Dr Ann Ash", True, "Shares in a scanning company."),
        (2, "Dr Bo Beech", False, ""),
    ]
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=LEADERS[1:])
    assert [leader.name for leader in bid.leaders.all()] == ["Dr Bo Beech"]


@pytest.mark.parametrize(
    ("leader", "words"),
    [
        ({"name": " ", "could_gain": False}, "no name"),
        ({"name": "Ann", "could_gain": None}, "Say whether Ann"),
        ({"name": "Ann"}, "Say whether Ann"),
        ({"name": "Ann", "could_gain": True, "how": " "}, "Say how Ann"),
        ({"name": "x" * 201, "could_gain": False}, "200 characters"),
    ],
)
def test_each_leader_has_a_name_and_an_answer(who, leader, words):
    bid = told.draft(who)
    error = refused(actions.set_leaders, by=who.lead, bid=bid, version=bid.lead_version, leaders=[leader])
    assert error.field == "leaders" and words in error.message
    assert not bid.leaders.exists()


def led(who, wave, **more):
    bid = told.draft(who, **more)
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=LEADERS)
    bid = actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)
    bid = actions.assign_bid(by=who.assessor, bid=bid, version=bid.version, assessor=who.assessor)
    findings = {c.key: ("met", "") for c in told.criteria()}
    bid = actions.record_findings(by=who.assessor, bid=bid, version=bid.version, findings=findings)
    bid = actions.complete_assessment(by=who.assessor, bid=bid, version=bid.version, recommendation="approved")
    return told.decide(who, bid, wave)


def test_a_leader_is_erased_the_answer_stays_and_who_did_it_is_logged(who):
    wave = told.wave(who)
    bid = led(who, wave)
    told.release(who, wave)
    assert refused(actions.erase_leader, by=who.lead, bid=bid, position=1, reason="asked").status == 403
    assert refused(actions.erase_leader, by=who.admin, bid=bid, position=1, reason=" ").field == "reason"
    assert refused(actions.erase_leader, by=who.admin, bid=bid, position=9, reason="asked").code == "no_leader"
    actions.erase_leader(by=who.admin, bid=bid, position=1, reason="She asked for it")
    erased = BidLeader.objects.get(bid=bid, position=1)
    assert (erased.name, erased.post, erased.could_gain, erased.how) == ("", "", True, "Erased.")
    assert LeaderInterest.objects.current().get(bid=bid.ref, leader=1).could_gain
    assert refused(actions.erase_leader, by=who.admin, bid=bid, position=1, reason="again").status == 409
    log = BidLeader.pgh_event_model.objects.order_by("-pgh_id").first()
    told_of = log.pgh_context.metadata
    assert (told_of["action"], told_of["actor"]) == ("erase_leader", who.admin.ref)
    assert told_of["reason"] == "She asked for it" and log.erased_at
    assert "Ann" not in str(list(BidLeader.pgh_event_model.objects.values()))


def test_leaders_whose_answers_were_announced_are_not_changed_by_a_later_return(who):
    wave = told.wave(who)
    bid = led(who, wave)
    told.release(who, wave)
    row = type(bid).objects.filter(pk=bid.pk)
    row.update(state="assessing", recommendation="", assessed_on=None)  # as a review upheld leaves it
    row.update(state="returned")
    version = told.fresh(bid).lead_version
    assert refused(actions.set_leaders, by=who.lead, bid=bid, version=version, leaders=[]).status == 409


# While returned


def test_a_returned_bid_is_edited_but_for_its_date(who):
    bid = told.assessing(who)
    type(bid).objects.filter(pk=bid.pk).update(state="returned")
    practice = make.make_practice("Z85077")
    bid = told.fresh(bid)
    row = bid.consortia.get()
    bid = actions.edit_bid(by=who.lead, bid=bid, version=bid.lead_version, name="Better", as_at=bid.as_at)
    bid = actions.set_consortia(
        by=who.lead, bid=bid, version=bid.lead_version, consortia=[{"row": row.pk, "name": "Renamed"}]
    )
    bid = actions.set_practices(by=who.lead, bid=bid, version=bid.lead_version, consortium=1, codes=[practice.code])
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=LEADERS)
    bid = actions.answer_criterion(by=who.lead, bid=bid, version=bid.lead_version, criterion="qipp", text="More")
    assert (told.fresh(bid).name, named(bid), bid.state) == ("Better", [(1, "Renamed")], "returned")
    other = date(2011, 2, 2)
    assert refused(actions.edit_bid, by=who.lead, bid=bid, version=bid.lead_version, as_at=other).field == "as_at"


# What practices answer


def manager(code):
    return told.person(practice_manager=code)


def test_an_answer_becomes_the_status_of_the_membership(who):
    practices = [make.make_practice(f"Z8500{n}") for n in range(1, 5)]
    wave = told.wave(who)
    bid = told.decided(who, wave, practices)
    version = bid.version
    for code, answer in (("Z85001", "confirmed"), ("Z85002", "disputed"), ("Z85003", "undecided")):
        actions.answer_claim(by=manager(code), bid=bid, practice=code, answer=answer, text="because")
    assert told.fresh(bid).version == version, "nobody's page goes stale by it"
    assert confirmations(named_in(bid, who.assessor)) == {
        "practices": 4,
        "confirmed": 1,
        "disputed": 1,
        "undecided": 1,
        "silent": 1,
    }
    told.release(who, wave)
    statuses = Membership.objects.current().order_by("practice__code").values_list("practice__code", "status")
    assert list(statuses) == [
        ("Z85001", "confirmed"),
        ("Z85002", "disputed"),
        ("Z85003", "undecided"),
        ("Z85004", "claimed"),
    ]


def test_an_answer_is_changed_until_the_announcement(who):
    wave = told.wave(who)
    bid = told.decided(who, wave, [make.make_practice("Z85001")])
    mine = manager("Z85001")
    actions.answer_claim(by=mine, bid=bid, practice="Z85001", answer="disputed", text="We said no.")
    actions.answer_claim(by=mine, bid=bid, practice="Z85001", answer="confirmed")
    row = BidPractice.objects.get()
    assert (row.answer, row.answer_text, row.answered_by) == ("confirmed", "", mine)
    told.release(who, wave)
    assert refused(actions.answer_claim, by=mine, bid=bid, practice="Z85001", answer="disputed").status == 409


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"answer": "perhaps"}, 422, "answer"),
        ({"answer": "disputed", "text": " "}, 422, "text"),
        ({"answer": "confirmed", "text": "x" * 2_001}, 422, "text"),
        ({"answer": "confirmed", "practice": "Z85002"}, 403, None),
        ({"answer": "confirmed", "practice": "Z85003"}, 403, None),
    ],
)
def test_a_wrong_answer_or_another_practice_is_refused(who, fields, status, field):
    """Z85002 is in the bid but another manager's; Z85003 is the manager's but in no bid."""
    bid = told.submitted(who, [make.make_practice("Z85001"), make.make_practice("Z85002")])
    make.make_practice("Z85003")
    mine = manager("Z85001")
    told.RoleGrant.objects.create(
        user=mine,
        role="practice_manager",
        object_kind="practice",
        object_ref="Z85003",
        period=(date(2010, 4, 1), None),
        given_by="system",
    )
    error = refused(actions.answer_claim, by=mine, bid=bid, **{"practice": "Z85001", **fields})
    assert (error.status, error.field) == (status, field)
    assert not BidPractice.objects.exclude(answer="").exists()


def test_a_draft_is_not_answered_nor_a_bid_that_names_none_of_the_users_practices(who):
    bid = told.draft(who, [make.make_practice("Z85001")])
    assert (
        refused(actions.answer_claim, by=manager("Z85001"), bid=bid, practice="Z85001", answer="confirmed").status
        == 409
    )
    assert (
        refused(actions.answer_claim, by=manager("Z85009"), bid=bid, practice="Z85001", answer="confirmed").status
        == 403
    )
    assert refused(actions.answer_claim, by=who.lead, bid=bid, practice="Z85001", answer="confirmed").status == 403


# Warnings


def codes_of(bid, user):
    return {w.code: w for w in warnings_of(bid, named_in(bid, user))}


def test_a_bid_of_ordinary_size_with_leaders_is_not_warned_of(who):
    pct = make.make_pct("5LE", sha=make.make_sha("Q36"))
    bid = told.draft(who, [make.make_practice(f"Z8500{n}", pct=pct, patients=30_000) for n in (1, 2)])
    bid = actions.set_leaders(by=who.lead, bid=bid, version=bid.lead_version, leaders=LEADERS)
    assert codes_of(bid, who.lead) == {}


def test_each_oddity_has_its_warning_and_none_refuses_the_bid(who):
    one = make.make_pct("5LE", sha=make.make_sha("Q36"), name="Southwark PCT")
    two = make.make_pct("5P5", sha=make.make_sha("Q37"), name="Surrey PCT")
    practices = [
        make.make_practice("Z85001", pct=one, patients=1_000),
        make.make_practice("Z85002", pct=one),
        make.make_practice("Z85003", pct=two),
    ]
    make.make_membership(practices[0], make.make_consortium("GC0007", name="Elsewhere"))
    with make.writing() as entry:
        entry.set(PracticeStatus, (practices[1].pk,), date(2011, 1, 1), None, ("D",))
    bid = told.draft(who, practices)
    found = codes_of(bid, who.lead)
    assert set(found) == {
        "size_small",
        "several_pcts",
        "several_shas",
        "claimed_elsewhere",
        "without_list",
        "dormant",
        "no_leader",
    }
    assert "Southwark PCT (5LE, 2), Surrey PCT (5P5, 1)" in found["several_pcts"].sentence
    assert "Z85001 (Elsewhere)" in found["claimed_elsewhere"].sentence
    assert found["without_list"].practices == ("Z85002", "Z85003")
    assert f"{SMALLEST.people:,}" in found["size_small"].sentence
    actions.submit_bid(by=who.lead, bid=bid, version=bid.lead_version, declared=True)


def test_a_single_practice_and_a_large_bid(who):
    bid = told.draft(who, [make.make_practice("Z85001", patients=LARGEST.people + 1)])
    assert {"single_practice", "size_large"} <= set(codes_of(bid, who.lead))


def test_other_bids_for_a_practice_are_never_told_to_a_lead(who):
    practices = [make.make_practice("Z85001", patients=20_000), make.make_practice("Z85002", patients=20_000)]
    bid = told.draft(who, practices)
    before = warnings_of(bid, named_in(bid, who.lead))
    wave = told.wave(who)
    told.decided(told.people(), wave, practices, name="Rival")
    assert warnings_of(bid, named_in(bid, who.lead)) == before

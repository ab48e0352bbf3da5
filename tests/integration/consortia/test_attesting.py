"""Each quarter "this list is right": due, overdue, stale, kept with its bytes, and proved."""

import csv
from datetime import date

import pytest

from consortia.actions import correct_membership
from consortia.actions.attesting import attest, withdraw_attestation
from consortia.attested import attested_list, sha256_of, standing
from consortia.models import Attestation, AttestedList
from consortia.quarters import days_of, last_ended, quarter_of
from consortia.verifying import faults
from registry import clock
from registry.errors import Refused
from registry.feed import broken_links
from registry.models import Entry, Installation
from registry.moment import Moment
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
JOINED, SEPTEMBER, OCTOBER = date(2011, 1, 10), date(2011, 9, 20), date(2011, 10, 3)


@pytest.fixture(autouse=True)
def story():
    Installation.declare(demonstration=True)
    with clock.story_time(clock.on_day(SEPTEMBER)):
        yield


@pytest.fixture
def group():
    return make.make_consortium("GC0001", name="Southwark Health")


@pytest.fixture
def members(group):
    found = [make.make_practice(f"Z0000{n}", name=name) for n, name in enumerate(("=ONE", "TWO, THE", "THREE"), 1)]
    for practice in found:
        make.make_membership(practice, group, JOINED)
    return found


@pytest.fixture
def lead(group):
    return told.person(consortium_lead=group.ref)


def now():
    return Moment.now()


def state(group):
    return standing(now(), [group])[group.pk]


def attested(lead, group):
    return attest(by=lead, consortium=group, sha256_seen=sha256_of(attested_list(now(), group)))


def refusal(action, **arguments):
    with pytest.raises(Refused) as caught:
        action(**arguments)
    return caught.value


@pytest.mark.parametrize(
    ("day", "quarter", "ended"),
    [(date(2011, 1, 1), "2011Q1", "2010Q4"), (date(2011, 12, 31), "2011Q4", "2011Q3"), (OCTOBER, "2011Q4", "2011Q3")],
)
def test_quarters(day, quarter, ended):
    assert (quarter_of(day), last_ended(day)) == (quarter, ended)
    first, last = days_of(quarter)
    assert first <= day <= last and quarter_of(first) == quarter_of(last) == quarter


def test_the_list_is_its_members_by_code_since_when_whatever_was_answered(group, members, lead):
    with make.writing() as entry:
        entry.set(
            make.Membership, (members[1].pk,), date(2011, 5, 1), None, make.Belonging(group.pk, "confirmed", "joined")
        )
    rows = list(csv.reader(attested_list(now(), group).splitlines()))
    assert rows == [
        ["code", "name", "status", "from"],
        ["Z00001", "'=ONE", "claimed", "2011-01-10"],
        ["Z00002", "TWO, THE", "confirmed", "2011-01-10"],
        ["Z00003", "THREE", "claimed", "2011-01-10"],
    ]


def test_an_attestation_is_a_fact_with_its_bytes_in_one_entry(group, members, lead):
    entry = attested(lead, group)
    fact = Attestation.objects.at(now()).get()
    assert (fact.quarter, fact.practices, fact.opened_by_id) == ("2011Q3", 3, entry.number)
    assert sha256_of(AttestedList.objects.get(pk=fact.sha256).content) == fact.sha256
    assert (entry.actor, entry.reason) == (lead.ref, "This list is right.")
    assert refusal(attest, by=lead, consortium=group, sha256_seen=fact.sha256).status == 409, "once a quarter"
    assert list(faults()) == [] == list(broken_links())


def test_a_list_that_changed_since_it_was_seen_is_not_attested_and_says_what_changed(group, members, lead):
    seen, entry_seen = sha256_of(attested_list(now(), group)), Entry.objects.latest("number").number
    make.make_membership(make.make_practice("Z00009", name="NINE"), group, JOINED)
    make.make_membership(members[0], make.make_consortium(), date(2011, 9, 1))
    stale = refusal(attest, by=lead, consortium=group, sha256_seen=seen, entry_seen=entry_seen)
    assert stale.status == 412 and not Attestation.objects.exists() and not AttestedList.objects.exists()
    assert [row["message"] for row in stale.detail] == ["Z00009 (NINE) joined", "Z00001 ('=ONE) left"]
    assert "Z00009 (NINE) joined" in stale.message


def test_only_those_who_keep_it_attest(group, members):
    admin, other = told.person("programme_admin"), told.person(consortium_lead=make.make_consortium().ref)
    for who in (admin, other, told.person("consortium_lead"), told.person(practice_manager="Z00001")):
        assert refusal(attest, by=who, consortium=group, sha256_seen="0" * 64).status == 403
    deputy = told.person(consortium_deputy=group.ref)
    assert attested(deputy, group).actor == deputy.ref


def test_due_at_the_end_of_a_quarter_overdue_after_it_and_ended_by_a_late_one(group, members, lead):
    assert (state(group).due, state(group).due_by, state(group).overdue) == ("2011Q3", date(2011, 9, 30), "2011Q2")
    attested(lead, group)
    assert (state(group).due, state(group).overdue, state(group).on) == ("", "", SEPTEMBER)
    with clock.story_time(clock.on_day(date(2011, 12, 31))):
        assert (state(group).due, state(group).overdue) == ("2011Q4", "")
    with clock.story_time(clock.on_day(date(2012, 1, 1))):
        assert state(group).overdue == "2011Q4"
        attested(lead, group)
        assert (state(group).quarter, state(group).overdue) == ("2012Q1", "")


def test_due_only_where_it_was_there_on_the_quarters_first_and_last_day():
    for start, last, overdue in (
        (date(2011, 4, 1), None, True),
        (date(2011, 4, 2), None, False),
        (date(2011, 1, 1), date(2011, 6, 29), False),
    ):
        group = make.make_consortium(start=start, last_day=last)
        assert bool(state(group).overdue) == overdue, (start, last)


def test_who_is_not_there_today_has_nothing_to_attest(lead):
    gone = make.make_consortium("GC0007", last_day=date(2011, 8, 1))
    lead = told.person(consortium_lead=gone.ref)
    assert refusal(attest, by=lead, consortium=gone, sha256_seen="0" * 64).status == 409


def test_staff_withdraw_an_attestation_by_a_correction_and_the_old_answer_stays(group, members, lead):
    attested(lead, group)
    before = now()
    admin = told.person("programme_admin")
    assert refusal(withdraw_attestation, by=lead, consortium=group, quarter="2011Q3", why="x").status == 403
    assert withdraw_attestation(by=admin, consortium=group, quarter="2011Q3", why="By mistake").kind == "correction"
    assert state(group).overdue == "2011Q2"
    assert standing(Moment(before.as_of, before.known_at, latest=False), [group])[group.pk].quarter == "2011Q3"
    assert attested(lead, group) is not None and list(faults()) == []


def test_verifying_finds_a_list_that_the_facts_do_not_give(group, members, lead):
    attested(lead, group)
    with clock.story_time(clock.on_day(OCTOBER)):  # a later correction changes nothing of what was known then
        correct_membership(
            by=told.person("programme_admin"),
            practice=members[0],
            start=JOINED,
            end=None,
            consortium=None,
            why="Never",
        )
        assert list(faults()) == []
    wrong = "code,name,status,from\nZ00003,THREE,claimed,2011-01-10\n"
    AttestedList.objects.create(sha256=sha256_of(wrong), content=wrong)
    AttestedList.objects.create(sha256="f" * 64, content=wrong)
    for sha256, practices, said in (
        (sha256_of(wrong), 1, ["not what the facts give, as known then: Z00002 (TWO, THE) joined"]),
        ("f" * 64, 2, ["not what its hash is of", "has 1 practices; the fact says 2", "not what the facts give"]),
        ("e" * 64, 3, ["is lost"]),
    ):
        with make.writing() as entry:
            entry.set(Attestation, (group.pk, "2011Q3"), SEPTEMBER, None, (practices, sha256))
        found = [f for f in faults() if sha256 in f or "facts give" in f or "practices;" in f]
        for words in said:
            assert any(words in sentence for sentence in found), (words, found)

"""Monday's letter and the reminders of attestations: only where something waits, each once, in story time."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from consortia import due
from consortia.actions.regular_letters import write_attestation_reminders, write_monday_letters
from consortia.models import ConfirmationRequest, Notice
from registry import clock
from registry.models import Installation, Mail
from tests import factories as make
from tests import programme as told

MONDAY = date(2011, 5, 2)  # well before the end of a quarter


@pytest.fixture
def story(db):
    Installation.declare(demonstration=True)


def on(day, hour=9):
    return clock.story_time(clock.on_day(day, hour))


def southwark(**members):
    """A consortium that need not be attested yet, with so many members of each status, and who keeps it."""
    group = make.make_consortium("GC0001", name="Southwark Health", start=date(2011, 4, 4))
    for status, count in members.items():
        for _ in range(count):
            make.make_membership(make.make_practice(), group, date(2011, 4, 4), status=status)
    return group, told.person(consortium_lead=group.ref, name="Lee Lead")


def asked(group, lead, days_ago=10):
    for fact in make.Membership.objects.current().filter(status="claimed", consortium=group):
        ConfirmationRequest.objects.create(
            practice=fact.practice,
            consortium=group,
            starts_on=date(2011, 4, 4),
            channel="mail",
            address="surgery@example.org",
            origin="lead",
            asked_by=lead,
            asked_on=MONDAY - timedelta(days=days_ago),
            expires_on=MONDAY + timedelta(days=60),
        )


def letters(**which):
    return list(Mail.objects.filter(**which).order_by("pk"))


def test_monday_tells_the_counts_and_where_each_thing_is_done(story):
    with on(MONDAY):
        group, lead = southwark(confirmed=3, claimed=2, disputed=1)
        deputy = told.person(consortium_deputy=group.ref)
        asked(group, lead)
        assert write_monday_letters() == ["Monday’s letters written: 2."]
        assert write_monday_letters() == []
    [letter] = letters(recipient=lead.ref)
    assert letter.subject == "GC0001: 3 of 6 confirmed, 2 unanswered, 1 disputed"
    assert "GC0001: 1 practice says that it is no member" in letter.body
    assert "/lead/consortia/GC0001/members/?state=disputed" in letter.body
    assert "2 practices have not answered for a week or longer" in letter.body
    assert "- Southwark Health (GC0001): 3 of 6 confirmed, 2 unanswered, 1 disputed" in letter.body
    assert len(letters(recipient=deputy.ref)) == 1


def test_no_letter_where_nothing_waits_nor_on_another_day_nor_before_six(story):
    with on(MONDAY):
        group, lead = southwark(confirmed=2, claimed=1)
        assert write_monday_letters() == []
        asked(group, lead)
        assert write_monday_letters() == [], "what comes later on a Monday waits for the next"
    for day, hour in (
        (MONDAY + timedelta(days=7), 4),
        (MONDAY + timedelta(days=10), 9),
        (MONDAY - timedelta(days=1), 9),
    ):
        with on(day, hour):
            assert write_monday_letters() == []
    assert letters() == []
    with on(MONDAY + timedelta(days=7)):
        assert write_monday_letters() == ["Monday’s letters written: 1."]
    with on(MONDAY + timedelta(days=8), 9):
        assert write_monday_letters() == []
    with on(MONDAY + timedelta(days=16), 9):
        assert write_monday_letters() == ["Monday’s letters written: 1."], "nothing ran on the Monday before"


def test_who_keeps_two_gets_one_letter_and_who_keeps_none_any_more_gets_none(story):
    with on(MONDAY):
        _, lead = southwark(disputed=1)
        other = make.make_consortium("GC0002", start=date(2011, 4, 4))
        make.make_membership(make.make_practice(), other, date(2011, 4, 4), status="disputed")
        told.RoleGrant.objects.create(
            user=lead, role="consortium_lead", object_kind="consortium", object_ref="GC0002",
            period=(date(2011, 4, 4), None), given_by="system",
        )  # fmt: skip
        past = told.person(consortium_deputy="GC0001")
        told.RoleGrant.objects.filter(user=past).update(period=(date(2011, 4, 4), MONDAY))
        write_monday_letters()
    [letter] = letters()
    assert letter.recipient == lead.ref and "GC0001" in letter.subject and "GC0002" in letter.subject


def test_a_run_that_died_after_the_letters_writes_them_no_second_time(story):
    with on(MONDAY):
        southwark(disputed=1)
        write_monday_letters()
        keys = set(Notice.objects.values_list("key", flat=True))
        [person_key] = [key for key in keys if key.count(":") == 2]
        assert keys == {person_key, f"monday:{MONDAY}"} and person_key.startswith(f"monday:{MONDAY}:P-")
        with connection.cursor() as cursor:  # as it was before the run's last step
            cursor.execute("ALTER TABLE consortia_notice DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM consortia_notice WHERE key = %s", [f"monday:{MONDAY}"])
            cursor.execute("ALTER TABLE consortia_notice ENABLE TRIGGER USER")
        assert write_monday_letters() == []
    assert len(letters()) == 1


def test_two_workers_at_once_write_it_once(committed_db):
    Installation.declare(demonstration=True)
    with on(MONDAY):
        southwark(disputed=1)
    told_by: list[list[str]] = []
    ready = threading.Barrier(2)

    def work():
        try:
            with on(MONDAY):
                ready.wait()
                told_by.append(write_monday_letters())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(letters()) == 1 and sorted(map(len, told_by)) == [0, 1]


def test_an_attestation_is_asked_for_twice_and_once_more_when_it_is_late(story):
    group = make.make_consortium("GC0001", start=date(2011, 6, 1))
    told.person(consortium_lead=group.ref)
    make.make_consortium("GC0002", start=date(2011, 6, 1))  # nobody keeps it
    wanted = {
        date(2011, 9, 15): 0, date(2011, 9, 16): 1, date(2011, 9, 17): 0, date(2011, 9, 26): 0, date(2011, 9, 28): 1,
        date(2011, 9, 30): 0, date(2011, 10, 1): 1, date(2011, 10, 2): 0,
    }  # fmt: skip
    for day, count in wanted.items():
        before = len(letters())
        with on(day):
            write_attestation_reminders()
        assert len(letters()) - before == count, day
    subjects = [letter.subject.partition(": ")[2] for letter in letters()]
    assert subjects == ["is its list right? By 30 September 2011"] * 2 + ["its list is overdue to be attested"]
    assert all("/lead/consortia/GC0001/attest/" in letter.body for letter in letters())


def test_nobody_is_reminded_of_what_is_attested(story):
    from consortia.actions.attesting import attest
    from consortia.attested import attested_list, sha256_of
    from registry.moment import Moment

    with on(date(2011, 9, 1)):
        group, lead = southwark(confirmed=1)
        attest(by=lead, consortium=group, sha256_seen=sha256_of(attested_list(Moment.now(), group)))
    for day in (date(2011, 9, 17), date(2011, 9, 28), date(2011, 10, 1)):
        with on(day):
            assert write_attestation_reminders() == []


def test_what_is_due_does_both_and_one_that_fails_keeps_nobody_waiting(story, monkeypatch):
    def fails() -> list[str]:
        raise RuntimeError("out of order")

    monkeypatch.setattr(due, "FUNCTIONS", (fails, *due.FUNCTIONS))
    with on(MONDAY):
        southwark(disputed=1)
        with pytest.raises(RuntimeError, match="out of order"):
            due.run_due()
    assert len(letters()) == 1

"""Disputes settled by a programme administrator who has no part in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consortia.actions.settling import settle_dispute, version_of
from consortia.models import (
    Belonging,
    ComplianceStep,
    Membership,
    MembershipStatus,
    Origin,
    PracticeContact,
    Settlement,
)
from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind, Mail
from tests import factories as make
from tests import programme as told
from tests.factories import writing

pytestmark = pytest.mark.django_db
FIRST, DISPUTED = date(2011, 4, 1), date(2011, 5, 10)


@pytest.fixture
def case():
    """A claim of 1 April 2011, disputed from 10 May on; a lead, an administrator, a manager."""

    class Case:
        practice = make.make_practice("Z00001", name="THE SURGERY")
        group = make.make_consortium("GC0001", name="Group")
        admin = told.person("programme_admin", name="Addi Admin")
        lead = told.person(consortium_lead="GC0001", name="Lee Lead")
        manager = told.person(practice_manager="Z00001", name="Max Manager")

    make.make_membership(Case.practice, Case.group, FIRST)
    with writing("dispute") as entry:
        says = Belonging(Case.group.pk, "disputed", "not_agreed", "link")
        entry.set(Membership, (Case.practice.pk,), DISPUTED, None, says)
    return Case


def settle(case, outcome, **more):
    return settle_dispute(
        **{
            "by": case.admin,
            "practice": case.practice,
            "consortium": case.group,
            "outcome": outcome,
            "reason": "The minutes show it.",
        }
        | more
    )


def spells(case):
    rows = Membership.objects.current().filter(practice=case.practice).order_by("effective")
    return [(r.effective.lower, r.effective.upper, r.status, r.reason, r.proof, r.basis) for r in rows]


def refused(call, *args, **more) -> Refused:
    before = (Entry.objects.count(), Settlement.objects.count(), Mail.objects.count())
    with pytest.raises(Refused) as error:
        call(*args, **more)
    assert (Entry.objects.count(), Settlement.objects.count(), Mail.objects.count()) == before
    return error.value


CLAIM = (FIRST, DISPUTED, "claimed", "founding", "", "")


def disputed_until(day):
    return (DISPUTED, day, "disputed", "not_agreed", "link", "")


class TestOutcomes:
    def test_it_never_was_a_member(self, case):
        row = settle(case, "never")
        assert spells(case) == []
        assert (row.entry.kind, row.entry.action) == (EntryKind.CORRECTION, "settle_dispute")
        assert (row.settled_by, row.settled_on, row.reason) == (case.admin, clock.today(), "The minutes show it.")
        assert row.entry.reason == "The minutes show it."

    def test_it_left_on_a_day_that_has_passed(self, case):
        row = settle(case, "leaves", on=date(2011, 7, 1))
        assert spells(case) == [CLAIM, disputed_until(date(2011, 7, 1))]
        assert row.entry.kind == EntryKind.LATE

    def test_until_it_leaves_on_a_day_to_come_it_is_a_claim_and_no_dispute(self, case):
        today = clock.today()
        settle(case, "leaves", on=today + timedelta(days=30))
        until = (today, today + timedelta(days=30), "claimed", "settled", "settled", "")
        assert spells(case) == [CLAIM, disputed_until(today), until]

    def test_it_agrees_after_all_from_today(self, case):
        today = clock.today()
        settle(case, "accepted")
        assert spells(case) == [CLAIM, disputed_until(today), (today, None, "confirmed", "settled", "settled", "")]

    def test_it_stays_allocated_on_a_legal_basis(self, case):
        settle(case, "allocated", on=date(2012, 10, 1), basis=" The Act, s. 14A ")
        allocated = (date(2012, 10, 1), None, "allocated", "allocated", "settled", "The Act, s. 14A")
        assert spells(case) == [CLAIM, disputed_until(date(2012, 10, 1)), allocated]

    def test_a_membership_to_come_is_settled_from_its_first_day(self, case):
        later = clock.today() + timedelta(days=60)
        other = make.make_practice("Z00002")
        make.make_membership(other, case.group, later, status="disputed", reason="not_agreed")
        settle(case, "accepted", practice=other)
        row = Membership.objects.current().get(practice=other)
        assert (row.effective.lower, row.status) == (later, MembershipStatus.CONFIRMED)

    def test_both_sides_are_written_to_and_read_the_reason(self, case):
        settle(case, "leaves", on=date(2011, 7, 1))
        letters = {mail.recipient: mail for mail in Mail.objects.filter(about="Z00001")}
        assert letters.keys() == {case.manager.ref, case.lead.ref}
        for mail in letters.values():
            assert "The minutes show it." in mail.body
            assert "no member any more from 1 July 2011" in mail.body
            assert "THE SURGERY (Z00001)" in mail.body

    def test_without_a_manager_the_letter_goes_to_the_address_that_no_lead_gave(self, case):
        case.manager.grants.update(period=(date(2010, 4, 1), date(2010, 4, 2)))
        for origin, consortium in ((Origin.LEAD, case.group), (Origin.PCT, None), (Origin.STAFF, None)):
            PracticeContact.objects.create(
                practice=case.practice,
                address=f"{origin}@example.org",
                origin=origin,
                consortium=consortium,
                given_by=case.admin,
                given_on=FIRST,
            )
        settle(case, "never")
        assert set(Mail.objects.filter(about="Z00001").values_list("to", "recipient")) == {
            ("staff@example.org", "Z00001"),
            (case.lead.email, case.lead.ref),
        }


class TestRefusals:
    def test_only_programme_administrators(self, case):
        for person in (case.lead, case.manager, told.person("assessor"), told.person(pct_lead="5LE")):
            assert refused(settle, case, "never", by=person).status == 403

    @pytest.mark.parametrize("role", [{"consortium_lead": "GC0001"}, {"practice_manager": "Z00001"}])
    def test_nobody_who_has_a_part_in_it(self, case, role):
        assert refused(settle, case, "never", by=told.person("programme_admin", **role)).status == 403

    def test_an_allocation_is_looked_at_by_another(self, case):
        entry = Entry.objects.order_by("-number").first()
        ComplianceStep.objects.create(
            practice=case.practice, kind="allocated", on=FIRST, by=case.admin, text="x", entry=entry
        )
        assert refused(settle, case, "never").status == 403
        assert settle(case, "never", by=told.person("programme_admin")).outcome == "never"

    @pytest.mark.parametrize(
        ("outcome", "more", "field"),
        [
            ("perhaps", {}, "outcome"),
            ("never", {"reason": "  "}, "reason"),
            ("never", {"on": date(2011, 6, 1)}, "on"),
            ("leaves", {}, "on"),
            ("leaves", {"on": FIRST}, "on"),
            ("accepted", {"on": date(2011, 5, 9)}, "on"),
            ("allocated", {}, "basis"),
            ("allocated", {"basis": "x" * 501}, "basis"),
            ("accepted", {"basis": "The Act"}, "basis"),
            ("leaves", {"on": date(1900, 1, 1)}, "on"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_field(self, case, outcome, more, field):
        assert refused(settle, case, outcome, **more).field == field
        assert spells(case) == [CLAIM, disputed_until(None)]

    def test_what_ends_anyway_leaves_on_no_later_day(self, case):
        with writing("leave") as entry:
            entry.cap(Membership, (case.practice.pk,), clock.today() + timedelta(days=5))
        error = refused(settle, case, "leaves", on=clock.today() + timedelta(days=5))
        assert (error.code, error.field) == ("ended", "on")

    def test_settled_once(self, case):
        settle(case, "accepted")
        assert refused(settle, case, "never").status == 409

    def test_a_dispute_that_ended_is_no_more(self, case):
        with writing("leave") as entry:
            entry.cap(Membership, (case.practice.pk,), clock.today())
        assert refused(settle, case, "never").status == 409

    def test_what_changed_since_it_was_seen_is_looked_at_again(self, case):
        seen = version_of(case.practice, case.group)
        make.make_membership(case.practice, case.group, date(2011, 6, 1), status="disputed", reason="wrong_date")
        assert refused(settle, case, "never", seen=seen).status == 412
        assert settle(case, "never", seen=version_of(case.practice, case.group)).outcome == "never"

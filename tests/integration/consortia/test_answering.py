"""What a practice answers: an event on its day, once by each link, receipted, and taken back within 14 days."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from consortia import links
from consortia.actions import correct_membership, join, leave
from consortia.actions.answering import (
    answer_by_code,
    answer_by_link,
    answer_signed_in,
    record_on_paper,
    take_back_answer,
)
from consortia.actions.asking import print_letters
from consortia.actions.erasing_words import erase_address, erase_answer_words
from consortia.letter_codes import in_groups
from consortia.models import ConfirmationRequest, Membership, MembershipAnswer, PracticeContact
from registry import clock, outbox
from registry.actions import erase_person
from registry.errors import Refused
from registry.files.keeping import path_of
from registry.models import Entry, Installation, Mail
from tests import programme as told
from tests.factories import make_consortium, make_membership, make_practice
from tests.support.asking import JOINED, TODAY, Scene, mails, on, scene, spells
from tests.support.documents import PDF, PNG

BEFORE = (("GC0001", "claimed", "joined", "", JOINED, None),)
UNTIL = (("GC0001", "claimed", "joined", "", JOINED, TODAY - timedelta(days=1)),)
LAST = TODAY + timedelta(days=14)


@pytest.fixture
def here(db, settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path
    with scene() as made:
        yield made


def answers(request: ConfirmationRequest, answer: str = "confirmed", **more: Any) -> MembershipAnswer:
    row = answer_by_link(token=links.token_of(request), answer=answer, **more)
    assert row is not None
    return row


def refusal(act: Any, **say: Any) -> Refused:
    before = (Entry.objects.count(), MembershipAnswer.objects.count(), Mail.objects.count())
    with pytest.raises(Refused) as caught:
        act(**say)
    assert (Entry.objects.count(), MembershipAnswer.objects.count(), Mail.objects.count()) == before
    return caught.value


class TestByLink:
    def test_a_confirmation_is_an_event_of_its_day(self, here: Scene):
        row = answers(here.asked(), who="Sam Example, manager", text="Gladly")
        assert spells(here.first) == [*UNTIL, ("GC0001", "confirmed", "joined", "link", TODAY, None)]
        assert (row.how, row.origin, row.flag, row.who) == ("link", "lead", "", "Sam Example, manager")
        assert (row.entry.actor, row.entry.on_behalf_of, row.entry.kind) == ("system", "Z00001", "event")
        assert "Sam" not in row.entry.reason and "Gladly" not in row.entry.reason
        assert ConfirmationRequest.objects.get().state == "answered"

    def test_a_dispute_gives_its_reason_and_undecided_is_counted_in_the_whole(self, here: Scene):
        answers(here.asked(), "disputed", reason="not_agreed")
        assert spells(here.first)[-1] == ("GC0001", "disputed", "not_agreed", "link", TODAY, None)
        answers(here.asked(here.practices[1]), "undecided")
        assert spells(here.practices[1])[-1] == ("GC0001", "undecided", "joined", "link", TODAY, None)
        assert Membership.objects.current().filter(effective__contains=TODAY).count() == 2

    def test_confirmed_after_a_dispute_it_is_a_member_for_the_reason_it_was(self, here: Scene):
        answers(here.asked(), "disputed", reason="wrong_date")
        answer_signed_in(by=here.manager(), practice=here.first, consortium=here.group, answer="confirmed")
        assert spells(here.first) == [*UNTIL, ("GC0001", "confirmed", "joined", "signed_in", TODAY, None)]

    def test_of_a_membership_to_come_all_of_it_is_answered(self, here: Scene):
        later, soon = make_practice("Z00003", pct=here.pct), date(2011, 10, 1)
        make_membership(later, here.group, soon, reason="founding")
        answers(here.asked(later))
        assert spells(later) == [("GC0001", "confirmed", "founding", "link", soon, None)]

    def test_it_is_answered_up_to_where_another_takes_its_place(self, here: Scene):
        soon = date(2012, 4, 1)
        make_membership(here.first, make_consortium("GC0002"), soon, reason="transferred")
        answers(here.asked())
        assert spells(here.first)[1:] == [
            ("GC0001", "confirmed", "joined", "link", TODAY, date(2012, 3, 31)),
            ("GC0002", "claimed", "transferred", "", soon, None),
        ]

    def test_receipts_go_to_the_practice_and_to_the_keepers_and_hold_no_words(self, here: Scene):
        deputy = told.person(consortium_deputy="GC0001")
        row = answers(here.asked(), "disputed", reason="left_already", text="Secret words", who="Sam Example")
        asked, own, lead, other = mails()
        assert (own.to, own.recipient, own.about) == ("z00001@example.org", "Z00001", f"answer:{row.pk}")
        assert "until 15 September 2011" in own.body and outbox.SECRET_LINK in own.body
        assert links.back_path(row) in outbox.whole_body(own)
        assert {lead.recipient, other.recipient} == {here.lead.ref, deputy.ref}
        for letter in (own, lead, other):
            assert "We have left it" in letter.body
            assert "Secret words" not in letter.body and "Sam" not in letter.body

    @pytest.mark.parametrize(
        ("say", "field"),
        [
            ({"answer": "maybe"}, "answer"),
            ({"answer": "disputed"}, "reason"),
            ({"answer": "disputed", "reason": "founding"}, "reason"),
            ({"answer": "confirmed", "text": "x" * 2_001}, "text"),
            ({"answer": "confirmed", "who": "\0"}, "who"),
        ],
    )
    def test_what_cannot_be_kept_is_refused_and_spends_nothing(self, here: Scene, say: dict[str, str], field: str):
        request = here.asked()
        found = refusal(answer_by_link, token=links.token_of(request), **say)
        assert (found.field, found.status) == (field, 422)
        assert ConfirmationRequest.objects.get().state == "open"

    def test_a_reason_beside_a_yes_is_not_kept(self, here: Scene):
        assert answers(here.asked(), "confirmed", reason="not_agreed").reason == ""


class TestDeadLinks:
    def test_it_is_used_once(self, here: Scene):
        request = here.asked()
        answers(request)
        found = refusal(answer_by_link, token=links.token_of(request), answer="disputed", reason="not_agreed")
        assert (found.status, found.code) == (410, "question_answered")

    def test_it_ends_with_its_day_also_where_nothing_has_expired_it(self, here: Scene):
        request = here.asked()
        with on(request.expires_on + timedelta(days=1)):
            found = refusal(answer_by_link, token=links.token_of(request), answer="confirmed")
        assert (found.status, found.code) == (410, "question_expired")
        with on(request.expires_on):
            answers(request)

    def test_a_claim_that_ended_takes_it_away(self, here: Scene):
        request = here.asked()
        correct_membership(by=here.admin, practice=here.first, start=JOINED, end=None, consortium=None, why="Wrong")
        found = refusal(answer_by_link, token=links.token_of(request), answer="confirmed")
        assert (found.status, found.code) == (410, "question_withdrawn")

    def test_signed_in_the_sentence_says_what_became_of_it(self, here: Scene):
        manager, other = here.manager(), make_consortium("GC0002", name="Hill Group")
        say = {"by": manager, "practice": here.first, "consortium": here.group, "answer": "confirmed"}
        leave(by=here.admin, practice=here.first, on=date(2011, 8, 1), why="told")
        found = refusal(answer_signed_in, **say)
        assert found.status == 409 and "last day was 31 July 2011" in found.message
        more = {"status": "claimed", "reason": "joined", "why": "told"}
        join(by=here.admin, practice=here.first, consortium=other, on=date(2011, 8, 5), **more)
        found = refusal(answer_signed_in, **say)
        assert "Hill Group (GC0002) since 5 August 2011" in found.message

    def test_an_allocation_is_not_answered(self, here: Scene):
        say = {"status": "allocated", "reason": "allocated", "why": "told", "basis": "Section 14A"}
        join(by=here.admin, practice=here.first, consortium=here.group, on=date(2011, 8, 1), **say)
        found = refusal(
            answer_signed_in, by=here.manager(), practice=here.first, consortium=here.group, answer="undecided"
        )
        assert found.status == 409 and "legal basis" in found.message


class TestLettersAndSignedIn:
    def test_a_code_is_typed_as_anybody_types(self, here: Scene):
        [request, other] = print_letters(by=here.lead, consortium=here.group, practices=here.practices)
        for practice, code in (("Z00001", other.code), ("Z00001", ""), ("Z99999", request.code)):
            found = refusal(answer_by_code, practice_code=practice, code=code, answer="confirmed")
            assert found.status == 404
        typed = in_groups(request.code).lower()
        row = answer_by_code(practice_code=" z00001 ", code=typed, answer="confirmed", who="Sam")
        assert row is not None and (row.how, row.origin) == ("letter", "")
        assert spells(here.first)[-1][3] == "letter"
        found = refusal(answer_by_code, practice_code="Z00001", code=typed, answer="confirmed")
        assert found.status == 410

    def test_signed_in_spends_the_links_that_are_open(self, here: Scene):
        request, manager = here.asked(), here.manager()
        row = answer_signed_in(by=manager, practice=here.first, consortium=here.group, answer="confirmed")
        assert (row.recorded_by, row.entry.actor, row.entry.on_behalf_of) == (manager, manager.ref, "Z00001")
        assert refusal(answer_by_link, token=links.token_of(request), answer="undecided").status == 410

    def test_only_its_manager(self, here: Scene):
        for by in (here.lead, here.admin, here.manager(here.practices[1])):
            say = {"practice": here.first, "consortium": here.group, "answer": "confirmed"}
            assert refusal(answer_signed_in, by=by, **say).status == 403


class TestOnPaper:
    def paper(self, here: Scene, **more: Any) -> MembershipAnswer:
        say = {"by": here.lead, "answer": "confirmed", "on": date(2011, 8, 20), "file": PDF, "name": "scan.pdf"}
        return record_on_paper(practice=here.first, consortium=here.group, **{**say, **more})

    def test_it_counts_from_its_day_and_apart(self, here: Scene):
        request = here.asked()
        row = self.paper(here)
        assert spells(here.first)[-1] == ("GC0001", "confirmed", "joined", "paper", date(2011, 8, 20), None)
        assert (row.entry.actor, row.entry.kind, row.recorded_by) == (here.lead.ref, "late", here.lead)
        assert path_of(row.document).read_bytes() == PDF and row.document_name == "signed-Z00001-2011-08-20.pdf"
        request.refresh_from_db()
        assert request.state == "open"  # the practice can still speak for itself
        answers(request, "disputed", reason="not_agreed")
        assert spells(here.first)[-1][1] == "disputed"

    def test_the_practice_is_told_and_can_take_it_back(self, here: Scene):
        here.asked()
        row = self.paper(here)
        receipt = next(m for m in mails() if m.about == f"answer:{row.pk}")
        assert receipt.recipient == "Z00001" and "on signed paper" in receipt.body
        take_back_answer(answer=links.answer_of(links.back_token_of(row)))
        assert tuple(spells(here.first)) == BEFORE

    def test_what_is_no_document_leaves_nothing(self, here: Scene, settings):
        assert refusal(self.paper, here=here, file=b"<svg/>", name="scan.svg").field == "file"
        assert refusal(self.paper, here=here, on=date(2012, 1, 1)).field == "on"
        assert refusal(self.paper, here=here, answer="disputed", file=PNG, name="a.png").field == "reason"
        assert [p for p in settings.ATTACHMENTS_DIR.rglob("*") if p.is_file()] == []

    def test_a_lead_speaks_with_no_paper_over_the_practice_itself(self, here: Scene):
        row = answers(here.asked(), "disputed", reason="not_agreed")
        found = refusal(self.paper, here=here)
        assert found.status == 409 and "the later word stands" in found.message
        with on(TODAY + timedelta(days=3)):
            later = TODAY + timedelta(days=2)
            assert "administrator settles" in refusal(self.paper, here=here, on=later).message
            answer_signed_in(by=here.manager(), practice=here.first, consortium=here.group, answer="undecided")
        with on(TODAY + timedelta(days=6)):
            assert "answered itself" in refusal(self.paper, here=here, on=TODAY + timedelta(days=5)).message
            paper = self.paper(here, by=here.admin, on=TODAY + timedelta(days=5))
        assert paper.pk > row.pk

    def test_only_who_keeps_the_membership(self, here: Scene):
        for by in (here.manager(), told.person(consortium_lead="GC0002"), told.person("assessor")):
            assert refusal(self.paper, here=here, by=by).status == 403


class TestTakingBack:
    def test_the_register_says_again_what_it_said_and_asks_anew(self, here: Scene):
        row = answers(here.asked(), "disputed", reason="elsewhere")
        with on(LAST):
            back = take_back_answer(answer=row)
        assert tuple(spells(here.first)) == BEFORE
        assert (back.taken_back_on, back.taken_back_entry.kind) == (LAST, "correction")
        assert (back.taken_back_entry.actor, back.taken_back_entry.on_behalf_of) == ("system", "Z00001")
        again = ConfirmationRequest.objects.get(state="open")
        assert (again.address, again.origin) == (row.request.address, "lead")
        receipt, lead = mails()[-2:]
        assert links.question_path(again) in outbox.whole_body(receipt) and lead.recipient == here.lead.ref
        with on(LAST):
            answers(again)
        assert spells(here.first)[-1][:2] == ("GC0001", "confirmed")

    def test_once_and_within_fourteen_days(self, here: Scene):
        row = answers(here.asked())
        with on(LAST + timedelta(days=1)):
            found = refusal(take_back_answer, answer=row)
            assert (found.status, found.code) == (410, "too_late")
        take_back_answer(answer=row)
        assert refusal(take_back_answer, answer=row).code == "taken_back"

    def test_only_while_nothing_builds_on_it(self, here: Scene):
        row = answers(here.asked())
        leave(by=here.admin, practice=here.first, on=date(2012, 4, 1), why="told")
        found = refusal(take_back_answer, answer=row)
        assert found.status == 409 and "builds on it" in found.message
        row.refresh_from_db()
        assert row.taken_back_on is None

    def test_another_practices_change_is_no_hindrance(self, here: Scene):
        row = answers(here.asked())
        leave(by=here.admin, practice=here.practices[1], on=TODAY, why="told")
        take_back_answer(answer=row)
        assert tuple(spells(here.first)) == BEFORE

    def test_whose_it_is(self, here: Scene):
        row = answers(here.asked())
        for by in (here.lead, here.admin, here.manager(here.practices[1])):
            assert refusal(take_back_answer, answer=row, by=by).status == 403
        take_back_answer(answer=row, by=here.manager())

    def test_who_recorded_paper_takes_it_back(self, here: Scene):
        say = {"answer": "confirmed", "on": TODAY, "file": PDF, "name": "scan.pdf"}
        row = record_on_paper(by=here.lead, practice=here.first, consortium=here.group, **say)
        assert refusal(take_back_answer, answer=row, by=told.person(consortium_lead="GC0002")).status == 403
        take_back_answer(answer=row, by=here.lead)
        assert tuple(spells(here.first)) == BEFORE


class TestErasing:
    def test_words_and_names_go_and_the_answer_stays(self, here: Scene):
        row = answers(here.asked(), "disputed", reason="not_agreed", text="Dr Sharp lied", who="Sam Example")
        with pytest.raises(Refused):
            erase_answer_words(by=here.lead, answer=row, reason="Asked")
        erase_answer_words(by=here.admin, answer=row, reason="Asked by the person")
        row.refresh_from_db()
        assert (row.text, row.who, row.answer, row.reason) == ("", "", "disputed", "not_agreed")
        with pytest.raises(IntegrityError), transaction.atomic():
            MembershipAnswer.objects.update(text="Put in later")

    def test_an_address_goes_wherever_it_stands(self, here: Scene):
        answers(here.asked())
        assert erase_address(by=here.admin, address="Z00001@example.org", reason="Asked") == 4
        assert not PracticeContact.objects.exclude(address="").exists()
        assert not ConfirmationRequest.objects.exclude(address="").exists()
        assert {m.subject for m in mails(recipient="Z00001")} == {"(erased)"}

    def test_a_manager_who_is_erased_leaves_what_was_answered(self, here: Scene):
        manager = here.manager()
        say = {"practice": here.first, "consortium": here.group, "text": "My words"}
        row = answer_signed_in(by=manager, answer="confirmed", **say)
        here.address(here.practices[1], manager.email)
        erase_person(by=here.admin, user=manager, reason="Asked")
        row.refresh_from_db()
        assert (row.text, row.answer, row.recorded_by_id) == ("", "confirmed", manager.pk)
        assert PracticeContact.objects.get().address == ""
        assert not Mail.objects.filter(recipient="Z00001").exclude(to="").exists()


def test_a_link_sent_twice_at_the_same_instant_is_answered_once(committed_db):
    Installation.declare(demonstration=True)
    with clock.story_time(clock.on_day(TODAY)):
        token = links.token_of(Scene(members=1).asked())
    gate, outcomes = threading.Barrier(2), []

    def send(answer: str) -> None:
        try:
            with clock.story_time(clock.on_day(TODAY)):
                gate.wait(20)
                answer_by_link(token=token, answer=answer)
            outcomes.append("kept")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(answer,)) for answer in ("confirmed", "undecided")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["kept", "question_answered"]
    assert MembershipAnswer.objects.count() == 1 and Entry.objects.filter(action="answer_membership").count() == 1

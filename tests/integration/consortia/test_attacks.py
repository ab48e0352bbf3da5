"""What a lead or an accident could do against what the register promises practices, and what becomes of it."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

from consortia import links
from consortia.actions import join
from consortia.actions.answering import answer_by_code, answer_by_link, answer_signed_in, record_on_paper
from consortia.actions.asking import ask_practices, print_letters
from consortia.actions.changing import correct_claim, end_membership
from consortia.actions.claiming import claim
from consortia.actions.contacts import name_contact
from consortia.actions.erasing_words import erase_address
from consortia.actions.settling import settle_dispute
from consortia.actions.transferring import agree_transfer, ask_transfer, transfer_on_paper, withdraw_transfer
from consortia.actions.undoing import undo_change, undoable
from consortia.models import ConfirmationRequest, TransferRequest
from registry import clock, journal, outbox
from registry.actions import erase_person
from registry.actions.roles import cut
from registry.errors import Refused
from registry.models import Entry, Installation, RoleGrant, User
from tests import programme as told
from tests.factories import make_consortium, make_practice
from tests.support.asking import JOINED, TODAY, Scene, mails, on, scene, spells
from tests.support.documents import PDF


@pytest.fixture
def here(db, settings, tmp_path):
    settings.ATTACHMENTS_DIR = tmp_path
    with scene() as made:
        yield made


def refused(act: Any, **say: Any) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        act(**say)
    assert Entry.objects.count() == before
    return caught.value


def after(days: int) -> Any:
    return on(TODAY + timedelta(days=days))


def test_a_lead_does_not_agree_in_a_practices_name_to_its_move(here: Scene):
    """The address that a lead gave while the practice was a member would bring the link to the lead."""
    here.address(here.first, "friend.of.lee@example.org")
    hill = make_consortium("GC0002", name="Hill")
    transfer_on_paper(by=here.admin, practice=here.first, to=hill, on=TODAY, why="Both signed.")
    with after(3):
        ask_transfer(by=here.lead, practice=here.first, to=here.group, on=TODAY + timedelta(days=3), side="consortium")
    assert not ConfirmationRequest.objects.exclude(transfer=None).exists()
    assert not [m for m in mails() if outbox.SECRET_LINK in m.body]


def test_the_receipt_of_a_printed_letters_answer_is_not_sent_where_the_lead_says(here: Scene):
    """With its link the lead could take the practice's dispute back."""
    here.address(here.first, here.lead.email)
    [letter] = print_letters(by=here.lead, consortium=here.group, practices=[here.first])
    answer_by_code(practice_code="Z00001", code=letter.code, answer="disputed", reason="not_agreed")
    assert mails(to=here.lead.email) and not [m for m in mails() if outbox.SECRET_LINK in m.body]


def test_days_that_the_practice_confirmed_are_not_corrected_away_by_a_later_first_day(here: Scene):
    answer_signed_in(by=here.manager(), practice=here.first, consortium=here.group, answer="confirmed")
    told = {"consortium": here.group, "practice": here.first, "on": TODAY, "why": "A slip."}
    found = refused(correct_claim, by=here.lead, first_day=TODAY + timedelta(days=100), **told)
    assert (found.status, "confirmed" in found.message) == (409, True)
    assert correct_claim(by=here.lead, first_day=TODAY, **told)  # the days before, which it only claimed


@pytest.mark.parametrize("outcome", ["allocated", "accepted"])
def test_paper_of_before_does_not_speak_over_what_was_settled(here: Scene, outcome: str):
    paper = {"practice": here.first, "consortium": here.group, "file": PDF, "name": "a.pdf"}
    record_on_paper(by=here.lead, answer="disputed", reason="not_agreed", on=TODAY, **paper)
    with after(10):
        basis = "Act of 2012, section 1" if outcome == "allocated" else ""
        told = {"practice": here.first, "consortium": here.group, "reason": "Looked at."}
        settle_dispute(by=here.admin, outcome=outcome, basis=basis, **told)
    stood = spells(here.first)
    with after(20):
        found = refused(record_on_paper, by=here.lead, answer="confirmed", on=TODAY + timedelta(days=5), **paper)
    assert found.status == 409 and spells(here.first) == stood


def test_an_answer_does_not_speak_over_an_allocation_to_come(here: Scene):
    day = TODAY + timedelta(days=30)
    told = {
        "consortium": here.group,
        "status": "allocated",
        "reason": "allocated",
        "why": "The Board.",
        "basis": "Act",
    }
    join(by=here.admin, practice=here.first, on=day, **told)
    say = {"practice": here.first, "consortium": here.group, "answer": "undecided"}
    assert refused(answer_signed_in, by=here.manager(), **say).status == 409


def test_with_an_address_its_open_link_ends_and_what_came_from_it_is_erased(here: Scene):
    sam = told.person()
    sam.email = "z00001@example.org"
    sam.save()
    row = answer_by_link(token=links.token_of(here.asked()), answer="undecided", who="Sam Example", text="Sam here")
    [open_one] = ask_practices(by=here.lead, consortium=here.group, practices=[here.first])
    erase_person(by=here.admin, user=sam, reason="They asked.")
    row.refresh_from_db()
    assert (row.who, row.text) == ("", "")
    assert refused(answer_by_link, token=links.token_of(open_one), answer="confirmed").status == 410
    here.address(here.first, "new@example.org")
    assert ask_practices(by=here.lead, consortium=here.group, practices=[here.first])


def test_the_link_to_an_address_that_staff_erased_is_dead(here: Scene):
    request = here.asked()
    erase_address(by=here.admin, address="z00001@example.org", reason="They asked.")
    assert refused(answer_by_link, token=links.token_of(request), answer="confirmed").status == 410


def test_what_an_erased_person_wrote_of_a_transfer_is_nowhere(here: Scene):
    hill, manager = make_consortium("GC0002", name="Hill"), here.manager()
    told.person(consortium_lead="GC0002")
    ask_transfer(by=manager, practice=here.first, to=hill, on=TODAY, side="practice", text="Call Sam Example")
    erase_person(by=here.admin, user=manager, reason="They asked.")
    assert mails() and not [m for m in mails() if "Sam Example" in m.body]
    assert TransferRequest.objects.get().text == ""


def test_a_name_with_a_line_break_keeps_no_letter_back(here: Scene):
    group = make_consortium("GC0003", name="Evil\r\nBcc: spy@example.org")
    practice, lead = make_practice("Z00011", pct=here.pct), told.person(consortium_lead="GC0003")
    words = {"status": "claimed", "reason": "joined", "why": "As told."}
    join(by=here.admin, practice=practice, consortium=group, on=JOINED, **words)
    name_contact(by=lead, practice=practice, address="p@example.org", origin="lead", consortium=group)
    ask_practices(by=lead, consortium=group, practices=[practice])
    assert outbox.send_due() == (1, 0)
    assert [m.subject for m in mails()] == ["Are you a member of Evil Bcc: spy@example.org? (Z00011)"]


def test_a_leaving_that_staff_recorded_is_not_the_leads_to_cancel(here: Scene):
    told_ = {
        "consortium": here.group,
        "practice": here.first,
        "reason": "resigned",
        "why": "The practice wrote to us.",
    }
    entry = end_membership(by=here.admin, on=TODAY + timedelta(days=30), **told_)
    assert entry is not None and undoable(by=here.lead, entries=[entry]) == set()
    assert refused(undo_change, by=here.lead, entry=entry).status == 403
    deputy = told.person(consortium_deputy="GC0001")
    own = end_membership(by=deputy, on=TODAY + timedelta(days=30), **told_ | {"practice": here.practices[1]})
    assert own is not None and undo_change(by=here.lead, entry=own)


def test_a_transfer_is_not_undone_from_the_side_that_was_left(here: Scene):
    """The lead who agreed to it leads the other consortium by now."""
    hill, sam = make_consortium("GC0002", name="Hill"), told.person(consortium_lead="GC0002")
    transfer = ask_transfer(by=here.manager(), practice=here.first, to=hill, on=TODAY, side="practice")
    entry = agree_transfer(by=sam, transfer=transfer)
    with after(1):
        cut(RoleGrant.objects.get(user=sam), TODAY + timedelta(days=1))
        RoleGrant.objects.create(
            user=sam,
            role="consortium_lead",
            object_kind="consortium",
            object_ref="GC0001",
            period=(TODAY + timedelta(days=1), None),
            given_by=here.admin.ref,
        )
        assert refused(undo_change, by=User.objects.get(pk=sam.pk), entry=entry).status == 403


def test_a_wish_taken_back_waits_for_the_journal_before_it_holds_a_row(committed_db):
    """An answer by its link holds the journal, then the question, and wants the transfer; the other order would lock
    the two for good."""
    Installation.declare(demonstration=True)
    with clock.story_time(clock.on_day(TODAY)):
        here = Scene(members=1)
        name_contact(by=here.manager(), practice=here.first, address="own@example.org", origin="practice")
        hill, sam = make_consortium("GC0002", name="Hill"), told.person(consortium_lead="GC0002")
        transfer = ask_transfer(by=sam, practice=here.first, to=hill, on=TODAY, side="consortium")

    def withdraws() -> None:
        try:
            with clock.story_time(clock.on_day(TODAY)):
                withdraw_transfer(by=sam, transfer=transfer)
        finally:
            connections.close_all()

    thread, pause = threading.Thread(target=withdraws), threading.Event()
    with transaction.atomic():
        journal.lock()
        ConfirmationRequest.objects.select_for_update().get(transfer=transfer)
        thread.start()
        for _ in range(400):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
                )
                if cursor.fetchone()[0]:
                    break
            pause.wait(0.02)
        assert TransferRequest.objects.select_for_update(nowait=True).get().state == "at_practice"
    thread.join(20)
    assert TransferRequest.objects.get().state == "withdrawn"


def test_a_dispute_is_not_washed_away_by_leaving_and_claiming_again(here: Scene):
    with on(TODAY):
        answer_signed_in(
            by=told.person(practice_manager=here.first.code),
            practice=here.first,
            consortium=here.group,
            answer="disputed",
            reason="not_agreed",
        )
        end_membership(
            by=here.lead,
            consortium=here.group,
            practice=here.first,
            on=TODAY + timedelta(days=1),
            reason="resigned",
            why="They wish to leave.",
        )
    with on(TODAY + timedelta(days=2)):
        again = {"by": here.lead, "consortium": here.group, "practices": [here.first], "why": "They are back."}
        refusal = refused(claim, on=clock.today(), **again)
        assert [row["verdict"] for row in refusal.detail] == ["disputed"] and spells(here.first)[-1][0] != "claimed"

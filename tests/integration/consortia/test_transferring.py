"""A practice moves: it and the gaining lead agree, the losing lead is told and cannot block."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from consortia.actions import close_practice
from consortia.actions.answering import answer_by_link
from consortia.actions.contacts import name_contact
from consortia.actions.transferring import (
    agree_by_answer,
    agree_transfer,
    ask_transfer,
    decline_transfer,
    transfer_on_paper,
    withdraw_transfer,
)
from consortia.actions.undoing import undo_change, undoable
from consortia.links import token_of
from consortia.models import TransferRequest
from registry import clock
from registry.errors import Refused
from registry.models import Entry, EntryKind, Mail, User
from tests import factories as make
from tests.integration.consortia.conftest import Land
from tests.integration.pathfinders.programme.test_races import at_once
from tests.support.memberships import belongs, broken

JULY = date(2011, 7, 1)


def asks(land: Land, side: str = "consortium", **more: Any) -> TransferRequest:
    who = land.manager if side == "practice" else land.other
    told = {"by": who, "practice": land.practices[0], "to": land.south, "on": JULY, "text": "Come to us."}
    return ask_transfer(side=side, **(told | more))


def refused(act: Callable[[], Any]) -> Refused:
    before = Entry.objects.count()
    with pytest.raises(Refused) as caught:
        act()
    assert Entry.objects.count() == before
    return caught.value


def letters_to(user: Any) -> list[str]:
    return list(Mail.objects.filter(recipient=user.ref).order_by("pk").values_list("body", flat=True))


def letters_at(address: str) -> list[str]:
    return list(Mail.objects.filter(to=address).order_by("pk").values_list("body", flat=True))


@pytest.mark.parametrize("side", ["practice", "consortium"])
def test_either_asks_and_the_other_agrees(land: Land, side: str) -> None:
    asker, asked = (land.manager, land.other) if side == "practice" else (land.other, land.manager)
    transfer = asks(land, side)
    asks_letter = letters_to(asked) if side == "practice" else letters_at(asked.email)
    assert (
        "What they write" in asks_letter[0] and "Come to us." not in asks_letter[0]
    )  # it is erasable, a letter is not
    assert len(asks_letter) == 1 and not letters_to(land.lead)
    assert TransferRequest.objects.visible_to(asked).get().text == "Come to us."
    assert not TransferRequest.objects.visible_to(land.lead).exists()  # it is told, not asked
    assert refused(lambda: agree_transfer(by=asker, transfer=transfer)).status == 403
    assert refused(lambda: agree_transfer(by=land.lead, transfer=transfer)).status == 403
    entry = agree_transfer(by=asked, transfer=transfer)
    assert entry.kind == EntryKind.LATE and entry.action == "agree_transfer"
    assert belongs(land.practices[0]) == [
        ("GC0001", "2011-01-01", "2011-07-01", "claimed", "founding", ""),
        ("GC0002", "2011-07-01", "", "confirmed", "transferred", "signed_in"),
    ]
    (told,) = letters_to(land.lead)
    assert "from 1 July 2011" in told and f"Entry {entry.number}" in told
    assert letters_to(asker)
    transfer.refresh_from_db()
    assert (transfer.state, transfer.entry) == ("agreed", entry)
    assert TransferRequest.objects.visible_to(land.lead).get() == transfer
    assert refused(lambda: agree_by_answer(by=asked, transfer=transfer, proof="link")).status == 409
    assert not broken()


def test_a_transfer_to_come_waits_for_its_day_and_can_be_taken_back_before(land: Land) -> None:
    before, day = belongs(land.practices[0]), clock.today() + timedelta(days=30)
    entry = agree_transfer(by=land.other, transfer=asks(land, "practice", on=day))
    assert entry.kind == EntryKind.EVENT
    assert [s[:3] for s in belongs(land.practices[0])] == [
        ("GC0001", "2011-01-01", str(day)),
        ("GC0002", str(day), ""),
    ]
    undo_change(by=land.other, entry=entry)
    assert belongs(land.practices[0]) == before
    assert all("taken back" in letters_to(user)[-1] for user in (land.lead, land.other, land.manager))


def test_a_manager_with_an_account_and_an_address_gets_one_letter_that_leads_to_both_ways(land: Land) -> None:
    name_contact(by=land.manager, practice=land.practices[0], address="desk@example.nhs.uk", origin="practice")
    transfer = asks(land)
    (letter,) = [*letters_at("desk@example.nhs.uk"), *letters_at(land.manager.email)]
    assert "{SECRET_LINK}" in letter and f"/practice/Z00001/transfers/{transfer.pk}/" in letter
    assert "What they write to you stands there" in letter


def test_whose_address_is_somebody_elses_word_hears_of_it_in_the_account_too(land: Land) -> None:
    land.manager.email = None
    land.manager.save()
    name_contact(by=land.admin, practice=land.practices[0], address="desk@example.nhs.uk", origin="staff")
    asks(land)
    assert len(letters_at("desk@example.nhs.uk")) == 1


@pytest.mark.parametrize("who", ["other", "admin"])
def test_a_move_to_come_that_a_link_agreed_to_is_cancelled_by_the_gaining_lead_or_staff(land: Land, who: str) -> None:
    practice, day = land.practices[1], clock.today() + timedelta(days=30)
    name_contact(by=land.admin, practice=practice, address="desk@example.nhs.uk", origin="staff")
    before, transfer = belongs(practice), asks(land, practice=practice, on=day)
    token = token_of(transfer.requests.get())
    answer_by_link(token=token, answer="agree")
    transfer.refresh_from_db()
    entry = transfer.entry
    assert entry is not None and entry.actor != land.other.ref and entry.on_behalf_of == "Z00002"
    assert "both have agreed" in letters_at("desk@example.nhs.uk")[-1]
    assert undoable(by=land.lead, entries=[entry]) == set()
    assert refused(lambda: undo_change(by=land.lead, entry=entry)).status == 403  # it is left, and has no say
    user = getattr(land, who)
    assert undoable(by=user, entries=[entry]) == {entry.number}
    undo_change(by=user, entry=entry)
    assert belongs(practice) == before
    told = [letters_to(land.other)[-1], letters_to(land.lead)[-1], letters_at("desk@example.nhs.uk")[-1]]
    assert all("taken back" in letter for letter in told)


def test_a_move_that_a_link_agreed_to_is_cancelled_before_its_day_only(land: Land) -> None:
    transfer = asks(land)
    entry = agree_by_answer(by=User.objects.system().ref, transfer=transfer, proof="link")
    for user in (land.other, land.admin):
        assert undoable(by=user, entries=[entry]) == set()
        assert refused(lambda user=user: undo_change(by=user, entry=entry)).status == 403  # type: ignore[misc]


def test_who_is_in_no_consortium_joins_by_agreement(land: Land) -> None:
    manager = land.manager
    make.make_membership(land.practices[0], land.north, date(2011, 1, 1), last_day=date(2011, 5, 31))
    with make.writing() as entry:
        from consortia.models import Membership

        entry.clear(Membership, (land.practices[0].pk,), date(2011, 6, 1), None)
    agree_transfer(by=manager, transfer=asks(land))
    assert belongs(land.practices[0])[-1][3:] == ("confirmed", "joined", "signed_in")
    assert not letters_to(land.lead)


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_declined_or_withdrawn_changes_nothing(land: Land, end: str) -> None:
    before, transfer = belongs(land.practices[0]), asks(land)
    act, right, wrong = {
        "decline": (decline_transfer, land.manager, land.other),
        "withdraw": (withdraw_transfer, land.other, land.manager),
    }[end]
    assert refused(lambda: act(by=wrong, transfer=transfer)).status == 403
    act(by=right, transfer=transfer)
    transfer.refresh_from_db()
    assert transfer.state == ("declined" if end == "decline" else "withdrawn")
    assert belongs(land.practices[0]) == before and not letters_to(land.lead)
    assert refused(lambda: agree_by_answer(by=land.manager, transfer=transfer, proof="link")).status == 409
    assert asks(land)  # it can be asked again


def test_what_cannot_be_asked(land: Land) -> None:
    assert refused(lambda: asks(land, by=land.lead)).status == 403
    assert refused(lambda: asks(land, "practice", by=land.other)).status == 403
    same = refused(lambda: asks(land, by=land.lead, to=land.north))
    assert same.status == 409 and "is a member of GC0001" in same.message
    assert refused(lambda: asks(land, on=date(2010, 9, 1))).code == "no_consortium"
    asks(land)
    assert "asked already" in refused(lambda: asks(land, "practice")).message
    close_practice(by=land.admin, practice=land.practices[1], last_day=date(2011, 6, 30), reason="Closed.")
    assert refused(lambda: asks(land, practice=land.practices[1])).code == "not_living"


def test_who_has_moved_or_closed_meanwhile_is_not_moved(land: Land) -> None:
    third = make.make_consortium("GC0003")
    moved = asks(land)
    make.make_membership(land.practices[0], third, date(2011, 6, 1))
    told = refused(lambda: agree_transfer(by=land.manager, transfer=moved))
    assert told.status == 409 and "it is in GC0003, no longer in GC0001" in told.message
    closed = asks(land, practice=land.practices[1])
    close_practice(by=land.admin, practice=land.practices[1], last_day=date(2011, 6, 30), reason="Closed.")
    assert refused(lambda: agree_by_answer(by="link", transfer=closed, proof="link")).code == "not_living"


def test_staff_record_what_both_have_signed(land: Land) -> None:
    waiting = asks(land)
    entry = transfer_on_paper(
        by=land.admin, practice=land.practices[0], to=land.south, on=JULY, why="Both signed the form of 3 May."
    )
    waiting.refresh_from_db()
    assert (waiting.state, waiting.entry) == ("agreed", entry)
    assert belongs(land.practices[0])[-1][3:] == ("confirmed", "transferred", "paper")
    assert len(letters_to(land.lead)) == 1
    assert (
        refused(
            lambda: transfer_on_paper(by=land.lead, practice=land.practices[1], to=land.south, on=JULY, why="x")
        ).status
        == 403
    )


class TestAtOnce:
    @pytest.fixture(autouse=True)
    def unblocked(self, committed_db: Any, django_db_blocker: Any) -> Any:
        with django_db_blocker.unblock():
            yield

    def test_agreeing_twice_moves_once(self) -> None:
        from tests import programme as told

        north, south = make.make_consortium("GC0001"), make.make_consortium("GC0002")
        lead, manager = told.person(consortium_lead="GC0002"), told.person(practice_manager="Z00001")
        practice = make.make_practice("Z00001")
        make.make_membership(practice, north)
        for n in range(3):
            to = south if n % 2 == 0 else north
            lead = told.person(consortium_lead=to.ref)
            transfer = ask_transfer(by=lead, practice=practice, to=to, on=JULY + timedelta(days=n), side="consortium")
            before = Entry.objects.count()
            outcomes = at_once(*[lambda: agree_transfer(by=manager, transfer=transfer)] * 2)  # noqa: B023
            lost = [o for o in outcomes if isinstance(o, Refused)]
            assert len(lost) == 1 and lost[0].status == 409
            assert Entry.objects.count() == before + 1
        assert not broken()

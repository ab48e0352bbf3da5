"""Practices are asked, reminded, sent letters; questions expire and are withdrawn; addresses say who gave them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from consortia.actions import close_practice, join, leave
from consortia.actions.asking import (
    ANSWER_WITHIN,
    ask_elsewhere,
    ask_practices,
    expire_requests,
    print_letters,
    remind,
    to_remind,
)
from consortia.actions.contacts import end_contact, name_contact
from consortia.addressing import addressees
from consortia.letter_codes import ALPHABET, LENGTH, in_groups, new_code, plain
from consortia.models import ConfirmationRequest, Origin, PracticeContact
from consortia.questions import prepared
from registry import outbox
from registry.actions import try_again
from registry.errors import Refused
from registry.models import Mail
from tests import programme as told
from tests.factories import make_consortium, make_membership, make_practice
from tests.support.asking import JOINED, TODAY, Scene, mails, on, scene, spells

TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def here(db):
    with scene() as made:
        yield made


def states() -> list[str]:
    return list(ConfirmationRequest.objects.order_by("pk").values_list("state", flat=True))


class TestAsking:
    def test_a_question_goes_out_with_its_explanation_and_changes_no_fact(self, here: Scene):
        before = spells(here.first)
        request = here.asked()
        assert (request.origin, request.flag, request.starts_on) == ("lead", "", JOINED)
        assert request.expires_on == TODAY + ANSWER_WITHIN
        [letter] = mails()
        assert (letter.recipient, letter.to) == ("Z00001", "z00001@example.org")
        assert "Meadow Consortium (GC0001) lists you as a member from 1 April 2011" in letter.body
        assert "If you do not answer, nothing is confirmed" in letter.body
        assert outbox.SECRET_LINK in letter.body and request.nonce not in letter.body
        assert spells(here.first) == before

    def test_only_its_keepers_ask(self, here: Scene):
        here.address(here.first)
        for other in (told.person(consortium_lead="GC0002"), told.person("assessor"), here.manager()):
            with pytest.raises(Refused) as refused:
                ask_practices(by=other, consortium=here.group, practices=[here.first])
            assert refused.value.status == 403

    def test_those_who_can_be_asked_are_and_of_the_others_it_is_said_why(self, here: Scene):
        stranger, confirmed = make_practice("Z00009"), make_practice("Z00008")
        make_membership(confirmed, here.group, JOINED, status="confirmed", reason="joined")
        here.address(here.first)
        everybody = [*here.practices, stranger, confirmed]
        assert len(ask_practices(by=here.lead, consortium=here.group, practices=everybody)) == 1
        said = [str(q.verdict) for q in prepared(here.group, everybody)]
        assert said == ["open", "no_address", "not_member", "answered"]
        with pytest.raises(Refused, match="has not answered yet") as refused:
            ask_practices(by=here.lead, consortium=here.group, practices=everybody)
        assert [row["code"] for row in refused.value.detail] == ["Z00001", "Z00002", "Z00009", "Z00008"]

    def test_a_question_does_not_cost_more_queries_with_more_practices(self, here, django_assert_max_num_queries):
        with django_assert_max_num_queries(10):
            prepared(here.group, here.practices)
        more = [make_practice() for _ in range(5)]
        with django_assert_max_num_queries(10):
            prepared(here.group, [*here.practices, *more])

    def test_a_letter_to_a_wrong_address_is_withdrawn_when_the_right_one_is_asked(self, here: Scene):
        wrong = here.asked()
        here.address(here.first, "right@example.org")
        right = ask_elsewhere(by=here.lead, consortium=here.group, practice=here.first)
        assert states() == ["withdrawn", "open"] and right.nonce != wrong.nonce
        with pytest.raises(Refused, match="can be reminded"):
            ask_elsewhere(by=here.lead, consortium=here.group, practice=here.first)


class TestReminding:
    def test_a_reminder_has_the_same_link_and_nobody_gets_two_a_day(self, here: Scene):
        request = here.asked()
        with pytest.raises(Refused, match="nobody to remind"):
            remind(by=here.lead, consortium=here.group)
        with on(TOMORROW):
            assert to_remind(here.group).count() == 1
            assert remind(by=here.lead, consortium=here.group) == 1
            with pytest.raises(Refused, match="nobody to remind"):
                remind(by=here.lead, consortium=here.group)
        first, second = mails()
        assert outbox.whole_body(first) == outbox.whole_body(second)
        assert second.subject.startswith("Reminder: ")
        request.refresh_from_db()
        assert (request.reminded, request.reminded_on) == (1, TOMORROW)

    def test_a_late_reminder_leaves_time_to_answer(self, here: Scene):
        request = here.asked()
        with on(request.expires_on):
            remind(by=here.lead, consortium=here.group)
        assert ConfirmationRequest.objects.get().expires_on == request.expires_on + timedelta(days=21)

    def test_those_who_answered_are_not_reminded_nor_those_of_others(self, here: Scene):
        here.asked()
        with on(TOMORROW):
            assert to_remind(make_consortium("GC0002")).count() == 0
            assert to_remind(here.group, [here.practices[1]]).count() == 0


class TestLetters:
    def test_a_letter_has_a_code_that_nobody_guesses_or_misreads(self):
        assert not set("BGILOQSUZ01258") & set(ALPHABET)
        assert len(set(ALPHABET)) ** LENGTH > 2**50
        assert len({new_code() for _ in range(100)}) == 100
        code = new_code()
        assert plain(in_groups(code).lower().replace("-", " ")) == code

    def test_printing_again_prints_the_same_letter(self, here: Scene):
        first = print_letters(by=here.lead, consortium=here.group, practices=here.practices)
        again = print_letters(by=here.lead, consortium=here.group, practices=here.practices)
        assert [r.pk for r in first] == [r.pk for r in again]
        assert first[0].code != first[1].code and first[0].address == "" and not mails()

    def test_all_or_none(self, here: Scene):
        with pytest.raises(Refused, match="not a member"):
            print_letters(by=here.lead, consortium=here.group, practices=[here.first, make_practice("Z00009")])
        assert states() == []


class TestEnds:
    def test_silence_never_confirms_and_in_time_the_question_expires(self, here: Scene):
        before, request = spells(here.first), here.asked()
        with on(request.expires_on):
            assert expire_requests() == 0
        with on(request.expires_on + timedelta(days=1)):
            assert expire_requests() == 1 and expire_requests() == 0
        assert states() == ["expired"] and spells(here.first) == before

    @pytest.mark.parametrize("how", ["leaves", "moves", "closes"])
    def test_whatever_ends_the_claim_withdraws_the_question(self, here: Scene, how: str):
        here.asked()
        here.asked(here.practices[1])
        if how == "leaves":
            leave(by=here.admin, practice=here.first, on=TODAY, why="told")
        elif how == "moves":
            say = {"status": "claimed", "reason": "joined", "why": "told"}
            join(by=here.admin, practice=here.first, consortium=make_consortium("GC0002"), on=TODAY, **say)
        else:
            close_practice(by=here.admin, practice=here.first, last_day=date(2011, 8, 31), reason="told")
        assert states() == ["withdrawn", "open"]

    def test_an_end_to_come_leaves_it_open(self, here: Scene):
        here.asked()
        leave(by=here.admin, practice=here.first, on=date(2012, 4, 1), why="told")
        assert states() == ["open"]


class TestAddresses:
    def test_the_practices_own_word_goes_before_the_claimants(self, here: Scene):
        used = []

        def look() -> None:
            told_of = addressees(here.group, [here.first])[here.first.pk]
            used.append((told_of.address.partition("@")[0], told_of.origin))

        others = {Origin.STAFF: here.admin, Origin.PCT: told.person(pct_lead="5LE")}
        here.address(here.first, "lead@example.net")
        look()
        for origin, by in others.items():
            here.address(here.first, f"{origin}@example.net", by=by, origin=origin, consortium=None)
            look()
        manager = here.manager()
        look()
        here.address(here.first, "own@example.net", by=manager, origin=Origin.PRACTICE, consortium=None)
        look()
        account = (manager.email.partition("@")[0], "practice")
        assert used == [("lead", "lead"), ("staff", "staff"), ("pct", "pct"), account, ("own", "practice")]

    def test_flags(self, here: Scene):
        here.address(here.first, here.lead.email.upper())
        assert addressees(here.group, [here.first])[here.first.pk].flag == "leads_own"
        for practice in here.practices:
            here.address(practice, "both@example.org")
        assert {a.flag for a in addressees(here.group, here.practices).values()} == {"serves_several"}
        assert addressees(here.group, [here.first])[here.first.pk].flag == "serves_several"
        here.address(here.practices[1], "two@example.org")
        assert addressees(here.group, [here.first])[here.first.pk].flag == ""

    def test_a_managers_account_of_two_practices_is_flagged(self, here: Scene):
        told.person(practice_manager="Z00001")
        assert addressees(here.group, [here.first])[here.first.pk].flag == ""
        from registry.models import RoleGrant, User

        manager = User.objects.get(grants__role="practice_manager")
        RoleGrant.objects.create(
            user=manager,
            role="practice_manager",
            object_kind="practice",
            object_ref="Z00777",
            period=(JOINED, None),
            given_by="system",
        )
        assert addressees(here.group, [here.first])[here.first.pk].flag == "serves_several"

    def test_another_leads_address_is_not_used(self, here: Scene):
        other = make_consortium("GC0002")
        make_membership(here.practices[1], other, JOINED, reason="joined")
        here.address(here.practices[1], by=told.person(consortium_lead="GC0002"), origin=Origin.LEAD, consortium=other)
        assert addressees(here.group, here.practices) == {}

    def test_who_may_give_one_and_a_new_one_ends_the_old(self, here: Scene):
        here.address(here.first, "one@example.org")
        here.address(here.first, "two@example.org")
        contacts = PracticeContact.objects.order_by("pk")
        assert [(c.address, c.ended_on) for c in contacts] == [("one@example.org", TODAY), ("two@example.org", None)]
        lead, staff = here.lead, {"origin": Origin.STAFF}
        for by, more in (
            (lead, staff),
            (lead, {"origin": Origin.PCT}),
            (lead, {"origin": Origin.PRACTICE}),
            (told.person(pct_lead="5QV"), {"origin": Origin.PCT}),
            (told.person(consortium_lead="GC0002"), {"origin": Origin.LEAD, "consortium": here.group}),
        ):
            with pytest.raises(Refused) as refused:
                name_contact(by=by, practice=here.first, address="x@example.org", **more)
            assert refused.value.status == 403
        with pytest.raises(Refused) as refused:
            here.address(here.first, "not an address")
        assert refused.value.field == "address"
        with pytest.raises(Refused, match="no member"):
            here.address(make_practice("Z00009"))
        assert end_contact(by=lead, contact=contacts[1]).ended_on == TODAY
        with pytest.raises(Refused, match="ended already"):
            end_contact(by=lead, contact=contacts[1])


class TestOutbox:
    def test_the_link_is_filled_in_as_the_letter_is_sent(self, here: Scene, mailoutbox):
        here.asked()
        Mail.objects.update(next_attempt_at=date(2011, 1, 1).isoformat() + "T00:00Z")
        assert outbox.send_due() == (1, 0)
        assert "http://localhost/answer/" in mailoutbox[0].body and outbox.SECRET_LINK not in mailoutbox[0].body
        assert outbox.SECRET_LINK in Mail.objects.get().body

    def test_a_letter_to_a_practice_that_failed_is_tried_again(self, here: Scene):
        here.asked()
        Mail.objects.update(state="failed", attempts=7)
        letter = try_again(by=here.admin, mail=Mail.objects.get())
        assert (letter.state, letter.to) == ("queued", "z00001@example.org")
        Mail.objects.update(state="failed", to="")
        with pytest.raises(Refused, match="no address"):
            try_again(by=here.admin, mail=Mail.objects.get())

    def test_a_practices_manager_reads_its_letters_and_no_others(self, here: Scene):
        for practice in here.practices:
            here.asked(practice)
        seen = Mail.objects.visible_to(here.manager()).values_list("recipient", flat=True)
        assert list(seen) == ["Z00001"]
        assert not Mail.objects.visible_to(here.lead).exists()

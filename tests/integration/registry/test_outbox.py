"""Letters: written with their step, sent at least once, never twice at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from registry import clock, outbox
from registry.actions import try_again
from registry.errors import Refused
from registry.models import Mail, User
from tests import programme as told
from tests.desk import signed_in, text_of

HERE = "tests.integration.registry.test_outbox"
WAIT = 20


class Down(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, messages):
        raise OSError("the mail server does not answer")


class Slow(BaseEmailBackend):
    """Takes letters slowly, so that two senders meet."""

    sent: list[str] = []
    both = threading.Barrier(2)

    def send_messages(self, messages):
        Slow.both.wait(WAIT)  # goes on only when two letters are being sent at once
        Slow.sent += [m.extra_headers["Message-ID"] for m in messages]
        return len(messages)


def make_letter(**more) -> Mail:
    user = User.objects.filter(email="ann@example.org").first() or User.objects.create_user("ann@example.org")
    return outbox.post(to=user, subject="Hello", body="A letter", **more)


def due_again() -> None:
    Mail.objects.update(next_attempt_at=clock.real_now() - timedelta(seconds=1))


def test_a_letter_goes_with_the_step_that_wrote_it_or_not_at_all(db, mailoutbox):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_letter()
        raise ZeroDivisionError
    assert outbox.send_due() == (0, 0)
    letter = make_letter()
    assert outbox.send_due() == (1, 0) and outbox.send_due() == (0, 0)
    assert mailoutbox[0].message()["Message-ID"] == letter.message_id
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("sent", 1) and letter.sent_at


def test_a_letter_tried_again_keeps_its_message_id_and_goes_in_the_end(db, settings):
    letter = make_letter()
    settings.EMAIL_BACKEND = f"{HERE}.Down"
    assert outbox.send_due() == (0, 1)
    assert outbox.send_due() == (0, 0)  # not before its time
    held = Mail.objects.get()
    assert held.state == "queued" and "does not answer" in held.last_error
    assert timedelta(seconds=50) < held.next_attempt_at - clock.real_now() <= timedelta(minutes=1)
    due_again()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send_due() == (1, 0)
    assert mail.outbox[0].message()["Message-ID"] == letter.message_id
    assert Mail.objects.get().attempts == 2 and Mail.objects.get().last_error == ""


def test_a_letter_that_cannot_be_sent_is_given_up_and_says_why(db, settings):
    make_letter()
    settings.EMAIL_BACKEND = f"{HERE}.Down"
    for _ in range(len(outbox.RETRY_AFTER) + 1):
        assert Mail.objects.get().state == "queued"
        due_again()
        assert outbox.send_due() == (0, 1)
    held = Mail.objects.get()
    assert held.state == "failed" and "does not answer" in held.last_error
    due_again()
    assert outbox.send_due() == (0, 0)


def test_one_bad_letter_does_not_hold_up_the_others(db, mailoutbox):
    nobody = User.objects.create_user("gone@example.org")
    outbox.post(to=nobody, subject="No address", body="")
    Mail.objects.update(to="")
    make_letter()
    assert outbox.send_due() == (1, 1)


def test_a_held_letter_waits_for_its_release(db, mailoutbox):
    make_letter(held_for="wave-1")
    make_letter(held_for="wave-2")
    assert outbox.send_due() == (0, 0)
    assert outbox.let_go("wave-1") == 1
    assert outbox.send_due() == (1, 0)
    assert list(Mail.objects.values_list("held_for", "state").order_by("pk")) == [
        ("wave-1", "sent"),
        ("wave-2", "held"),
    ]


def test_two_senders_at_once_never_send_one_letter_twice(committed_db, settings):
    settings.EMAIL_BACKEND = f"{HERE}.Slow"
    letters = {make_letter().message_id for _ in range(2)}
    Slow.sent.clear()
    outcomes = []

    def send() -> None:
        try:
            outcomes.append(outbox.send_due())
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT)
    assert sorted(Slow.sent) == sorted(letters) and outcomes == [(1, 0), (1, 0)]


class TestTryAgain:
    @pytest.fixture
    def staff(self, db):
        return told.person("assessor")

    def failed(self) -> Mail:
        letter = make_letter()
        Mail.objects.update(state="failed", attempts=7, last_error="The post office does not answer")
        return letter

    def test_a_letter_given_up_goes_to_where_its_reader_is_now(self, staff, mailoutbox):
        letter = self.failed()
        User.objects.filter(ref=letter.recipient).update(email="moved@example.org")
        try_again(by=staff, mail=letter)
        assert outbox.send_due() == (1, 0)
        assert mailoutbox[0].to == ["moved@example.org"]
        letter.refresh_from_db()
        assert (letter.state, letter.attempts, letter.last_error) == ("sent", 8, "")

    def test_one_try_and_no_more(self, staff, settings):
        letter = self.failed()
        settings.EMAIL_BACKEND = f"{HERE}.Down"
        try_again(by=staff, mail=letter)
        assert outbox.send_due() == (0, 1) and Mail.objects.get().state == "failed"

    def test_refused(self, staff):
        letter = make_letter()
        for by, status in ((staff, 409), (told.person("consortium_lead"), 403)):
            with pytest.raises(Refused) as error:
                try_again(by=by, mail=letter)
            assert error.value.status == status
        letter = Mail.objects.get()
        Mail.objects.update(state="failed")
        User.objects.filter(ref=letter.recipient).update(email=None)
        with pytest.raises(Refused, match="no address"):
            try_again(by=staff, mail=letter)

    def test_the_page(self, staff):
        letter, client = self.failed(), signed_in(staff)
        assert f"/staff/outbox/{letter.pk}/again/" in text_of(client.get("/staff/outbox/?state=failed"))
        page = client.get(f"/staff/outbox/{letter.pk}/again/")
        assert "does not answer" in text_of(page) and "after 7 attempts" in text_of(page)
        assert client.post(f"/staff/outbox/{letter.pk}/again/").status_code == 302
        assert Mail.objects.get().state == "queued"
        assert client.post(f"/staff/outbox/{letter.pk}/again/").status_code == 409
        assert client.get("/staff/outbox/999999/again/").status_code == 404

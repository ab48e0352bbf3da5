"""Letters: written with their step, sent at least once, never twice at the same moment."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from registry import clock, outbox
from registry.models import Mail, User

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

"""Letters: written in the transaction of the step they tell of, sent by the worker, at least once."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from registry import clock
from registry.collected import collected
from registry.models import Heartbeat, Mail, MailState, User

RETRY_AFTER = [timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 720)]


def post(*, to: User, subject: str, body: str, about: str = "", held_for: str = "") -> Mail:
    """Put a letter into the outbox; with `held_for` it waits there until `let_go` of that name."""
    return Mail.objects.create(
        message_id=f"<{uuid.uuid4()}@pathfinders.invalid>",
        recipient=to.ref,
        to=to.email or "",
        subject=one_line(subject),
        body=body,
        about=about,
        held_for=held_for,
        state=MailState.HELD if held_for else MailState.QUEUED,
    )


def one_line(subject: str) -> str:
    """A subject with a line break in it, from a name that somebody typed, would never be sent."""
    return " ".join(subject.split())


def post_to_address(*, address: str, recipient: str, subject: str, body: str, about: str = "") -> Mail:
    """A letter to an address without an account. `recipient`: the code of the practice that it is for.

    `{SECRET_LINK}` in the body becomes a signed link when the letter is sent, or shown to its reader; so nobody who may
    only read the outbox can answer in the reader's place.
    """
    return Mail.objects.create(
        message_id=f"<{uuid.uuid4()}@pathfinders.invalid>",
        recipient=recipient,
        to=address,
        subject=one_line(subject),
        body=body,
        about=about,
        state=MailState.QUEUED,
    )


SECRET_LINK = "{SECRET_LINK}"
HIDDEN_LINK = "(a secret link, which only its reader is shown)"


def whole_body(mail: Mail) -> str:
    """The letter as its reader gets it, its secret link filled in by the app that knows it (`links.link_of(about)`)."""
    if SECRET_LINK not in mail.body:
        return mail.body
    for _, link_of in collected("links", "link_of"):
        if link := link_of(mail.about):
            return mail.body.replace(SECRET_LINK, link)
    return mail.body.replace(SECRET_LINK, "(this link is no longer there)")


def body_for_staff(mail: Mail) -> str:
    """The letter as those who keep the outbox see it: by its secret link they could answer in the reader's place."""
    return mail.body.replace(SECRET_LINK, HIDDEN_LINK)


def let_go(held_for: str) -> int:
    """Queue the letters that waited for this; called in the releasing transaction."""
    return Mail.objects.filter(state=MailState.HELD, held_for=held_for).update(
        state=MailState.QUEUED, next_attempt_at=clock.real_now()
    )


def take_back(*, about: str) -> int:
    """Take held letters about this out of the outbox: what they tell has been overtaken before anyone was told."""
    taken, _ = Mail.objects.filter(state=MailState.HELD, about=about).delete()
    return taken


def send_due(limit: int = 100) -> tuple[int, int]:
    """Send what is due; returns (sent, failed). Safe beside other workers: rows are taken under a lock."""
    sent = failed = 0
    for _ in range(limit):
        outcome = _send_one()
        if outcome is None:
            break
        sent, failed = sent + outcome, failed + (not outcome)
    return sent, failed


WORKER = "worker"
LIVELY = timedelta(minutes=5)


def beat() -> None:
    """Say that what is due is being done: called at each round of it."""
    Heartbeat.objects.update_or_create(name=WORKER, defaults={"at": clock.real_now()})


def is_alive() -> bool:
    """Whether something has been doing what is due, letters among it, within the last minutes."""
    return Heartbeat.objects.filter(name=WORKER, at__gt=clock.real_now() - LIVELY).exists()


def _send_one() -> bool | None:
    now = clock.real_now()
    with transaction.atomic():
        mail = (
            Mail.objects.select_for_update(skip_locked=True)
            .filter(state=MailState.QUEUED, next_attempt_at__lte=now)
            .order_by("next_attempt_at", "pk")
            .first()
        )
        if mail is None:
            return None
        mail.attempts += 1
        try:
            if not mail.to:
                raise ValueError("the person has no address")
            EmailMessage(
                mail.subject,
                whole_body(mail),
                settings.DEFAULT_FROM_EMAIL,
                [mail.to],
                headers={"Message-ID": mail.message_id},
            ).send()
        except Exception as error:  # any failure of any mail backend: kept, shown, tried again
            mail.last_error = str(error)[:500]
            if mail.attempts > len(RETRY_AFTER):
                mail.state = MailState.FAILED
            else:
                mail.next_attempt_at = now + RETRY_AFTER[mail.attempts - 1]
            mail.save()
            return False
        mail.state, mail.sent_at, mail.last_error = MailState.SENT, now, ""
        mail.save()
        return True

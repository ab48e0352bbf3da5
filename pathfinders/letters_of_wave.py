"""The letters that a wave's release will send, as they wait in the outbox."""

from __future__ import annotations

from django.db.models import QuerySet

from pathfinders import frozen
from pathfinders.actions.decision import hold
from registry.models import Mail, MailState


def waiting(wave: int) -> QuerySet[Mail]:
    """Those held for the wave, in the order in which they were written."""
    return Mail.objects.filter(state=MailState.HELD, held_for=hold(wave)).order_by("pk")


def fingerprint(wave: int) -> str:
    """Of all that they say and to whom: changes with any of them."""
    return frozen.fingerprint(list(waiting(wave).values_list("message_id", "recipient", "subject", "body")))


def waits_for(mail: Mail) -> int | None:
    """The wave that a letter is held for; None where it is held for anything else."""
    number = mail.held_for.removeprefix(hold(0).removesuffix("0"))
    return int(number) if number.isdecimal() else None

"""What staff can do about a letter that could not be sent."""

from __future__ import annotations

from registry import clock
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.models import Mail, MailState, User


def try_again(*, by: User, mail: Mail) -> Mail:
    """Queue a letter that was given up, once more, to the address that its reader has now; nothing in it changes.

    One to a practice, which has no account, goes to the address that it was written to. Raises Refused: 403; 409 where
    it has not failed (any more), or its reader has no address.
    """
    with step(by=by, action="try_letter_again", permission=Permission.SEE_CASEWORK, letter=mail.pk):
        held = Mail.objects.select_for_update().visible_to(by).filter(pk=mail.pk).first()
        if held is None:
            raise Refused("no_letter", "There is no such letter for you to send.", status=404)
        if held.state != MailState.FAILED:
            raise wrong_state(f"This letter is not one that failed: {held.get_state_display().lower()}.")
        reader = User.objects.filter(ref=held.recipient).first()
        address = held.to if reader is None else reader.email
        if not address:
            raise wrong_state("Its reader has no address any more, so it cannot be sent.")
        held.to, held.state, held.next_attempt_at = address, MailState.QUEUED, clock.real_now()
        held.save()
    return held

"""What of memberships goes when a person's details are erased (registry.collected)."""

from __future__ import annotations

from consortia.actions.erasing_words import blank_address
from consortia.actions.reporting import blank_reports
from consortia.models import MembershipAnswer, Proof, TransferRequest
from registry.models import User


def erase(user: User) -> None:
    """In the erasing's transaction, while the address is still known: where practices were written to at it, what the
    person wrote beside answers given signed in, and the errors they reported. What was answered stays."""
    if user.email:
        blank_address(user.email)
    MembershipAnswer.objects.filter(recorded_by=user, how=Proof.SIGNED_IN).update(text="", who="")
    TransferRequest.objects.filter(asked_by=user).exclude(text="").update(text="")
    blank_reports(user)

"""Who keeps the evidence itself: its documents, and what the register says that it is."""

from __future__ import annotations

from typing import Any

from registry.authorization import Permission, may, objects_of, require
from registry.errors import not_allowed
from transitions.models import Evidence, EvidenceDocument
from transitions.permissions import everywhere
from transitions.resting import recorded_by, trusts_on


def may_attach(user: Any, evidence: Evidence) -> bool:
    """Programme staff; and the lead of a trust of which it says something, or who recorded it while it
    says nothing of any."""
    if not may(user, Permission.KEEP_TRANSITION):
        return False
    return everywhere(user) or _leads(user, evidence) or (recorded_by(evidence, user) and _of_no_trust(evidence))


def may_correct(user: Any, evidence: Evidence) -> bool:
    """Programme staff; and the lead who recorded it, as long as nothing of anybody else rests on it."""
    if not may(user, Permission.KEEP_TRANSITION):
        return False
    return everywhere(user) or (recorded_by(evidence, user) and trusts_on(evidence) <= _own(user))


def may_withdraw(user: Any, document: EvidenceDocument) -> bool:
    """Programme staff; and the lead who attached it, as long as it is evidence of a trust of theirs, or of none."""
    if not may(user, Permission.KEEP_TRANSITION):
        return False
    if everywhere(user) or document.opened_by.actor != user.ref:
        return everywhere(user)
    return _leads(user, document.evidence) or _of_no_trust(document.evidence)


def require_attach(user: Any, evidence: Evidence) -> None:
    """Raises Refused (403) unless the user may attach a document to it."""
    require(user, Permission.KEEP_TRANSITION)
    if not may_attach(user, evidence):
        raise not_allowed(
            f"{evidence.ref} says nothing of a trust that you lead now: ask programme staff to attach the document."
        )


def require_give_file(user: Any, evidence: Evidence) -> None:
    """Raises Refused (403) unless the user may give a document to evidence that stands, in telling something on it: who
    keeps a trust, of which it then says something; and who recorded it."""
    if not (may(user, Permission.KEEP_TRANSITION) or recorded_by(evidence, user)):
        raise not_allowed(
            f"{evidence.ref} is that source already, and somebody else recorded it: give its reference without a file, "
            "and send the document to programme staff."
        )


def require_correct(user: Any, evidence: Evidence) -> None:
    """Raises Refused (403) unless the user may correct what it is."""
    require(user, Permission.KEEP_TRANSITION)
    if may_correct(user, evidence):
        return
    if not recorded_by(evidence, user):
        raise not_allowed(f"{evidence.ref} was recorded by somebody else: ask programme staff to correct it.")
    raise not_allowed(f"What is said of others than your trust rests on {evidence.ref} too: ask programme staff.")


def require_withdraw(user: Any, document: EvidenceDocument) -> None:
    """Raises Refused (403) unless the user may withdraw the document."""
    require(user, Permission.KEEP_TRANSITION)
    if may_withdraw(user, document):
        return
    if document.opened_by.actor == user.ref:
        raise not_allowed(
            f"{document.evidence.ref} says nothing of a trust that you lead now: ask programme staff to withdraw "
            f"“{document.name}”."
        )
    raise not_allowed(f"“{document.name}” was attached by somebody else: ask programme staff to withdraw it.")


def _leads(user: Any, evidence: Evidence) -> bool:
    """Whether it says something of a trust that the user leads today."""
    return bool(_own(user) & trusts_on(evidence))


def _of_no_trust(evidence: Evidence) -> bool:
    return not trusts_on(evidence) - {""}


def _own(user: Any) -> set[str]:
    return set(objects_of(user, "pct_lead"))

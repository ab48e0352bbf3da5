"""Letters of the programme about a membership: to a practice, to who keeps a consortium's membership, to a PCT.

The programme writes to a practice's managers; where it has none, at the address that the practice, staff or its PCT
gave. An address that a lead gave is that consortium's to write to, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings

from consortia.models import Consortium, ConsortiumParticulars, Origin, PracticeContact
from consortia.permissions import holders, keepers, managers
from practices.models import Practice, PracticeParticulars
from registry import clock, outbox
from registry.models import User

OURS = (Origin.PRACTICE, Origin.STAFF, Origin.PCT)
"""Whose addresses the programme writes to, the nearest to the practice first."""


def to_practice(practice: Practice, subject: str, body: str) -> int:
    """Post the letter to the practice. Returns how many were written: none where nobody is known to write to."""
    found = managers(practice)
    for manager in found:
        outbox.post(to=manager, subject=subject, body=body, about=practice.code)
    address = "" if found else address_of(practice)
    if address:
        outbox.post_to_address(
            address=address, recipient=practice.code, subject=subject, body=body, about=practice.code
        )
    return len(found) or bool(address)


def to_keepers(consortium: Consortium, practice: Practice, subject: str, body: str) -> int:
    """Post the letter to the consortium's lead and deputies."""
    return _to(keepers(consortium), practice, subject, body)


def to_pct(pct: str, practice: Practice, subject: str, body: str) -> int:
    """Post the letter to who leads the PCT of this code."""
    return _to(holders("pct_lead", pct), practice, subject, body)


def reached(practice: Practice) -> str:
    """How a letter reaches the practice, in words for staff; never the address itself."""
    if managers(practice):
        return "its manager, who has an account"
    contact = _contact(practice)
    return f"the address given by {contact.get_origin_display().lower()}" if contact else ""


def address_of(practice: Practice) -> str:
    """The address that the programme writes to, or nothing."""
    contact = _contact(practice)
    return contact.address if contact else ""


def practice_named(practice: Practice) -> str:
    """Its name and code as the register says today."""
    names = PracticeParticulars.objects.current().filter(practice=practice, effective__contains=clock.today())
    name = names.values_list("name", flat=True).first()
    return f"{name} ({practice.code})" if name else practice.code


def consortium_named(consortium: Consortium) -> str:
    names = ConsortiumParticulars.objects.current().filter(consortium=consortium)
    name = names.order_by("-effective").values_list("name", flat=True).first()
    return f"{name} ({consortium.ref})" if name else consortium.ref


def page(path: str) -> str:
    """The full address of a page of this site."""
    return f"{settings.PUBLIC_URL}{path}"


def _contact(practice: Practice) -> PracticeContact | None:
    found = PracticeContact.objects.current().filter(practice=practice, origin__in=OURS).exclude(address="")
    return min(found, key=lambda contact: OURS.index(Origin(contact.origin)), default=None)


def _to(people: Sequence[User], practice: Practice, subject: str, body: str) -> int:
    for person in people:
        outbox.post(to=person, subject=subject, body=body, about=practice.code)
    return len(people)

"""Addresses to write to practices at, each with who gave it: that shows beside every answer that comes from it."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from consortia.holding import held, standing
from consortia.models import Consortium, Origin, PracticeContact
from consortia.permissions import manages, require_keeper
from practices.models import Practice, PracticeParent
from registry import clock
from registry.authorization import Permission, may, objects_of, require
from registry.casework import step
from registry.errors import Refused, not_allowed, wrong_state
from registry.models import User


def name_contact(
    *,
    by: User,
    practice: Practice,
    address: str,
    name: str = "",
    origin: str,
    consortium: Consortium | None = None,
) -> PracticeContact:
    """From today the practice is written to at this address, on the word of `origin`, whose earlier one ends.

    `consortium`: the one whose lead gives it, and only then. Raises Refused: 403 where the user is not of that origin;
    409 where the practice is no member of the consortium; 422 on `address`.
    """
    _require_origin(by, practice, origin, consortium)
    told = _address(address)
    with step(by=by, action="name_contact", practice=practice.code, origin=origin):
        Practice.objects.select_for_update().get(pk=practice.pk)  # two who name one at once wait for each other
        current = PracticeContact.objects.current().filter(practice=practice, origin=origin, consortium=consortium)
        there = current.first()
        if there is not None and (there.address, there.name) == (told, name.strip()[:200]):
            return there
        current.update(ended_on=clock.today())
        return PracticeContact.objects.create(
            practice=practice,
            address=told,
            name=name.strip()[:200],
            origin=origin,
            consortium=consortium,
            given_by=by,
            given_on=clock.today(),
        )


def end_contact(*, by: User, contact: PracticeContact) -> PracticeContact:
    """Nobody is written to at this address any more; who gave it ends it, or staff, whoever gave it. Raises Refused: 403; 409 where it ended before."""
    with step(by=by, action="end_contact", practice=contact.practice.code, origin=contact.origin):
        row = PracticeContact.objects.select_for_update(of=("self",)).select_related("practice", "consortium")
        locked = row.get(pk=contact.pk)
        _require_origin(by, locked.practice, locked.origin, locked.consortium, ending=True)
        if locked.ended_on is not None:
            raise wrong_state("This address has ended already.")
        locked.ended_on = clock.today()
        locked.save(update_fields=["ended_on"])
    return locked


def _require_origin(
    by: User, practice: Practice, origin: str, consortium: Consortium | None, *, ending: bool = False
) -> None:
    if ending and may(by, Permission.CHANGE_REGISTER):
        return
    if origin == Origin.LEAD:
        if consortium is None:
            raise Refused("no_consortium", "Say whose lead gives the address.", field="consortium")
        require_keeper(by, consortium)
        timeline = standing([practice.pk])[practice.pk]
        if not ending and held(timeline, consortium.pk, clock.today()) is None:
            raise wrong_state(
                f"{practice.code} is no member of {consortium.ref}, so its lead gives no address for it."
            )
        return
    if consortium is not None:
        raise Refused("no_consortium", "Only a lead's address is of a consortium.", field="consortium")
    if origin == Origin.STAFF:
        require(by, Permission.CHANGE_REGISTER)
    elif origin == Origin.PCT:
        if not _of_its_pct(by, practice):
            raise not_allowed(f"{practice.code} is not of your PCT; only its PCT's lead gives an address as the PCT.")
    elif origin == Origin.PRACTICE:
        if not manages(by, practice):
            raise not_allowed(f"{practice.code} is not your practice; only its manager gives an address as its own.")
    else:
        raise Refused("bad_origin", f"An address comes from {', '.join(Origin.values)}.", field="origin")


def _of_its_pct(by: User, practice: Practice) -> bool:
    own = objects_of(by, "pct_lead")
    parents = PracticeParent.objects.current().filter(practice=practice, effective__contains=clock.today())
    return bool(own) and parents.filter(parent__code__in=own).exists()


def _address(address: str) -> str:
    told = address.strip().lower()
    try:
        validate_email(told)
    except ValidationError:
        raise Refused(
            "bad_address",
            "Enter an e-mail address in the correct format, like name@example.nhs.uk.",
            field="address",
        ) from None
    return told

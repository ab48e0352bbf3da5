"""At which address a practice is written to, who gave it, and what makes an answer from it weaker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models.functions import Lower

from consortia.models import AddressFlag, ConfirmationRequest, Consortium, Origin, PracticeContact
from consortia.permissions import keepers
from practices.models import Practice
from registry import clock
from registry.models import RoleGrant

FIRST = (Origin.PRACTICE, Origin.PCT, Origin.STAFF, Origin.LEAD)
"""Whose word for an address is taken before another's: the practice's own first, the claimant's last."""


class Addressee(NamedTuple):
    """Where a question goes."""

    address: str
    origin: str
    flag: str = ""


def addressees(consortium: Consortium, practices: Iterable[Practice]) -> dict[int, Addressee]:
    """By practice, where this consortium's question goes; no key where nobody has given an address.

    The address of a practice's manager with an account counts as the practice's own. An address that another lead gave
    is not used: only the one who gave it writes to it.
    """
    wanted = {p.pk: p for p in practices}
    chosen = _chosen(consortium, wanted)
    leads = {(user.email or "").lower() for user in keepers(consortium)}
    several = _serving_several({(pk, told.address) for pk, told in chosen.items()})
    return {pk: told._replace(flag=_flag(told.address, leads, several)) for pk, told in chosen.items()}


def _chosen(consortium: Consortium, wanted: dict[int, Practice]) -> dict[int, Addressee]:
    found: dict[int, dict[str, str]] = {pk: {} for pk in wanted}
    contacts = PracticeContact.objects.current().filter(practice__in=wanted).exclude(address="")
    for pk, origin, address, by in contacts.values_list("practice", "origin", "address", "consortium"):
        if by in (None, consortium.pk):
            found[pk][origin] = address.lower()
    for pk, address in _managers(wanted):
        found[pk].setdefault(Origin.PRACTICE, address)
    return {
        pk: next(Addressee(told[origin], origin) for origin in FIRST if origin in told)
        for pk, told in found.items()
        if told
    }


def _managers(wanted: dict[int, Practice]) -> list[tuple[int, str]]:
    by_code = {p.code: pk for pk, p in wanted.items()}
    grants = _held_by_managers().filter(object_ref__in=by_code).order_by("pk")
    return [(by_code[code], address.lower()) for code, address in grants.values_list("object_ref", "user__email")]


def _held_by_managers():  # type: ignore[no-untyped-def]
    return RoleGrant.objects.filter(
        role="practice_manager", period__contains=clock.today(), user__is_active=True, user__email__isnull=False
    )


def _serving_several(used: set[tuple[int, str]]) -> set[str]:
    """The addresses among these that serve two practices or more: now, as a manager's, or when one was asked."""
    addresses = {address for _, address in used}
    serves: dict[str, set[str | int]] = {address: set() for address in addresses}
    for pk, address in used:
        serves[address].add(pk)
    contacts = PracticeContact.objects.current().annotate(_at=Lower("address")).filter(_at__in=addresses)
    asked = ConfirmationRequest.objects.annotate(_at=Lower("address")).filter(_at__in=addresses)
    for rows in (contacts, asked):
        for pk, address in rows.values_list("practice", "_at"):
            serves[address].add(pk)
    grants = _held_by_managers().annotate(_at=Lower("user__email")).filter(_at__in=addresses)
    codes = list(grants.values_list("object_ref", "_at"))
    keys = dict(Practice.objects.filter(code__in={code for code, _ in codes}).values_list("code", "pk"))
    for code, address in codes:
        serves[address].add(keys.get(code, code))
    return {address for address, whom in serves.items() if len(whom) > 1}


def _flag(address: str, leads: set[str], several: set[str]) -> str:
    if address in leads:
        return AddressFlag.LEADS_OWN
    return AddressFlag.SERVES_SEVERAL if address in several else AddressFlag.NONE

"""An allocation names its legal basis, and nothing else has one (domain.md rule 20)."""

from __future__ import annotations

from consortia.models import MembershipStatus
from registry.errors import Refused

MOST_BASIS = 500
"""Characters of a legal basis."""


def require_basis(basis: str) -> str:
    """The legal basis of an allocation as it is kept. Raises Refused (422) where there is none, or it is too long."""
    told = basis.strip()
    if not told:
        sentence = "Give the legal basis of the allocation: the Act or regulation, and its section."
        raise Refused("no_basis", sentence, field="basis")
    if len(told) > MOST_BASIS:
        raise Refused("long_basis", f"Give the legal basis in at most {MOST_BASIS} characters.", field="basis")
    return told


def basis_of(status: str, basis: str) -> str:
    """The basis of a membership of that status, as it is kept. Raises Refused (422) as above, and where a membership
    that is no allocation is given one."""
    if status == MembershipStatus.ALLOCATED:
        return require_basis(basis)
    if basis.strip():
        raise Refused("basis_of_what", "A legal basis is given for an allocation only.", field="basis")
    return ""

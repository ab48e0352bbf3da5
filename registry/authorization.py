"""Who may do what: one enum of permissions, a sentence each; roles as data (architecture.md section 5)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from registry.errors import not_allowed

if TYPE_CHECKING:
    from registry.models import User


class Permission(StrEnum):
    """A thing that may be allowed. The value is a stable word; `SENTENCES` says it to a person."""

    MANAGE_USERS = "manage_users"
    IMPORT_FILES = "import_files"
    CHANGE_REGISTER = "change_register"
    REGISTER_CONSORTIUM = "register_consortium"
    SEE_CASEWORK = "see_casework"
    SEE_REGION_CASEWORK = "see_region_casework"
    DRAFT_BID = "draft_bid"
    ASSIGN_BID = "assign_bid"
    ASSESS_BID = "assess_bid"
    DECIDE_BID = "decide_bid"
    MANAGE_WAVES = "manage_waves"
    RELEASE_WAVE = "release_wave"


SENTENCES: dict[Permission, str] = {
    Permission.MANAGE_USERS: "invite people, give and end roles, erase a person's details",
    Permission.IMPORT_FILES: "load files of the NHS into the register",
    Permission.CHANGE_REGISTER: "record changes and corrections of practices and memberships",
    Permission.REGISTER_CONSORTIUM: "register a consortium that did not bid",
    Permission.SEE_CASEWORK: "see every bid and decision before release",
    Permission.SEE_REGION_CASEWORK: "see bids that touch one's own region or trust",
    Permission.DRAFT_BID: "draft, submit and withdraw one's own bids",
    Permission.ASSIGN_BID: "take or give a bid to an assessor",
    Permission.ASSESS_BID: "record findings and recommend",
    Permission.DECIDE_BID: "decide bids",
    Permission.MANAGE_WAVES: "open waves, put bids into them, date them",
    Permission.RELEASE_WAVE: "release a wave",
}


class Role(NamedTuple):
    """A role: its name, what it may do, whether it is held for an object of one kind, and whether it is DH's.

    `free`: it can be held for no object too, as by the lead of a consortium that has not been approved yet.
    """

    name: str
    permissions: frozenset[Permission]
    object_kind: str = ""
    department: bool = False
    free: bool = False


P = Permission
ROLES: dict[str, Role] = {
    "assessor": Role("Assessor (DH)", frozenset({P.SEE_CASEWORK, P.ASSIGN_BID, P.ASSESS_BID}), department=True),
    "approver": Role("Approver (DH)", frozenset({P.SEE_CASEWORK, P.DECIDE_BID}), department=True),
    "programme_admin": Role(
        "Programme administrator (DH)",
        frozenset(
            {
                P.SEE_CASEWORK,
                P.ASSIGN_BID,
                P.MANAGE_USERS,
                P.IMPORT_FILES,
                P.CHANGE_REGISTER,
                P.REGISTER_CONSORTIUM,
                P.MANAGE_WAVES,
                P.RELEASE_WAVE,
            }
        ),
        department=True,
    ),
    "sha_assessor": Role("SHA assessor", frozenset({P.SEE_REGION_CASEWORK}), "sha"),
    "pct_lead": Role("PCT lead", frozenset({P.SEE_REGION_CASEWORK}), "pct"),
    "consortium_lead": Role("Consortium lead", frozenset({P.DRAFT_BID}), "consortium", free=True),
    "consortium_deputy": Role("Consortium deputy", frozenset({P.DRAFT_BID}), "consortium"),
    "practice_manager": Role("Practice manager", frozenset(), "practice"),
    "analyst": Role("Analyst", frozenset()),
}
SYSTEM = frozenset(
    {P.IMPORT_FILES, P.MANAGE_USERS, P.CHANGE_REGISTER, P.REGISTER_CONSORTIUM, P.RELEASE_WAVE, P.MANAGE_WAVES}
)
"""What the operator at the command line may do: never assess or decide."""


def permissions_of(user: Any) -> frozenset[Permission]:
    """Every permission that the user holds today, for whatever object. Nobody signed in: none."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return SYSTEM if getattr(user, "is_system", False) else frozenset()
    held: set[Permission] = set()
    for grant in user.grants_now():
        held |= ROLES[grant.role].permissions
    if user.is_superuser:
        held |= ROLES["programme_admin"].permissions
    return frozenset(held)


def may(user: Any, permission: Permission) -> bool:
    return permission in permissions_of(user)


def require(user: Any, permission: Permission) -> None:
    """Raise Refused (403), saying what is missing, unless the user holds the permission."""
    if not may(user, permission):
        raise not_allowed(f"You may not {SENTENCES[permission]}. Ask a programme administrator for a role that may.")


def is_department(user: Any) -> bool:
    """Whether the user is DH's programme staff: a role of the department, or the first administrator."""
    if not getattr(user, "is_authenticated", False):
        return False
    return user.is_superuser or any(ROLES[g.role].department for g in user.grants_now())


def objects_of(user: User, role: str) -> set[str]:
    """The references (PCT, SHA, consortium, practice codes) that the user holds a role for today."""
    if not getattr(user, "is_authenticated", False):
        return set()
    return {g.object_ref for g in user.grants_now() if g.role == role and g.object_ref}

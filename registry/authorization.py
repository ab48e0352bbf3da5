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
    CONFIRM_WAVE = "confirm_wave"
    GIVE_OPINION = "give_opinion"
    PUBLISH_CRITERIA = "publish_criteria"
    PUBLISH_LOCAL_CRITERIA = "publish_local_criteria"
    EDIT_VOCABULARY = "edit_vocabulary"
    REVIEW_DECISION = "review_decision"
    DISCHARGE_CONDITION = "discharge_condition"
    SETTLE_WITHDRAWAL = "settle_withdrawal"
    ANSWER_CLAIM = "answer_claim"
    KEEP_MEMBERSHIP = "keep_membership"
    NAME_DEPUTY = "name_deputy"
    KEEP_PRACTICE = "keep_practice"
    SETTLE_MEMBERSHIP = "settle_membership"
    SAY_WHY_LEFT_OUT = "say_why_left_out"
    KEEP_TRANSITION = "keep_transition"
    CLOSE_TRUSTS = "close_trusts"


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
    Permission.MANAGE_WAVES: "open, date and close waves, put bids into them, draft their announcements",
    Permission.RELEASE_WAVE: "freeze a wave, set its time and release it",
    Permission.CONFIRM_WAVE: "confirm, as second person, what a wave will announce",
    Permission.GIVE_OPINION: "comment on, or assess, bids that touch one's own trust or region",
    Permission.PUBLISH_CRITERIA: "publish the national criteria",
    Permission.PUBLISH_LOCAL_CRITERIA: "publish the criteria of one's own region",
    Permission.EDIT_VOCABULARY: "change reasons and letter templates",
    Permission.REVIEW_DECISION: "settle a review of a decision, or take a decision up again for a minister",
    Permission.DISCHARGE_CONDITION: "discharge a condition of an approval",
    Permission.SETTLE_WITHDRAWAL: "settle a pathfinder's wish to withdraw",
    Permission.ANSWER_CLAIM: "answer a bid that names one's own practice",
    Permission.KEEP_MEMBERSHIP: "keep the membership of one's own consortium",
    Permission.NAME_DEPUTY: "name deputies of one's own consortium and hand over its lead",
    Permission.KEEP_PRACTICE: "answer for one's own practice, report errors in its record and ask to transfer it",
    Permission.SETTLE_MEMBERSHIP: "settle disputes of membership and allocate practices",
    Permission.SAY_WHY_LEFT_OUT: "record why a practice of one's own area is in no consortium",
    Permission.KEEP_TRANSITION: "record how far one's own trust has handed over, its budgets and local bodies",
    Permission.CLOSE_TRUSTS: "close all trusts and authorities on one day",
}


class Role(NamedTuple):
    """A role: its name, what it may do, whether it is held for an object of one kind, and whether it is DH's.

    `object_optional`: may be held before that object is there, as by the lead of a first bid, whose consortium is
    minted at its release.
    """

    name: str
    permissions: frozenset[Permission]
    object_kind: str = ""
    department: bool = False
    object_optional: bool = False


P = Permission
ROLES: dict[str, Role] = {
    "assessor": Role(
        "Assessor (DH)",
        frozenset({P.SEE_CASEWORK, P.ASSIGN_BID, P.ASSESS_BID, P.DISCHARGE_CONDITION}),
        department=True,
    ),
    "approver": Role(
        "Approver (DH)",
        frozenset({P.SEE_CASEWORK, P.DECIDE_BID, P.REVIEW_DECISION, P.CONFIRM_WAVE}),
        department=True,
    ),
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
                P.CONFIRM_WAVE,
                P.PUBLISH_CRITERIA,
                P.EDIT_VOCABULARY,
                P.DISCHARGE_CONDITION,
                P.SETTLE_WITHDRAWAL,
                P.SETTLE_MEMBERSHIP,
                P.SAY_WHY_LEFT_OUT,
                P.KEEP_TRANSITION,
                P.CLOSE_TRUSTS,
            }
        ),
        department=True,
    ),
    "sha_assessor": Role(
        "SHA assessor", frozenset({P.SEE_REGION_CASEWORK, P.GIVE_OPINION, P.PUBLISH_LOCAL_CRITERIA}), "sha"
    ),
    "pct_lead": Role(
        "PCT lead", frozenset({P.SEE_REGION_CASEWORK, P.GIVE_OPINION, P.SAY_WHY_LEFT_OUT, P.KEEP_TRANSITION}), "pct"
    ),
    "consortium_lead": Role(
        "Consortium lead",
        frozenset({P.DRAFT_BID, P.KEEP_MEMBERSHIP, P.NAME_DEPUTY}),
        "consortium",
        object_optional=True,
    ),
    "consortium_deputy": Role("Consortium deputy", frozenset({P.DRAFT_BID, P.KEEP_MEMBERSHIP}), "consortium"),
    "practice_manager": Role(
        "Practice manager", frozenset({P.ANSWER_CLAIM, P.KEEP_PRACTICE, P.SAY_WHY_LEFT_OUT}), "practice"
    ),
    "analyst": Role("Analyst", frozenset()),
}
SYSTEM = frozenset(
    {
        P.IMPORT_FILES,
        P.MANAGE_USERS,
        P.CHANGE_REGISTER,
        P.REGISTER_CONSORTIUM,
        P.RELEASE_WAVE,
        P.MANAGE_WAVES,
        P.KEEP_TRANSITION,
    }
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

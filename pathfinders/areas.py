"""The areas of the site that signed-in people find in the bar under the header."""

from pathfinders.reads.ended_roles import is_over
from registry.authorization import ROLES, Permission
from registry.pages.areas import add_area

SEE, CHANGE = Permission.SEE_CASEWORK, Permission.CHANGE_REGISTER
SETTLE, USERS = Permission.SETTLE_MEMBERSHIP, Permission.MANAGE_USERS
STAFF = {
    "Work": (
        ("Bids", "/staff/", SEE),
        ("Changes of members", "/staff/work/", SETTLE),
        ("Reported errors", "/staff/errors/", CHANGE),
        ("Outbox", "/staff/outbox/", SEE),
    ),
    "Programme": (
        ("Waves in work", "/staff/waves/", SEE),
        ("Criteria", "/staff/criteria/", SEE),
        ("Reasons", "/staff/reasons/", SEE),
        ("Letters", "/staff/letters/", SEE),
        ("Milestones", "/staff/milestones/", CHANGE),
        ("Transitions", "/staff/transitions/", CHANGE),
        ("Surveys", "/staff/surveys/", CHANGE),
        ("Clusters", "/staff/clusters/", CHANGE),
    ),
    "Membership": (
        ("Disputes", "/staff/disputes/", SETTLE),
        ("Left out", "/staff/left-out/", SETTLE),
        ("Memberships in bulk", "/staff/memberships/", CHANGE),
    ),
    "Register": (
        ("Bodies and practices", "/staff/register/", CHANGE),
        ("New consortium", "/staff/consortia/new/", Permission.REGISTER_CONSORTIUM),
        ("Imports", "/staff/imports/", SEE),
        ("National close", "/staff/close/", Permission.CLOSE_TRUSTS),
    ),
    "Administration": (
        ("People", "/staff/users/", USERS),
        ("Embargo", "/staff/embargo/", USERS),
    ),
}
"""By theme: the words of an area, its address, and what its reader must be permitted."""
BELOW = {"/staff/register/": ("/staff/practices/",), "/staff/transitions/": ("/pct/",)}


def holders(permission: Permission) -> set[str]:
    return {key for key, role in ROLES.items() if permission in role.permissions}


def add_areas() -> None:
    for theme, pages in STAFF.items():
        for label, href, permission in pages:
            also = BELOW.get(href, ())
            add_area(label, href, roles=holders(permission), superuser=True, theme=theme, also=also)
    add_area("Lead", "/lead/", roles=holders(Permission.DRAFT_BID))
    add_area("Practice", "/practice/", roles={"practice_manager"})
    add_area("PCT", "/pct/", roles={"pct_lead"})
    add_area("Left out", "/pct/left-out/", roles={"pct_lead"})
    add_area("Addresses", "/pct/addresses/", roles={"pct_lead"})
    add_area("SHA", "/pct/", roles={"sha_assessor"})
    add_area("Ended role", "/pct/", shown=is_over)
    add_area("Your criteria", "/pct/criteria/", roles=holders(Permission.PUBLISH_LOCAL_CRITERIA))

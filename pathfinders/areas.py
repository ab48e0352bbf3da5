"""The areas of the site that signed-in people find in the bar under the header."""

from registry.authorization import ROLES, Permission
from registry.pages.areas import add_area


def holders(permission: Permission) -> set[str]:
    return {key for key, role in ROLES.items() if permission in role.permissions}


def add_areas() -> None:
    staff = holders(Permission.SEE_CASEWORK)
    add_area("Staff", "/staff/", roles=staff, superuser=True)
    add_area("Waves in work", "/staff/waves/", roles=staff, superuser=True)
    add_area("Outbox", "/staff/outbox/", roles=staff, superuser=True)
    add_area("Imports", "/staff/imports/", roles=staff, superuser=True)
    for label, href in (("Criteria", "criteria"), ("Reasons", "reasons"), ("Letters", "letters")):
        add_area(label, f"/staff/{href}/", roles=staff, superuser=True)
    add_area("People", "/staff/users/", roles=holders(Permission.MANAGE_USERS), superuser=True)
    add_area("Embargo", "/staff/embargo/", roles=holders(Permission.MANAGE_USERS), superuser=True)
    add_area("New consortium", "/staff/consortia/new/", roles=holders(Permission.REGISTER_CONSORTIUM), superuser=True)
    add_area("Register", "/staff/register/", roles=holders(Permission.CHANGE_REGISTER), superuser=True)
    for label, href in (("Disputes", "disputes"), ("Left out", "left-out")):
        add_area(label, f"/staff/{href}/", roles=holders(Permission.SETTLE_MEMBERSHIP), superuser=True)
    add_area("Milestones", "/staff/milestones/", roles=holders(Permission.CHANGE_REGISTER), superuser=True)
    add_area("Members’ changes", "/staff/work/", roles=holders(Permission.SETTLE_MEMBERSHIP), superuser=True)
    add_area("Errors", "/staff/errors/", roles=holders(Permission.CHANGE_REGISTER), superuser=True)
    add_area("Memberships", "/staff/memberships/", roles=holders(Permission.CHANGE_REGISTER), superuser=True)
    add_area("Lead", "/lead/", roles=holders(Permission.DRAFT_BID))
    add_area("Practice", "/practice/", roles={"practice_manager"})
    add_area("PCT", "/pct/", roles={"pct_lead"})
    add_area("Left out", "/pct/left-out/", roles={"pct_lead"})
    add_area("Addresses", "/pct/addresses/", roles={"pct_lead"})
    add_area("SHA", "/pct/", roles={"sha_assessor"})
    add_area("Your criteria", "/pct/criteria/", roles=holders(Permission.PUBLISH_LOCAL_CRITERIA))

"""The areas of the site that signed-in people find in the bar under the header."""

from registry.authorization import ROLES, Permission
from registry.pages.areas import add_area


def holders(permission: Permission) -> set[str]:
    return {key for key, role in ROLES.items() if permission in role.permissions}


def add_areas() -> None:
    staff = holders(Permission.SEE_CASEWORK)
    add_area("Bids to assess", "/staff/", roles=staff, superuser=True)
    add_area("Waves and release", "/staff/waves/", roles=staff, superuser=True)
    add_area("Outbox", "/staff/outbox/", roles=staff, superuser=True)
    add_area("Imports", "/staff/imports/", roles=staff, superuser=True)
    add_area("Your bids", "/lead/", roles=holders(Permission.DRAFT_BID))
    add_area("Bids in your area", "/pct/", roles=holders(Permission.SEE_REGION_CASEWORK))
    add_area("Your practice", "/practice/", roles={"practice_manager"})

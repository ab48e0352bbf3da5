from consortia.actions.closing import close_practice
from consortia.actions.import_memberships import import_memberships
from consortia.actions.membership import correct_membership, join, leave
from consortia.actions.merging import merge_practices
from consortia.actions.mint import mint_consortia, mint_consortium, next_ref, next_refs
from consortia.actions.registering import register_consortium

__all__ = [
    "close_practice",
    "correct_membership",
    "import_memberships",
    "join",
    "leave",
    "merge_practices",
    "mint_consortia",
    "mint_consortium",
    "next_ref",
    "next_refs",
    "register_consortium",
]

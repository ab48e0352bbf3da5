from consortia.models.consortium import Consortium, ConsortiumParticulars, Post
from consortia.models.membership import Membership, MembershipReason, MembershipStatus

__all__ = [
    "Consortium",
    "ConsortiumParticulars",
    "Membership",
    "MembershipReason",
    "MembershipStatus",
    "Post",
]

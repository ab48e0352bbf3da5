from consortia.models.consortium import Consortium, ConsortiumParticulars, Post
from consortia.models.membership import Membership, MembershipReason, MembershipStatus
from consortia.models.succession import ConsortiumSuccession, SuccessionKind, succession_constraints

__all__ = [
    "Consortium",
    "ConsortiumParticulars",
    "ConsortiumSuccession",
    "Membership",
    "MembershipReason",
    "MembershipStatus",
    "Post",
    "SuccessionKind",
    "succession_constraints",
]

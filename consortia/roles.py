"""A role that an administrator gives or ends for a consortium takes its post with it (registry.collected)."""

from __future__ import annotations

from datetime import date

from consortia.models import Consortium, Post
from registry import journal
from registry.actions.checks import kind_on
from registry.models import RoleGrant, User

POSTS = {"consortium_lead": "lead", "consortium_deputy": "deputy"}
ROLES = {post: role for role, post in POSTS.items()}


def given(*, by: User, grant: RoleGrant) -> None:
    """The person holds the post for as long as the role."""
    consortium = _consortium(grant)
    start, end = grant.period.lower, grant.period.upper
    if consortium is not None:
        with journal.entry(by=by, action="take_post", kind=kind_on(start), reason="The role was given.") as entry:
            entry.set(Post, (consortium.pk, POSTS[grant.role], grant.user.ref), start, end, ())


def ended(*, by: User, grant: RoleGrant, on: date) -> None:
    """The person does not hold the post from the day on."""
    consortium = _consortium(grant)
    if consortium is not None:
        with journal.entry(by=by, action="end_post", kind=kind_on(on), reason="The role was ended.") as entry:
            entry.clear(Post, (consortium.pk, POSTS[grant.role], grant.user.ref), on, None)


def _consortium(grant: RoleGrant) -> Consortium | None:
    """The consortium that a lead's or deputy's role is held for; roles may be for a bid, and then have no post."""
    if grant.role not in POSTS or not grant.object_ref:
        return None
    return Consortium.objects.filter(ref=grant.object_ref).first()

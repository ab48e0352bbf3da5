"""API tokens: hashed where they are kept, shown once, expiring."""

from __future__ import annotations

from datetime import timedelta

from knox.models import AuthToken

from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.models import User

MOST_DAYS = 366


def create_token(*, by: User, user: User, days: int) -> str:
    """A new token of the person, good for so many days: the only time it is seen. Raises Refused."""
    if not 1 <= days <= MOST_DAYS:
        raise Refused("bad_days", f"A token lasts 1 to {MOST_DAYS} days; {days} is not among them.", field="days")
    with step(by=by, action="create_token", permission=Permission.MANAGE_USERS, person=user.ref):
        if not user.is_active:
            raise wrong_state(f"{user} cannot sign in, so has no token.")
        _, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    return token

"""API tokens: hashed where they are kept, shown once, expiring, for a part of what their person may do."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from knox.models import AuthToken

from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, wrong_state
from registry.models import ApiToken, User
from registry.scopes import Scope

MOST_DAYS = 365
MOST_TOKENS = 50
"""Of one person at a time: more are a script that makes a new one each time it runs."""


def create_token(*, by: User, user: User, days: int, scopes: Collection[str] = tuple(Scope), name: str = "") -> str:
    """A new token of another person, good for so many days: the only time it is seen. Raises Refused."""
    with step(by=by, action="create_token", permission=Permission.MANAGE_USERS, person=user.ref):
        return _made(user, days, scopes, name)


def make_token(*, by: User, days: int, scopes: Collection[str], name: str) -> str:
    """A new token of one's own: the only time it is seen. It does no more than its person may at the moment of use.

    Raises Refused on `name`, `scopes`, `days`; 409 where the person has as many as anybody needs.
    """
    if not name.strip():
        raise Refused("no_name", "Give the token a name that says which system uses it.", field="name")
    with step(by=by, action="make_token", person=by.ref):
        User.objects.select_for_update().get(pk=by.pk)
        if AuthToken.objects.filter(user=by).count() >= MOST_TOKENS:
            raise wrong_state(f"You have {MOST_TOKENS} tokens. Revoke those that nothing uses any more.")
        return _made(by, days, scopes, name.strip())


def revoke_token(*, by: User, token: ApiToken) -> None:
    """A token of one's own opens nothing from now on. Raises Refused (404) for anybody else's, or one that is gone."""
    with step(by=by, action="revoke_token", person=by.ref):
        held = ApiToken.objects.visible_to(by).select_for_update().filter(pk=token.pk).first()
        if held is None:
            raise Refused("no_token", "There is no such token of yours (any more).", status=404)
        AuthToken.objects.filter(pk=held.token_id).delete()


def _made(user: User, days: int, scopes: Collection[str], name: str) -> str:
    if not 1 <= days <= MOST_DAYS:
        raise Refused("bad_days", f"A token lasts 1 to {MOST_DAYS} days; {days} is not among them.", field="days")
    known = [scope.value for scope in Scope if scope.value in scopes]
    if not known or set(scopes) - set(known):
        listed = ", ".join(Scope)
        raise Refused("bad_scope", f"A token is for one or more of {listed}.", field="scopes")
    if not user.is_active:
        raise wrong_state(f"{user} cannot sign in, so has no token.")
    row, token = AuthToken.objects.create(user=user, expiry=timedelta(days=days))
    ApiToken.objects.create(token=row, user=user, name=name, scopes=known)
    return token

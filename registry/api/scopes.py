"""Whether the token that asks is for what is asked. A person signed in on the pages needs none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from rest_framework.request import Request

from registry import clock
from registry.accounts.second_step import must_set_up
from registry.errors import Refused
from registry.models import ApiToken
from registry.scopes import SENTENCES, Scope

USED_EVERY = timedelta(hours=1)
"""How exactly the last use is kept: a read must not cost a write."""


def require_scope(request: Request, scope: Scope) -> None:
    """Raise Refused (403) unless the token is for it: the sentence names the scope. Looked at before the action, which
    asks in its turn what the token's person may do now."""
    if not request.auth:
        return
    about = ApiToken.objects.filter(token=request.auth).first()
    held = about.scopes if about else [Scope.READ.value]
    if scope not in held:
        raise Refused(
            "no_scope",
            f"This token may not {SENTENCES[scope]}: that needs one with the scope “{scope}”; this one has "
            f"{', '.join(held)}. Make one at /accounts/tokens/.",
            status=403,
        )
    _require_second_step(request.user)
    if about is not None:
        _used(about)


def _require_second_step(user: Any) -> None:
    """A role of the Department opens nothing by token either before its second step is set up."""
    if not settings.DEMO and must_set_up(user):
        raise Refused(
            "second_step",
            "Your role at the Department needs an authenticator app besides the password. Sign in and set it up; the "
            "token works from then on.",
            status=403,
        )


def _used(about: ApiToken) -> None:
    now = clock.real_now()
    if about.used_at is None or about.used_at < now - USED_EVERY:
        rows = ApiToken.objects.filter(pk=about.pk).filter(Q(used_at=None) | Q(used_at__lt=now))
        rows.update(used_at=now)

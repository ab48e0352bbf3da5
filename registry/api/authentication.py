"""Who asks, by token."""

from __future__ import annotations

from typing import Any

from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from registry.api.throttles import refuse_guesses

BEARER = (
    "A token is sent here as “Authorization: Token …”, not as “Bearer …”: write the other word before the same token."
)


class ByToken(TokenAuthentication):
    """Knox's, which fails on a token that is not text: no token of ours holds anything but letters and digits. The word
    that others' tokens stand after is refused: passed over, it would answer as nobody what a person asked."""

    def authenticate(self, request: Request) -> Any:
        if said := request.headers.get("Authorization"):
            refuse_guesses(request)
            if said.split()[:1] and said.split()[0].lower() == "bearer":
                raise AuthenticationFailed(BEARER)
        return super().authenticate(request)

    def authenticate_credentials(self, token: bytes) -> Any:
        if not token.isalnum():
            raise AuthenticationFailed("Invalid token.")
        return super().authenticate_credentials(token)


class ByTokenScheme(KnoxTokenScheme):  # type: ignore[no-untyped-call]
    """How the description of the API names it."""

    target_class = "registry.api.authentication.ByToken"

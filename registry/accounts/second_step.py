"""DH's staff sign in with two steps: outside a demonstration, a role of the department opens no page until an
authenticator app is set up (issue 2, accounts)."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from registry.authorization import is_department

#: all that can be done before: set the app up, prove who one is, sign out
OPEN = frozenset(
    {
        "mfa_activate_totp",
        "mfa_index",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
        "account_logout",
        "account_reauthenticate",
        "account_set_password",
        "healthz",
        "readyz",
    }
)


class RequireSecondStep:
    """Middleware, after authentication."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if settings.DEMO or not request.user.is_authenticated or (match and match.url_name in OPEN):
            return None
        if not must_set_up(request.user):
            return None
        if request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", ""):
            return redirect("mfa_activate_totp")
        return render(request, "account/second_step.html", status=403)


def must_set_up(user: Any) -> bool:
    """Whether the user holds a DH role and has no authenticator app yet."""
    return is_department(user) and not is_mfa_enabled(user, [Authenticator.Type.TOTP])

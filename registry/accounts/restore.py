"""Signing in again restores what was typed.

A signed-out person's form is kept on the server (in the session that the sign-in carries over), never files
and never passwords; after the sign-in its page shows the form filled in again with a notice. Forms need no
code for it: the renderer asks `registry.pages.typed`. A page that draws no such form shows what was sent,
with a button to send it again.
"""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from registry.pages import typed_by
from registry.pages.resend import kept_fields, without_secrets
from registry.pages.typed import Typed, typed

KEY = "typed_before_sign_in"
#: bytes of the encoded form; a longer one is not kept
LARGEST = 200_000
#: seconds
KEPT_FOR = 60 * 60


class LoginRequiredKeepingTyped(LoginRequiredMiddleware):
    """Django's middleware, keeping the form that it turns away."""

    def handle_no_permission(self, request: HttpRequest, view_func: Any) -> HttpResponse:
        if request.method == "POST":
            keep(request)
        return super().handle_no_permission(request, view_func)


def keep(request: HttpRequest) -> None:
    encoded = without_secrets(request.POST).urlencode()
    person = whose(request)
    if person and encoded and len(encoded) <= LARGEST:
        request.session[KEY] = {
            "path": request.get_full_path(),
            "data": encoded,
            "at": time.time(),
            "whose": person,
        }


def whose(request: HttpRequest) -> str:
    """The ref of the person to whom the form was shown: as the form says, signed; else the one whose ended session
    the browser still names. "" where neither is known: then nobody may be given what was typed."""
    if said := typed_by.read(request.POST):
        return said
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    ended = Session.objects.filter(session_key=key).first() if key else None
    pk = ended.get_decoded().get(SESSION_KEY) if ended else None
    return get_user_model().objects.filter(pk=pk).values_list("ref", flat=True).first() or "" if pk else ""


def kept(request: HttpRequest) -> QueryDict | None:
    """The form kept for this very address and this person, while it is fresh."""
    entry = request.session.get(KEY)
    if not entry:
        return None
    somebody_else = entry["whose"] != request.user.ref  # type: ignore[union-attr]
    if somebody_else or time.time() - entry["at"] > KEPT_FOR:
        del request.session[KEY]
        return None
    return QueryDict(entry["data"]) if entry["path"] == request.get_full_path() else None


class RestoreTyped:
    """Middleware, after authentication: gives the kept form to the page it was meant for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        data = kept(request) if request.user.is_authenticated else None
        if data is None:
            return self.get_response(request)
        if request.method == "POST":
            del request.session[KEY]
            return self.get_response(request)
        return self._fill(request, data) if request.method == "GET" else self.get_response(request)

    def _fill(self, request: HttpRequest, data: QueryDict) -> HttpResponse:
        request.typed = Typed(data)  # type: ignore[attr-defined]
        token = typed.set(request.typed)  # type: ignore[attr-defined]
        try:
            response = self.get_response(request)
        finally:
            typed.reset(token)
        if request.typed.used or response.status_code not in (200, 405):  # type: ignore[attr-defined]
            return response
        request.typed = None  # type: ignore[attr-defined]  # the page below says it itself
        context = {
            "fields": kept_fields(data),
            "action": request.get_full_path(),
            "again": True,
            "signed_in_again": True,
        }
        return render(request, "errors/csrf.html", context)

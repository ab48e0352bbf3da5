"""Error pages: what happened, where, what to do. All in the site's layout; 500 needs no database."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseServerError, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string

from registry.errors import Refused
from registry.pages.context import static_layout
from registry.pages.resend import kept_fields
from registry.patience import was_stopped

log = logging.getLogger(__name__)

HEADINGS = {
    400: "We cannot read that address",
    403: "You cannot do that",
    404: "Page not found",
    409: "This has changed since you opened it",
    412: "Somebody else changed this first",
    422: "That cannot be accepted",
    503: "This page took too long",
}
TOO_SLOW = "The register took too long to make this page and stopped. Choose fewer rows by a filter, or try later."


CANNOT_NOW = "You cannot do that now"
"""A 409 where a page was only asked for: nobody had opened anything that could have changed."""


def error_page(request: HttpRequest, status: int, message: str = "", *, field: str = "") -> HttpResponse:
    """One page for every refusal; `message` is the sentence of the refusal, escaped by the template."""
    context = {
        "status": status,
        "heading": CANNOT_NOW
        if status == 409 and request.method in ("GET", "HEAD")
        else HEADINGS.get(status, HEADINGS[400]),
        "message": message,
        "field": field,
        "without": _without(request, field),
    }
    return render(
        request,
        f"errors/{status}.html" if status in (403, 404) else "errors/refused.html",
        context,
        status=status,
    )


def _without(request: HttpRequest, field: str) -> str:
    """The address without what was wrong in it: the one parameter, or all of them where none is named."""
    kept = request.GET.copy() if field in request.GET else QueryDict(mutable=True)
    kept.pop(field, None)
    return request.path + (f"?{kept.urlencode()}" if kept else "")


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, 400)


@login_not_required
def forbidden(request: HttpRequest, exception: PermissionDenied | None = None) -> HttpResponse:
    return error_page(request, 403, str(exception or ""))


@login_not_required
def not_found(request: HttpRequest, exception: Http404 | None = None) -> HttpResponse:
    """The words of an Http404 are shown only where a view wrote a sentence; Django's own name a route."""
    request.public_page = True  # type: ignore[attr-defined]  # nobody's: a stale cookie is not answered with one
    said = exception.args[0] if exception is not None and exception.args else ""
    return error_page(request, 404, said if isinstance(said, str) and said.endswith(".") else "")


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """Rendered without user, session or database."""
    try:
        return HttpResponseServerError(render_to_string("errors/500.html", static_layout()))
    except Exception:
        log.exception("the page of the server error failed too")
        return HttpResponseServerError(
            "<!doctype html><title>Error</title><p>Something went wrong here. Try again later."
        )


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's key is missing or old (a sign-in in another tab, cookies off): show what was typed.

    It may be sent again from here only if the browser says that this site's own page sent it; what another
    site sent is shown to nobody.
    """
    log.warning("CSRF check failed at %s: %s", request.path, reason)
    ours = _from_this_site(request)
    context = {
        "fields": kept_fields(request.POST) if ours else [],
        "again": ours and bool(request.COOKIES),
        "action": request.get_full_path(),
        "cookies_off": not request.COOKIES,
    }
    return render(request, "errors/csrf.html", context, status=403)


def _from_this_site(request: HttpRequest) -> bool:
    sent_by = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return bool(sent_by) and urlsplit(sent_by).netloc == request.get_host()


class RefusalPages:
    """Middleware: a `Refused` that no view caught becomes its page (the API turns its own into problem+json)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> Any:
        if isinstance(exception, Refused):
            return error_page(request, exception.status, exception.message, field=exception.field or "")
        if was_stopped(exception):
            return error_page(request, 503, TOO_SLOW)
        return None

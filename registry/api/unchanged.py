"""What an anonymous reader holds already is said to hold before anything else is done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from registry.api import caching


class Unchanged:
    """Middleware, before the session and all that costs: a request of the API that brings the ETag its answer would have
    is answered 304 after one short read of the journal. No throttle counts it: it costs less than the counting."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.META
        of_the_api = request.path_info.startswith("/api/")
        if of_the_api and not asked.get("HTTP_AUTHORIZATION") and not asked.get("HTTP_COOKIE"):
            return caching.unchanged(request) or self.get_response(request)
        return self.get_response(request)

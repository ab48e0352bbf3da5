"""One reading of what the database is, for one request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from registry import clock


class OneClock:
    """Middleware: however often a page asks for today, the database is asked once whose today that is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with clock.asked_once():
            return self.get_response(request)

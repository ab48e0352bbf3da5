"""Addresses that nothing can be at."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from registry.api.problems import problem


class NoNulInAddresses:
    """Middleware: there is nothing at an address with a NUL in it, which the database could not even be asked for.

    After those that know the person, so that the page of a 404 is the site's own; the API answers in its own shape.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if "\0" not in request.path:
            return None
        if request.path.startswith("/api/"):
            return problem(404, "There is nothing at this address.")
        raise Http404

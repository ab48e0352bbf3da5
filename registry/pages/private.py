"""What a signed-in person is shown is nobody else's: no cache keeps it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class PrivateUnlessSaid:
    """Middleware, after authentication: an answer to a signed-in person that says nothing of caches is not stored.

    Error pages pass through here too. Static files are answered further out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response

"""Public pages: no login, no cookie, no CSRF token, the same bytes for every anonymous reader.

`architecture.md` section 8. The rule is asserted while rendering, so that a template that slips a token
or a message into a public page fails its first test and never reaches a cache.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator


class CookieOnPublicPage(AssertionError):
    """A public page wrote to the session or asked for a CSRF token: a fault of the page, not of the reader."""


def public(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Declare a function view public."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.public_page = True  # type: ignore[attr-defined]
        response: Any = view(request, *args, **kwargs)
        if hasattr(response, "render") and not response.is_rendered:
            response.add_post_render_callback(lambda done: _finish(request, done))
            return response
        return _finish(request, response)

    return wrapped


@method_decorator(public, name="dispatch")  # type: ignore[arg-type]
class PublicPage:
    """Mixin, first in the bases: `class PracticePage(PublicPage, TemplateView)`.

    Redeclared by every subclass that overrides `dispatch`.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any("\0" in value for value in kwargs.values() if isinstance(value, str)):
            raise Http404  # no code holds it, and the database refuses to be asked
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def _finish(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
        raise CookieOnPublicPage(f"{request.path} asked for a CSRF token")
    patch_vary_headers(response, ["Cookie"])
    if request.user.is_authenticated:
        response.headers["Cache-Control"] = "private, no-store"
        return response
    if request.session.modified:
        raise CookieOnPublicPage(f"{request.path} wrote to the session of an anonymous reader")
    return response


class CookielessPublicPages:
    """Middleware, above the session's: takes away the one cookie header left on an anonymous public page.

    A reader whose session ended still sends its cookie; Django answers by deleting it, which is a Set-Cookie.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.cookies and getattr(request, "public_page", False) and not request.user.is_authenticated:
            response.cookies.clear()
        return response

"""What the layout needs: navigation, the signed-in bar, the banner of a demonstration. No query for a
reader without a session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from registry.pages.areas import bar_for


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    bar, of_theme = bar_for(user, request.path) if signed_in else ([], [])
    return {
        **static_layout(request.path),
        "signed_in": signed_in,
        "bar": bar,
        "bar_theme": of_theme,
        "typed_again": getattr(request, "typed", None) is not None,
    }


def static_layout(path: str = "") -> dict[str, Any]:
    """The part that needs neither user nor database: what the page of a 500 can still show."""
    return {
        "service_name": settings.SERVICE_NAME,
        "demo": settings.DEMO,
        "nav": marked(settings.NAVIGATION, path),
    }


def marked(links: list[tuple[str, str]], path: str) -> list[tuple[str, str, bool]]:
    """Each link, and whether the page lies under it; under the longest of them only (/staff/ and /staff/waves/)."""
    here = max((href for _, href in links if path.startswith(href)), key=len, default=None)
    return [(label, href, href == here) for label, href in links]

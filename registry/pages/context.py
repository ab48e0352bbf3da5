"""What the layout needs: navigation, the signed-in bar, the banner of a demonstration. No query for a
reader without a session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from registry.pages.areas import areas_for


def layout(request: HttpRequest) -> dict[str, Any]:
    """Context processor."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        **static_layout(request.path),
        "signed_in": signed_in,
        "bar": bar(user, request.path) if signed_in else [],
        "typed_again": getattr(request, "typed", None) is not None,
    }


def bar(user: Any, path: str) -> list[tuple[str, str, bool]]:
    """(label, address, whether the page is in it) of the user's areas. An area inside another is the one named."""
    areas = areas_for(user)
    here = max((area.href for area in areas if path.startswith(area.href)), key=len, default="")
    return [(area.label, area.href, area.href == here) for area in areas]


def static_layout(path: str = "") -> dict[str, Any]:
    """The part that needs neither user nor database: what the page of a 500 can still show."""
    return {
        "service_name": settings.SERVICE_NAME,
        "demo": settings.DEMO,
        "nav": [(label, href, path.startswith(href)) for label, href in settings.NAVIGATION],
    }

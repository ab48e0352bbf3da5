"""What a load balancer asks."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry.migrating import unapplied


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while this process runs; asks nothing of the database."""
    request.public_page = True  # type: ignore[attr-defined]
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and holds every migration of this code; else 503 and the reason."""
    request.public_page = True  # type: ignore[attr-defined]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        lacking = unapplied()
    except Error:
        return _not_ready("the database does not answer")
    return _not_ready(f"{lacking} migrations are not applied") if lacking else HttpResponse("ready\n", "text/plain")


def _not_ready(why: str) -> HttpResponse:
    return HttpResponse(f"not ready: {why}\n", content_type="text/plain", status=503)

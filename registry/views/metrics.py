"""`/metrics`: the site in figures, for Prometheus. Not for the public: who reads it says who is at work, and when."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from registry import clock, metrics
from registry.models import Entry, Heartbeat, Mail, MailState

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
OF_A_PROXY = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-Ip", "Via")


@login_not_required
@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For a program on this machine that asks directly, and for who has PATHFINDERS_METRICS_TOKEN."""
    request.public_page = True  # type: ignore[attr-defined]
    if not _may_read(request):
        said = "Ask from this machine, or with Authorization: Bearer and the site's PATHFINDERS_METRICS_TOKEN.\n"
        return HttpResponse(said, content_type="text/plain", status=403)
    told = [*metrics.lines(), *_of_the_database()]
    return HttpResponse("\n".join([*told, ""]), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in OF_A_PROXY):
        return False  # a proxy on this machine asks for somebody else
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _of_the_database() -> Iterator[str]:
    """Nothing of it where the database does not answer, but that."""
    try:
        told = list(_read())
    except Error:
        told = []
    yield from metrics.head("pathfinders_database_up", "gauge", "1 where the database answers.")
    yield f"pathfinders_database_up {int(bool(told))}"
    yield from told


def _read() -> Iterator[str]:
    states = (MailState.QUEUED, MailState.FAILED)  # how many are held for a release is not to be told before it
    found = Mail.objects.filter(state__in=states).values("state").annotate(n=Count("pk"), due=Min("next_attempt_at"))
    waiting: dict[str, Any] = {row["state"]: row for row in found}
    yield from metrics.head("pathfinders_letters", "gauge", "Letters in the outbox that wait, and that failed.")
    for state in states:
        yield f'pathfinders_letters{{state="{state.value}"}} {waiting.get(state, {"n": 0})["n"]}'
    due = waiting.get(MailState.QUEUED, {}).get("due")
    late = max((clock.real_now() - due).total_seconds(), 0.0) if due else 0.0
    yield from metrics.head("pathfinders_letters_late_seconds", "gauge", "How long the oldest letter has been due.")
    yield f"pathfinders_letters_late_seconds {late:.0f}"
    yield from metrics.head("pathfinders_heartbeat_timestamp_seconds", "gauge", "When due work was last being done.")
    for name, at in Heartbeat.objects.order_by("name").values_list("name", "at"):
        yield f'pathfinders_heartbeat_timestamp_seconds{{name="{name}"}} {at.timestamp():.0f}'
    newest = Entry.objects.order_by("-number").values_list("number", "written_at").first()
    yield from metrics.head("pathfinders_journal_entry", "gauge", "The number of the newest entry of the journal.")
    yield f"pathfinders_journal_entry {newest[0] if newest else 0}"
    yield from metrics.head("pathfinders_journal_written_timestamp_seconds", "gauge", "When that entry was written.")
    yield f"pathfinders_journal_written_timestamp_seconds {newest[1].timestamp() if newest else 0:.0f}"

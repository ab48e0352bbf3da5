"""The sizes and times within which the API answers: said in the refusal, and in the documentation.

A page is found by the key of the row before it, so that the thousandth costs what the first does: how deep a client
walks has no limit, how long a question may be and how long Postgres may think about it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from registry.api import throttles
from registry.api.problems import fault, problem
from registry.errors import Refused

QUERY_BYTES = 4_000
"""The most that follows the question mark."""
PARAMETERS = 100
FIELDS = 100
LONG_AT_ONCE = 2
"""Long answers that one process makes at a time: half of its threads (`registry.serving`)."""
BODY_BYTES = 15 * 1024 * 1024
"""Of any request: a file of a write as base64 is the largest. Each write takes less where it needs less."""
API = "/api/"


class ApiLimits:
    """Middleware: refuses an oversized question of the API before it is read, and tells each client its quota."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(API):
            return self.get_response(request)
        response: HttpResponseBase | None = oversized(request)
        if response is None:
            response = self.get_response(request)
        throttles.settle(request, response)
        return response


def oversized(request: HttpRequest) -> HttpResponse | None:
    query = request.META.get("QUERY_STRING", "")
    if len(query) > QUERY_BYTES:
        return _refuse(
            400, "query_too_long",
            f"The question is {len(query):,} characters long; it may have {QUERY_BYTES:,}. Ask for fewer values at "
            "once, or for the whole list and choose from it.",
        )  # fmt: skip
    if query.count("&") >= PARAMETERS:
        said = f"The question has more than {PARAMETERS} parameters. Ask for fewer values at once."
        return _refuse(400, "too_many_parameters", said)
    fields = next((p for p in query.split("&") if p.startswith("fields=")), "")
    if fields.lower().replace("%2c", ",").count(",") >= FIELDS:
        return _refuse(
            400, "too_many_fields", f"fields names more than {FIELDS} fields; leave it out for all.", "fields"
        )
    if _length(request) > BODY_BYTES:
        said = f"The body is larger than {BODY_BYTES // (1024 * 1024)} MB, the most that is read. Send it in parts."
        return _refuse(413, "body_too_large", said)
    return None


def _length(request: HttpRequest) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def _refuse(status: int, code: str, said: str, field: str | None = None) -> HttpResponse:
    return problem(status, said, [fault(field, code, said)])


_room = BoundedSemaphore(LONG_AT_ONCE)


@contextmanager
def room() -> Iterator[None]:
    """While a long answer is made: a whole list that is not kept, or a page of histories, which takes a thread, and
    Postgres, for seconds or a minute.

    Half of a process's threads make such answers, so that the rest of the site is never kept waiting by them. Raises
    Refused (503) where they all do: waiting would hold the thread too.
    """
    if not _room.acquire(blocking=False):
        said = (
            "Too many long lists are being made at once. Ask again in some seconds; the same page by page is shorter."
        )
        raise Refused("too_many_at_once", said, status=503)
    try:
        yield
    finally:
        _room.release()


def seconds(form: str) -> int:
    """How long Postgres may take for one statement: of a page, or of a whole list."""
    return settings.READ_SECONDS if form == "json" else settings.WHOLE_LIST_SECONDS

"""`Idempotency-Key`: a write that is sent again, because its answer was lost, acts no second time.

The answer is kept with its key in the transaction of the write itself, so that the two are there together or not at
all. The same key with another body, or at another address, is refused; of two at once, the second waits for the first
and gets its answer. A refusal changes nothing and is not kept: the same key may be sent again once it is mended.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpResponse
from rest_framework.request import Request

from registry import clock
from registry.errors import Refused
from registry.models import KeptAnswer

KEPT_FOR = timedelta(days=7)
HEADER = "Idempotency-Key"
SWEPT = 10_000
"""Answers taken away in one transaction."""


def once(request: Request, body: bytes, act: Callable[[], HttpResponse]) -> HttpResponse:
    """What `act` answers; with a key that was used before, what it answered then, and `Idempotency-Replayed: true`.

    Raises Refused: 400 for a key that is none, 422 for one that was used for something else; and what `act` raises.
    """
    if HEADER not in request.headers:
        return act()
    key, route = _key(request.headers[HEADER]), f"{request.method} {request.get_full_path()}"
    sha256 = hashlib.sha256((request.content_type or "").encode() + b"\n" + body).hexdigest()
    with transaction.atomic():
        _wait(f"{request.user.pk} {key}")
        kept = KeptAnswer.objects.filter(user=request.user, key=key).first()
        if kept is not None and kept.at > clock.real_now() - KEPT_FOR:
            return _again(kept, route, sha256)
        if kept is not None:
            kept.delete()
        answer = act()
        if 200 <= answer.status_code < 300:
            _keep(request, key, route, sha256, answer)
    return answer


def sweep() -> int:
    """Answers older than a week go; how many. Safe beside another worker."""
    old = KeptAnswer.objects.filter(at__lt=clock.real_now() - KEPT_FOR).order_by("at")
    with transaction.atomic():
        found = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:SWEPT])
        return KeptAnswer.objects.filter(pk__in=found).delete()[0]


def _key(header: str) -> str:
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", key):
        raise Refused(
            "bad_key",
            f"{HEADER} is a word of 1 to 255 letters, figures and signs, new for each write: a random UUID, for example.",
            field=HEADER,
            status=400,
        )
    return key


def _wait(name: str) -> None:
    """Until whoever writes under this key is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry.idempotency'), hashtext(%s))", [name])


def _again(kept: KeptAnswer, route: str, sha256: str) -> HttpResponse:
    if (kept.route, kept.sha256) != (route, sha256):
        what = "address" if kept.route != route else "body"
        raise Refused(
            "key_used",
            f"This {HEADER} was used before with another {what}. Give each write a key of its own.",
            field=HEADER,
        )
    answer = HttpResponse(bytes(kept.content), status=kept.status)
    del answer["Content-Type"]
    for name, value in kept.headers.items():
        answer[name] = value
    answer["Idempotency-Replayed"] = "true"
    return answer


def _keep(request: Request, key: str, route: str, sha256: str, answer: HttpResponse) -> None:
    KeptAnswer.objects.create(
        user=request.user,
        key=key,
        route=route,
        sha256=sha256,
        status=answer.status_code,
        headers=dict(answer.items()),
        content=answer.content,
    )

"""What a cache may keep: answers of the register for ever, once both dates are named; of now, for a moment."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry import clock
from registry.moment import Moment, parse_known_at

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
YEAR = 31_536_000


def etag(request: HttpRequest, moment: Moment, form: str) -> str:
    """From the newest entry, both dates, the query, the format and the build: all that an anonymous answer is of."""
    from registry.models import Entry

    newest = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    query = sorted((k, request.GET.getlist(k)) for k in request.GET)
    told = repr((newest, moment.echo(), request.path, query, form, build()))
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:32]}"'


@cache
def build() -> str:
    """What this program is: a hash of its own sources, so that a new version is never answered from an old cache."""
    digest = hashlib.sha256()
    for package in ("registry", "practices", "consortia", "transitions", "pathfinders"):
        for source in sorted((Path(settings.BASE_DIR) / package).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:16]


def settled(request: HttpRequest, moment: Moment) -> bool:
    """Whether this answer can never change: both dates named, neither later than the newest entry."""
    if not (moment.asked_as_of and moment.asked_known_at and moment.known_at):
        return False
    asked = parse_known_at(request.GET.get("known_at", ""))
    return asked is not None and asked <= moment.known_at and moment.as_of <= clock.london_date(moment.known_at)


def dress(response: HttpResponseBase, request: Any, moment: Moment | None, tag: str = "") -> HttpResponseBase:
    """Cache-Control, ETag, Vary and the licence. A signed-in answer is nobody else's and is not kept."""
    patch_vary_headers(response, ["Accept", "Authorization", "Cookie"])
    response["Link"] = f'<{LICENCE}>; rel="license"'
    if request.user.is_authenticated:
        response["Cache-Control"] = "private, no-store"
        return response
    if tag:
        response["ETag"] = tag
    if moment is not None and settled(request, moment):
        response["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    else:
        response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response

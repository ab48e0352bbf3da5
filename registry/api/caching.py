"""What a cache may keep: answers of the register for ever, once both dates are named; of now, for a moment."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry import clock
from registry.api.about import LICENCE
from registry.moment import Known, Moment, parse_known_at

YEAR = 31_536_000
NAMES_A_DAY = re.compile(r"(?:^|&)as_of=\d")


def etag(request: HttpRequest, moment: Moment) -> str:
    """Of an anonymous answer. Its first letter says whether it can ever change: `s`ettled, or of `n`ow."""
    return f'"{"s" if settled(request, moment) else "n"}{stamp(request, moment.newest)}"'


def stamp(request: HttpRequest, newest: Known | None) -> str:
    """All that an anonymous answer is of, hashed: the newest entry, the day where none is named, what is asked of whom in
    which format, and the build. Made without looking at what the question means, so that it is cheap to make again."""
    asked = request.META
    day = "" if NAMES_A_DAY.search(asked.get("QUERY_STRING", "")) else clock.today()
    host = (request.scheme, asked.get("HTTP_HOST"))
    question = (request.path, asked.get("QUERY_STRING"), asked.get("HTTP_ACCEPT"))
    told = repr((newest.hash if newest else "", day, host, question, build()))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def unchanged(request: HttpRequest) -> HttpResponse | None:
    """304 where an anonymous reader brings a tag that the answer would have: tags are given with whole answers only."""
    held = request.META.get("HTTP_IF_NONE_MATCH")
    if not held or request.method not in ("GET", "HEAD"):
        return None
    made = stamp(request, Known.upto())
    for letter in "sn":
        tag = f'"{letter}{made}"'
        if matches(held, tag):
            response = HttpResponseNotModified()
            response["ETag"] = f"W/{tag}" if f"W/{tag}" in held else tag  # the one that the client has it under
            patch_vary_headers(response, ["Accept-Encoding"])
            _say(response, for_ever=letter == "s")
            return response
    return None


def matches(header: str, tag: str) -> bool:
    """Whether the tag is among those held. `*` is none: it is asked before it is known whether there is an answer."""
    return tag in [t.strip().removeprefix("W/") for t in header.split(",")]


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
    if request.user.is_authenticated:
        _vary_and_link(response)
        response["Cache-Control"] = "private, no-store"
        return response
    if tag:
        response["ETag"] = tag
    _say(response, for_ever=moment is not None and settled(request, moment))
    return response


VARY = ["Accept", "Authorization", "Cookie"]
LINK = f'<{LICENCE}>; rel="license"'


def _say(response: HttpResponseBase, *, for_ever: bool) -> None:
    _vary_and_link(response)
    kept = f"public, max-age={YEAR}, immutable" if for_ever else "public, max-age=0, must-revalidate"
    response["Cache-Control"] = kept


def _vary_and_link(response: HttpResponseBase) -> None:
    patch_vary_headers(response, VARY)
    links = response.get("Link", "")
    if LINK not in links:
        response["Link"] = f"{links}, {LINK}" if links else LINK

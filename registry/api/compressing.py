"""gzip, for those who accept it: answers of the API and public pages, whole files too.

A compressed answer is another set of bytes, so its ETag is weak, and each answer says that it depends on what the
client accepts. Not compressed: what is signed in by cookie, for its length would tell a stranger, who can make the
reader's browser ask, of what is in it (BREACH); and an ETag that is the version of a thing, which If-Match compares.
"""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from typing import IO, cast

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from registry.api.about import API
from registry.api.exports import spool

LEAST = 1024
"""Bytes below which the frame costs more than it saves."""
LEVEL = 5
TEXT = re.compile(r"text/|application/([\w.-]+\+)?(json|xml)\b|application/x-ndjson|image/svg\+xml")


class Compressed:
    """Middleware. An answer that has an encoding, or is no text, goes as it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not _ours(request, response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if response.status_code == 304:
            _weaken_as_asked(request, response)
        elif accepts_gzip(request.headers.get("Accept-Encoding", "")):
            _compress(response)
        return response


def accepts_gzip(header: str) -> bool:
    """Whether gzip may be sent: named, or meant by `*`, and not at weight nought."""
    weights = {}
    for part in header.lower().split(","):
        name, _, parameters = part.partition(";")
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*", parameters)
        weights[name.strip()] = float(weight[1]) if weight else 1.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


def _ours(request: HttpRequest, response: HttpResponseBase) -> bool:
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return False
    if not (getattr(request, "public_page", False) or request.path.startswith(API)):
        return False
    if response.has_header("Content-Encoding"):
        return False
    if response.has_header("ETag") and "no-store" in response.get("Cache-Control", ""):
        return False
    return response.status_code == 304 or TEXT.match(response.get("Content-Type", "")) is not None


def _compress(response: HttpResponseBase) -> None:
    if isinstance(response, FileResponse) and response.file_to_stream is not None:
        if int(response.get("Content-Length", str(LEAST))) < LEAST:
            return
        response.streaming_content = _compressed_file(response.file_to_stream)
    elif response.streaming or len(response.content) < LEAST:  # type: ignore[attr-defined]
        return
    else:
        response.content = gzip.compress(response.content, LEVEL, mtime=0)  # type: ignore[attr-defined]
        response["Content-Length"] = str(len(response.content))  # type: ignore[attr-defined]
    response["Content-Encoding"] = "gzip"
    tag = response.get("ETag", "")
    if tag and not tag.startswith("W/"):
        response["ETag"] = f"W/{tag}"


def _compressed_file(plain: IO[bytes]) -> IO[bytes]:
    """The same file, compressed as a whole, so that its length is known and no worker is held while it is sent."""
    out = spool()
    with gzip.GzipFile("", "wb", LEVEL, cast("IO[bytes]", out), mtime=0) as packed:
        shutil.copyfileobj(plain, packed)
    out.seek(0)
    return out


def _weaken_as_asked(request: HttpRequest, response: HttpResponseBase) -> None:
    """An unchanged answer bears the tag that the client has it under."""
    tag = response.get("ETag", "")
    if tag and f"W/{tag}" in request.headers.get("If-None-Match", ""):
        response["ETag"] = f"W/{tag}"

"""The format of an answer: by `format=`, else by the Accept header."""

from __future__ import annotations

from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from registry.api.questions import one_of

FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "zip": "application/zip",
}


class ByFormat(DefaultContentNegotiation):
    """A body is read by its Content-Type; an answer is made by `chosen`, not by a renderer."""

    def select_renderer(self, request: Request, renderers: list[Any], format_suffix: str | None = None) -> tuple:
        return renderers[0], renderers[0].media_type


def chosen(request: Request, formats: tuple[str, ...]) -> str:
    """The format of the answer. Raises Refused (400) for a `format` not offered, NotAcceptable for an Accept."""
    if request.GET.get("format"):
        return one_of(request.GET, "format", formats, "json")
    best = request._request.get_preferred_type([FORMATS[f] for f in formats])
    if best is None and not request._request.accepted_types:
        return formats[0]  # an Accept that names nothing asks for nothing
    if best is None:
        raise NotAcceptable(f"This address answers {', '.join(FORMATS[f] for f in formats)}.")
    return next(f for f in formats if FORMATS[f] == best)

"""A file that somebody sent, given out again: always as a download, which nothing runs and no cache keeps."""

from __future__ import annotations

import logging

from django.http import FileResponse, Http404

from registry.files.documents import SOURCES
from registry.files.keeping import path_of

log = logging.getLogger(__name__)
HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""No cache keeps it, and no browser runs what might be in it."""


def given(sha256: str, name: str, kind: str, what: str) -> FileResponse:
    """The bytes under their own name. `what` it is, for the log. Raises Http404 where the register has lost them."""
    try:
        file = path_of(sha256).open("rb")
    except FileNotFoundError:
        log.error("the bytes of %s are gone", what)
        raise Http404("The register has lost this file. Tell a programme administrator.") from None
    return FileResponse(
        file, as_attachment=True, filename=name, content_type=SOURCES[kind].media_type, headers=HEADERS
    )

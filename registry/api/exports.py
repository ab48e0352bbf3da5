"""Whole lists as files, written to a spool inside the snapshot.

The spool (in memory while small, on disk when large) is what the client reads, so a slow client holds no database
connection and no snapshot, and memory stays flat whatever the length of the list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO
from urllib.parse import urlencode

from django.http import FileResponse

from registry.api.about import API, About
from registry.api.bundles import write_zip
from registry.api.delimited import write_csv
from registry.api.geojson import has_places, write_geojson
from registry.api.negotiation import FORMATS
from registry.api.shapes import Row, Shape
from registry.api.workbooks import write_xlsx

CHUNK = 1_000
IN_MEMORY = 1 << 20


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def spool() -> IO[bytes]:
    return SpooledTemporaryFile(max_size=IN_MEMORY)


def write_ndjson(
    out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About | None = None
) -> None:
    for page in pages:
        for row in page:
            out.write(json.dumps(shape.shape(row, wanted), ensure_ascii=False).encode() + b"\n")


WRITERS: dict[str, Callable[..., None]] = {
    "csv": write_csv,
    "ndjson": write_ndjson,
    "xlsx": write_xlsx,
    "geojson": write_geojson,
    "zip": write_zip,
}
"""Each takes a binary file, the shape, the fields wanted and the rows by the page; `about` says what the list is of,
where the format has a place for it."""

SAY_NO_MOMENT = ("csv", "ndjson")
"""Their files hold rows alone, so that they are the same for every moment that has the same rows."""


def forms_of(shape: Shape) -> tuple[str, ...]:
    """What a list of this shape can be asked as; a map only where there are places."""
    return ("json", *(form for form in WRITERS if form != "geojson" or has_places(shape)))


def file_answer(
    form: str, shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About, *, dictionary: bool = True
) -> FileResponse:
    """The whole list as a file to keep."""
    out = spool()
    WRITERS[form](out, shape, wanted, pages, about=about)
    out.seek(0)
    return download(out, form, about, dictionary=dictionary)


def download(file: IO[bytes], form: str, about: About, *, dictionary: bool = True) -> FileResponse:
    """A file to keep, with a link to what its columns mean."""
    kind = f"{FORMATS[form]}; charset=utf-8" if form in ("csv", "ndjson") else FORMATS[form]
    response = FileResponse(file, as_attachment=True, filename=f"{about.stem}.{form}", content_type=kind)
    if dictionary:
        query = urlencode({"resource": about.resource, "format": "csv"})
        response["Link"] = f'<{API}dictionary/?{query}>; rel="describedby"; type="text/csv"'
    return response

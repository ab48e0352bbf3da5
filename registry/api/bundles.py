"""A list with all that it takes to understand and cite it, in one ZIP: CSV, dictionary, read-me and hashes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from registry.api.about import About
from registry.api.delimited import write_csv
from registry.api.dictionary import meanings, write_dictionary
from registry.api.shapes import Row, Shape

DICTIONARY = "dictionary.csv"
README = """\
{stem}

{lines}

{stem}.csv       the list: UTF-8, a heading row, a row each
dictionary.csv   what each of its columns means
SHA256SUMS       sha256sum -c SHA256SUMS says whether they are as they were made

Codes are text: a code such as 5E1 is no number. In pandas: read_csv("{stem}.csv", dtype=str); in a spreadsheet, import
the column as text, or ask for format=xlsx, where it is text already. Text that a spreadsheet would run as a formula has
an apostrophe before it. Several values in one cell are parted by spaces.

{hashes}
"""


CHUNK = 1 << 16


def write_zip(
    out: IO[bytes], shape: Shape, wanted: list[str], pages: Iterable[list[Row]], about: About | None = None
) -> None:
    """The same list is the same bytes: no part has a time."""
    about = about or About("list")
    with ZipFile(out, "w", ZIP_DEFLATED) as archive, TemporaryFile() as listed, TemporaryFile() as told:
        write_csv(listed, shape, wanted, pages)
        write_dictionary(told, meanings(about.resource, shape, wanted))
        sums = {name: _add(archive, name, file) for name, file in ((f"{about.stem}.csv", listed), (DICTIONARY, told))}
        hashes = "".join(f"{digest}  {name}\n" for name, digest in sums.items())
        lines = "\n".join(f"{heading}: {words}" for heading, words in about.lines())
        readme = README.format(stem=about.stem, lines=lines, hashes=hashes.rstrip())
        for name, text in (("SHA256SUMS", hashes), ("README.txt", readme)):
            archive.writestr(_part(name), text)


def _add(archive: ZipFile, name: str, file: IO[bytes]) -> str:
    """Put the file in; its SHA-256."""
    file.seek(0)
    digest = hashlib.sha256()
    with archive.open(_part(name), "w", force_zip64=True) as part:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            part.write(chunk)
    return digest.hexdigest()


def _part(name: str) -> ZipInfo:
    part = ZipInfo(name)
    part.compress_type = ZIP_DEFLATED
    return part

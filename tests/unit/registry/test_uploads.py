"""The upload handler keeps nothing beyond its limits. No database."""

from __future__ import annotations

import pytest

from registry.pages.uploads import LARGEST, MB, TOGETHER, RefusedFile, Uploads


def sent(handler: Uploads, name: str, megabytes: int) -> object:
    handler.new_file("file", name, "application/pdf", None)
    for _ in range(megabytes):
        handler.receive_data_chunk(b"x" * MB, 0)
    return handler.file_complete(megabytes * MB)


def test_a_file_of_just_the_limit_is_kept_whole() -> None:
    kept = sent(Uploads(), "a.pdf", LARGEST // MB)
    assert kept.size == LARGEST and len(kept.read()) == LARGEST  # type: ignore[attr-defined]


def test_a_larger_one_is_let_go_at_once_and_said() -> None:
    handler = Uploads()
    handler.new_file("file", "a.pdf", "application/pdf", None)
    for _ in range(LARGEST // MB):
        handler.receive_data_chunk(b"x" * MB, 0)
    assert not handler.file.closed
    handler.receive_data_chunk(b"x", 0)
    assert handler.file.closed, "its bytes are let go while the rest is still coming"
    handler.receive_data_chunk(b"x" * MB, 0)
    refused = handler.file_complete(12 * MB)
    assert isinstance(refused, RefusedFile) and "“a.pdf” is larger than 10 MB" in refused.why


def test_many_files_have_a_limit_together() -> None:
    handler = Uploads()
    first, second, third = (sent(handler, name, 8) for name in ("a.pdf", "b.pdf", "c.pdf"))
    assert not isinstance(first, RefusedFile) and not isinstance(second, RefusedFile)
    assert isinstance(third, RefusedFile) and f"{TOGETHER // MB} MB together" in third.why
    small = sent(handler, "d.pdf", 0)
    assert not isinstance(small, RefusedFile) or "together" in small.why


@pytest.mark.parametrize("path", ["../a.pdf", "C:\\a.pdf", "a/../b.pdf"])
def test_a_path_is_told_of_before_django_cuts_it_off(path: str) -> None:
    handler = Uploads()
    handler.path = path
    refused = sent(handler, "a.pdf", 1)
    assert isinstance(refused, RefusedFile) and path in refused.why

"""Writes the editions that pages left word of. The worker does, so that no reader waits for one."""

from __future__ import annotations

from django.urls import resolve

from registry.api import editions
from registry.api.cursors import Ordering
from registry.api.editions import Title
from registry.moment import Moment, read_snapshot


def write_wanted() -> int:
    """How many were written."""
    written = 0
    for address, day, known_at in editions.wanted():
        view = resolve(address).func.view_class()  # type: ignore[attr-defined]  # of Django's as_view
        with read_snapshot():
            title = Title.of(address, Moment.of(day, known_at))
            if title is not None and editions.find(title) is None:
                editions.write(title, view.read, view.shape, Ordering("", None, view.read.KEY).apply)
                written += 1
    return written

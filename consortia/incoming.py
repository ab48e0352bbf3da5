"""Incoming changes of practices become work for leads and staff (never silent loss)."""

from __future__ import annotations

from registry.journal import Writer


def raise_work(entry: Writer) -> None:
    """After the entry is written, in its transaction: a `WorkItem` for each consortium and member that it touched."""

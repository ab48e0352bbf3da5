"""Taking back what one request of many wrote, at no cost to those that wrote nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

READS = re.compile(r"\s*SELECT (?!set_config|nextval|setval)")


@contextmanager
def undone() -> Iterator[None]:
    """Inside a transaction: what is written within is taken back at the end.

    The savepoint is set just before the first statement that is not a plain question: most requests of a crawl write
    nothing, and a savepoint about each would cost as much as what they ask.
    """
    opened: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not opened and not READS.match(sql):
            opened.append("")  # the savepoint's own statement passes through here too
            opened[0] = connection.savepoint()
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(watch):
            yield
    finally:
        if opened:
            connection.needs_rollback = False
            connection.savepoint_rollback(opened[0])
            connection.savepoint_commit(opened[0])

"""Steps of casework: writes that are not facts. Their log is kept by Postgres triggers (django-pghistory)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.db import transaction

from registry import clock
from registry.authorization import Permission, require


@contextmanager
def step(*, by: Any, action: str, permission: Permission | None = None, **context: Any) -> Iterator[None]:
    """One transaction of casework: the permission is checked, and who did what, and when by the
    register's clock (in a demonstration, story time), stands beside each logged row."""
    with clock.asked_once():
        if permission is not None:
            require(by, permission)
        log = {"actor": by.ref, "action": action, "at": clock.now().isoformat(), **context}
        with pghistory.context(**log), transaction.atomic():
            yield

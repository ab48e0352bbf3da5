"""What each installed app adds to a job of the whole register, found by a name: no app lists another.

An app adds to `check_invariants` with RULES in its `invariants.py`, to `run_due` with `run_due()` in its
`due.py` and, for what takes its time, `run_later()` there, to
`verify_journal` with `faults()` in its `verifying.py`, to the erasing of a person with `erase(user)` in its
`erasing.py`, to the giving and ending of a role with `given(by, grant)` and `ended(by, grant, on)` in
its `roles.py`, to letters with `link_of(about)` in its `links.py`, to the bytes that stay with `holds(sha256)` in its `keeping.py`, and to those that must be there with
`named()`, and to every journal entry, in its `consequences.py`, with `settle(entry)` before it is written and
`follow(entry)` after.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


@cache
def collected(module: str, name: str) -> list[tuple[str, Any]]:
    """`(app, what APP.module calls name)` for each app that has it; the earlier rooms of the house first."""
    found = []
    for config in reversed(list(apps.get_app_configs())):
        if find_spec(f"{config.name}.{module}") is not None:
            value = getattr(import_module(f"{config.name}.{module}"), name, None)
            if value is not None:
                found.append((config.name, value))
    return found

"""What Postgres says when it refuses a change that went past the actions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction


def broken(change: Callable[[], Any]) -> str:
    """The constraint that refuses the change, or the sentence of the trigger."""
    with pytest.raises(DatabaseError) as error, transaction.atomic():
        change()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    diagnosis = error.value.__cause__.diag  # type: ignore[union-attr]
    return diagnosis.constraint_name or diagnosis.message_primary

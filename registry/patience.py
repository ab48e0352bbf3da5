"""A read that Postgres gave up: it took longer than its snapshot allows, or the one who asked has hung up."""

from __future__ import annotations

from django.db import OperationalError
from psycopg2.errors import QueryCanceled


def was_stopped(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and isinstance(error.__cause__, QueryCanceled)

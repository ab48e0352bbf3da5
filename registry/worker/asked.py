"""A read that is being answered, so that it can be stopped when nobody waits for it any more."""

from __future__ import annotations

import logging
from threading import Lock

import psycopg2
from django.db import connections

log = logging.getLogger(__name__)


class Asked:
    """Made and ended by the thread that answers; `stop` is called from another."""

    def __init__(self) -> None:
        self._database = connections["default"]  # this thread's own; not connected by this
        self._lock = Lock()
        self._over = False

    def stop(self) -> None:
        """Ask Postgres to give up what it does for this read, if it does anything.

        Under the lock: the thread cannot go on to somebody else's request while its connection is being told.
        """
        with self._lock:
            connection = self._database.connection
            if self._over or connection is None:
                return
            try:
                connection.cancel()
            except psycopg2.Error as error:
                log.warning("A read that nobody waits for could not be stopped: %s", error)

    def end(self) -> None:
        with self._lock:
            self._over = True

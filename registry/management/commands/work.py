"""Do what is due, again and again, until the server that started this process is gone."""

import logging
import os
import signal
import threading
from typing import Any

from django.core.management import BaseCommand, call_command, get_commands
from django.db import close_old_connections

log = logging.getLogger(__name__)
PAUSE_SECONDS = 30
LOOK_SECONDS = 1


class Command(BaseCommand):
    help = "Runs what is due every half minute; started by `./run serve` and `./run demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        parent, stop = os.getppid(), threading.Event()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
        waited = PAUSE_SECONDS
        while not stop.is_set() and os.getppid() == parent:
            if waited >= PAUSE_SECONDS:
                run_once()
                waited = 0
            stop.wait(LOOK_SECONDS)
            waited += LOOK_SECONDS


def run_once() -> None:
    """One round. A failure is logged and does not end the process: the next round tries again."""
    if "run_due" not in get_commands():
        return
    close_old_connections()
    try:
        call_command("run_due", verbosity=0)
    except Exception:
        log.exception("What is due could not be done; trying again in %s seconds", PAUSE_SECONDS)
    close_old_connections()

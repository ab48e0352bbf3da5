"""Do what is due, again and again."""

import logging
import os
import signal
import threading
import time
from typing import Any

from django.core.management import BaseCommand, CommandParser, call_command, get_commands
from django.db import close_old_connections, connections

log = logging.getLogger(__name__)
PAUSE_SECONDS = 30
LOOK_SECONDS = 1
GRACE_SECONDS = 3
"""What a round that is under way has left once the parent is gone; its open transaction is then undone."""


class Command(BaseCommand):
    help = "Runs what is due every half minute; started by `./run serve` and `./run demo`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parent", type=int, help="end when this process, which started this one, is gone")

    def handle(self, *args: Any, parent: int | None, **options: Any) -> None:
        stop = threading.Event()
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: stop.set())
        # a long round keeps no list waiting, and no end either
        threading.Thread(target=write_editions, args=(stop,), daemon=True).start()
        if parent is not None:
            threading.Thread(target=end_with, args=(parent, stop), daemon=True).start()
        waited = PAUSE_SECONDS
        while not stop.is_set() and parent in (None, os.getppid()):
            if waited >= PAUSE_SECONDS:
                run_once()
                waited = 0
            stop.wait(LOOK_SECONDS)
            waited += LOOK_SECONDS


def end_with(parent: int, stop: threading.Event) -> None:
    """A parent that was killed gives no word: a round may be long, so that this is looked at beside it."""
    while os.getppid() == parent:
        time.sleep(LOOK_SECONDS)
    stop.set()
    time.sleep(GRACE_SECONDS)
    os._exit(0)


def write_editions(stop: threading.Event) -> None:
    """Each second, the lists that were asked for since the last look (registry.api.editions)."""
    from registry.api.wanted import write_wanted  # half of what this process loads, so only once it is under way

    while not stop.wait(LOOK_SECONDS):
        try:
            write_wanted()
        except Exception:
            log.exception("A list that is asked for often could not be written down; it is still answered")
        close_old_connections()
    connections.close_all()


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

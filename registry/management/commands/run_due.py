"""What is due, done once: `manage.py run_due` (the worker of `serve` runs it again and again)."""

import logging
import sys
from typing import Any

from django.core.management import BaseCommand

from registry import outbox
from registry.collected import collected

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does what is due: each app's due work, then the letters; exit 1 where something could not be done."

    def handle(self, *args: Any, verbosity: int = 1, **options: Any) -> None:
        outbox.beat()
        done, failed = _each("run_due")
        sent, unsent = outbox.send_due()
        if sent or unsent:
            done.append(f"Letters sent: {sent}; not sent, to be tried again or given up: {unsent}.")
        later, failed_later = _each("run_later")  # what takes its time: no letter waits for it
        done, failed = done + later, failed + failed_later
        if verbosity or failed:
            self.stdout.write("\n".join(done) or "Nothing was due.")
        if failed:
            sys.exit(1)


def _each(name: str) -> tuple[list[str], int]:
    """What each app's due work said, and how many could not do theirs."""
    done: list[str] = []
    failed = 0
    for app, work in collected("due", name):
        try:
            done += work()
        except Exception as error:  # one app's failure does not keep the letters or another app's work waiting
            failed += 1
            log.exception("What is due in %s could not be done", app)
            done.append(f"What is due in {app} could not be done: {error}")
    return done, failed

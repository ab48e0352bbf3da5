"""Rehearses the national close: the figures, how long it took, who would be left. It never writes."""

import time
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from registry.errors import Refused
from registry.files.command import iso_date
from registry.moment import read_snapshot
from transitions.closing.figures import LABELS, figures
from transitions.closing.plan import sketched
from transitions.closing.rows import NATIONAL


class Command(BaseCommand):
    help = "Says what closing all trusts and authorities would do. Nothing is written: staff close on /staff/close/."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--on", type=iso_date, default=NATIONAL, help="the first day without them (YYYY-MM-DD; 2013-04-01)"
        )
        parser.add_argument(
            "--as-if", action="store_true", help="suppose that every consortium became a clinical commissioning group"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            with read_snapshot():
                plan = sketched(options["on"], {}, as_if=options["as_if"])
        except Refused as refused:
            raise CommandError(refused.message) from None
        for key, number in figures(plan).items():
            self.stdout.write(f"{number:>9,}  {LABELS[key]}")
        for row in plan.left:
            self.stdout.write(f"{row.code}  {row.name} ({row.trust or 'no trust'}): {row.reason}")
        blocked = "It is blocked until each of them is placed, closed or explained. " if plan.left else ""
        self.stdout.write(f"{blocked}Rehearsed in {time.monotonic() - began:.1f} s; nothing was written.")

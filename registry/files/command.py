from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from registry.errors import Refused
from registry.files.progress import Progress
from registry.files.report import Report
from registry.models import User


def iso_date(text: str) -> date:
    """An argument that is a date. Raises ValueError, which argparse reports."""
    return date.fromisoformat(text)


class ImportCommand(BaseCommand):
    """The face of an import at the command line: --dry-run, --skip-refused, --vintage, a report, exit 1 if refused.

    A subclass says in `load` which action it calls; `dated` says whether the file's vintage may be given.
    """

    dated = True

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file to load")
        self.add_options(parser)
        if self.dated:
            parser.add_argument(
                "--vintage", type=iso_date, help="the day the file is of (YYYY-MM-DD), if not in its name"
            )

    @staticmethod
    def add_options(parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")
        parser.add_argument("--skip-refused", action="store_true", help="load the other rows where some are refused")

    def load(self, **options: Any) -> Report:
        raise NotImplementedError

    def handle(self, *args: Any, **options: Any) -> None:
        names = ("dry_run", "skip_refused", "vintage", "quarter", "amendments", "create", "survey")
        given = {k: options[k] for k in names if options.get(k) not in (None, "")}
        try:
            report = self.load(by=User.objects.system(), path=options["file"], progress=Progress(), **given)
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write("\n".join(report.lines()))
        if report.stopped:
            raise CommandError(f"{len(report.refused):,} rows of {report.source.name} are refused.")

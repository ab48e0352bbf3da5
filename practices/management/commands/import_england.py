from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from practices.actions.import_england import import_england
from registry.errors import Refused
from registry.files.command import ImportCommand
from registry.files.progress import Progress
from registry.models import User


class Command(BaseCommand):
    help = "Loads a folder of the NHS's files in the right order, and prints the totals by SHA."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", help="the folder")
        ImportCommand.add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.system()
        try:
            reports = import_england(
                by=user,
                path=options["dir"],
                dry_run=options["dry_run"],
                skip_refused=options["skip_refused"],
                progress=Progress(),
                say=self.stdout.write,
            )
        except Refused as refused:
            raise CommandError(refused.message) from None
        if reports[-1].stopped:
            raise CommandError(f"{len(reports[-1].refused):,} rows of {reports[-1].source.name} are refused.")

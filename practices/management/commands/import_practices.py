from typing import Any

from django.core.management import CommandParser

from practices.actions.import_practices import import_practices
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads an ODS practices file (epraccur), or with --amendments the monthly changes (egpam)."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--amendments", action="store_true", help="the file holds changed rows only")

    def load(self, **given: Any) -> Report:
        return import_practices(**given)

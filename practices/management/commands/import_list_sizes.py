from typing import Any

from django.core.management import CommandParser

from practices.actions.import_list_sizes import import_list_sizes
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads registered patients per practice of one quarter (NHSBSA)."
    dated = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--quarter", default="", help="the quarter of the file, as 2013Q2, if not in its name")

    def load(self, **given: Any) -> Report:
        return import_list_sizes(**given)

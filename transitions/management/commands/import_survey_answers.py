from typing import Any

from django.core.management import CommandParser

from registry.files.command import ImportCommand
from registry.files.report import Report
from transitions.actions import import_answers


class Command(ImportCommand):
    help = "Loads the answers of trusts to a survey: pct (its code), answer; words and on (the day) where wanted."
    dated = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--survey", required=True, help="the reference of the survey, as SV0001")

    @staticmethod
    def add_options(parser: CommandParser) -> None:
        """Answers are loaded together or not at all, so that the counts are asked of all of them."""
        parser.add_argument("--dry-run", action="store_true", help="say what would be done; write nothing")

    def load(self, **given: Any) -> Report:
        return import_answers(**given)

from typing import Any

from django.core.management import CommandParser

from consortia.actions import import_memberships
from registry.files.command import ImportCommand
from registry.files.report import Report


class Command(ImportCommand):
    help = "Loads consortium membership in bulk: practice, consortium, from, and to, status, reason where wanted."
    dated = False

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--create", action="store_true", help="register the consortia that are not known yet")

    def load(self, **given: Any) -> Report:
        return import_memberships(**given)

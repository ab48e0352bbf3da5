from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from registry.errors import Refused
from registry.models import User
from transitions.actions.load_transitions import load_transitions


class Command(BaseCommand):
    help = "Loads the project's own facts of the transition: clusters, and milestones with their versions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--upto", type=date.fromisoformat, help="only what was known by this day (YYYY-MM-DD)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_transitions(by=User.objects.system(), upto=options["upto"])
        except Refused as refused:
            raise CommandError(refused.message) from None
        self.stdout.write(
            f"{loaded.clusters:,} clusters with {loaded.places:,} places, {loaded.milestones:,} versions of milestones."
        )
        if loaded.unknown:
            self.stdout.write(f"The register has no body {', '.join(loaded.unknown)}: load the organisations first.")

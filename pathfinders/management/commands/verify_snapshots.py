"""Snapshots, proved: every file is made again of the facts, as known then, and compared with what was published."""

import sys
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from pathfinders.models import PublishedSnapshot
from pathfinders.snapshots.verifying import not_as_the_facts_say
from registry.moment import read_snapshot


class Command(BaseCommand):
    help = "Makes each file of the snapshots again and compares hashes; exit 1 where one differs. Some seconds a snapshot."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("refs", nargs="*", help="the snapshots, as 2011-09-01.57; without any, all of them")

    def handle(self, *args: Any, refs: list[str], **options: Any) -> None:
        found = PublishedSnapshot.objects.select_related("entry").order_by("as_of", "entry")
        if refs:
            found = found.filter(pk__in=refs)
            if missing := set(refs) - {snapshot.pk for snapshot in found}:
                raise CommandError(f"There is no snapshot {', '.join(sorted(missing))}.")
        broken = 0
        for snapshot in found:
            with read_snapshot():
                faults = list(not_as_the_facts_say(snapshot))
            broken += len(faults)
            self.stdout.write("\n".join(faults) or f"{snapshot} is what the facts give.")
        if broken:
            sys.exit(1)

"""The chain of the journal, proved: `manage.py verify_journal`."""

import sys
import time
from typing import Any

from django.core.management import BaseCommand
from django.db.models import Sum

from registry.collected import collected
from registry.feed import broken_links
from registry.models import Entry
from registry.moment import read_snapshot


class Command(BaseCommand):
    help = (
        "Recomputes every entry's hash from the facts that stand in the tables, and what else is hashed of them; exit 1 "
        "where one does not hold."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        with read_snapshot():
            broken = list(broken_links())
            for _, faults in collected("verifying", "faults"):
                broken += faults()
            newest = Entry.objects.order_by("-number").first()
            changes = Entry.objects.aggregate(n=Sum("changes"))["n"] or 0
            entries = Entry.objects.count()
        for sentence in broken:
            self.stdout.write(sentence)
        self.stdout.write(f"{entries} entries with {changes} changes checked in {time.monotonic() - began:.1f} s.")
        if broken:
            self.stdout.write(f"The journal does NOT hold: {len(broken)} faults.")
            sys.exit(1)
        # Whoever kept this hash can tell later that nothing up to here was taken away.
        self.stdout.write(f"The journal holds. Newest hash: {newest.hash if newest else 'none, it is empty'}")

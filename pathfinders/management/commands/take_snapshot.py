"""Publish a snapshot of the register as it is now, beside those that are made by themselves."""

from typing import Any

from django.core.management import BaseCommand, CommandError

from pathfinders.actions.snapshots import take_snapshot
from pathfinders.models import SnapshotWhy
from registry import clock
from registry.models import Entry


class Command(BaseCommand):
    help = (
        "Publishes a snapshot of today, as known now, under /data/. One is made of each night and each release anyhow."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        newest = Entry.objects.order_by("-number").first()
        if newest is None:
            raise CommandError("The register is empty: there is nothing to publish.")
        made = take_snapshot(as_of=clock.today(), entry=newest, why=SnapshotWhy.ASKED)
        if made is None:
            raise CommandError("It is there already, or another is being made: nothing was published.")
        self.stdout.write(f"Published: /data/{made}/")

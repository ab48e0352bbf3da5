"""Builds the demonstration England: called by `./run demo`."""

import time
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError

from pathfinders.demonstration import story
from registry.errors import Refused
from registry.models import Entry
from registry.serving import step


class Command(BaseCommand):
    help = "Builds the demonstration England in an empty database, by the register's ordinary actions."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A demonstration is built by ./run demo, which gives it a database of its own.")
        newest = Entry.objects.order_by("-number").first()
        if newest is not None and not story.whole():
            raise CommandError("An earlier build was broken off half way. Start over with ./run demo --fresh")
        if newest is not None:
            self.stdout.write(
                f"The demonstration England is here already ({newest.number} journal entries) and is kept; "
                "./run demo --fresh starts over."
            )
            return
        began = time.monotonic()
        try:
            story.build(step)
        except Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"The demonstration England is built: {time.monotonic() - began:.1f} s.")

from datetime import date
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from practices import totals
from practices.actions.import_england import import_england
from practices.models import BodyKind, BodyParticulars
from registry.errors import Refused
from registry.files.command import ImportCommand
from registry.files.progress import Progress
from registry.models import User
from registry.moment import Moment

DAY = date(2011, 4, 1)
"""The day that the printed totals are of: the fourth wave, between the recodes of 2010 and of 15 April 2011."""


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
        named = BodyParticulars.objects.visible_to(user).at(Moment.of(as_of=DAY)).filter(kind=BodyKind.SHA)
        names = dict(named.values_list("body__code", "name"))
        self.stdout.write("\n".join(totals.lines(totals.at(user, DAY), names)))

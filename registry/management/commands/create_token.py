"""An API token from the shell: `manage.py create_token EMAIL`."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from registry.actions import create_token
from registry.errors import Refused
from registry.models import User
from registry.scopes import Scope

DAYS = 90


class Command(BaseCommand):
    help = "Makes an API token for a person and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="whose token it is")
        parser.add_argument("--days", type=int, default=DAYS, help=f"how long it is good for (default: {DAYS})")
        parser.add_argument(
            "--scope",
            action="append",
            choices=list(Scope),
            help="what it is for; more than one where given more than once (default: all that its person may do)",
        )

    def handle(self, *args: Any, email: str, days: int, scope: list[str] | None, **options: Any) -> None:
        user = User.objects.filter(email=email.strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody has the address {email}. Give it an account with grant_role --invite.")
        try:
            token = create_token(by=User.objects.system(), user=user, days=days, scopes=scope or list(Scope))
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stderr.write(
            f"A token of {email}, good for {days} days, for {', '.join(scope or Scope)}. It is shown this once; keep it secret."
        )
        self.stdout.write(token)

"""Roles from the shell, so that a fresh register can be staffed: `manage.py grant_role EMAIL ROLE`."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from registry.actions import grant_role, invite_user
from registry.authorization import ROLES
from registry.errors import Refused
from registry.models import User


class Command(BaseCommand):
    help = "Gives a person a role, from today on. Roles: " + ", ".join(ROLES)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="who")
        parser.add_argument("role", help="one of the roles above")
        parser.add_argument("--for", dest="ref", default="", help="the code or reference that the role is held for")
        parser.add_argument("--invite", action="store_true", help="give the address an account where it has none")
        parser.add_argument("--name", default="", help="the invited person's name")

    def handle(self, *args: Any, email: str, role: str, ref: str, invite: bool, name: str, **options: Any) -> None:
        by = User.objects.system()
        try:
            with transaction.atomic():
                user = User.objects.filter(email=email.strip().lower()).first()
                if user is None and not invite:
                    raise CommandError(f"Nobody has the address {email}. Add --invite to give it an account.")
                user = user or invite_user(by=by, email=email, name=name)
                grant = grant_role(by=by, user=user, role=role, ref=ref)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{user.email} is {grant}, from {grant.period.lower:%-d %B %Y} on.")

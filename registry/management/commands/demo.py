"""The demonstration: `./run demo`."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command, get_commands
from django.db import connection

from registry.migrating import bring_up_to_date
from registry.serving import Site, bound, collect_static, step

LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Command(BaseCommand):
    help = "Builds a demonstration England and serves it on this machine only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="loopback address to listen on")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--fresh", action="store_true", help="throw the old demonstration away first")

    def handle(self, *args: Any, host: str, port: int, fresh: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("A demonstration is started with ./run demo, which gives it a database of its own.")
        if host not in LOOPBACK:
            raise CommandError(f"A demonstration has open logins, so it is served on 127.0.0.1 only, not on {host}.")
        listening = bound(host, port)
        if fresh:
            with step("Throwing the old demonstration away"):
                start_over()
        bring_up_to_date()
        if "build_demo" in get_commands():
            call_command("build_demo")
        collect_static()
        ready = f"The demonstration is at http://{host}:{port}/ - Ctrl-C ends it."
        Site(listening, 2, lambda: print(ready, flush=True)).run()


def start_over() -> None:
    """Drop the demonstration's database and make it anew, empty."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [connection.settings_dict["NAME"]])
        if cursor.fetchone()[0]:
            raise CommandError("The demonstration is in use: end the other ./run demo first.")
        cursor.execute(f"DROP DATABASE {name}")
        cursor.execute(f"CREATE DATABASE {name}")

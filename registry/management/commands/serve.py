"""The real thing: `./run serve`."""

import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser

from registry.migrating import bring_up_to_date
from registry.serving import Site, bound, collect_static


class Command(BaseCommand):
    help = "Serves the register with gunicorn, and does what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
        parser.add_argument("--workers", type=int, default=2, help="server processes (default: 2)")

    def handle(self, *args: Any, host: str, port: int, workers: int, **options: Any) -> None:
        listening = bound(host, port)
        bring_up_to_date()
        collect_static()
        data = os.environ.get("PATHFINDERS_EMBEDDED")
        print(f"Data: {'the embedded database in ' + data if data else 'the database in DATABASE_URL'}")
        print(f"Secret key, static files and the rest: {settings.STATE_DIR}")
        if hasattr(settings, "EMAIL_FILE_PATH"):
            print(f"Mail is not sent but written to {settings.EMAIL_FILE_PATH}: set PATHFINDERS_SMTP to send it.")
        if not os.environ.get("PATHFINDERS_URL") and host not in ("127.0.0.1", "localhost", "::1"):
            print("Only requests to 127.0.0.1 will be answered: set PATHFINDERS_URL to the site's public address.")
        ready = f"Serving on http://{host}:{port}/ - Ctrl-C ends it."
        Site(listening, workers, lambda: print(ready, flush=True)).run()

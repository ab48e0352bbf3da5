#!/usr/bin/env python3
"""Django's command line, on DATABASE_URL or the embedded database."""

import os
import sys

# These read no row: no server is started for them.
WITHOUT_DATABASE = {"help", "version", "check", "spectacular", "collectstatic", "findstatic", "diffsettings"}
# These look after migrations themselves.
OWN_MIGRATIONS = {"demo", "serve", "work", "migrate", "makemigrations", "showmigrations", "sqlmigrate", "dbshell"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pathfinders.settings")
    words = sys.argv[1:] or ["help"]
    asks_for_help = words[0].startswith("-") or {"-h", "--help"} & set(words)
    checks_files = words[0] == "makemigrations" and "--check" in words
    from django.core.management import execute_from_command_line

    if not (words[0] in WITHOUT_DATABASE or asks_for_help or checks_files):
        from registry.database import use_database

        use_database()
        if words[0] not in OWN_MIGRATIONS and "PATHFINDERS_EMBEDDED" in os.environ:
            from registry.migrating import bring_up_to_date

            bring_up_to_date()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:  # Ctrl-C is an ordinary way to end
        sys.exit(130)

"""Which database this process uses, and whether it can be used at all: said in sentences, before Django starts."""

import os
import sys
from pathlib import Path

import dj_database_url
import psycopg2

OLDEST = 15
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
REAL, DEMONSTRATION = "pathfinders", "pathfinders_demo"


class UnusableDatabase(Exception):
    """The database cannot be used; the message says why and what to do."""


def state_folder() -> Path:
    """The folder of everything written at run time: PATHFINDERS_STATE, or .state in the checkout."""
    return Path(os.environ.get("PATHFINDERS_STATE") or Path(__file__).resolve().parents[1] / ".state").resolve()


def use_database() -> None:
    """Point DATABASE_URL at a database that answers and is good enough, or end with a sentence."""
    from registry.embedded.place import EmbeddedError

    try:
        if os.environ.get("DATABASE_URL"):
            require_usable(os.environ["DATABASE_URL"])
        else:
            use_embedded()
    except (EmbeddedError, UnusableDatabase) as error:
        sys.exit(str(error))


def use_embedded() -> None:
    """Start or join the embedded server; a demonstration has a database of its own beside the register's."""
    from registry.embedded import attach

    demonstration = os.environ.get("PATHFINDERS_DEMO") == "1"
    attached = attach(state_folder())
    os.environ["DATABASE_URL"] = attached.url(DEMONSTRATION if demonstration else REAL)
    os.environ["PATHFINDERS_EMBEDDED"] = str(attached.server.place.data)


def require_usable(url: str) -> None:
    """Refuse, with a sentence, a DATABASE_URL that does not answer, is too old or lacks an extension."""
    connection = _connect(url)
    try:
        with connection.cursor() as cursor:
            if connection.server_version < OLDEST * 10_000:
                found = connection.server_version // 10_000
                raise UnusableDatabase(f"DATABASE_URL is a Postgres {found}; Pathfinders needs {OLDEST} or later.")
            _require_extensions(cursor)
    finally:
        connection.close()


def _connect(url: str) -> "psycopg2.extensions.connection":
    try:
        settings = dj_database_url.parse(url)
    except ValueError as error:
        raise UnusableDatabase(f"DATABASE_URL is not a database's address: {error}".rstrip(".") + ".") from None
    if "postgresql" not in settings.get("ENGINE", ""):
        raise UnusableDatabase("DATABASE_URL must begin with postgresql://: Pathfinders runs on Postgres only.")
    try:
        return psycopg2.connect(
            dbname=settings["NAME"] or "postgres",
            user=settings["USER"] or None,
            password=settings["PASSWORD"] or None,
            host=settings["HOST"] or None,
            port=settings["PORT"] or None,
            connect_timeout=10,
            **settings.get("OPTIONS", {}),
        )
    except psycopg2.OperationalError as error:
        why = " ".join(str(error).split())
        raise UnusableDatabase(
            f"The database in DATABASE_URL does not answer: {why}\n"
            "Check the address and that the server runs, or unset DATABASE_URL to use the embedded database."
        ) from None


def _require_extensions(cursor: "psycopg2.extensions.cursor") -> None:
    cursor.execute(
        "SELECT name, installed_version IS NOT NULL FROM pg_available_extensions WHERE name = ANY(%s)",
        [list(EXTENSIONS)],
    )
    installed = dict(cursor.fetchall())
    if absent := [name for name in EXTENSIONS if name not in installed]:
        raise UnusableDatabase(
            f"The Postgres in DATABASE_URL lacks the extension {', '.join(absent)}. "
            "Install Postgres's contrib package on its machine."
        )
    wanted = [name for name in EXTENSIONS if not installed[name]]
    cursor.execute("SELECT has_database_privilege(current_database(), 'CREATE'), current_user, current_database()")
    may_create, user, database = cursor.fetchone() or (False, "", "")
    if wanted and not may_create:
        statements = " ".join(f"CREATE EXTENSION {name};" for name in wanted)
        raise UnusableDatabase(
            f"{user} may not create extensions in {database}. Run this there as its owner: {statements}"
        )

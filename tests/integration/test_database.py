"""What is said of a database that cannot be used, on real servers."""

import os
import socket
import uuid
from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import pytest

from registry import database
from registry.database import EXTENSIONS, UnusableDatabase, require_usable


@pytest.fixture
def server() -> Iterator[tuple[str, str]]:
    """The address of a fresh empty database on the tests' server, and its owner who may make nothing in it."""
    url, name = os.environ["DATABASE_URL"], f"empty_{uuid.uuid4().hex[:8]}"
    run(url, f"CREATE DATABASE {name}", f"CREATE ROLE {name} LOGIN")
    parts = urlsplit(url)
    yield urlunsplit(parts._replace(path=f"/{name}")), name
    run(url, f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")


def run(url: str, *statements: str) -> None:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def test_an_empty_database_of_ones_own_will_do(server: tuple[str, str]) -> None:
    require_usable(server[0])


def test_a_role_that_may_not_create_extensions_is_told_what_to_run(server: tuple[str, str]) -> None:
    url, role = server
    as_role = url.replace("postgres@", f"{role}@", 1)
    with pytest.raises(UnusableDatabase, match=f"{role} may not create extensions .* CREATE EXTENSION btree_gist;"):
        require_usable(as_role)
    run(url, *(f"CREATE EXTENSION {name}" for name in EXTENSIONS))
    require_usable(as_role)


def test_a_server_that_is_too_old(server: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "OLDEST", 99)  # so is every server there is
    with pytest.raises(UnusableDatabase, match=r"is a Postgres \d\d; Pathfinders needs 99 or later"):
        require_usable(server[0])


def test_a_server_without_an_extension(server: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "EXTENSIONS", (*EXTENSIONS, "no_such_extension"))
    with pytest.raises(UnusableDatabase, match=r"lacks the extension no_such_extension\. Install Postgres's contrib"):
        require_usable(server[0])


def test_a_server_that_does_not_answer() -> None:
    with socket.socket() as taken:  # bound, not listening: refused at once
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(UnusableDatabase, match="does not answer: .*refused"):
            require_usable(f"postgresql://postgres@127.0.0.1:{taken.getsockname()[1]}/x")


@pytest.mark.parametrize(
    ("url", "sentence"),
    [("mysql://u@localhost/x", "must begin with postgresql"), ("nonsense", "is not a database's address")],
)
def test_an_address_of_something_else(url: str, sentence: str) -> None:
    with pytest.raises(UnusableDatabase, match=sentence):
        require_usable(url)

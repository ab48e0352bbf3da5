"""What a load balancer asks, over real HTTP."""

import urllib.error
import urllib.request

import pytest
from django.db import connection


def get(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_ready_with_every_migration_applied(live_site: str) -> None:
    assert get(f"{live_site}/healthz") == (200, "ok\n")
    assert get(f"{live_site}/readyz") == (200, "ready\n")


def test_not_ready_while_a_migration_is_missing(live_site: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registry'")
    status, said = get(f"{live_site}/readyz")
    assert (status, "are not applied" in said) == (503, True)
    assert get(f"{live_site}/healthz")[0] == 200


@pytest.mark.parametrize("path", ["healthz", "readyz"])
def test_no_cookie_and_nothing_kept(live_site: str, path: str) -> None:
    with urllib.request.urlopen(f"{live_site}/{path}", timeout=10) as response:
        assert "Set-Cookie" not in response.headers
        assert "no-store" in response.headers["Cache-Control"]

"""history=1 and history=all: rows by spell."""

import pytest

from tests.support.small_register import small_register


@pytest.fixture
def register(db):
    small_register()


def test_smoke(register, client):
    for name in ("practices", "unaffiliated", "parents", "pcts", "shas", "consortia", "pathfinders"):
        for history in ("1", "all"):
            got = client.get(f"/api/v1/{name}/", {"history": history})
            assert got.status_code == 200, got.content
            for row in got.json()["results"]:
                print(name, history, {k: v for k, v in row.items() if v not in (None, [], "")})

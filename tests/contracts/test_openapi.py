"""The description of the API, kept beside the tests so that a change of it shows in a diff.

`UPDATE_OPENAPI=1 ./run test tests/contracts` writes it anew; within version 1 fields are added, never dropped.
"""

import json
import os
from pathlib import Path

import pytest
from drf_spectacular.drainage import GENERATOR_STATS

SNAPSHOT = Path(__file__).with_name("openapi.json")


@pytest.fixture
def described(client, db):
    return json.loads(client.get("/api/v1/schema/").content)


def test_it_is_the_description_that_was_agreed(described):
    if os.environ.get("UPDATE_OPENAPI") == "1":
        SNAPSHOT.write_text(json.dumps(described, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
    assert described == json.loads(SNAPSHOT.read_text()), "regenerate with UPDATE_OPENAPI=1 if this is meant"


def test_nothing_of_it_is_in_doubt(described):
    assert not GENERATOR_STATS, "./run manage spectacular --validate says what"


def test_it_is_openapi_3_1_and_knows_every_resource(described, client):
    assert described["openapi"].startswith("3.1")
    resources = client.get("/api/v1/").json()["resources"].keys() - {"schema", "docs"}
    assert {f"/api/v1/{r}/" for r in resources} <= described["paths"].keys()


def test_what_practices_answers_is_what_is_described(described, client):
    page = described["paths"]["/api/v1/practices/"]["get"]
    names = {p["name"] for p in page["parameters"]}
    assert {"as_of", "known_at", "pct", "sha", "status", "cursor", "ordering", "fields", "format"} <= names
    assert all(p.get("description") for p in page["parameters"]), [
        p for p in page["parameters"] if "description" not in p
    ]

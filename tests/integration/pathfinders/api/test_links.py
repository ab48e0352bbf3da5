"""Links of a detail answer lead where they say, at the same moment."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.test import Client

from pathfinders.api.links import RELATED
from tests.integration.pathfinders.api.test_resources import ONES


def test_every_link_of_a_row_answers_and_pins_the_moment(england: Any, client: Client) -> None:
    seen = set()
    for path in ONES:
        answer = client.get(f"/api/v1/{path}/?as_of=2011-04-01").json()
        links = answer["links"]
        assert urlsplit(links["self"]).path == f"/api/v1/{path}/"
        assert client.get(links["self"]).json() == answer
        assert client.get(links.pop("page")).status_code == 200
        for name, href in links.items():
            assert "as_of=2011-04-01" in href and "known_at=" in href
            if href not in seen:
                told = client.get(href)
                assert told.status_code == 200, (path, name)
                assert (told.json()["as_of"], told.json()["known_at"]) == (answer["as_of"], answer["known_at"])
            seen.add(href)
    assert {path.split("/")[0] for path in ONES} == RELATED.keys() - {"announcements", "services", "milestones"}
    members = client.get("/api/v1/consortia/GC0001/?as_of=2011-04-01").json()["links"]["practices"]
    assert [row["code"] for row in client.get(members).json()["results"]] == ["W00001", "Z00001", "Z00002", "Z00007"]

"""The data dictionary: nothing that is answered is without its meaning."""

from __future__ import annotations

import csv
import io
import json

import pytest
from django.urls import get_resolver
from rest_framework.serializers import BaseSerializer

from pathfinders.api.dictionary import dictionary


def described() -> list[tuple[str, BaseSerializer]]:
    """What each read of the API answers, with its envelope."""
    found = []
    for pattern in get_resolver("pathfinders.api.urls").url_patterns:
        view = getattr(getattr(pattern, "callback", None), "cls", None)
        if hasattr(view, "described"):
            answer = view().described()
            found.append((str(pattern.pattern), answer() if isinstance(answer, type) else answer))
    return found


def unexplained(path, serializer):
    for name, field in serializer.fields.items():
        if not field.help_text:
            yield f"{path}{name}"
        child = getattr(field, "child", None) or field
        if isinstance(child, BaseSerializer):
            yield from unexplained(f"{path}{name}.", child)


def test_every_field_of_every_answer_says_what_it_means():
    answers = described()
    assert {"", "practices/", "practices/<str:code>/", "changes/", "bids/"} <= {route for route, _ in answers}
    assert [missing for route, answer in answers for missing in unexplained(f"{route} ", answer)] == []


def test_it_has_every_resource_but_the_index_and_the_descriptions(client, db):
    resources = set(client.get("/api/v1/").json()["resources"])
    assert set(dictionary()) - resources <= {"decisions/summary"} | {n for n in dictionary() if "/" in n}
    assert resources - set(dictionary()) == {"schema", "docs"}


def test_it_is_a_resource_a_page_and_a_file(client, db):
    whole = client.get("/api/v1/dictionary/").json()
    assert whole["count"] == len(whole["results"]) == sum(map(len, dictionary().values()))
    size = next(r for r in whole["results"] if (r["resource"], r["field"]) == ("practices", "list_size"))
    assert (size["column"], size["type"], size["nullable"], size["unit"]) == ("list_size", "integer", True, "people")
    began = [r["column"] for r in whole["results"] if r["resource"] == "practices/spells"]
    assert began[-4:] == ["effective_from", "effective_to", "recorded_from", "recorded_to"]
    spells = client.get("/api/v1/practices/?history=1&format=csv")
    assert "dictionary/?resource=practices%2Fspells&format=csv" in spells["Link"]
    one = client.get("/api/v1/dictionary/?resource=decisions/summary").json()["results"]
    assert {r["resource"] for r in one} == {"decisions/summary"}
    refused = client.get("/api/v1/dictionary/?resource=nothing")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "resource")

    file = client.get("/data/dictionary.csv")
    rows = list(csv.DictReader(io.StringIO(file.content.decode(), newline="")))
    told = [{k: {True: "True", False: "False"}.get(v, v) for k, v in r.items()} for r in whole["results"]]
    assert [r["meaning"] for r in rows] == [r["meaning"] for r in told]
    assert {r["nullable"] for r in rows} == {"yes", "no"}
    page = client.get("/data/dictionary/")
    assert 'id="decisions-summary"' in page.content.decode() and not page.cookies
    assert "/data/dictionary/" in client.get("/data/").content.decode()


@pytest.mark.parametrize("form", ["csv", "ndjson", "xlsx"])
def test_it_is_to_be_had_as_a_file_like_any_list(client, db, form):
    answer = client.get(f"/api/v1/dictionary/?format={form}")
    data = b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == f'attachment; filename="dictionary.{form}"'
    if form == "ndjson":
        assert [json.loads(line) for line in data.splitlines()] == client.get("/api/v1/dictionary/").json()["results"]

"""The columns of every list, in their order: within version 1 a new one comes at the end, and none ever moves or goes.

`UPDATE_OPENAPI=1 ./run test tests/contracts` writes down those that were added; it cannot write down anything else.
"""

import json
import os
from pathlib import Path

import pytest

from pathfinders.api.dictionary import dictionary

SNAPSHOT = Path(__file__).with_name("columns.json")


def current() -> dict[str, list[str]]:
    return {name: [row.column for row in rows if row.column] for name, rows in dictionary().items()}


def broken(agreed: dict[str, list[str]], now: dict[str, list[str]]) -> list[str]:
    """Resources whose agreed columns are not the first of what they have now."""
    return [name for name, columns in agreed.items() if now.get(name, [])[: len(columns)] != columns]


def test_columns_are_where_they_were_agreed_to_be():
    agreed, now = json.loads(SNAPSHOT.read_text()), current()
    assert broken(agreed, now) == []
    if os.environ.get("UPDATE_OPENAPI") == "1":
        SNAPSHOT.write_text(json.dumps(now, indent=1) + "\n")


@pytest.mark.parametrize(
    ("now", "wrong"),
    [
        ({"a": ["x", "y", "z"], "b": ["new"]}, []),
        ({"a": ["x", "z", "y"]}, ["a"]),
        ({"a": ["x"]}, ["a"]),
        ({"b": ["x", "y"]}, ["a"]),
    ],
)
def test_only_additions_at_the_end_pass(now, wrong):
    assert broken({"a": ["x", "y"]}, now) == wrong

"""The list of errors against the source: every code that the API can answer with is explained, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
from rest_framework import exceptions

from pathfinders.api.errors import CODES, GROUPS

ROOT = Path(__file__).resolve().parents[4]
PACKAGES = ("registry", "practices", "consortia", "transitions", "pathfinders")
SAYS = {"Refused": 0, "bad": 1, "fault": 1, "_refuse": 1}
"""What refuses, and where among its arguments the code stands."""
FRAMEWORK = {error.default_code for error in vars(exceptions).values() if hasattr(error, "default_code")} - {"error"}
FILTERS = {"invalid", "invalid_choice", "null_characters_not_allowed"}
MADE = {"no_title"}  # of a field's name: f"no_{field}"


def behind_the_api() -> set[Path]:
    """The API's modules and all that they import."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    api = [m for m in graph.modules if m.startswith(("registry.api", "pathfinders.api"))]
    found = {*api, *(up for m in api for up in graph.find_upstream_modules(m))}
    paths = [ROOT / m.replace(".", "/") for m in found]
    return {p / "__init__.py" if p.is_dir() else p.with_suffix(".py") for p in paths}


def codes(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if name in SAYS and len(node.args) > SAYS[name]:
            code = node.args[SAYS[name]]
            if isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield code.value


def test_every_code_of_the_api_is_in_the_list() -> None:
    said = {code for path in behind_the_api() for code in codes(path)}
    assert len(said) > 100
    missing = said - CODES.keys()
    assert not missing, f"explain in pathfinders/api/errors.py: {sorted(missing)}"


def test_the_list_has_no_code_that_is_nowhere_said() -> None:
    source = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts]
    said = {code for path in source for code in codes(path)}
    assert CODES.keys() <= said | FRAMEWORK | FILTERS | MADE
    assert len(CODES) == sum(len(group.codes) for group in GROUPS), "a code stands in two groups"
    assert all(meaning.endswith(".") for meaning in CODES.values())

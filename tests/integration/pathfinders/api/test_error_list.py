"""The list of errors against the source: every code that the API can answer with is explained, and no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
from rest_framework import exceptions

from consortia.claims import QUIET, TO_DO
from pathfinders.api.errors import CODES, GROUPS

ROOT = Path(__file__).resolve().parents[4]
PACKAGES = ("registry", "practices", "consortia", "transitions", "pathfinders")
SAYS = {"Refused": 0, "bad": 1, "fault": 1, "_refuse": 1}
"""What refuses, and where among its arguments the code stands."""
FRAMEWORK = {error.default_code for error in vars(exceptions).values() if hasattr(error, "default_code")} - {"error"}
FILTERS = {"invalid", "invalid_choice", "null_characters_not_allowed"}
MADE = {"no_title"}  # of a field's name: f"no_{field}"
VERDICTS = {*TO_DO, *QUIET, "outside_life"}
"""Of a row that cannot be claimed: the code of its fault."""


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
        if isinstance(node, ast.Assign):
            yield from chosen(node)


def chosen(node: ast.Assign) -> Iterator[str]:
    """What `code` is set to before it is raised, alone or as the first of several."""
    first, said = node.targets[0], node.value
    if isinstance(first, ast.Tuple) and isinstance(said, ast.Tuple):
        first, said = first.elts[0], said.elts[0]
    if getattr(first, "id", "") == "code" and isinstance(said, ast.Constant) and isinstance(said.value, str):
        yield said.value


def test_every_code_of_the_api_is_in_the_list() -> None:
    said = {code for path in behind_the_api() for code in codes(path)} | VERDICTS
    assert len(said) > 100
    missing = said - CODES.keys()
    assert not missing, f"explain in pathfinders/api/errors.py: {sorted(missing)}"


def test_the_list_has_no_code_that_is_nowhere_said() -> None:
    source = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if "migrations" not in p.parts]
    said = {code for path in source for code in codes(path)}
    assert CODES.keys() <= said | FRAMEWORK | FILTERS | MADE | VERDICTS
    assert len(CODES) == sum(len(group.codes) for group in GROUPS), "a code stands in two groups"
    assert all(meaning.endswith(".") for meaning in CODES.values())

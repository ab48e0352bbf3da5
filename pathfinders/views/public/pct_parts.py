"""The parts of a trust's page, in the order in which readers ask: how far has it handed over, with how much money, to
whom; what did it say; which practices; what became of it; how is all this known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple


class Part(NamedTuple):
    """`id`: of its heading, to which the contents lead; `template`: with that heading."""

    id: str
    label: str
    template: str


def contents(told: dict[str, Any]) -> list[Part]:
    """The parts that a page with this context has: of a body that was not there on the day, and of one that is no
    trust, fewer."""
    return list(_parts(told))


def _parts(told: dict[str, Any]) -> Iterator[Part]:
    there, trust = bool(told["own"]), told["is_pct"]
    if told.get("transition") or told.get("ended_stage") or told.get("last_stage"):
        yield Part("transition", "Handing over to GPs", "public/pct/transition.html")
    if told.get("budgets"):
        yield Part("budgets", f"Budgets in {told['budgets']['year']}", "public/pct/budgets.html")
    if told["coverage"]:
        yield Part("coverage", "Coverage", "public/pct/coverage.html")
        yield Part("groups", "Pathfinders and consortia here", "public/pct/groups.html")
    if there and trust:
        yield Part("local-bodies", "Local bodies and arrangements", "public/transition/local_bodies.html")
        yield Part("surveys", "Answers to surveys", "public/transition/surveys.html")
    if there:
        yield Part("practices", "Practices", "public/pct/practices.html")
    yield Part("succession", "Who came before and after", "public/pct/succession.html")
    yield Part("history", "History", "public/history.html")

"""Coverage explained: the rule in words, and for each figure the list of the rows behind it."""

from __future__ import annotations

from urllib.parse import urlencode

from pathfinders.reads.coverage import Question
from registry.moment import Moment


def rule(question: Question, moment: Moment) -> str:
    """What was counted, in words (domain.md rules 5 to 8)."""
    announced = "gone live" if question.basis == "live" else "been announced"
    inside = (
        f"its consortium stood in a pathfinder that had {announced} by that day"
        if question.scope == "pathfinder"
        else "it was in any consortium that day"
    )
    return (
        f"A practice counts where, on {moment.as_of}, it was an active GP practice (prescribing setting 4) of England"
        f" and {inside}, whether its membership was claimed, confirmed, allocated or disputed. Each practice counts"
        " once. People are its registered patients in the latest quarter up to that day, or, where there is none, in"
        " the earliest later one (practices_list_later); a practice without any list size counts in practices and in"
        " practices_without_list, not in people. The percentage is people over the denominator named in each row."
    )


def links(question: Question, moment: Moment, key: str, base: str) -> dict[str, str]:
    """Addresses under `base` whose `count` is the figure of that name; both dates are pinned.

    `people` are the sum of `list_size` over the rows of `practices`.
    """
    area = {} if question.by == "national" else {question.by: key}
    pinned = moment.pinned() | ({"basis": "live"} if question.basis == "live" else {})
    members = {"eligible": "true", "scope": question.scope} | area | pinned
    return {
        "practices": _to(base, "practices", members),
        "practices_confirmed": _to(base, "practices", members | {"membership_status": "confirmed"}),
        "practices_without_list": _to(base, "practices", members | {"list_size_basis": "none"}),
        "practices_list_later": _to(base, "practices", members | {"list_size_basis": "later"}),
        "people": _to(base, "practices", members | {"fields": "code,list_size"}),
    } | _groups(question, base, area, pinned)


def _groups(question: Question, base: str, area: dict[str, str], pinned: dict[str, str]) -> dict[str, str]:
    mine = {"ref": area["pathfinder"]} if question.by == "pathfinder" else area
    own = {"ref": area["consortium"]} if question.by == "consortium" else area
    return {
        "pathfinders": _to(base, "pathfinders", mine | pinned),
        "consortia": _to(base, "consortia", own | pinned | {"scope": question.scope}),
    }


def _to(base: str, resource: str, query: dict[str, str]) -> str:
    return f"{base}{resource}/?{urlencode(query)}"

"""Links of one row: itself, its page, the rows that it names, and the lists about it. Both dates are pinned in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from registry.moment import Moment

Row = dict[str, Any]
Told = dict[str, tuple[str, dict[str, Any]] | None]
"""By name of the link: an address below the API, with its filters. None where the row names nothing there."""


def links_of(resource: str, key: Any, row: Row, moment: Moment, absolute: Callable[[str], str]) -> dict[str, str]:
    """`key`: by which the address names the row; `absolute` makes a path an address."""
    root, dates = reverse("api-index"), moment.pinned()
    told = {"self": f"{root}{resource}/{key}/?{urlencode(dates)}"}
    if resource in PAGES:
        told["page"] = f"/{PAGES[resource]}/{key}/?{urlencode(dates)}"
    if resource in ON_A_LIST:
        told["page"] = f"/{ON_A_LIST[resource]}/?{urlencode({'ref': key} | dates)}"
    for name, where in RELATED[resource](key, row).items():
        if where is not None:
            path, asked = where
            told[name] = f"{root}{path}/?{urlencode(asked | dates)}"
    return {name: absolute(path) for name, path in told.items()}


PAGES = {
    "practices": "practices",
    "parents": "pcts",
    "pcts": "pcts",
    "shas": "shas",
    "consortia": "consortia",
    "pathfinders": "pathfinders",
    "waves": "waves",
    "transitions": "pcts",
    "local-bodies": "transitions/local-bodies",
    "surveys": "transitions/surveys",
    "evidence": "transitions/evidence",
}
"""The folder of each resource's pages."""
ON_A_LIST = {"clusters": "transitions/clusters"}
"""The list of those that have no page of their own."""


def _one(resource: str, key: Any) -> tuple[str, dict[str, Any]] | None:
    return None if key is None else (f"{resource}/{key}", {})


def _practice(code: str, row: Row) -> Told:
    return {
        "history": (f"practices/{code}/history", {}),
        "parent": _one("parents", row["parent_code"]),
        "sha": _one("shas", row["sha_code"]),
        "consortium": _one("consortia", row["consortium_ref"]),
        "memberships": ("memberships", {"practice": code, "history": "1"}),
    }


def _parent(code: str, row: Row) -> Told:
    return {
        "sha": _one("shas", row["sha_code"]),
        "practices": ("practices", {"parent": code}),
        "unaffiliated": ("unaffiliated", {"parent": code}),
    }


def _pct(code: str, row: Row) -> Told:
    lists = ("practices", "consortia", "pathfinders", "memberships", "unaffiliated")
    transition = {"transition": _one("transitions", code)}
    return {"sha": _one("shas", row["sha_code"]), **transition, **{name: (name, {"pct": code}) for name in lists}}


def _sha(code: str, row: Row) -> Told:
    lists = ("pcts", "practices", "consortia", "pathfinders", "memberships", "unaffiliated", "decisions")
    return {name: (name, {"sha": code}) for name in lists}


def _consortium(ref: str, row: Row) -> Told:
    return {
        "practices": ("practices", {"consortium": ref}),
        "memberships": ("memberships", {"consortium": ref, "history": "1"}),
        "pathfinders": ("pathfinders", {"consortium": ref}),
    }


def _pathfinder(ref: str, row: Row) -> Told:
    lists = ("consortia", "practices", "memberships", "decisions")
    return {"wave": _one("waves", row["wave"]), **{name: (name, {"pathfinder": ref}) for name in lists}}


def _wave(number: int, row: Row) -> Told:
    lists = ("pathfinders", "consortia", "practices", "memberships", "decisions", "announcements", "services")
    return {name: (name, {"wave": number}) for name in lists}


def _of_wave(key: str, row: Row) -> Told:
    return {"wave": _one("waves", row["wave"])}


def _transition(code: str, row: Row) -> Told:
    return {
        "pct": _one("pcts", code),
        "sha": _one("shas", row["sha_code"]),
        "history": ("transitions", {"pct": code, "history": "1"}),
    }


def _local_body(ref: str, row: Row) -> Told:
    return {
        "pct": _one("pcts", row["pct_code"]),
        "consortium": _one("consortia", row["consortium_ref"]),
        "replaces": _one("local-bodies", row["replaces"]),
    }


def _cluster(ref: str, row: Row) -> Told:
    return {"transitions": ("transitions", {"cluster": ref}) if row["kind"] == "pct" else None}


def _milestone(key: str, row: Row) -> Told:
    return {"history": ("milestones", {"key": key, "history": "1"})}


def _evidence(ref: str, row: Row) -> Told:
    return {"history": ("evidence", {"ref": ref, "history": "all"})}


def _survey(ref: str, row: Row) -> Told:
    return {"answers": (f"surveys/{ref}/answers", {})}


RELATED: dict[str, Callable[[Any, Row], Told]] = {
    "practices": _practice,
    "parents": _parent,
    "pcts": _pct,
    "shas": _sha,
    "consortia": _consortium,
    "pathfinders": _pathfinder,
    "waves": _wave,
    "announcements": _of_wave,
    "services": _of_wave,
    "milestones": _milestone,
    "transitions": _transition,
    "local-bodies": _local_body,
    "clusters": _cluster,
    "surveys": _survey,
    "evidence": _evidence,
}

"""Budgets of a year by trust, by SHA and for England: each sum with how many trusts stated it, and how many did not."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pathfinders.reads import budgets, parents
from pathfinders.reads.budgets import FIGURES, per_head, share_of
from practices.models import PCT_KINDS
from registry.moment import Moment
from transitions.models import WHOLE
from transitions.years import year_days

SUMMED = (*FIGURES, "eligible_total")


def trusts(user: Any, moment: Moment, year: str, sha: str = "") -> list[dict[str, Any]]:
    """Each trust of the year (of the SHA), in the order of its code, whether it stated anything or not.

    `basis`: `whole`, where the budget of all services is stated; `lines`, where it is the sum of `lines` service lines,
    each figure only where every one of them states it; None, where nothing is known.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in budgets.finish(user, moment, list(budgets.rows(user, moment, year).order_by("pct_code", "line_key"))):
        found[row["pct_code"]].append(row)
    people, weighted = budgets.registered(user, moment), budgets.by_trust(budgets.weights(user, moment))
    bodies = list(_living(user, moment, year).values("code", **_columns()).order_by("code"))
    rows = [body | _summed(found.get(body["code"], [])) for body in bodies if not sha or body["sha_code"] == sha]
    for row in rows:
        row |= share_of(row.pop("shared"), row["eligible_total"])
        row |= per_head(row, people.get(row["code"]), weighted.get((row["code"], year)))
    return rows


def delegated_parts(user: Any, moment: Moment, year: str) -> dict[str, tuple[int, int]]:
    """(delegated, of its eligible budget) of each trust of which both are known: what `share` is of. Two statements."""
    words = budgets.lines(user)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in budgets.rows(user, moment, year).order_by("pct_code", "line_key"):
        eligible = words[row["line_key"]].eligible
        base = budgets.eligible_total(row) if eligible else None
        found[row["pct_code"]].append({**row, "eligible": eligible, "eligible_total": base, "holders": []})
    told = {code: _summed(rows) for code, rows in found.items()}
    known = {code: (row["shared"], row["eligible_total"]) for code, row in told.items()}
    return {code: both for code, both in known.items() if None not in both and both[1]}


def _columns() -> dict[str, Any]:
    return {name: what for name, what in parents.columns().items() if name in ("name", "sha_code", "sha_name")}


def _living(user: Any, moment: Moment, year: str) -> Any:
    """The trusts of the day, or of the year's last day where the day is after it."""
    last = year_days(year)[1]
    day = min(moment.as_of, last.replace(month=3, day=31))
    return parents.living(user, replace(moment, as_of=day)).filter(_own__kind__in=PCT_KINDS)


def _summed(rows: list[dict[str, Any]]) -> dict[str, Any]:
    whole = next((row for row in rows if row["line_key"] == WHOLE), None)
    if whole is not None:
        kept = ("rounding", "adds_up", "difference", "evidence_ref", "holders", *SUMMED)
        told = {name: whole[name] for name in kept}
        return told | {"basis": "whole", "lines": len(rows) - 1, "shared": whole["delegated"]}
    eligible = [row for row in rows if row["eligible"]]
    told = {name: _all_of(rows, name) for name in FIGURES}
    return told | {
        "eligible_total": _all_of(eligible, "eligible_total"),
        "shared": _all_of(eligible, "delegated"),
        "rounding": max((row["rounding"] for row in rows), default=0),
        "adds_up": None,
        "difference": None,
        "evidence_ref": None,
        "holders": [],
        "basis": "lines" if rows else None,
        "lines": len(rows),
    }


def _all_of(rows: list[dict[str, Any]], name: str) -> int | None:
    """The sum where every row states it: what is unknown is never nothing."""
    values = [row[name] for row in rows]
    return sum(values) if values and None not in values else None


def whole(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """All these trusts together. Each of `figures`: the sum, and of how many trusts it is. `share`: of the `share_trusts`
    that stated both what they delegate and of how much. `stated`: trusts that stated anything; `not_known`: the rest."""
    rows = list(rows)
    stated = [row for row in rows if row["basis"]]
    figures = {}
    for name in SUMMED:
        values = [row[name] for row in rows if row[name] is not None]
        figures[name] = {"amount": sum(values) if values else None, "trusts": len(values)}
    both = [row for row in rows if row["share"] is not None]
    shared, base = (sum(row[name] or 0 for row in both) for name in ("delegated", "eligible_total"))
    return {
        "trusts": len(rows),
        "stated": len(stated),
        "not_known": len(rows) - len(stated),
        "figures": figures,
        **share_of(shared if both else None, base),
        "share_trusts": len(both),
        "share_base": base if both else None,
    }


def by_sha(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same of each SHA, in the order of its name."""
    found: dict[tuple[Any, Any], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["sha_name"] or "", row["sha_code"]].append(row)
    return [
        {"code": code, "name": name or "No SHA", **whole(own)} for (name, code), own in sorted(found.items(), key=str)
    ]

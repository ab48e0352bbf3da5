"""The decision register in figures: how many bids, how they were decided, how long it took.

A bid counts once, by the decision that stands. By wave it is each wave's own decisions that count, since a bid that was
decided again in a later wave was decided in both. Names are in none of it: counts are public always.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from statistics import median
from typing import Any
from urllib.parse import urlencode

from pathfinders.models import APPROVALS, Criterion, FindingValue, Outcome, Reason
from pathfinders.published import scope_names
from pathfinders.reads import decisions
from registry.errors import Refused
from registry.moment import Moment

Row = dict[str, Any]
COLUMNS = ("bid", "wave", "outcome", "decided_on", "submitted_on", "sha_code", "criteria", "reason_codes", "findings")
AMONG = ("wave", "sha", "criteria", "reason", "outcome")
"""The list's filters that a summary takes."""
RULE = (
    "A bid counts once, by the decision that stands on {day} (standing=true); by wave, or among "
    "those of one wave, each wave counts its own decisions. approved holds approvals with conditions too, and "
    "approval_percent is approved over bids. median_days are calendar days from submission to decision, over the days_known decisions whose bid has a day of submission. A bid "
    "counts under each reason that its decision gives, and under each criterion on which it has a finding. "
    "outside_criteria are bids whose decision gives a reason outside the published criteria."
)


def _by_reason(row: Row) -> Iterable[str]:
    return row["reason_codes"]


def _by_criterion(row: Row) -> Iterable[str]:
    return [f"{row['criteria']}.{f['criterion']}" for f in row["findings"]]


KEYS: dict[str, Callable[[Row], Iterable[str]]] = {
    "national": lambda row: ["England"],
    "wave": lambda row: [str(row["wave"])],
    "sha": lambda row: [row["sha_code"] or ""],
    "criterion": _by_criterion,
    "reason": _by_reason,
    "outcome": lambda row: [row["outcome"]],
}


def summary(user: Any, moment: Moment, by: str = "national", **among: str) -> list[Row]:
    """A row for each key with a bid in it, in the keys' order. `among`: filters of the list, as wave and sha.

    Raises Refused 400 with the parameter's name.
    """
    if by not in KEYS:
        raise Refused("bad_value", f"by is one of {', '.join(KEYS)}; “{by[:40]}” is not.", field="by", status=400)
    asked = standing(by, among) | among
    filters = decisions.Filters(asked, decisions.rows(user, moment), moment=moment)
    if not filters.is_valid():
        field, errors = next(iter(filters.errors.get_json_data().items()))
        raise Refused("bad_value", f"{field}: {errors[0]['message']}", field=field, status=400)
    groups: dict[str, list[Row]] = {}
    for row in filters.qs.order_by("bid", "number").values(*COLUMNS):
        for key in KEYS[by](row):
            groups.setdefault(key, []).append(row)
    outside = set(Reason.objects.filter(outside_criteria=True).values_list("key", flat=True))
    names = _names(by, set(groups))
    ordered = sorted(groups, key=lambda key: (key == "", int(key) if by == "wave" else 0, key))
    return [{"key": k, "name": names[k], **_figures(k, groups[k], outside, by)} for k in ordered]


def standing(by: str, among: dict[str, str]) -> dict[str, str]:
    """The filter by which a bid counts once. Within a wave it has one decision, which counts there for ever."""
    return {} if by == "wave" or "wave" in among else {"standing": "true"}


def _figures(key: str, rows: list[Row], outside: set[str], by: str) -> Row:
    counted = {o: sum(r["outcome"] == o for r in rows) for o in Outcome.values}
    approved = sum(counted[o] for o in APPROVALS)
    days = [(r["decided_on"] - r["submitted_on"]).days for r in rows if r["submitted_on"]]
    criterion = key.rpartition(".")[2] if by == "criterion" else ""
    found = [f["finding"] for r in rows for f in r["findings"] if f["criterion"] == criterion]
    return {
        "bids": len(rows),
        "approved": approved,
        "approved_with_conditions": counted[Outcome.CONDITIONS],
        "deferred": counted[Outcome.DEFERRED],
        "declined": counted[Outcome.DECLINED],
        "approval_percent": round(100 * approved / len(rows), 1),
        "median_days": median(days) if days else None,
        "days_known": len(days),
        "outside_criteria": sum(bool(outside.intersection(r["reason_codes"])) for r in rows),
        "findings": {value: found.count(value) for value in FindingValue.values} if criterion else None,
    }


def _names(by: str, keys: set[str]) -> dict[str, str]:
    if by == "sha":
        return scope_names(keys - {""}) | {"": "No SHA known"}
    if by == "reason":
        known = dict(Reason.objects.values_list("key", "label"))
    elif by == "criterion":
        told = Criterion.objects.select_related("set")
        known = {f"{c.set.key}.{c.key}": f"{c.title} ({c.set.key})" for c in told}
    elif by == "outcome":
        known = {str(value): str(label) for value, label in Outcome.choices}
    else:
        known = {k: f"Wave {k}" for k in keys} if by == "wave" else {}
    return {k: known.get(k, k) for k in keys}


def rule(moment: Moment) -> str:
    return RULE.format(day=moment.as_of)


def links(by: str, key: str, among: dict[str, str]) -> dict[str, str]:
    """The query of the list behind each figure, by the figure's name: "standing=true&sha=Q36&outcome=declined"."""
    asked = standing(by, among) | among | dict(_where(by, key))
    narrower = {
        "bids": {},
        "approved": {"approved": "true"},
        "approved_with_conditions": {"outcome": "approved_with_conditions"},
        "deferred": {"outcome": "deferred"},
        "declined": {"outcome": "declined"},
        "outside_criteria": {"outside": "true"},
    }
    if by == "criterion":
        criterion = key.rpartition(".")[2]
        narrower |= {value: {"finding": f"{criterion}:{value}"} for value in FindingValue.values}
    return {name: urlencode(asked | more) for name, more in narrower.items() if _can(asked, more)}


def _can(asked: dict[str, str], more: dict[str, str]) -> bool:
    """One parameter has one value: by outcome, the other outcomes hold nothing to link to."""
    return all(asked.get(name, value) == value or name == "finding" for name, value in more.items())


def _where(by: str, key: str) -> Iterator[tuple[str, str]]:
    if by == "criterion":
        criteria, _, criterion = key.rpartition(".")
        yield "criteria", criteria
        yield "finding", criterion
    elif by == "sha":
        yield "sha", key or "none"
    elif by != "national":
        yield by, key

"""The list of a wave as it is frozen: what is in it, its fingerprint, and how far the plan of now differs from it."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from pathfinders.models import FrozenList, Wave
from pathfinders.plan import PlannedBid, ReleasePlan


def content_of(plan: ReleasePlan) -> dict[str, Any]:
    """The plan as JSON: `{"wave", "announced_on", "bids": [...]}`, bids in the plan's order, codes in theirs."""
    return {
        "wave": plan.wave.number,
        "announced_on": plan.wave.announced_on.isoformat(),
        "bids": [_bid(planned) for planned in plan.bids],
    }


def _bid(planned: PlannedBid) -> dict[str, Any]:
    bid = planned.bid
    return {
        "bid": bid.ref,
        "name": bid.name,
        "number": planned.decision.number,
        "outcome": planned.decision.outcome,
        "region": planned.sha,
        "pathfinder": planned.pathfinder.ref if planned.pathfinder else "",
        "founds": planned.founds,
        "goes_live_on": bid.goes_live_on.isoformat() if bid.goes_live_on else None,
        "consortia": [
            {"name": c.row.name, "form": c.row.form, "practices": [m.code for m in c.members]}
            for c in planned.consortia
        ],
        "left_out": [{"practice": out.code, "why": out.why} for out in planned.left_out],
    }


def fingerprint(content: Any) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def confirmed_fingerprint(wave: Wave) -> str:
    """Of what a second person confirms: the frozen list and the announcement's version."""
    return fingerprint_confirmed(wave, wave.frozen_list())


def fingerprint_confirmed(wave: Wave, frozen: FrozenList | None) -> str:
    """`confirmed_fingerprint`, where the frozen list is at hand."""
    announcement = getattr(wave, "announcement", None)
    return fingerprint([frozen and frozen.sha256, announcement and announcement.version])


class Drift(NamedTuple):
    """How the plan of now differs from the frozen list: `bids` (sentences; the list must be frozen again) and
    `practices` (code, bid, from, to; they never sink a wave: architecture.md section 5)."""

    bids: list[str]
    practices: list[dict[str, str]]


def drift(frozen: FrozenList, plan: ReleasePlan) -> Drift:
    """What has changed since the list was frozen."""
    then = {b["bid"]: b for b in frozen.content["bids"]}
    now = {b["bid"]: b for b in content_of(plan)["bids"]}
    said = [f"{then[ref]['name']} ({ref}) is no longer decided in this wave." for ref in then if ref not in now]
    said += [f"{now[ref]['name']} ({ref}) has come into the wave." for ref in now if ref not in then]
    for ref in then.keys() & now.keys():
        changed = [words for key, words in BINDING.items() if then[ref][key] != now[ref][key]]
        if changed:
            said.append(f"{now[ref]['name']} ({ref}): {', '.join(changed)} changed.")
    if frozen.content["announced_on"] != plan.wave.announced_on.isoformat():
        said.append("The day of the announcement changed.")
    moved = [row for ref in sorted(then.keys() & now.keys()) for row in _moved(then[ref], now[ref])]
    return Drift(sorted(said), moved)


BINDING = {
    "name": "its name",
    "number": "its decision",
    "outcome": "its outcome",
    "region": "its region",
    "pathfinder": "its pathfinder",
    "founds": "whether it becomes a pathfinder",
    "goes_live_on": "its month of going live",
}


def _moved(then: dict[str, Any], now: dict[str, Any]) -> list[dict[str, str]]:
    """The practices of a bid that fare otherwise than when the list was frozen."""
    before, after = _fates(then), _fates(now)
    return [
        {"practice": code, "bid": now["bid"], "from": before.get(code, ""), "to": after.get(code, "")}
        for code in sorted(before.keys() | after.keys())
        if before.get(code) != after.get(code)
    ]


def _fates(bid: dict[str, Any]) -> dict[str, str]:
    """Of each practice of a bid the consortium that it joins, or why it is left out."""
    fates = {code: group["name"] for group in bid["consortia"] for code in group["practices"]}
    return fates | {out["practice"]: out["why"] for out in bid["left_out"]}

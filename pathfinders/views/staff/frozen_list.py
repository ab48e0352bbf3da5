"""What a second person reads before confirming: the frozen list by region, its figures, the announcement."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from pathfinders.draft_claims import basis_of, compared
from pathfinders.models import APPROVALS, DraftClaim, Wave
from pathfinders.reads.announced_figures import ENGLAND, Figures
from pathfinders.views.shown import OUTCOME_TAGS
from practices.models import BodyParticulars
from registry.pages.tables import Column, Table

COLUMNS = (
    Column("name", "Pathfinder", href="/staff/bids/{bid}/"),
    Column("consortia", "Consortia"),
    Column("practices", "Practices", kind="number"),
    Column("left_out", "Left out", empty="none"),
    Column("goes_live_on", "Goes live", empty="Not said"),
)
OTHERS = (
    Column("name", "Bid", href="/staff/bids/{bid}/"),
    Column("outcome", "Outcome", kind="tag", tags=OUTCOME_TAGS),
)


def frozen_shown(wave: Wave) -> dict[str, Any]:
    """`regions`: (name, table) each; `others`: a table of what was not approved; `figures`; `frozen`. Nothing where it
    was never frozen."""
    frozen = wave.frozen_list()
    if frozen is None:
        return {}
    by_region: dict[str, list[dict[str, Any]]] = defaultdict(list)
    others: list[dict[str, Any]] = []
    for bid in frozen.content["bids"]:
        (by_region[bid["region"]] if bid["outcome"] in APPROVALS else others).append(_row(bid))
    names = _names(list(by_region), wave)
    regions = sorted((names.get(code, code) or "In no region", rows) for code, rows in by_region.items())
    figures, key = Figures.from_json(frozen.figures), (ENGLAND, wave.number)
    return {
        "frozen": frozen,
        "regions": [(name, Table(COLUMNS, rows, name, caption_spoken=True)) for name, rows in regions],
        "others": Table(OTHERS, others, "Not approved", caption_spoken=True) if others else None,
        "figures": {
            "pathfinders": figures.pathfinders.get(key, 0),
            "practices": figures.practices.get(key, 0),
            "people": figures.people.get(key, 0),
        },
    }


def _row(bid: dict[str, Any]) -> dict[str, Any]:
    return {
        "bid": bid["bid"],
        "name": bid["name"],
        "outcome": bid["outcome"],
        "consortia": ", ".join(c["name"] for c in bid["consortia"]),
        "practices": sum(len(c["practices"]) for c in bid["consortia"]),
        "left_out": ", ".join(out["practice"] for out in bid["left_out"]),
        "goes_live_on": bid["goes_live_on"] or "",
    }


def _names(codes: list[str], wave: Wave) -> dict[str, str]:
    told = BodyParticulars.objects.current().filter(body__code__in=codes, effective__contains=wave.announced_on)
    return dict(told.values_list("body__code", "name"))


def announcement_shown(wave: Wave, user: Any) -> dict[str, Any]:
    """The announcement as drafted, each claim beside the register's figure: who confirms it sees what differs."""
    draft = getattr(wave, "announcement", None)
    claims = DraftClaim.objects.visible_to(user).filter(announcement=draft).order_by("position") if draft else ()
    return {"announcement": draft, "claims": compared(claims, basis_of(wave, user)) if draft else []}

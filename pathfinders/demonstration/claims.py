"""What was announced of each wave, recorded when it was published, by the register's ordinary action."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from itertools import groupby
from typing import Any

from pathfinders import actions
from pathfinders.demonstration import calendar
from pathfinders.demonstration.areas import DATA
from pathfinders.models import Extent, ScopeKind
from pathfinders.models.claim import first_day
from registry import clock
from registry.clock import on_day
from registry.models import User


def announced(wave: int) -> list[tuple[Any, list[actions.Claim]]]:
    """Claims of the sources that followed a wave, by the day on which the register hears of them: of publication,
    where only the month is known that of the announcement."""
    told = tomllib.loads((DATA / "claims.toml").read_text(encoding="utf-8"), parse_float=Decimal)
    sources = [s for s in told["source"] if s["after"] == wave]
    days = [(max(calendar.ANNOUNCED[wave], first_day(s["published"])), s) for s in sources]
    days.sort(key=lambda pair: pair[0])
    return [
        (day, [_claim(row, source, told["notes"]) for _, source in found for row in source["claims"]])
        for day, found in groupby(days, key=lambda pair: pair[0])
    ]


def record(by: User, wave: int) -> None:
    """Record what was announced and printed of a wave that has been released."""
    for day, claims in announced(wave):
        with clock.story_time(on_day(day, hour=17)):
            reason = f"Figures announced and printed of wave {wave}, each with its source, as they stood there."
            actions.record_claims(by=by, claims=claims, reason=reason)


def _claim(row: dict[str, Any], source: dict[str, Any], notes: dict[str, str]) -> actions.Claim:
    kind = next((k for k in (ScopeKind.SHA, ScopeKind.GROUP) if k in row), ScopeKind.ENGLAND)
    return actions.Claim(
        wave=row["wave"],
        metric=row["metric"],
        extent=Extent.CUMULATIVE if row.get("so_far") else Extent.WAVE,
        scope_kind=kind,
        scope=row.get(kind, "England"),
        value=row["value"],
        rounding=row.get("rounding", "exact"),
        words=row["words"],
        publisher=source["publisher"],
        title=source.get("title", ""),
        url=source.get("url", ""),
        published=source["published"],
        note=notes.get(row.get("note", ""), row.get("note", "")),
        reconciliation=row.get("why", ""),
    )

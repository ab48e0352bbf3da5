"""Sizes of pathfinders and shares of the SHAs: tables with bars on the pages of waves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathfinders.reads.sizes import shares, sizes
from pathfinders.views.public.bars import shares_table, sizes_table
from registry.moment import Moment


def pictures(
    user: Any, moment: Moment, dates: str, wave: int | None = None, shas: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """For the template `public/wave_pictures.html`: of all pathfinders of the day, or of one wave. `shas`: names by code, for who
    has read them."""
    found = sizes(user, moment, wave)
    if not found.pathfinders:
        return {"sizes": None}
    shown = shares_table(shares(user, moment, wave, shas), dates, wave)
    return {"sizes": found, "sizes_table": sizes_table(found), "shares_table": shown}

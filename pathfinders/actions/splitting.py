"""A consortium or a pathfinder splits (domain.md rule 14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from consortia.models import Consortium
from pathfinders.actions.reshaping import carry_out
from pathfinders.models import Pathfinder
from pathfinders.succession.consortia import draw_split, left_out
from pathfinders.succession.pathfinders import draw_pathfinder_split
from registry.models import Entry, User


def split_consortium(
    *,
    by: User,
    consortium: Consortium,
    parts: Sequence[Mapping[str, Any]],
    on: date,
    reason: str,
    fingerprint: str = "",
) -> Entry:
    """From `on` it is no more, and each of its members belongs to the part that names it.

    `parts`: `[{"name", "form"} | {"ref"} | {"left": reason}, each with "practices": [codes]]`; every member must be in
    one, those in a `left` part belong to no consortium from then on. Shares are of the practices, and sum to 1. The
    leads lead the new parts. Raises Refused as `merge_consortia`; 422 with every member that is not placed in `detail`.
    """
    return carry_out(
        by=by,
        action="split_consortium",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draw_split(draft, consortium=consortium, parts=parts),
        also=left_out(parts),
    )


def split_pathfinder(
    *,
    by: User,
    pathfinder: Pathfinder,
    parts: Sequence[Mapping[str, Any]],
    on: date,
    reason: str,
    fingerprint: str = "",
) -> Entry:
    """From `on` it is no more, and each of its consortia stands in the new pathfinder that names it.

    `parts`: `[{"name", "consortia": [refs]}]`, at least two, every consortium in one. They are of its wave, approved,
    announced and live when it was; the wave as released is not edited. Raises Refused as `merge_consortia`.
    """
    return carry_out(
        by=by,
        action="split_pathfinder",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draw_pathfinder_split(draft, pathfinder=pathfinder, parts=parts),
    )

"""Consortia merge, and pathfinders (domain.md rules 12, 14, 15, 16)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from consortia.models import Consortium
from pathfinders.actions.reshaping import carry_out
from pathfinders.models import Pathfinder
from pathfinders.succession.consortia import draw_merger
from pathfinders.succession.pathfinders import draw_pathfinder_merger
from registry.models import Entry, User


def merge_consortia(
    *,
    by: User,
    consortia: Sequence[Consortium],
    into: Consortium | None = None,
    name: str = "",
    form: str = "",
    on: date,
    reason: str,
    fingerprint: str = "",
) -> Entry:
    """From `on` the consortia are one: `into`, which keeps its reference, or a new one of this name (rule 15).

    In one entry. Members follow, dormant ones and such as close later too, with their status and until the same day;
    places in the programme and posts follow; the leads' roles move, and the leads are written to. Raises Refused: 403;
    409 where one did not stand before the day, has a successor, or `into` is to end; 412 where what would happen is no
    longer what `fingerprint` says; 422 for fewer than two, a circle, no name, no reason.
    """
    return carry_out(
        by=by,
        action="merge_consortia",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draw_merger(draft, consortia=consortia, into=into, name=name, form=form),
    )


def merge_pathfinders(
    *, by: User, pathfinder: Pathfinder, into: Pathfinder, on: date, reason: str, fingerprint: str = ""
) -> Entry:
    """From `on` the pathfinder is no more, and its consortia stand in `into`; consortia and members stay as they are.

    Its wave, as released, is not edited. Raises Refused where one of the two does not stand before that day, for a
    circle, and 412 as `merge_consortia` does.
    """
    return carry_out(
        by=by,
        action="merge_pathfinders",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draw_pathfinder_merger(draft, pathfinder=pathfinder, into=into),
    )

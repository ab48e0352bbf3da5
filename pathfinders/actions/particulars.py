"""A consortium or pathfinder is called otherwise; a pathfinder goes live (domain.md rules 11 and 14)."""

from __future__ import annotations

from datetime import date

from consortia.models import Consortium
from pathfinders.actions.reshaping import carry_out
from pathfinders.models import Pathfinder
from pathfinders.succession.draft import CONSORTIA, PATHFINDERS
from pathfinders.succession.pathfinders import draw_going_live, going_live_kind
from pathfinders.succession.plan import refuse_name
from registry import clock
from registry.models import Entry, User


def rename_consortium(
    *, by: User, consortium: Consortium, name: str, on: date, reason: str, fingerprint: str = ""
) -> Entry:
    """It bears the name from `on`, until the next that is recorded; it stays the same consortium.

    Raises Refused: 409 where it is none on the day; 422 without a name, with the same one, or without a reason.
    """
    return carry_out(
        by=by,
        action="rename_consortium",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draft.rename(CONSORTIA, consortium, refuse_name(name)),
    )


def rename_pathfinder(
    *, by: User, pathfinder: Pathfinder, name: str, on: date, reason: str, fingerprint: str = ""
) -> Entry:
    """As `rename_consortium`. The wave as released keeps the name that was announced."""
    return carry_out(
        by=by,
        action="rename_pathfinder",
        on=on,
        reason=reason,
        fingerprint=fingerprint,
        draw=lambda draft: draft.rename(PATHFINDERS, pathfinder, refuse_name(name)),
    )


def set_going_live(
    *, by: User, pathfinder: Pathfinder, goes_live_on: date | None, reason: str, fingerprint: str = ""
) -> Entry:
    """The day on which a pathfinder goes live, or None where it is not known any more (rule 11).

    A day to come, told or moved, is an event of today; a day that has passed, told late or put right, holds for the
    pathfinder's whole life. Raises Refused: 409 where it is no pathfinder today, or it is said already; 422 before its
    announcement.
    """
    return carry_out(
        by=by,
        action="set_going_live",
        on=clock.today(),
        reason=reason,
        fingerprint=fingerprint,
        kind=going_live_kind(pathfinder, goes_live_on),
        draw=lambda draft: draw_going_live(draft, pathfinder=pathfinder, goes_live_on=goes_live_on),
    )

"""Parts of the lead's home: the people covered, and the members that need a look first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from consortia.models import MembershipStatus
from consortia.waiting import Waiting
from pathfinders.reads import own_members, practices
from pathfinders.views.public.base import people_words
from pathfinders.views.public.practices import MEMBERSHIP_TAGS, with_counts
from registry.moment import Moment
from registry.pages.tables import Column, Table

MOST = 10
"""Members that a home page shows of one consortium; the list has all."""
STATE_TAGS = MEMBERSHIP_TAGS | {"claimed": ("Unanswered", "blue")}
MEMBER = Column("code", "Practice", href="/lead/consortia/{ref}/members/{code}/")
NAME = Column("name", "Name")
STATE = Column("status", "State", kind="tag", tags=STATE_TAGS)
AGE = Column("days", "Member for", show=lambda row: age_words(row["days"]))
HOW = Column("how", "Answer", show=own_members.how)


def age_words(days: int | None) -> str:
    if days is None:
        return "from before all records"
    if days < 0:
        return "not yet"
    return "today" if days == 0 else f"{days:,} day{'' if days == 1 else 's'}"


def people_of(user: Any, moment: Moment, found: Sequence[Waiting]) -> dict[str, dict[str, Any]]:
    """By reference, the people on the lists of the members that count (domain.md rule 6). One query."""
    refs = [w.consortium.ref for w in found]
    if not refs:
        return {}
    rows: dict[str, list[dict[str, Any]]] = {ref: [] for ref in refs}
    wanted = with_counts(practices.rows(user, moment)).filter(consortium_ref__in=refs)
    for row in wanted.order_by("code"):
        if row["counts"]:
            rows[row["consortium_ref"]].append(row)
    return {ref: people_words(mine) for ref, mine in rows.items()}


def members_first(user: Any, moment: Moment, found: Sequence[Waiting]) -> dict[str, Table]:
    """By reference, the members that are not confirmed, disputes first, then the oldest claims."""
    consortia = [w.consortium for w in found]
    if not consortia:
        return {}
    rows = own_members.rows(user, moment, consortia).exclude(
        status__in=[MembershipStatus.CONFIRMED, MembershipStatus.ALLOCATED]
    )
    mine: dict[str, list[dict[str, Any]]] = {}
    for row in rows.order_by(F("since").asc(nulls_first=True), "code"):
        mine.setdefault(row["ref"], []).append(row)
    shown = {ref: sorted(rows, key=_pressing)[:MOST] for ref, rows in mine.items()}
    own_members.finish(user, moment, [row for rows in shown.values() for row in rows])
    columns = (MEMBER, NAME, STATE, AGE, HOW)
    return {
        ref: Table(columns, rows, "Members that are not confirmed", caption_spoken=True) for ref, rows in shown.items()
    }


def _pressing(row: dict[str, Any]) -> bool:
    return row["status"] != MembershipStatus.DISPUTED

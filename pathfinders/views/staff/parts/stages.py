"""What PCTs and SHAs say of a bid: for staff's page of it, and for their own."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from pathfinders.models import Bid, Stage, StageFinding
from pathfinders.views.shown import FINDING_TAGS, STAGE_TAGS, VIEW_TAGS
from practices.models import BodyParticulars
from registry import clock

Tag = tuple[str, str]


class Told(NamedTuple):
    """One stage for reading. `before`: the day after its reply on which the bid came back changed, or None."""

    stage: Stage
    name: str
    code: str
    tag: Tag
    view: Tag | None
    findings: list[tuple[StageFinding, Tag]]
    before: date | None


def stages_of(bid: Bid, user: Any) -> list[Told]:
    """The stages that the user may read, SHAs first. A handful of queries for any number."""
    found = list(
        Stage.objects.visible_to(user)
        .filter(bid=bid)
        .select_related("body", "replied_by")
        .prefetch_related("findings__criterion")
        .order_by("-kind", "body__code")
    )
    names = body_names([s.body_id for s in found], bid.as_at)
    back = bid.returns.visible_to(user).filter(answered_on__isnull=False).order_by("-number").first()
    today = clock.today()
    return [_told(s, names.get(s.body_id, ""), back.answered_on if back else None, today) for s in found]


def body_names(bodies: list[int], day: date) -> dict[int, str]:
    told = BodyParticulars.objects.current().filter(body__in=bodies, effective__contains=day)
    return dict(told.values_list("body", "name"))


def _told(stage: Stage, name: str, back: date | None, today: date) -> Told:
    before = back if back and stage.replied_on and stage.replied_on < back else None
    return Told(
        stage,
        name or stage.body.code,
        stage.body.code,
        STAGE_TAGS[stage.status(today)],
        VIEW_TAGS[stage.view] if stage.view else None,
        [(f, FINDING_TAGS[f.finding]) for f in stage.findings.all()],
        before,
    )

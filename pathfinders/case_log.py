"""What happened to a bid, step by step, as its case log tells programme staff (architecture.md section 3)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from pathfinders.models import Bid
from pathfinders.states import ACTIONS
from registry.models import User

DONE = {name: action.done for name, action in ACTIONS.items()} | {
    "draft_bid": "drafted",
    "edit_bid": "edited: details",
    "set_consortia": "edited: consortia",
    "set_practices": "edited: practices",
    "answer_criterion": "edited: evidence",
    "attach": "edited: files",
    "remove_attachment": "edited: files",
    "set_leaders": "edited: leaders",
    "release_wave": "released with its wave",
}


def _told(context: dict, logged: datetime) -> datetime:
    """By the register's clock, which is a demonstration's story time; where that was not kept, when it was logged."""
    return datetime.fromisoformat(context["at"]) if "at" in context else logged


class Happened(NamedTuple):
    at: datetime
    what: str
    who: str


def opened_for(bid: Bid) -> str:
    """The minister for whom the bid was opened for the decision that is to come; "" where it was not."""
    log = Bid.pgh_event_model.objects.filter(pgh_obj_id=bid.pk, decision_number=bid.decision_number)  # type: ignore[attr-defined]
    contexts = log.order_by("-pgh_id").values_list("pgh_context__metadata", flat=True)
    return next((c["on_behalf_of"] for c in contexts if c and c.get("action") == "reverse"), "")


def _done(context: dict[str, str], wave: int | None, *, first: bool) -> str:
    """What a step did, after which the bid was in `wave`; where it was taken for a minister, for whom and why."""
    action = context.get("action", "")
    if first and action == "resubmit":
        return "drafted from the bid before it"
    if action == "put_in_wave" and wave is None:
        return "taken out of its wave"
    what = DONE.get(action, "changed")
    minister = context.get("on_behalf_of")
    return f"{what}, {minister}: {context.get('reason', '')}" if minister else what


def history(bid: Bid) -> list[Happened]:
    """Newest first; steps of one kind by one person in a row are told once. Two queries."""
    log = Bid.pgh_event_model.objects.filter(pgh_obj_id=bid.pk).order_by("pgh_id")  # type: ignore[attr-defined]
    kept = log.values_list("pgh_created_at", "wave_id", "pgh_context__metadata")
    rows = [(at, wave, (context or {})) for at, wave, context in kept]
    people = {u.ref: str(u) for u in User.objects.filter(ref__in={c.get("actor", "") for *_, c in rows})}
    told: list[Happened] = []
    for at, wave, context in rows:
        actor = context.get("actor", "")
        what = _done(context, wave, first=not told)
        happened = Happened(
            _told(context, at), what[:1].upper() + what[1:], people.get(actor, actor or "the register")
        )
        if told and told[-1][1:] == happened[1:]:
            told.pop()
        told.append(happened)
    return told[::-1]

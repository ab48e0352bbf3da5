"""How states and outcomes look: words and colours, in one place."""

from __future__ import annotations

from pathfinders.models import BidState, FindingValue, Outcome, StageStatus, View
from pathfinders.service import Standing
from pathfinders.states import SHOWN_LABELS

COLOURS = {
    "draft": "grey",
    "under_assessment": "blue",
    "submitted": "blue",
    "assessing": "yellow",
    "returned": "orange",
    "assessed": "purple",
    "decided": "orange",
    "released": "green",
    "withdrawn": "grey",
}
#: as the bidder, PCT and SHA see states
STATE_TAGS = {state: (label, COLOURS[state]) for state, label in SHOWN_LABELS.items()}
#: as staff see them
STAFF_TAGS = {state.value: (str(state.label).partition(",")[0], COLOURS[state.value]) for state in BidState}

OUTCOME_TAGS = {
    "": ("Not decided", "grey"),
    Outcome.APPROVED.value: ("Approved", "green"),
    Outcome.CONDITIONS.value: ("Approved with conditions", "aqua-green"),
    Outcome.DEFERRED.value: ("Deferred to a later wave", "yellow"),
    Outcome.DECLINED.value: ("Declined", "red"),
}
OUTSIDE_TAG = "Outside the published criteria"
"""Said of a reason, and of each decision that gives it, wherever either shows (domain.md rule 13)."""
FINDING_TAGS = {
    FindingValue.MET.value: ("Met", "green"),
    FindingValue.PARTLY.value: ("Partly met", "yellow"),
    FindingValue.NOT.value: ("Not met", "red"),
    FindingValue.CANNOT_TELL.value: ("Cannot tell", "grey"),
}
STAGE_TAGS = {
    StageStatus.WAITING.value: ("Waiting for a reply", ""),
    StageStatus.REPLIED.value: ("Replied", "green"),
    StageStatus.LATE.value: ("Replied after its date", "yellow"),
    StageStatus.NO_REPLY.value: ("No reply", "grey"),
}
VIEW_TAGS = {
    View.SUPPORT.value: ("Supports the bid", "green"),
    View.RESERVATIONS.value: ("Supports it with reservations", "yellow"),
    View.AGAINST.value: ("Does not support it", "red"),
}
CLOCK_TAGS = {
    Standing.IN_TIME.value: ("In time", "green"),
    Standing.SOON.value: ("Due soon", "yellow"),
    Standing.OVERDUE.value: ("Overdue", "red"),
    Standing.PAUSED.value: ("Clock stands still", "grey"),
}

"""How states and outcomes look: words and colours, in one place."""

from __future__ import annotations

from pathfinders.models import BidState, FindingValue, Outcome
from pathfinders.states import SHOWN_LABELS

COLOURS = {
    "draft": "grey",
    "under_assessment": "blue",
    "submitted": "blue",
    "assessing": "yellow",
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
FINDING_TAGS = {
    FindingValue.MET.value: ("Met", "green"),
    FindingValue.PARTLY.value: ("Partly met", "yellow"),
    FindingValue.NOT.value: ("Not met", "red"),
    FindingValue.CANNOT_TELL.value: ("Cannot tell", "grey"),
}

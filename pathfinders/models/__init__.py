from pathfinders.models.bid import Bid
from pathfinders.models.bid_parts import Answer, BidConsortium, BidPractice
from pathfinders.models.claim import AnnouncedClaim, Extent, Metric, Reconciliation, Rounding, ScopeKind
from pathfinders.models.criteria import NATIONAL, CriteriaSet, Criterion
from pathfinders.models.decision import Decision
from pathfinders.models.finding import Finding, FindingValue
from pathfinders.models.pathfinder import Pathfinder, PathfinderParticulars, ProgrammePlace
from pathfinders.models.reason import REASON_KINDS, Reason
from pathfinders.models.released import (
    APPROVALS,
    LeftOutAtRelease,
    Outcome,
    ReleasedDecision,
    ReleasedFinding,
)
from pathfinders.models.wave import Wave, WaveRelease, WaveState
from pathfinders.states import BidState

__all__ = [
    "APPROVALS",
    "NATIONAL",
    "REASON_KINDS",
    "AnnouncedClaim",
    "Answer",
    "Bid",
    "BidConsortium",
    "BidPractice",
    "BidState",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "Extent",
    "Finding",
    "FindingValue",
    "LeftOutAtRelease",
    "Metric",
    "Outcome",
    "Pathfinder",
    "PathfinderParticulars",
    "ProgrammePlace",
    "Reason",
    "Reconciliation",
    "ReleasedDecision",
    "ReleasedFinding",
    "Rounding",
    "ScopeKind",
    "Wave",
    "WaveRelease",
    "WaveState",
]

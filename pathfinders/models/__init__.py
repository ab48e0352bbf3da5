from pathfinders.models.bid import Bid
from pathfinders.models.bid_parts import Answer, Attachment, BidConsortium, BidLeader, BidPractice, ClaimAnswer
from pathfinders.models.claim import AnnouncedClaim, Extent, Metric, Reconciliation, Rounding, ScopeKind
from pathfinders.models.condition import Condition, ReleasedCondition
from pathfinders.models.criteria import NATIONAL, CriteriaSet, Criterion
from pathfinders.models.decision import Decision
from pathfinders.models.finding import Finding, FindingValue
from pathfinders.models.letter_template import LetterTemplate
from pathfinders.models.pathfinder import Pathfinder, PathfinderParticulars, ProgrammePlace
from pathfinders.models.reason import REASON_KINDS, Reason
from pathfinders.models.released import (
    APPROVALS,
    LeaderInterest,
    LeftOutAtRelease,
    Outcome,
    ReleasedDecision,
    ReleasedFinding,
)
from pathfinders.models.returned import Return
from pathfinders.models.review import Review, ReviewOutcome, Withdrawal, WithdrawalOutcome
from pathfinders.models.staff_interest import StaffInterest
from pathfinders.models.stage import Stage, StageFinding, StageKind, StageStatus, View
from pathfinders.models.succession import PathfinderSuccession
from pathfinders.models.wave import Wave, WaveRelease, WaveState
from pathfinders.states import BidState

__all__ = [
    "APPROVALS",
    "NATIONAL",
    "REASON_KINDS",
    "AnnouncedClaim",
    "Answer",
    "Attachment",
    "Bid",
    "BidConsortium",
    "BidLeader",
    "BidPractice",
    "BidState",
    "ClaimAnswer",
    "Condition",
    "CriteriaSet",
    "Criterion",
    "Decision",
    "Extent",
    "Finding",
    "FindingValue",
    "LeaderInterest",
    "LeftOutAtRelease",
    "LetterTemplate",
    "Metric",
    "Outcome",
    "Pathfinder",
    "PathfinderParticulars",
    "PathfinderSuccession",
    "ProgrammePlace",
    "Reason",
    "Reconciliation",
    "ReleasedCondition",
    "ReleasedDecision",
    "ReleasedFinding",
    "Return",
    "Review",
    "ReviewOutcome",
    "Rounding",
    "ScopeKind",
    "StaffInterest",
    "Stage",
    "StageFinding",
    "StageKind",
    "StageStatus",
    "View",
    "Wave",
    "WaveRelease",
    "WaveState",
    "Withdrawal",
    "WithdrawalOutcome",
]

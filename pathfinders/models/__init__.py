from pathfinders.models.announcement import (
    Announcement,
    DraftClaim,
    DraftServiceClaim,
    ServiceClaim,
    ServiceStatus,
    WaveAnnouncement,
    WaveListing,
)
from pathfinders.models.bid import Bid
from pathfinders.models.bid_parts import Answer, Attachment, BidConsortium, BidLeader, BidPractice, ClaimAnswer
from pathfinders.models.claim import AnnouncedClaim, Extent, Metric, Reconciliation, Rounding, ScopeKind
from pathfinders.models.condition import Condition, ReleasedCondition
from pathfinders.models.criteria import NATIONAL, CriteriaSet, Criterion
from pathfinders.models.decision import Decision
from pathfinders.models.embargo_view import EmbargoView
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
from pathfinders.models.scenario import Scenario
from pathfinders.models.snapshot import PublishedFile, PublishedSnapshot, SnapshotWhy
from pathfinders.models.staff_interest import StaffInterest
from pathfinders.models.stage import Stage, StageFinding, StageKind, StageStatus, View
from pathfinders.models.succession import PathfinderSuccession
from pathfinders.models.wave import (
    FrozenList,
    Wave,
    WaveDate,
    WaveDateKind,
    WaveDay,
    WaveManifest,
    WaveRelease,
    WaveStep,
)
from pathfinders.states import BidState
from pathfinders.wave_states import WaveState

__all__ = [
    "APPROVALS",
    "NATIONAL",
    "REASON_KINDS",
    "PublishedFile",
    "PublishedSnapshot",
    "SnapshotWhy",
    "AnnouncedClaim",
    "Announcement",
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
    "DraftClaim",
    "DraftServiceClaim",
    "EmbargoView",
    "Extent",
    "Finding",
    "FindingValue",
    "FrozenList",
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
    "Scenario",
    "ScopeKind",
    "ServiceClaim",
    "ServiceStatus",
    "StaffInterest",
    "Stage",
    "StageFinding",
    "StageKind",
    "StageStatus",
    "View",
    "Wave",
    "WaveAnnouncement",
    "WaveDate",
    "WaveDateKind",
    "WaveDay",
    "WaveListing",
    "WaveManifest",
    "WaveRelease",
    "WaveState",
    "WaveStep",
    "Withdrawal",
    "WithdrawalOutcome",
]

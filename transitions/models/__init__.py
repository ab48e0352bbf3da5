from transitions.models.allowance import Allowance, AllowanceKind, WeightedPopulation
from transitions.models.budget import STATUTORY_FROM, WHOLE, BudgetLine, Delegation, Level
from transitions.models.cluster import Cluster, ClusterKind, ClusterParticulars, ClusterPlace
from transitions.models.evidence import (
    Evidence,
    EvidenceDocument,
    EvidenceKind,
    EvidenceParticulars,
    rank_of,
    voice_of,
)
from transitions.models.local_body import LocalBody, LocalBodyParticulars, LocalBodyStatus
from transitions.models.milestone import Milestone
from transitions.models.role_ending import RoleEnding
from transitions.models.stage import PlannedStage, TransitionStage
from transitions.models.survey import (
    GIVEN,
    Asked,
    Survey,
    SurveyAnswer,
    SurveyCount,
    SurveyParticulars,
    SurveyReply,
)
from transitions.models.word import TransitionWord, TransitionWordKind

__all__ = [
    "GIVEN",
    "STATUTORY_FROM",
    "WHOLE",
    "Allowance",
    "AllowanceKind",
    "Asked",
    "BudgetLine",
    "Cluster",
    "ClusterKind",
    "ClusterParticulars",
    "ClusterPlace",
    "Delegation",
    "Evidence",
    "EvidenceDocument",
    "EvidenceKind",
    "EvidenceParticulars",
    "Level",
    "LocalBody",
    "LocalBodyParticulars",
    "LocalBodyStatus",
    "Milestone",
    "PlannedStage",
    "RoleEnding",
    "Survey",
    "SurveyAnswer",
    "SurveyCount",
    "SurveyParticulars",
    "SurveyReply",
    "TransitionStage",
    "TransitionWord",
    "TransitionWordKind",
    "WeightedPopulation",
    "rank_of",
    "voice_of",
]

from practices.models.branch import Branch
from practices.models.parent_body import (
    PCT_KINDS,
    BodyKind,
    BodyParticulars,
    BodySuccession,
    Outline,
    ParentBody,
    SuccessionKind,
)
from practices.models.practice import (
    GP_PRACTICE,
    LIVING,
    ListSize,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
    SourceVintage,
    Status,
)
from practices.models.practice_succession import PracticeMergerKind, PracticeSuccession

__all__ = [
    "GP_PRACTICE",
    "LIVING",
    "PCT_KINDS",
    "BodyKind",
    "BodyParticulars",
    "BodySuccession",
    "Branch",
    "ListSize",
    "Outline",
    "ParentBody",
    "Practice",
    "PracticeParent",
    "PracticeParticulars",
    "PracticePlace",
    "PracticeStatus",
    "PracticeMergerKind",
    "PracticeSuccession",
    "SourceVintage",
    "Status",
    "SuccessionKind",
]

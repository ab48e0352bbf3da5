from practices.models.branch import Branch
from practices.models.identifier import BodyIdentifier, Scheme, Standing
from practices.models.operational_life import OperationalLife
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
    bare_postcode,
)
from practices.models.practice_succession import PracticeMergerKind, PracticeSuccession

__all__ = [
    "GP_PRACTICE",
    "LIVING",
    "PCT_KINDS",
    "BodyIdentifier",
    "BodyKind",
    "BodyParticulars",
    "BodySuccession",
    "Branch",
    "ListSize",
    "OperationalLife",
    "Outline",
    "ParentBody",
    "Practice",
    "PracticeParent",
    "PracticeParticulars",
    "PracticePlace",
    "PracticeStatus",
    "PracticeMergerKind",
    "PracticeSuccession",
    "Scheme",
    "SourceVintage",
    "Standing",
    "Status",
    "SuccessionKind",
    "bare_postcode",
]

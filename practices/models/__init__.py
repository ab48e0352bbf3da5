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
    ListSize,
    Practice,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
    SourceVintage,
    Status,
)

__all__ = [
    "GP_PRACTICE",
    "PCT_KINDS",
    "BodyKind",
    "BodyParticulars",
    "BodySuccession",
    "ListSize",
    "Outline",
    "ParentBody",
    "Practice",
    "PracticeParent",
    "PracticeParticulars",
    "PracticePlace",
    "PracticeStatus",
    "SourceVintage",
    "Status",
    "SuccessionKind",
]

"""What each resource answers. Fields are added at the end, never renamed or dropped within version 1.

A nested serializer `pct` is filled from the columns `pct_code` and `pct_name` of the read's row.
"""

from __future__ import annotations

from pathfinders.api.serializers.bodies import BodyFields, BodySuccession, Identifier, Parent, Pct, Sha, Succeeded
from pathfinders.api.serializers.claims import Announcement, ClaimSource, Service
from pathfinders.api.serializers.coverage import Coverage, CoverageAnswer, DenominatorUsed
from pathfinders.api.serializers.decisions import (
    ConditionSet,
    Decision,
    DecisionFigures,
    DecisionSummary,
    Finding,
    ReasonGiven,
)
from pathfinders.api.serializers.groups import Consortium, Leader, Membership, Pathfinder, Succession
from pathfinders.api.serializers.practices import Branch, Practice, Unaffiliated
from pathfinders.api.serializers.programme import Milestone
from pathfinders.api.serializers.refs import BodyRef, GroupRef, ParentRef, PersonRef
from pathfinders.api.serializers.register import ChangeEntry, Changes, DictionaryAnswer, DictionaryField, Index
from pathfinders.api.serializers.waves import AnnouncementWords, Wave, WaveDay

__all__ = [
    "Announcement",
    "AnnouncementWords",
    "BodyFields",
    "BodyRef",
    "BodySuccession",
    "Branch",
    "ChangeEntry",
    "Changes",
    "ClaimSource",
    "ConditionSet",
    "Consortium",
    "Coverage",
    "CoverageAnswer",
    "Decision",
    "DecisionFigures",
    "DecisionSummary",
    "DenominatorUsed",
    "DictionaryAnswer",
    "DictionaryField",
    "Finding",
    "GroupRef",
    "Identifier",
    "Index",
    "Leader",
    "Membership",
    "Milestone",
    "Parent",
    "ParentRef",
    "Pathfinder",
    "Pct",
    "PersonRef",
    "Practice",
    "ReasonGiven",
    "Service",
    "Sha",
    "Succeeded",
    "Succession",
    "Unaffiliated",
    "Wave",
    "WaveDay",
]

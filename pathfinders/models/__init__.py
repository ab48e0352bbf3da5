from pathfinders.models.pathfinder import Pathfinder, PathfinderParticulars, ProgrammePlace
from pathfinders.models.released import (
    APPROVALS,
    LeftOutAtRelease,
    Outcome,
    ReleasedDecision,
    ReleasedFinding,
)
from pathfinders.models.wave import Wave, WaveRelease, WaveState

__all__ = [
    "APPROVALS",
    "LeftOutAtRelease",
    "Outcome",
    "Pathfinder",
    "PathfinderParticulars",
    "ProgrammePlace",
    "ReleasedDecision",
    "ReleasedFinding",
    "Wave",
    "WaveRelease",
    "WaveState",
]

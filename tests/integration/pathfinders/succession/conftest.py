from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from consortia.models import Consortium
from pathfinders.models import Pathfinder
from practices.models import Practice
from registry.models import User
from tests import factories as make
from tests import programme as told

FOUNDED = date(2010, 12, 8)


@dataclass
class Land:
    """Two pathfinders: North and South in PF0001, East in PF0002; West in none. Three practices each, of 1,000."""

    admin: User
    lead: User
    groups: dict[str, Consortium]
    members: dict[str, list[Practice]]
    one: Pathfinder
    two: Pathfinder


@pytest.fixture
def land(db: None) -> Land:
    pct = make.make_pct("5QV")
    groups, members = {}, {}
    for number, name in enumerate(("North", "South", "East", "West"), start=1):
        groups[name] = make.make_consortium(f"GC000{number}", name=name, form="company", start=FOUNDED)
        members[name] = [make.make_practice(f"Z0{number}00{n}", pct=pct, patients=1_000) for n in (1, 2, 3)]
        for practice in members[name]:
            make.make_membership(practice, groups[name], FOUNDED)
    one = make.make_pathfinder("PF0001", consortia=[groups["North"], groups["South"]], name="One")
    two = make.make_pathfinder("PF0002", consortia=[groups["East"]], name="Two")
    return Land(
        told.people().admin, told.person(consortium_lead="GC0001", name="Nora North"), groups, members, one, two
    )

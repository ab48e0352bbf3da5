"""A small land of consortia, their leads and their practices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from consortia.models import Consortium
from practices.models import Practice
from registry.models import User
from tests import factories as make
from tests import programme as told

JOINED = date(2011, 1, 1)


@dataclass
class Land:
    """Two consortia, GC0001 and GC0002, each with a lead; Z00001 and Z00002 members of the first; managers of Z00001."""

    north: Consortium
    south: Consortium
    practices: list[Practice]
    lead: User
    other: User
    deputy: User
    manager: User
    admin: User
    pct: int


@pytest.fixture
def land(db: None) -> Land:
    pct = make.make_pct("5QV", last_day=None)
    north, south = make.make_consortium("GC0001", name="North"), make.make_consortium("GC0002", name="South")
    practices = [make.make_practice(f"Z0000{n}", pct=pct, name=f"SURGERY {n}", patients=1_000) for n in (1, 2, 3)]
    for practice in practices[:2]:
        make.make_membership(practice, north, JOINED)
    return Land(
        north,
        south,
        practices,
        lead=told.person(consortium_lead="GC0001", name="Nora North"),
        other=told.person(consortium_lead="GC0002", name="Sam South"),
        deputy=told.person(consortium_deputy="GC0001", name="Dee Deputy"),
        manager=told.person(practice_manager="Z00001", name="Max Manager"),
        admin=told.person("programme_admin", name="Addi Admin"),
        pct=pct.pk,
    )

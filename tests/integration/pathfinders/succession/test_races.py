"""Two people merge one consortium at once: one merger holds, the other is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from consortia.models import Consortium, ConsortiumSuccession
from pathfinders.actions import merge_consortia
from registry.errors import Refused
from registry.models import Entry, User
from tests import programme as told
from tests.factories import make_consortium, make_membership, make_practice
from tests.integration.pathfinders.programme.test_races import at_once
from tests.integration.pathfinders.succession.conftest import FOUNDED
from tests.integration.pathfinders.succession.test_mergers import ON, broken

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def unblocked(committed_db: Any, django_db_blocker: Any) -> Any:
    with django_db_blocker.unblock():
        yield


def merging(shared: Consortium, into: Consortium, admin: User) -> Callable[[], Entry]:
    return lambda: merge_consortia(by=admin, consortia=[shared], into=into, on=ON, reason="At once.")


def test_one_consortium_merges_once() -> None:
    admin = told.people().admin
    for _ in range(5):
        shared, *others = (make_consortium(start=FOUNDED) for _ in range(3))
        make_membership(make_practice(), shared, FOUNDED)
        before = Entry.objects.count()
        outcomes = at_once(*[merging(shared, other, admin) for other in others])
        lost = [o for o in outcomes if isinstance(o, Refused)]
        assert len(lost) == 1 and lost[0].status == 409
        assert Entry.objects.count() == before + 1
        assert ConsortiumSuccession.objects.current().filter(predecessor=shared).count() == 1
    assert not broken()

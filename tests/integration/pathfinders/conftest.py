"""The small England of most reads."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import programme as told
from tests.support import databases
from tests.support.eight_practices import eight_practices
from tests.support.handover import hand_over


@pytest.fixture(scope="session")
def written_england(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[databases.World]:
    """Those eight practices, and a trust that hands over, written once for all the tests of a worker."""
    with django_db_blocker.unblock(), databases.world(handing_over) as made:
        yield made


def handing_over() -> SimpleNamespace:
    england = eight_practices()
    hand_over(told.person("programme_admin"), england.aa, england.one)
    return england


@pytest.fixture
def england(written_england: databases.World, django_db_blocker: DjangoDbBlocker) -> Iterator[SimpleNamespace]:
    """`eight_practices()`; what a test writes is taken back after it. Not to be used together with `db`."""
    with django_db_blocker.unblock(), databases.entered(written_england.name), transaction.atomic():
        yield written_england.made()
        transaction.set_rollback(True)

"""What Postgres itself refuses of a drafted announcement, each shown by a change that goes past the action."""

from __future__ import annotations

import pytest
from django.db import connection

from pathfinders.models import Announcement, DraftClaim, DraftServiceClaim
from tests.integration.pathfinders.announcement.scenes import SERVICE, scene
from tests.support.floor import broken

pytestmark = pytest.mark.django_db
MODELS = (Announcement, DraftClaim, DraftServiceClaim)
BREAKERS = {
    "announcement_says_something": lambda: Announcement.objects.update(text=""),
    "one_draft_claim_a_position": lambda: DraftClaim.objects.update(position=1),
    "draft_claim_worded": lambda: DraftClaim.objects.filter(position=1).update(words=""),
    "one_draft_service_a_position": lambda: DraftServiceClaim.objects.update(position=1),
    "draft_service_says_of_whom_and_what": lambda: DraftServiceClaim.objects.filter(position=1).update(specialty=""),
}


def test_every_constraint_is_tried():
    assert {c.name for model in MODELS for c in model._meta.constraints} == set(BREAKERS)


def test_each_constraint_refuses_what_breaks_it():
    third = scene()
    third.announce(services=[SERVICE, SERVICE])
    for name, change in BREAKERS.items():
        assert broken(change) == name


@pytest.mark.parametrize("model", MODELS)
def test_the_log_of_a_draft_stays(db, model):
    def change():
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model.pgh_event_model._meta.db_table}")

    assert "a case log is never deleted" in broken(change)


def test_the_log_keeps_the_claims_that_were_replaced():
    third = scene()
    third.announce()
    third.announce(claims=[])
    log = DraftClaim.pgh_event_model.objects
    assert not DraftClaim.objects.exists() and log.filter(words="5 practices").exists()

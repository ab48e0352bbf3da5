from datetime import timedelta

import pytest

from registry import clock
from registry.models import RoleGrant
from registry.pages import areas

pytestmark = pytest.mark.django_db


def test_the_bar_shows_the_areas_of_the_roles_held_today(user):
    today = clock.today()
    RoleGrant.objects.create(
        user=user, role="pct_lead", object_kind="pct", object_ref="5LE", period=(today, None), given_by="system"
    )
    RoleGrant.objects.create(
        user=user, role="assessor", period=(today - timedelta(9), today - timedelta(1)), given_by="system"
    )
    assert [area.label for area in areas.areas_for(user)] == ["PCT"]


def test_adding_an_area_twice_adds_it_once():
    before = list(areas._areas)
    areas.add_area("Lead", "/lead/", roles={"consortium_lead", "consortium_deputy"})
    assert areas._areas == before

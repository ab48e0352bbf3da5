from datetime import timedelta

import pytest

from registry import clock
from registry.models import RoleGrant
from registry.pages import areas
from registry.pages.context import marked


@pytest.fixture
def own_areas():
    """The list of areas, emptied for one test."""
    before, areas._areas[:] = list(areas._areas), []
    yield areas._areas
    areas._areas[:] = before


@pytest.mark.django_db
def test_the_bar_shows_the_areas_of_the_roles_held_today(user, own_areas):
    areas.add_area("Staff", "/staff/", roles={"assessor"}, superuser=True)
    areas.add_area("PCT", "/pct/", roles={"pct_lead"})
    today = clock.today()
    RoleGrant.objects.create(
        user=user, role="pct_lead", object_kind="pct", object_ref="5LE", period=(today, None), given_by="system"
    )
    RoleGrant.objects.create(
        user=user, role="assessor", period=(today - timedelta(9), today - timedelta(1)), given_by="system"
    )
    assert [area.label for area in areas.areas_for(user)] == ["PCT"]


def test_adding_an_area_twice_adds_it_once(own_areas):
    areas.add_area("Staff", "/staff/", roles={"assessor"})
    areas.add_area("Staff", "/staff/", roles={"assessor"})
    assert len(own_areas) == 1


@pytest.mark.parametrize(("path", "current"), [("/staff/bids/1/", "a"), ("/staff/waves/2/", "b"), ("/", None)])
def test_one_link_at_most_is_the_current_one(path, current):
    links = marked([("a", "/staff/"), ("b", "/staff/waves/")], path)
    assert [label for label, _, here in links if here] == ([current] if current else [])

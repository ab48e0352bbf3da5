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


class Holder:
    """Whoever holds the role "admin"."""

    is_authenticated, is_superuser = True, False

    def roles(self) -> set[str]:
        return {"admin"}


@pytest.mark.parametrize(
    ("path", "themes", "pages"),
    [
        ("/staff/bids/1/", "*Work Register Own", "*Bids Errors"),
        ("/staff/errors/", "*Work Register Own", "Bids *Errors"),
        ("/staff/practices/Z1/", "Work *Register Own", "*Bodies Imports"),
        ("/own/", "Work Register *Own", ""),
        ("/", "Work Register Own", ""),
    ],
)
def test_the_bar_has_a_link_for_each_theme_and_the_pages_of_the_theme_one_is_in(own_areas, path, themes, pages):
    for label, href, theme, also in (
        ("Bids", "/staff/", "Work", ()),
        ("Bodies", "/staff/register/", "Register", ("/staff/practices/",)),
        ("Errors", "/staff/errors/", "Work", ()),
        ("Imports", "/staff/imports/", "Register", ()),
        ("Own", "/own/", "Alone", ()),
        ("Another’s", "/staff/other/", "Work", ()),
    ):
        roles = {"admin"} if label != "Another’s" else {"lead"}
        areas.add_area(label, href, roles=roles, theme=theme, also=also)
    first, second = areas.bar_for(Holder(), path)
    assert [" ".join("*" * here + label for label, _, here in links) for links in (first, second)] == [themes, pages]
    assert [href for _, href, _ in first] == ["/staff/", "/staff/register/", "/own/"]


@pytest.mark.parametrize(("path", "current"), [("/staff/bids/1/", "a"), ("/staff/waves/2/", "b"), ("/", None)])
def test_one_link_at_most_is_the_current_one(path, current):
    links = marked([("a", "/staff/"), ("b", "/staff/waves/")], path)
    assert [label for label, _, here in links if here] == ([current] if current else [])

"""The factories write rows that the models accept."""

from datetime import date

import pytest

from consortia.models import Membership
from registry.feed import broken_links
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_the_factories_write_an_unbroken_register():
    pct = make.make_pct(sha=make.make_sha())
    practice = make.make_practice(pct=pct, patients=5000, place=("-0.1", "51.5"), last_day=date(2012, 3, 31))
    group = make.make_consortium()
    make.make_membership(practice, group)
    make.make_pathfinder(consortia=[group])
    make.make_wave()
    make.make_list_size(practice, "2011Q1", 5100)
    assert list(broken_links()) == []
    assert Membership.objects.at(make.at(date(2011, 2, 1))).get().consortium == group

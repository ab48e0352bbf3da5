"""A wave that fails at its time in a way nobody foresaw keeps no other from its own."""

from datetime import timedelta

import pytest

from pathfinders import actions
from pathfinders.due import run_due
from pathfinders.models import FrozenList, Wave
from registry import clock
from tests import programme as told

pytestmark = pytest.mark.django_db


def test_the_other_wave_goes_and_the_failure_is_raised():
    who, soon = told.people(), clock.now() + timedelta(minutes=1)
    if clock.london_date(soon) != clock.today():
        pytest.skip("the London day ends within a minute")
    for number in (3, 4):
        wave = told.wave(who, number, announced_on=clock.today())
        told.decided(who, wave, name=f"Bid {number}")
        wave = told.ready(who, wave)
        actions.schedule_release(by=who.admin, wave=wave, version=wave.version, release_at=soon)
        Wave.objects.filter(pk=number).update(release_at=clock.now() - timedelta(minutes=9 - number))
    FrozenList.objects.create(
        wave_id=3, number=2, content={}, figures={}, sha256="a" * 64, frozen_by=who.admin, frozen_at=clock.now()
    )
    with pytest.raises(KeyError):
        run_due()
    assert [told.fresh(Wave(pk=n)).state for n in (3, 4)] == ["frozen", "released"]

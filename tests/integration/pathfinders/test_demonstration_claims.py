"""The claims of the demonstration: what the sources say of waves 1 to 5, accepted by the ordinary action, in order."""

from datetime import date
from decimal import Decimal

import pytest

from pathfinders.demonstration import calendar, claims
from pathfinders.models import AnnouncedClaim
from registry import clock
from registry.errors import Refused
from registry.models import Entry, Installation, User
from tests import factories as make

WAVES = (1, 2, 3, 4, 5)


@pytest.fixture
def told(db) -> None:
    """Five released waves, each with what was announced of it, on story time."""
    Installation.declare(demonstration=True)
    for wave in WAVES:
        with clock.story_time(clock.on_day(calendar.ANNOUNCED[wave], hour=9)):
            make.make_wave(wave, calendar.ANNOUNCED[wave])
        claims.record(User.objects.system(), wave)


def said(**about: object) -> set[tuple[int, str]]:
    about = {"scope_kind": "england"} | about
    return {(int(c.value), c.words) for c in AnnouncedClaim.objects.current().filter(**about)}


def test_each_wave_is_told_after_its_release_and_before_the_next(told) -> None:
    entries = list(Entry.objects.order_by("number").values_list("action", "at"))
    assert [at for _, at in entries] == sorted(at for _, at in entries)
    days = {"make_wave": [], "record_claims": []}
    for action, at in entries:
        days[action].append(clock.london_date(at))
    assert days["make_wave"] == [calendar.ANNOUNCED[w] for w in WAVES]
    assert days["record_claims"][:3] == [date(2010, 12, 8), date(2011, 1, 1), date(2011, 1, 12)]
    kinds = list(Entry.objects.filter(action="record_claims").order_by("number").values_list("kind", flat=True))
    assert kinds[:5] == ["event", "event", "event", "event", "event"] and kinds[5] == "late"  # of 1 April, on 4 April
    for claim in AnnouncedClaim.objects.select_related("opened_by"):
        assert claim.effective.lower <= clock.london_date(claim.opened_by.at)


def test_no_claim_of_a_wave_before_its_release(db) -> None:
    Installation.declare(demonstration=True)
    with pytest.raises(Refused, match="Wave 1 is not released"):
        claims.record(User.objects.system(), 1)


def test_the_press_that_disagrees_is_in_it(told) -> None:
    assert said(wave=1, metric="practices", scope="Red House Group", scope_kind="group") == {
        (3, "just three"), (1, "just one practice"), (3, "three surgeries"),
    }  # fmt: skip
    assert said(wave=2, metric="people") == {(15_500_000, "15.5m"), (28_600_000, "28.6m")}
    assert said(wave=3, metric="pathfinders") == {(40, "40 more"), (177, "177"), (177, "177 groups")}
    assert said(wave=4, metric="pathfinders") == {(42, "42"), (43, "43"), (220, "220 groups")}
    assert said(wave=5, metric="pathfinders") == {(35, "a further 35"), (257, "257")}
    assert said(wave=4, metric="share") == {(90, "nearly 90%"), (90, "90%"), (90, "9 out of 10")}
    assert said(wave=5, metric="share") == {(97, "97%"), (95, "more than 95%")}
    regions = AnnouncedClaim.objects.filter(scope_kind="sha", wave=2, metric="people")
    assert regions.count() == 9 and sum(c.value for c in regions) == Decimal(24_654_091)


def test_every_claim_has_a_source_and_no_note_is_left_a_word(told) -> None:
    assert AnnouncedClaim.objects.count() > 100
    for claim in AnnouncedClaim.objects.all():
        assert claim.url.startswith("http") or claim.publisher in (
            "Department of Health", "nhsvault", "Metro", "Healthcare Today",
        )  # fmt: skip
        assert claim.note == "" or claim.note.endswith("."), claim.note

"""What the release of a wave makes public of its announcement, and how its list by region is corrected."""

from __future__ import annotations

from datetime import date

import pytest

from pathfinders import actions
from pathfinders.models import (
    AnnouncedClaim,
    Announcement,
    Pathfinder,
    ServiceClaim,
    Wave,
    WaveAnnouncement,
    WaveListing,
)
from pathfinders.reads import announcements
from registry.errors import Refused
from registry.models import Entry
from registry.moment import Moment
from tests import programme as told
from tests.integration.pathfinders.announcement.scenes import GOOD, scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def released():
    third = scene()
    third.announce(notes="To editors.")
    third.freeze()
    third.release()
    return third


def test_one_entry_carries_announcement_list_claims_and_services(released):
    entry = Entry.objects.get(action="release_wave")
    words = WaveAnnouncement.objects.get()
    assert (words.title, words.text, words.notes) == ("The third wave", "Two groups join.", "To editors.")
    listed = dict(WaveListing.objects.values_list("pathfinder__particulars__name", "region"))
    assert listed == {"Leeds": "Q32", "Southwark": "Q36"}
    claims = list(AnnouncedClaim.objects.order_by("ref"))
    assert [(c.ref, c.words, c.publisher, c.published, c.wave, c.title) for c in claims[:2]] == [
        ("AC0001", "2 pathfinders", "Department of Health", "2011-03-02", 3, "The third wave"),
        ("AC0002", "5 practices", "Department of Health", "2011-03-02", 3, "The third wave"),
    ]
    service = ServiceClaim.objects.get()
    assert (service.ref, service.wave, service.publisher, service.status) == (
        "AS0001",
        3,
        "Department of Health",
        "planned",
    )
    facts = [words, service, *claims, *WaveListing.objects.all()]
    assert {f.opened_by_id for f in facts} == {entry.number} and {f.effective.lower for f in facts} == {
        told.ANNOUNCED_ON
    }


def test_the_figures_of_the_claims_are_those_that_the_draft_was_compared_with(released):
    rows = announcements.finish(None, Moment.now(), list(announcements.of_wave(None, Moment.now(), 3)))
    assert [(r["words"], r["figure_then"], r["holds"]) for r in rows] == [
        ("2 pathfinders", 2, True),
        ("5 practices", 5, True),
        ("about 15,000 people", 15_000, True),
        ("3", 3, True),
    ]


def test_references_go_on_from_those_recorded_before():
    third = scene()
    third.announce()
    third.freeze()
    claim = actions.Claim(metric="practices", value=2, words="two", publisher="Gazette", published="2011-03-01")
    actions.record_claims(by=third.who.admin, claims=[claim], reason="As printed.")
    third.release()
    assert list(AnnouncedClaim.objects.order_by("ref").values_list("ref", flat=True))[:2] == ["AC0001", "AC0002"]
    assert AnnouncedClaim.objects.count() == 1 + len(GOOD)


def test_a_released_announcement_is_drafted_no_more(released):
    with pytest.raises(Refused) as error:
        released.announce()
    assert error.value.status == 409
    assert Announcement.objects.get().version == 1 and Wave.objects.get(pk=3).state == "released"


# The list by region


def corrected(released, name="Southwark", **changes):
    pathfinder = Pathfinder.objects.get(particulars__name=name)
    given = {"by": released.who.admin, "pathfinder": pathfinder, "region": "Q32", "reason": "Filed wrongly."}
    return actions.correct_region(**(given | changes))


def test_a_region_is_corrected_for_all_days_and_the_first_listing_stays_known(released):
    before = Moment.now()
    entry = corrected(released)
    assert (entry.kind, entry.reason, entry.changes) == ("correction", "Filed wrongly.", 2)
    old, new = WaveListing.objects.filter(pathfinder__particulars__name="Southwark").order_by("opened_by")
    assert (old.region, old.closed_by_id, new.region, new.effective) == ("Q36", entry.number, "Q32", old.effective)
    as_released = WaveListing.objects.at(Moment(date(2011, 4, 1), before.known_at, latest=False))
    assert set(as_released.values_list("region", flat=True)) == {"Q36", "Q32"}
    assert corrected(released, region="").kind == "correction"


@pytest.mark.parametrize(
    ("change", "code", "status"),
    [
        ({"region": "Q36"}, "no_change", 409),
        ({"region": "Q99"}, "no_region", 422),
        ({"region": "5LE"}, "no_region", 422),
        ({"reason": " "}, "no_reason", 422),
    ],
)
def test_what_is_no_correction_is_refused(released, change, code, status):
    with pytest.raises(Refused) as error:
        corrected(released, **change)
    assert (error.value.code, error.value.status) == (code, status)


def test_only_those_who_change_the_register_correct_it(released):
    with pytest.raises(Refused) as error:
        corrected(released, by=released.who.assessor)
    assert error.value.status == 403


def test_a_pathfinder_that_was_never_listed_is_not_corrected(released):
    unlisted = Pathfinder.objects.create(ref="PF9000")
    with pytest.raises(Refused) as error:
        corrected(released, pathfinder=unlisted)
    assert (error.value.code, error.value.status) == ("not_listed", 404)

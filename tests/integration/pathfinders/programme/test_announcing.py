"""Claims are recorded with their sources, after the release of their wave; corrected, never edited."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from pathfinders.actions import Claim, correct_claim, record_claims
from pathfinders.models import AnnouncedClaim
from registry.errors import Refused
from registry.invariants import findings
from registry.models import Entry, EntryKind
from tests import factories as make
from tests import programme as told

pytestmark = pytest.mark.django_db
QUARTER = Claim(
    wave=1,
    metric="share",
    value=25,
    rounding="about",
    words="a quarter",
    publisher="Gazette",
    title="A title",
    url="https://example.org/1",
    published="2010-12-09",
)
PEOPLE = replace(QUARTER, metric="people", value=12_800_000, rounding="rounded", words="12.8 million")


@pytest.fixture
def admin():
    make.make_wave(1, date(2010, 12, 8))
    return told.people().admin


def record(by, *claims, reason="As printed."):
    return record_claims(by=by, claims=claims or [QUARTER], reason=reason)


def standing(ref):
    return AnnouncedClaim.objects.current().get(ref=ref)


def refused(by, **changes):
    with pytest.raises(Refused) as error:
        record(by, replace(QUARTER, **changes))
    return error.value


def test_all_in_one_entry_referenced_in_order_from_their_publication(admin):
    entry = record(admin, QUARTER, PEOPLE)
    assert (entry.kind, entry.changes, entry.action) == (EntryKind.LATE, 2, "record_claims")
    claims = list(AnnouncedClaim.objects.current().order_by("ref"))
    assert [c.ref for c in claims] == ["AC0001", "AC0002"]
    assert {c.effective.lower for c in claims} == {date(2010, 12, 9)}
    assert (claims[0].value, claims[0].words, claims[1].value) == (Decimal(25), "a quarter", Decimal(12_800_000))


def test_two_sources_may_disagree_on_one_figure_and_one_with_itself(admin):
    record(admin, QUARTER, QUARTER, replace(QUARTER, value=26), replace(QUARTER, publisher="Herald", value=24))
    assert AnnouncedClaim.objects.current().count() == 4


def test_where_only_the_month_is_known_it_holds_from_the_announcement(admin):
    record(admin, replace(QUARTER, published="2010-12"), replace(QUARTER, published="2011-01"))
    assert [c.effective.lower for c in AnnouncedClaim.objects.order_by("ref")] == [date(2010, 12, 8), date(2011, 1, 1)]


def test_a_claim_of_a_wave_that_is_not_released_is_refused(admin):
    """It would tell of the wave: an open one, and one that nobody has opened, are refused in the same words."""
    told.wave(told.people(), 2)
    before = Entry.objects.count()
    for number in (2, 3):
        error = refused(admin, wave=number)
        assert (error.code, error.status, error.field) == ("not_released", 409, "wave")
        assert error.message.startswith(f"Wave {number} is not released in this register")
    with pytest.raises(Refused, match="Wave 2 is not released"):
        record(admin, QUARTER, replace(QUARTER, wave=2))
    assert Entry.objects.count() == before and not AnnouncedClaim.objects.exists()


def test_the_rule_of_the_register_finds_a_claim_recorded_before_its_release():
    def broken():
        return [f.rule.name for f in findings() if f.rows]

    with make.writing() as entry:
        values = replace(QUARTER, value=Decimal(25)).values()
        entry.set(AnnouncedClaim, ("AC0001",), date(2010, 12, 9), None, values)
    assert broken() == ["claim_of_a_released_wave"]
    make.make_wave(1, date(2010, 12, 8))
    assert "claim_of_a_released_wave" in broken()


def test_who_may_not_change_the_register_records_and_corrects_nothing(admin):
    record(admin)
    approver = told.people().approver
    for action in (lambda: record(approver), lambda: correct_claim(by=approver, ref="AC0001", reason="x", value=24)):
        with pytest.raises(Refused) as error:
            action()
        assert error.value.status == 403


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"metric": "souls"}, "metric", "one of pathfinders, practices"),
        ({"extent": "half"}, "extent", "one of"),
        ({"scope_kind": "moon"}, "scope_kind", "one of"),
        ({"rounding": ""}, "rounding", "one of"),
        ({"reconciliation": "whim"}, "reconciliation", "merged_since"),
        ({"words": " "}, "words", "as they were printed"),
        ({"publisher": ""}, "publisher", "who published it"),
        ({"scope_kind": "sha", "scope": ""}, "scope", "what it is about"),
        ({"scope": "Wales"}, "scope", "has the scope England"),
        ({"wave": 0}, "wave", "numbered from 1"),
        ({"wave": 40_000}, "wave", "numbered from 1"),
        ({"wave": None, "extent": "wave"}, "wave", "Give the wave"),
        ({"value": 101}, "value", "from 0 to 100"),
        ({"value": -1}, "value", "from 0 to 100"),
        ({"value": "25.55"}, "value", "to a tenth"),
        ({"value": "NaN"}, "value", "is a number from"),
        ({"metric": "people", "value": 10**11}, "value", "from 0 to 10,000,000,000"),
        ({"value": "many"}, "value", "no number"),
        ({"url": "javascript:alert(1)"}, "url", "no address"),
        ({"words": "a" * 101}, "words", "up to 100"),
        ({"note": "a" * 501}, "note", "up to 500"),
        ({"published": "2010-12-32"}, "published", "YYYY-MM-DD, or YYYY-MM"),
        ({"published": "December"}, "published", "YYYY-MM-DD, or YYYY-MM"),
        ({"published": "2999-01-01"}, "published", "once it is published"),
        ({"published": "1066-10"}, "published", "cannot be"),
    ],
)
def test_what_a_claim_must_say(admin, changes, field, said):
    error = refused(admin, **changes)
    assert (error.field, error.status) == (field, 422)
    assert said in error.message
    assert not AnnouncedClaim.objects.exists()


def test_every_fault_is_told_and_none_is_recorded(admin):
    with pytest.raises(Refused, match="^Claim 2: ") as error:
        record(admin, QUARTER, replace(QUARTER, words=""), replace(QUARTER, value=-1))
    assert [(d["claim"], d["field"]) for d in error.value.detail] == [(2, "words"), (3, "value")]
    assert not AnnouncedClaim.objects.exists()


def test_a_reason_and_a_claim_are_needed(admin):
    with pytest.raises(Refused, match="why"):
        record(admin, reason=" ")
    with pytest.raises(Refused, match="from one claim"):
        record_claims(by=admin, claims=[], reason="As printed.")


def test_a_correction_keeps_what_was_said_before(admin):
    record(admin, QUARTER, PEOPLE)
    entry = correct_claim(by=admin, ref="AC0001", reason="Misread.", value=24, published="2010-12-10")
    assert (entry.kind, entry.changes) == (EntryKind.CORRECTION, 2)
    assert (standing("AC0001").value, standing("AC0001").effective.lower) == (Decimal(24), date(2010, 12, 10))
    assert standing("AC0001").words == "a quarter"
    (old,) = AnnouncedClaim.objects.filter(ref="AC0001", closed_by=entry)
    assert (old.value, old.effective.lower) == (Decimal(25), date(2010, 12, 9))
    record(admin)
    assert standing("AC0003").words == "a quarter"


def test_a_correction_is_checked_as_a_record_is(admin):
    record(admin)
    for changes, field, status in (
        ({"wave": 7}, "wave", 409),
        ({"value": 101}, "value", 422),
        ({"colour": "red"}, "colour", 422),
        ({"value": 25}, "ref", 409),
    ):
        with pytest.raises(Refused) as error:
            correct_claim(by=admin, ref="AC0001", reason="Misread.", **changes)
        assert (error.value.field, error.value.status) == (field, status)
    with pytest.raises(Refused, match="no claim AC0009"):
        correct_claim(by=admin, ref="AC0009", reason="Misread.", value=24)

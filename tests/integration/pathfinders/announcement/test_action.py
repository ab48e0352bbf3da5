"""The announcement is drafted: claims read from their words, compared, refused where they neither hold nor are explained."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pathfinders import actions, draft_claims
from pathfinders.models import Announcement, DraftClaim, DraftServiceClaim
from pathfinders.release_checks import release_checks
from registry.errors import Refused
from tests.integration.pathfinders.announcement.scenes import GOOD, SERVICE, scene

pytestmark = pytest.mark.django_db
WRONG = {"words": "1,860 practices"}
WHY = {"note": "As the web page will list them.", "reconciliation": "branch_as_practice"}


@pytest.fixture
def third():
    return scene()


def refused(scene, **changes):
    with pytest.raises(Refused) as error:
        scene.announce(**changes)
    return error.value


def test_what_the_words_say_is_kept_as_a_claim(third):
    draft = third.announce()
    kept = [(c.position, c.metric, c.extent, c.scope, c.value, c.rounding) for c in draft.claims.all()]
    assert kept == [
        (1, "pathfinders", "wave", "England", Decimal(2), "exact"),
        (2, "practices", "wave", "England", Decimal(5), "exact"),
        (3, "people", "wave", "England", Decimal(15000), "about"),
        (4, "practices", "wave", "Southwark", Decimal(3), "exact"),
    ]
    (service,) = draft.services.all()
    assert (service.specialty, service.status, service.value) == ("Ophthalmology", "planned", Decimal("-2.5"))


def test_a_wrong_figure_is_told_and_nothing_is_saved(third):
    error = refused(third, claims=[*GOOD, WRONG])
    assert (error.code, error.status, error.field) == ("unexplained", 422, "claims")
    assert error.message == (
        "Claim 5, “1,860 practices”: register 5, difference −1,855: correct it, or say why it is announced so, with an "
        "explanation and a note."
    )
    assert error.detail[0]["claim"] == 5 and error.detail[0]["field"] == "reconciliation"
    assert not Announcement.objects.exists()


def test_a_code_without_a_note_is_no_explanation(third):
    assert refused(third, claims=[WRONG | {"reconciliation": "unexplained"}]).detail[0]["field"] == "note"
    assert refused(third, claims=[WRONG | {"note": "Because."}]).detail[0]["field"] == "reconciliation"


def test_saved_anyway_where_somebody_says_why(third):
    draft = third.announce(claims=[WRONG | WHY])
    (row,) = draft_claims.compared(draft, draft_claims.basis_of(third.wave))
    assert (row.figure, row.difference, row.holds, row.explained) == (5, Decimal(-1855), False, True)
    assert draft_claims.unexplained(third.wave) == []


@pytest.mark.parametrize("sizes", [("2,999,999", False), ("about 16,000", True), ("nearly 15,500", True)])
def test_rounding_words_are_checked_by_rule(third, sizes):
    words, holds = sizes
    claim = {"words": f"{words} people"}
    if holds:
        third.announce(claims=[claim])
    else:
        assert "register 15,000" in refused(third, claims=[claim]).message


def test_an_unknown_pathfinder_has_no_figure(third):
    claim = {"words": "3 practices", "scope_kind": "group", "scope": "Sotuhwark"}
    assert "the register has no such figure" in refused(third, claims=[claim]).message
    third.announce(claims=[claim | WHY])


def test_words_that_no_rule_reads_need_their_value(third):
    error = refused(third, claims=[{"words": "as many as in Kent"}])
    assert error.code == "not_read" and error.detail[0]["field"] == "words"
    told = {"words": "a handful of groups", "metric": "pathfinders", "value": "2", "rounding": "exact"}
    assert third.announce(claims=[told]).claims.get().value == 2


def test_words_and_value_say_the_same(third):
    error = refused(third, claims=[{"words": "6 practices", "value": "5"}])
    assert (error.code, error.detail[0]["field"]) == ("words_differ", "value")
    assert "“6 practices” says 6, and the value given is 5" in error.message


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"scope": ""}, "scope"),
        ({"specialty": ""}, "specialty"),
        ({"words": ""}, "words"),
        ({"status": "hoped for"}, "status"),
        ({"scope_kind": "moon"}, "scope_kind"),
        ({"scope_kind": "england"}, "scope"),
        ({"value": "many"}, "value"),
        ({"value": "1.005"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"unit": ""}, "unit"),
        ({"measure": ""}, "measure"),
        ({"period": "x" * 61}, "period"),
    ],
)
def test_a_service_says_of_whom_what_and_how_much(third, change, field):
    error = refused(third, services=[SERVICE, SERVICE | change])
    assert error.field == "services" and (error.detail[0]["service"], error.detail[0]["field"]) == (2, field)


def test_every_fault_is_told_with_its_row(third):
    error = refused(third, claims=[{"words": ""}, GOOD[0], {"words": "2 pathfinders", "extent": "ever"}])
    assert [(d["claim"], d["field"]) for d in error.detail] == [(1, "metric"), (3, "extent")]


def test_a_draft_is_replaced_whole(third):
    third.announce()
    draft = third.announce(claims=GOOD[:1], services=[])
    assert (draft.version, draft.claims.count(), draft.services.count()) == (2, 1, 0)
    assert DraftClaim.objects.count() == 1 and not DraftServiceClaim.objects.exists()


def test_once_frozen_the_frozen_figures_bind(third):
    third.freeze()
    third.announce()
    assert draft_claims.unexplained(third.wave) == []
    DraftClaim.objects.filter(position=2).update(value=6)
    assert draft_claims.unexplained(third.wave) == ["“5 practices”: register 5, difference −1."]
    checks = {c.key: c for c in release_checks(third.wave, actions.plan_release(third.wave), third.who.admin)}
    assert checks["claims"].stops == ["Neither right nor explained: “5 practices”: register 5, difference −1."]


def test_figures_of_the_text_that_are_no_claims():
    claims = [DraftClaim(value=Decimal(12_800_000), rounding="rounded", words="12.8 million people")]
    text = "12.8 million people in 52 groups; 12.9 million in the end; by April 2013 nearly 12.8 million."
    services = [DraftServiceClaim(words="400 patients a month")]
    loose = draft_claims.loose_figures([text, "400 patients"], claims, services)
    assert loose == ["52 groups", "12.9 million", "nearly 12.8 million"]

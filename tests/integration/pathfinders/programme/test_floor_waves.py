"""What Postgres itself refuses of waves, their dates and their log, each shown by SQL that goes past the actions."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from pathfinders.models import EmbargoView, Scenario, Wave, WaveDate, WaveState, WaveStep
from pathfinders.wave_states import moves
from registry.models import Entry
from tests import programme as told
from tests.support.floor import broken

pytestmark = pytest.mark.django_db
MODELS = (Wave, WaveDate, WaveStep, Scenario, EmbargoView)
NOON = datetime(2011, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def scene():
    """Wave 3 open, with a scenario; wave 2 released."""
    who = told.people()
    released = told.wave(who, 2)
    told.decided(who, released, name="Released")
    told.release(who, released)
    wave = told.wave(who)
    Scenario.objects.create(wave=wave, name="All", made_by=who.admin)
    return who, wave


def change(**fields):
    return lambda who, wave: Wave.objects.filter(pk=wave.pk).update(**fields)


def new_date(**fields):
    def create(who, wave):
        row = {"kind": "closes_on", "version": 1, "day": told.FEBRUARY, "said_on": told.FEBRUARY, "by": who.admin}
        WaveDate.objects.create(wave=wave, **{**row, **fields})

    return create


def new_scenario(name):
    return lambda who, wave: Scenario.objects.create(wave=wave, name=name, made_by=who.admin)


CONSTRAINTS = {
    "wave_is_numbered": lambda *_: Wave.objects.create(number=0, announced_on=told.FEBRUARY),
    "wave_state_known": lambda *_: Wave.objects.create(number=9, announced_on=told.FEBRUARY, state="lost"),
    "wave_released_by_an_entry": change(released_by=2),
    "wave_dates_in_order": [
        change(opens_on=date(2011, 2, 2), closes_on=date(2011, 2, 1)),
        change(closes_on=date(2011, 2, 2), decides_on=date(2011, 2, 1)),
        change(decides_on=told.ANNOUNCED_ON + timedelta(days=1)),
    ],
    "wave_scheduled_by_somebody": [
        change(release_at=NOON),
        lambda who, wave: change(scheduled_by=who.admin)(who, wave),
        lambda who, wave: change(release_at=NOON, scheduled_by=who.admin)(who, wave),  # it is not frozen
    ],
    "wave_early_by_days": change(early_hours=73),
    "one_wave_date_a_version": new_date(kind="announced_on"),
    "wave_date_kind_known": new_date(kind="ends_on"),
    "wave_date_slips_with_a_reason": new_date(version=2),
    "wave_date_actual_has_come": new_date(actual=True, day=told.FEBRUARY + timedelta(days=1)),
    "one_scenario_a_name": new_scenario("All"),
    "scenario_named": new_scenario(""),
    "one_embargo_view_a_day": lambda who, wave: [
        EmbargoView.objects.create(who=who.admin, path="/", wave=3, bid="", day=NOON.date(), at=NOON, real_at=NOON)
        for _ in range(2)
    ],
}


def test_every_constraint_of_waves_is_tried():
    declared = {c.name for model in MODELS for c in model._meta.constraints}
    assert declared == set(CONSTRAINTS)


def test_each_constraint_refuses_what_breaks_it(scene):
    for name, breakers in CONSTRAINTS.items():
        for breaker in breakers if isinstance(breakers, list) else [breakers]:
            assert broken(lambda breaker=breaker: breaker(*scene)) == name


WITH = {"frozen": "a wave is frozen with its list", "released": "a wave is released with its manifest"}


def put_into(wave, state):
    """The wave in a state, past its triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        entry = Entry.objects.order_by("number").first() if state == "released" else None
        Wave.objects.filter(pk=wave.pk).update(state=state, released_by=entry)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_postgres_lets_a_wave_go_the_ways_of_the_table_only(scene):
    _, wave = scene
    for start in WaveState:
        for to in WaveState:
            put_into(wave, start)
            entry = Entry.objects.order_by("number").first() if to == "released" else None
            move = lambda to=to, entry=entry: Wave.objects.filter(pk=wave.pk).update(state=to, released_by=entry)  # noqa: E731
            if (start, to) in moves() and to in WITH:  # the way is open, but not without what goes with it
                assert broken(move) == WITH[to]
            elif start == to != "released" or (start, to) in moves():
                assert move() == 1
            elif start == "released":
                assert broken(move) == "a released wave is never changed"
            else:
                assert broken(move) == f"a wave does not go from {start} to {to}"


def test_a_released_wave_is_never_changed(scene):
    who, _ = scene
    for field in ("announced_on", "opens_on", "closes_on", "decides_on"):
        sentence = broken(lambda field=field: Wave.objects.filter(pk=2).update(**{field: told.FEBRUARY}))
        assert sentence == "a released wave is never changed"
    assert broken(lambda: Wave.objects.filter(pk=2).update(held_by=who.admin)) == "a released wave is never changed"
    assert broken(lambda: Wave.objects.filter(pk=2).update(version=99)) == "a released wave is never changed"


@pytest.mark.parametrize(
    ("model", "field", "what"),
    [
        (WaveDate, "reason", "dates of waves"),
        (WaveStep, "reason", "steps of waves"),
        (EmbargoView, "path", "records of who saw embargoed pages"),
    ],
)
def test_what_was_said_and_done_is_only_added_to(scene, model, field, what):
    assert f"{what} are never changed" in broken(lambda: model.objects.update(**{field: "other words"}))
    assert f"{what} are never deleted" in broken(lambda: model.objects.all()._raw_delete("default"))
    assert f"{what} are never deleted" in broken(lambda: truncate(model._meta.db_table))


def test_a_wave_is_never_deleted_and_its_log_never_truncated(scene):
    assert "never deleted" in broken(lambda: Wave.objects.all()._raw_delete("default"))
    for model in (Wave, Scenario):
        assert "a case log is never deleted" in broken(
            lambda model=model: truncate(model.pgh_event_model._meta.db_table)
        )


def truncate(table):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is still to be checked stands in the way otherwise
        cursor.execute(f"TRUNCATE {table} CASCADE")

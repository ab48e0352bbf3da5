"""What Postgres itself refuses of frozen lists, manifests and heartbeats, each shown by SQL that goes past the actions."""

import pytest
from django.db import connection

from pathfinders.models import FrozenList, Wave, WaveManifest
from registry import clock, outbox
from registry.models import Heartbeat
from tests import programme as told
from tests.support.floor import broken

HASH = "a" * 64


def build_world():
    """Wave 2 released, wave 3 frozen."""
    who = told.people()
    released, frozen = told.wave(who, 2), told.wave(who)
    told.decided(who, released, name="Released")
    told.release(who, released)
    told.decided(who, frozen, name="Frozen")
    return who, told.frozen(who, frozen)


@pytest.fixture
def scene(in_world):
    return in_world


def new_list(**fields):
    def create(who, wave):
        row = {"number": 2, "content": {}, "figures": {}, "sha256": HASH, "frozen_by": who.admin}
        FrozenList.objects.create(wave=wave, frozen_at=clock.now(), **{**row, **fields})

    return create


def new_manifest(**fields):
    def create(who, wave):
        entry = Wave.objects.get(pk=2).released_by
        WaveManifest.objects.create(**{"wave": wave, "entry": entry, "content": "x", "sha256": HASH, **fields})

    return create


BREAKERS = {
    "one_frozen_list_a_number": new_list(number=1),
    "frozen_list_hashed": new_list(sha256="A" * 64),
    "wave_manifest_hashed": new_manifest(sha256="a" * 63),
    "pathfinders_wavemanifest_entry_id_key": new_manifest(),  # one manifest an entry
    "pathfinders_wavemanifest_pkey": new_manifest(wave_id=2),  # one manifest a wave
    "registry_heartbeat_pkey": lambda *_: [Heartbeat.objects.create(name="two", at=clock.now()) for _ in range(2)],
}


def test_every_constraint_is_tried():
    models = (FrozenList, WaveManifest, Heartbeat)
    assert {c.name for model in models for c in model._meta.constraints} <= set(BREAKERS)


@pytest.mark.parametrize("name", BREAKERS)
def test_each_constraint_refuses_what_breaks_it(scene, name):
    assert broken(lambda: BREAKERS[name](*scene)) == name


@pytest.mark.parametrize(
    ("model", "field", "what"), [(FrozenList, "sha256", "frozen lists"), (WaveManifest, "content", "manifests")]
)
def test_what_was_frozen_and_released_is_only_added_to(scene, model, field, what):
    def truncate():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert f"{what} are never changed" in broken(lambda: model.objects.update(**{field: HASH}))
    assert f"{what} are never deleted" in broken(lambda: model.objects.all()._raw_delete("default"))
    assert f"{what} are never deleted" in broken(truncate)


def test_a_process_is_alive_for_five_minutes_after_its_last_beat(db):
    assert not outbox.is_alive()
    outbox.beat()
    assert outbox.is_alive()
    Heartbeat.objects.update(at=clock.real_now() - outbox.LIVELY)
    assert not outbox.is_alive()
    outbox.beat()
    assert outbox.is_alive() and Heartbeat.objects.count() == 1

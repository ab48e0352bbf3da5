"""The process that releases a wave, its database session, or the whole database is killed at random moments: the wave
is wholly released or not at all, and doing what is due again ends it right: no letter without a release, no release
without its letters."""

import email
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import dj_database_url
import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection, connections
from django.test import override_settings

from consortia.models import Consortium, Membership
from pathfinders.models import (
    Bid,
    PathfinderParticulars,
    PublishedSnapshot,
    ReleasedDecision,
    Wave,
    WaveManifest,
    WaveRelease,
)
from pathfinders.verifying import faults
from registry import clock
from registry.embedded.place import choose
from registry.embedded.server import Server
from registry.feed import broken_links
from registry.models import Entry, Mail, RoleGrant
from tests import factories as make
from tests import programme as told
from tests.support import databases

SOURCE = Path(__file__).resolve().parents[4]
OF_THE_TESTS = ("DJANGO_SETTINGS_MODULE", "PATHFINDERS_DEMO")
DUE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "pathfinders.settings"
django.setup()
from django.core.management import call_command
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_backend_pid()")
    print(cursor.fetchone()[0], flush=True)
call_command("run_due")
"""
"""`manage.py run_due`, which first says which database session is its own."""
BIDS, MEMBERS = 4, 6


@pytest.fixture
def kills(request) -> int:
    """How often each is killed: twice at a desk, 5 times in CI, 100 with --long."""
    return 100 if request.config.getoption("--long") else 5 if os.environ.get("CI") else 2


def build_world() -> None:
    """A wave of three approved bids and a declined one is due."""
    who = told.people()
    wave = told.wave(who, announced_on=clock.today())
    for name in ("Alpha", "Beta", "Gamma"):
        told.decided(who, wave, [make.make_practice() for _ in range(MEMBERS // 3)], name=name)
    told.decided(who, wave, outcome="declined", name="Delta")
    told.ready(who, wave)
    Wave.objects.update(release_at=clock.now(), scheduled_by=who.admin)


class Worker:
    """A process that does what is due, on a database of its own; its letters go into files."""

    def __init__(self, database: str, state: Path, server: str = "") -> None:
        url = urlunsplit(urlsplit(server or os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
        self.letters = state / "mail"
        self.process = subprocess.Popen(
            [sys.executable, "-c", DUE],
            cwd=SOURCE,
            env={n: v for n, v in os.environ.items() if n not in OF_THE_TESTS}
            | {"DATABASE_URL": url, "PATHFINDERS_STATE": str(state)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.session = int(self.process.stdout.readline())

    def sent(self) -> list[str]:
        """The Message-IDs of the letters that have left."""
        files = self.letters.glob("*") if self.letters.is_dir() else ()
        parts = [part.lstrip(b"\n") for f in files for part in f.read_bytes().split(b"-" * 79)]
        return [found for part in parts if (found := email.message_from_bytes(part)["Message-ID"])]


def released() -> bool:
    """Whether the wave is; and whether all that a release makes is there, or nothing of it."""
    wave = Wave.objects.get()
    there = wave.state == "released"
    found = {
        "entries": Entry.objects.filter(kind="release").count(),
        "waves": WaveRelease.objects.count(),
        "decisions": ReleasedDecision.objects.count(),
        "pathfinders": PathfinderParticulars.objects.count(),
        "consortia": Consortium.objects.count(),
        "members": Membership.objects.count(),
        "manifests": WaveManifest.objects.count(),
        "roles": RoleGrant.objects.filter(object_kind="consortium").count(),
        "bids": Bid.objects.filter(state="released").count(),
        "letters let go": Mail.objects.filter(held_for="wave-3").exclude(state="held").count(),
        "letters held": Mail.objects.filter(held_for="wave-3", state="held").count(),
    }
    whole = {
        "entries": 1,
        "waves": 1,
        "decisions": BIDS,
        "pathfinders": 3,
        "consortia": 3,
        "members": MEMBERS,
        "manifests": 1,
        "roles": 3,
        "bids": BIDS,
        "letters let go": BIDS,
        "letters held": 0,
    }
    nothing = dict.fromkeys(whole, 0) | {"letters held": BIDS}
    assert found == (whole if there else nothing)
    assert there or (wave.state, wave.held_by, wave.released_by) == ("frozen", None, None)
    assert list(broken_links()) == [] == list(faults())
    return there


@contextmanager
def a_copy(template: str, state: Path) -> Iterator[str]:
    """A copy of a database; what is published from it lies in the folder of the worker that is to serve it.

    The files are named in the database: who checks one with another's folder finds them gone.
    """
    published = override_settings(SNAPSHOTS_DIR=state / "snapshots")
    with databases.copied(template) as name, databases.pointed_at(name), published:
        yield name


def ends_right(worker: Worker) -> None:
    """After the kill all is there or nothing; doing what is due again releases the wave, once, with all its letters."""
    letters = set(Mail.objects.filter(held_for="wave-3").values_list("message_id", flat=True))
    before, left = released(), set(worker.sent())
    assert before or not left & letters  # no letter without a release
    mail.outbox = []
    call_command("run_due", verbosity=0)
    assert released()
    again = {m.extra_headers["Message-ID"] for m in mail.outbox}
    assert letters <= left | again  # no release without its letters: each at least once, under its own id
    assert not Mail.objects.filter(held_for="wave-3").exclude(state="sent").exists()
    mail.outbox = []
    call_command("run_due", verbosity=0)
    assert mail.outbox == []
    assert PublishedSnapshot.objects.exists() and released()  # its files too are whole


def whole_length(template: str, state: Path) -> float:
    """How long doing what is due takes where nothing stops it, in seconds."""
    with a_copy(template, state) as name:
        worker = Worker(name, state)
        start = time.monotonic()
        _, said = worker.process.communicate(timeout=120)
        assert worker.process.returncode == 0, said
        took = time.monotonic() - start
        letters = set(Mail.objects.filter(held_for="wave-3").values_list("message_id", flat=True))
        assert released() and len(letters) == BIDS and letters <= set(worker.sent())
        return took


@pytest.fixture(scope="module")
def took(world, tmp_path_factory, django_db_blocker) -> float:
    with django_db_blocker.unblock():
        return whole_length(world.name, tmp_path_factory.mktemp("whole"))


def kill_process(worker: Worker) -> None:
    worker.process.send_signal(signal.SIGKILL)


def end_session(worker: Worker) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [worker.session])


@pytest.mark.parametrize("kill", [kill_process, end_session])
def test_killed_at_any_moment_it_is_released_wholly_or_not_at_all(
    world, took, tmp_path, kills, django_db_blocker, kill
):
    rng = random.Random(7)
    with django_db_blocker.unblock():
        for number in range(kills):
            state = tmp_path / str(number)
            with a_copy(world.name, state) as name:
                worker = Worker(name, state)
                time.sleep(rng.uniform(0, took))
                kill(worker)
                worker.process.communicate(timeout=120)
                ends_right(worker)


@contextmanager
def a_server_of_its_own() -> Iterator[tuple[Server, list[subprocess.Popen[bytes]]]]:
    """A server that may be killed, with its process; Django's default connection goes to a migrated database in it."""
    before = dict(connection.settings_dict)
    with tempfile.TemporaryDirectory(prefix="pf-") as folder:
        os.chmod(folder, 0o711)
        server = Server(choose(Path(folder)))
        server.make_cluster()
        running = [server.start()]
        try:
            connections.close_all()
            connection.settings_dict.update(dj_database_url.parse(server.url("postgres")))
            with connection.cursor() as cursor:
                cursor.execute("CREATE DATABASE pathfinders")
            with databases.pointed_at("pathfinders"):
                call_command("migrate", verbosity=0)
                yield server, running
        finally:
            connections.close_all()
            connection.settings_dict.update(before)
            server.stop()
            running[-1].wait()


@pytest.mark.long
@pytest.mark.embedded
def test_with_its_database_killed_at_any_moment_it_is_released_wholly_or_not_at_all(
    django_db_setup, django_db_blocker, tmp_path, kills
):
    rng = random.Random(11)
    with django_db_blocker.unblock(), a_server_of_its_own() as (server, running):
        build_world()
        address = server.url("pathfinders")
        for number in range(kills):
            state = tmp_path / str(number)
            with a_copy("pathfinders", state) as name:
                worker = Worker(name, state, address)
                time.sleep(rng.uniform(0, 1.5))
                connections.close_all()
                running[-1].send_signal(signal.SIGQUIT)  # pg_ctl's "immediate": nothing is written out
                running[-1].wait()
                worker.process.communicate(timeout=120)
                running.append(server.start())
                ends_right(worker)

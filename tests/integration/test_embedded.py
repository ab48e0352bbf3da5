"""The embedded server under real processes: started once, stopped by the last one out, whatever dies on the way."""

import os
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path

import psycopg2
import pytest

from registry.embedded.place import EmbeddedError, Place, choose, dropped_rights
from registry.embedded.server import Server

pytestmark = pytest.mark.embedded
SOURCE = Path(__file__).resolve().parents[2]
USER = """
import sys, pathlib
from registry.embedded import attach
attached = attach(pathlib.Path(sys.argv[1]))
print(attached.url("pathfinders"), attached.supervisor.pid if attached.supervisor else 0, flush=True)
sys.stdin.read()
"""


class User:
    """A process that uses the server of a state folder until it is told to leave."""

    def __init__(self, state: Path, rights: dict | None = None, python: str = sys.executable) -> None:
        self.process = subprocess.Popen(
            [python, "-c", USER, str(state)],
            cwd=SOURCE,
            env=os.environ | {"PYTHONPATH": sysconfig.get_path("platlib")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            **(rights or {}),
        )

    @cached_property
    def said(self) -> list[str]:
        return self.process.stdout.readline().split()  # type: ignore[union-attr]

    @property
    def url(self) -> str:
        return self.said[0]

    @property
    def supervisor(self) -> int:
        """The process that this user started beside the server."""
        return int(self.said[1])

    def leave(self) -> None:
        self.process.communicate(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def state() -> Iterator[Path]:
    """A state folder with a short path that `nobody` can reach."""
    with tempfile.TemporaryDirectory(prefix="pf-") as folder:
        os.chmod(folder, 0o711)
        yield Path(folder)


def answer(url: str) -> int:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 42")
            return cursor.fetchone()[0]
    finally:
        connection.close()


def postmaster(state: Path) -> int | None:
    try:
        pid = int((choose(state).data / "postmaster.pid").read_text().split()[0])
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return None
    return pid


def python_within_reach(rights: dict) -> str | None:
    """This Python, or the system's where this one lies in a private home, if it can load our packages."""
    for python in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        command = [python, "-c", "import psycopg2, registry.embedded"]
        environment = {"PYTHONPATH": f"{sysconfig.get_path('platlib')}:{SOURCE}"}
        try:
            tried = subprocess.run(command, cwd="/", env=environment, capture_output=True, check=False, **rights)
        except OSError:
            continue
        if tried.returncode == 0:
            return python
    return None


def eventually(truth: Callable[[], object], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if truth():
            return True
        time.sleep(0.05)
    return False


def test_two_starters_share_one_server_and_the_last_one_out_stops_it(state: Path) -> None:
    first, second = User(state), User(state)
    assert first.url == second.url
    server = postmaster(state)
    first.leave()
    assert answer(second.url) == 42
    assert postmaster(state) == server
    second.leave()
    assert postmaster(state) is None  # already when the last one's process has ended


def test_a_killed_starter_takes_nobody_with_it_and_a_killed_last_user_leaves_nothing(state: Path) -> None:
    starter = User(state)
    assert starter.url
    other = User(state)
    assert other.url
    starter.kill()
    time.sleep(0.5)
    assert answer(other.url) == 42
    other.kill()
    assert eventually(lambda: postmaster(state) is None)


def test_without_its_supervisor_the_last_one_out_stops_the_server(state: Path) -> None:
    user = User(state)
    assert user.url
    os.kill(user.supervisor, signal.SIGKILL)
    assert answer(user.url) == 42
    user.leave()
    assert postmaster(state) is None


def test_a_newcomer_replaces_a_killed_supervisor(state: Path) -> None:
    user = User(state)
    assert user.url
    os.kill(user.supervisor, signal.SIGKILL)
    newcomer = User(state)
    assert newcomer.supervisor not in (0, user.supervisor)
    user.kill()
    newcomer.kill()
    assert eventually(lambda: postmaster(state) is None)


def test_a_killed_server_comes_back_under_its_users_with_its_data(state: Path) -> None:
    user = User(state)
    connection = psycopg2.connect(user.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    connection.close()
    killed = postmaster(state)
    os.kill(killed, signal.SIGKILL)  # type: ignore[arg-type]
    assert eventually(lambda: postmaster(state) not in (None, killed) and Server(choose(state)).answers())
    connection = psycopg2.connect(user.url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT seven FROM kept")
        assert cursor.fetchone() == (7,)
    connection.close()
    user.leave()
    assert postmaster(state) is None


def test_a_half_made_cluster_is_made_again(state: Path) -> None:
    half = choose(state).folder / "data.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    user = User(state)
    assert answer(user.url) == 42
    user.leave()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another user")
def test_a_private_folder_stays_private(state: Path) -> None:
    private = state / "home"
    private.mkdir(mode=0o700)
    user = User(private / "state")
    assert answer(user.url) == 42
    assert private.stat().st_mode & 0o777 == 0o700
    elsewhere = choose(private / "state").folder
    assert elsewhere.stat().st_uid == 0
    user.leave()
    assert postmaster(private / "state") is None
    os.chown(elsewhere, dropped_rights()["user"], -1)  # somebody else's folder under the noted name
    with pytest.raises(EmbeddedError, match="is not yours"):
        choose(private / "state")
    subprocess.run(["rm", "-r", str(elsewhere)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="this is a normal user already")
def test_it_runs_as_a_normal_user(state: Path) -> None:
    rights = dropped_rights()
    python = python_within_reach(rights)
    if python is None:
        pytest.skip("no Python of this version is within a normal user's reach")
    home = state / "user"
    home.mkdir(mode=0o700)
    os.chown(home, rights["user"], rights["group"])
    user = User(home / "state", rights, python)
    assert answer(user.url) == 42
    user.leave()
    assert not (home / "state/postgres/data/postmaster.pid").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can leave a folder to another user")
def test_a_database_of_another_user_is_named_not_touched(state: Path) -> None:
    user = User(state)
    assert user.url
    user.leave()
    os.chown(choose(state).data, 0, 0)
    with pytest.raises(EmbeddedError, match="data belongs to another user"):
        Server(choose(state)).make_cluster()


def test_a_link_planted_for_the_sockets_is_refused(state: Path) -> None:
    place = Place(state)
    (state / "target").mkdir()
    place.sockets.symlink_to(state / "target")
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        place.private_folder(place.sockets)


def test_a_long_path_gets_a_short_socket(state: Path) -> None:
    deep = state / ("x" * 90)
    user = User(deep)
    assert answer(user.url) == 42
    sockets = choose(deep).sockets
    assert len(str(sockets)) < 80
    user.leave()
    assert not sockets.exists()

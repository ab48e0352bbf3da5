"""`./run serve` as a process: it answers, it ends cleanly, and killed it leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

SOURCE = Path(__file__).resolve().parents[2]
OF_THE_TESTS = ("DJANGO_SETTINGS_MODULE", "PATHFINDERS_SECRET_KEY")  # a server must not inherit them


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


class Serve:
    def __init__(self, database: str, state: Path) -> None:
        self.port = free_port()
        url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))
        given = {"DATABASE_URL": url, "PATHFINDERS_STATE": str(state), "PATHFINDERS_URL": ""}
        self.process = subprocess.Popen(
            [sys.executable, SOURCE / "run", "serve", "--port", str(self.port), "--workers", "1"],
            env={name: value for name, value in os.environ.items() if name not in OF_THE_TESTS} | given,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        for line in self.process.stdout:  # type: ignore[union-attr]
            self.said.append(line)
            if "Serving on" in line:
                break

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return response.read().decode()

    def left(self) -> list[str]:
        """What those run."""
        return [Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ") for pid in self.family()]

    def family(self) -> list[int]:
        """The processes of its session that still live."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == self.process.pid and fields[0] != "Z":
                found.append(int(entry.name))
        return found


@pytest.fixture
def serve(committed_db: str, tmp_path: Path) -> Iterator[Serve]:
    started = Serve(committed_db, tmp_path)
    yield started
    for pid in started.family():
        os.kill(pid, signal.SIGKILL)
    started.process.wait()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system has no /proc to count processes in")
@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_it_serves_and_leaves_nothing_behind(serve: Serve, ending: signal.Signals, tmp_path: Path) -> None:
    assert serve.get("/readyz") == "ready\n"
    assert any("Data: the database in DATABASE_URL" in line for line in serve.said)
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600
    assert len(serve.family()) >= 3  # the master, a worker, the due jobs
    if ending == signal.SIGINT:
        os.killpg(serve.process.pid, ending)  # as a terminal's Ctrl-C does
    else:
        serve.process.send_signal(ending)
    assert serve.process.wait(timeout=20) == (-ending if ending == signal.SIGKILL else 0)
    deadline = time.monotonic() + 10
    while serve.family() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert serve.family() == [], serve.left()

"""A gunicorn of the site's own kind for the benchmark: `python -m tests.bench.serving tests.bench.site_settings`.

It prints the port that it took once it answers, and goes when its standard input is closed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
COUNTED = "HTTP_X_BENCH_COUNT"


_STATES: list[Path] = []


def wait_until_written(seconds: float = 180) -> None:
    """Until every site served now has written down the lists that it was asked for (registry.api.editions)."""
    began = time.monotonic()
    time.sleep(1.5)  # the worker looks each second
    while any(_writing(state / "editions") for state in _STATES):
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"the lists that were asked for are not written down after {seconds:.0f} s")
        time.sleep(0.2)
    if (took := time.monotonic() - began) > 3:
        print(f"    written down after {took:.0f} s", flush=True)


def _writing(editions: Path) -> bool:
    return any([*editions.glob("wanted/*"), *editions.glob("draft-*")])


@dataclass
class Served:
    port: int
    process: int

    def workers(self) -> list[int]:
        """The processes that answer. Empty where the machine does not say (no /proc)."""
        told = Path(f"/proc/{self.process}/task/{self.process}/children")
        children = told.read_text().split() if told.exists() else []
        return [int(pid) for pid in children if b"manage.py" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


@contextmanager
def served(settings: str, database: str, state: Path) -> Iterator[Served]:
    """Serve a database of the server in DATABASE_URL with these settings until the block ends."""
    state.mkdir(parents=True, exist_ok=True)
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}").geturl()
    told = os.environ | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": settings,
        "PATHFINDERS_STATE": str(state),
        "PATHFINDERS_DEMO": "1",
        "PATHFINDERS_URL": "http://127.0.0.1:8000",
        "PATHFINDERS_API_RATE": "100000000/min",
        "PATHFINDERS_API_RATE_SIGNED_IN": "100000000/min",
    }
    command = [sys.executable, "-m", "tests.bench.serving"]
    process = subprocess.Popen(command, cwd=ROOT, env=told, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin and process.stdout
    try:
        lines = iter(process.stdout.readline, "")
        port = next((int(line.split()[1]) for line in lines if line.startswith("port ")), 0)
        if not port:
            raise RuntimeError(f"the server with {settings} did not start: see above")
        _STATES.append(state)
        yield Served(port, process.pid)
    finally:
        _STATES[:] = [other for other in _STATES if other != state]
        process.stdin.close()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def counting(application: Callable[..., Any]) -> Callable[..., Any]:
    """The application, which says how many statements an answer took where the header `X-Bench-Count` asks."""

    def counted(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        if COUNTED not in environ:
            return application(environ, start)
        from django.db import connection

        sent: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            sent.append(sql)
            return execute(sql, params, many, context)

        def started(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            return start(status, [*headers, ("X-Bench-Queries", str(len(sent)))], *more)

        with connection.execute_wrapper(note):
            return application(environ, started)

    return counted


def main() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    from registry.serving import Site, bound, collect_static

    class Measured(Site):
        def load(self) -> Any:
            return counting(super().load())

        def keep_worker(self) -> None:
            if not hasattr(settings, "BARE"):  # what is written beforehand is written by the site's own worker
                super().keep_worker()

    listening = bound("127.0.0.1", 0)
    port = listening.getsockname()[1]
    connection.close()
    if hasattr(settings, "BARE"):
        settings.MIDDLEWARE = []  # not before: an app refuses to start where its own is not named
    else:
        collect_static()
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    sys.argv = sys.argv[:1]
    Measured(listening, WORKERS, lambda: print("port", port, flush=True)).run()


def _leave_with_parent() -> None:
    import signal

    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()

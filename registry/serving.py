"""Serving the site: gunicorn in this process, its workers, and one process for what falls due.

The master process holds the embedded server's lock and its forked workers share it; every child goes when the
master goes, even by kill -9, so nothing is left behind.
"""

import ctypes
import errno
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError
from django.core.wsgi import get_wsgi_application
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from registry import metrics, static_files, tallies  # noqa: F401  # metrics and tallies: their memory is made before any worker

MANAGE = Path(settings.BASE_DIR) / "manage.py"
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
REQUEST_SECONDS = 60
LEAVING_SECONDS = 15
THREADS = 4
CONNECTIONS = 2_000
"""Clients of one worker at a time, the slow ones among them: none of them holds a thread."""
REQUEST_LINE = 8_190
"""Bytes; of an API address `registry.api.limits` takes fewer, and says so."""
SHARED_MEMORY = Path("/dev/shm")


@contextmanager
def step(sentence: str) -> Iterator[None]:
    """A line on the terminal for a step that may take a while, with the seconds it took."""
    print(f"{sentence} ...", end=" ", flush=True)
    began = time.monotonic()
    yield
    print(f"{time.monotonic() - began:.1f} s", flush=True)


def bound(host: str, port: int) -> socket.socket:
    """The socket to serve on, taken before the long steps; a port in use is said at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
    except OSError as error:
        taken.close()
        raise CommandError(_why_not(error, host, port)) from None
    return taken


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is taken by another program. Choose another one: --port {port + 1}"
    if error.errno == errno.EACCES:
        return f"You may not serve on port {port}: ports below 1024 are root's. Choose another one: --port 8000"
    return f"{host} port {port} cannot be served on: {error.strerror or error}. Choose another --host or --port."


def collect_static() -> None:
    """Quiet and quick where nothing of them is new."""
    if not static_files.are_current():
        with step("Collecting the static files"):
            static_files.collect()


def allow_open_files() -> None:
    """As many as this process may ask for: each client that takes its answer slowly is a socket and perhaps a file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(4 * CONNECTIONS, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


class Site(BaseApplication):
    """gunicorn, configured here and nowhere else (no config file, no control socket).

    Ctrl-C reaches the whole process group; its workers ignore it and wait for the master's word, for gunicorn's
    handler deadlocks when it is interrupted by itself.
    """

    def __init__(self, listening: socket.socket, workers: int, when_ready: Callable[[], None]) -> None:
        self.listening, self.workers, self.when_ready = listening, workers, when_ready
        self.worker: subprocess.Popen[bytes] | None = None
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": f"fd://{self.listening.fileno()}",
            "workers": self.workers,
            "threads": THREADS,
            "worker_class": "registry.worker.Worker",
            "worker_connections": CONNECTIONS,
            "limit_request_line": REQUEST_LINE,
            "timeout": REQUEST_SECONDS,
            "graceful_timeout": LEAVING_SECONDS,
            "post_worker_init": lambda worker: signal.signal(signal.SIGINT, signal.SIG_IGN),
            "control_socket_disable": True,
            "proc_name": "pathfinders",
            "loglevel": "warning",
            "worker_tmp_dir": str(SHARED_MEMORY) if SHARED_MEMORY.is_dir() else None,
            "when_ready": lambda arbiter: self.when_ready(),
            "on_exit": lambda arbiter: self.stop_worker(),
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return get_wsgi_application()

    def run(self) -> None:
        allow_open_files()
        connections.close_all()  # a forked worker must not share its master's connection
        self.keep_worker()
        try:
            SiteArbiter(self).run()
        finally:
            self.stop_worker()

    def keep_worker(self) -> None:
        """Start the process for due jobs, and start it again should it have died."""
        if self.worker is None or self.worker.poll() is not None:
            command = [sys.executable, str(MANAGE), "work", "--parent", str(os.getpid())]
            self.worker = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=end_with_parent)

    def stop_worker(self) -> None:
        if self.worker is not None and self.worker.poll() is None:
            self.worker.terminate()
            self.worker.wait()


def end_with_parent() -> None:
    """In a child before its program begins: on Linux it is terminated when the parent dies, while it starts too. What
    catches that signal, and other systems, look for the parent themselves."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGTERM)


class SiteArbiter(Arbiter):
    def murder_workers(self) -> None:
        """Called about once a second: gunicorn looks after its workers, and so do we after ours."""
        super().murder_workers()
        self.app.keep_worker()

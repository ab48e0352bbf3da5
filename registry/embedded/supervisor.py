"""The process beside an embedded server: its parent, which stops it when no user is left.

A user that is killed cannot stop the server behind it; its lock falls all the same, and this process sees that.
A server that crashes under its users is started again. Killed itself, its work falls to the users: the last one
out stops the server, and the next one in starts a new supervisor.

    python -m registry.embedded.supervisor FOLDER lasting|throwaway     (says `ready` or why not, on stdout)
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from registry.embedded.locks import SUPERVISOR, USERS, FileLock
from registry.embedded.place import EmbeddedError, Place
from registry.embedded.server import Server

LOOK_SECONDS = 0.2
CRASHES_BORNE = 3


def main(folder: str, kind: str) -> int:
    server = Server(Place(Path(folder), throwaway=kind == "throwaway"))
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # it goes when its users go, not before
        signal.signal(ignored, signal.SIG_IGN)
    watch, users = FileLock(server.place.folder, SUPERVISOR), FileLock(server.place.folder, USERS)
    watch.take()
    try:
        child = None if server.answers() else server.start()
    except EmbeddedError as error:
        _say(str(error))
        return 1
    _say("ready")
    _wait_for_the_last(server, users, child)
    if child is not None:
        child.wait()
    watch.release()  # before the users' lock: a newcomer that gets that one must not count on this process
    users.release()
    return 0


def _wait_for_the_last(server: Server, users: FileLock, child: "subprocess.Popen[bytes] | None") -> None:
    crashes = 0
    while not users.try_take():
        time.sleep(LOOK_SECONDS)
        if child is None or child.poll() is None:
            continue
        if child.returncode == 0 or crashes == CRASHES_BORNE:  # stopped by the last one out; or past saving
            return
        crashes += 1
        with contextlib.suppress(EmbeddedError):
            child = server.start()
    server.stop()


def _say(sentence: str) -> None:
    print(sentence, flush=True)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # ends the starter's reading
    os.close(nowhere)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

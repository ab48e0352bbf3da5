"""The site's WSGI application on a port of this machine, real threads and real HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.db import connections


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def served() -> Iterator[str]:
    """Serve until the block ends. As on a real server a thread keeps its connection to the database for all that the
    browser asks of it; elsewhere in the tests CONN_MAX_AGE is 0."""
    database = connections.settings["default"]
    database["CONN_MAX_AGE"], age = 60, database["CONN_MAX_AGE"]
    server = ThreadedWSGIServer(("127.0.0.1", 0), _Quiet, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        database["CONN_MAX_AGE"] = age

"""A real gunicorn as the product configures it, with one worker, and a few addresses that are slow on purpose.

`python -m tests.support.slow_site PORT`, on DATABASE_URL as it is.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import cache

MB = 1024 * 1024


@cache
def content(size: int) -> bytes:
    """Bytes of which no stretch is like another."""
    block = b"".join(hashlib.sha256(str(n).encode()).digest() for n in range(2048))
    return b"".join(hashlib.sha256(bytes([n % 256])).digest() + block[32:] for n in range(size // len(block)))


def serve(port: int) -> None:
    from registry.serving import Site, bound
    from registry.worker import worker

    class Served(Site):
        def keep_worker(self) -> None:
            """Nothing falls due here."""

    worker.HEAD_SECONDS = 2.0
    Served(bound("127.0.0.1", port), 1, lambda: print("Serving", flush=True)).run()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.support.slow_settings"
    import django

    django.setup()
    serve(int(sys.argv[1]))

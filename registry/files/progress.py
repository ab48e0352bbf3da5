from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Says on a terminal which step is under way and the seconds it took; silent where nobody looks on."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.shown = self.stream.isatty()

    @contextmanager
    def step(self, sentence: str) -> Iterator[None]:
        self._say(f"  {sentence} ... ")
        began = time.monotonic()
        yield
        self._say(f"{time.monotonic() - began:.1f} s\n")

    def _say(self, text: str) -> None:
        if self.shown:
            self.stream.write(text)
            self.stream.flush()


class Silent(Progress):
    """For callers that are no terminal: pages, tests, the demonstration."""

    def __init__(self) -> None:
        super().__init__()
        self.shown = False

"""What a process keeps of what it has read, where the answer to a question can never change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The last few answers: to a question, of each state that it was asked in. The one that was longest unused goes
    first. Threads share it."""

    def __init__(self, most: int) -> None:
        self.most, self.lock = most, Lock()
        self.answers: OrderedDict[tuple[Hashable, Hashable], T] = OrderedDict()

    def of(self, question: Hashable) -> dict[Hashable, T]:
        """The answers to a question, by state."""
        with self.lock:
            return {state: answer for (asked, state), answer in self.answers.items() if asked == question}

    def keep(self, question: Hashable, state: Hashable, answer: T) -> T:
        """Keep it as the one used last. Where it is there already, the one there is kept and returned."""
        with self.lock:
            kept = self.answers.setdefault((question, state), answer)
            self.answers.move_to_end((question, state))
            if len(self.answers) > self.most:
                self.answers.popitem(last=False)
            return kept

    def clear(self) -> None:
        with self.lock:
            self.answers.clear()

"""A client reads all pages over real HTTP while 500 changes land on another connection."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from threading import Semaphore, Thread
from typing import Any
from urllib.request import urlopen

from django.db import connection

from practices.models import Practice, PracticeParticulars, PracticeStatus
from tests.factories import make_practice, writing

THERE, CHANGES, PAGE = 120, 500, 10
WITH_EACH_PAGE = 12
DAY = date(2011, 4, 1)


def change(number: int, practices: list[Practice]) -> None:
    """A new practice among those that are there, a name that moves one in the order, or one that closes."""
    one = practices[number % THERE]
    if number % 5 == 0:
        made = Practice.objects.create(code=f"Z{number % THERE:04d}{'ABCDE'[number // THERE]}")
        with writing("make_practice") as entry:
            entry.set(PracticeParticulars, (made.pk,), date(2004, 1, 1), None, ("NEW", "", "", "", 4))
            entry.set(PracticeStatus, (made.pk,), date(2004, 1, 1), None, ("A",))
    elif number % 5 == 1 and number < THERE:
        with writing("close") as entry:
            entry.set(PracticeStatus, (one.pk,), date(2011, 1, 1), None, ("C",))
    else:
        with writing("rename") as entry:
            entry.set(PracticeParticulars, (one.pk,), date(2011, 1, 1), None, (f"NAME {-number % 37}", "", "", "", 4))


class Fire(Thread):
    """Writes the changes, one entry each, on a connection of its own: so many with each page that is read, while it is
    read, so that they last for all walks and no longer."""

    def __init__(self, practices: list[Practice]) -> None:
        super().__init__(daemon=True)
        self.practices, self.landed = practices, 0
        self.allowed, self.done = Semaphore(0), Semaphore(0)

    def run(self) -> None:
        try:
            for number in range(CHANGES):
                self.allowed.acquire(timeout=60)
                change(number, self.practices)
                self.landed += 1
                self.done.release()
        finally:
            self.done.release(CHANGES)
            connection.close()


def walk(address: str, fire: Fire) -> Iterator[dict[str, Any]]:
    """Its pages: changes land while each is read, and have landed before the next is asked for."""
    while address:
        fire.allowed.release(WITH_EACH_PAGE)
        with urlopen(address, timeout=60) as answer:
            page = json.load(answer)
        for _ in range(WITH_EACH_PAGE):
            fire.done.acquire(timeout=60)
        yield page
        address = page["next"]


def test_no_row_is_repeated_and_none_missed_that_was_there_throughout(live_site: str) -> None:
    practices = [make_practice(f"Z{n:04d}", name=f"NAME {n % 37}") for n in range(THERE)]
    fire, before = Fire(practices), {p.code for p in practices}
    fire.start()
    meanwhile = []
    for ordering in ("code", "name", "-name"):
        at_first = fire.landed
        asked = f"{live_site}/api/v1/practices/?as_of={DAY}&ordering={ordering}"
        pages = list(walk(f"{asked}&page_size={PAGE}", fire))
        meanwhile.append(fire.landed - at_first)
        rows = [row for page in pages for row in page["results"]]
        codes = [row["code"] for row in rows]
        assert len(codes) == len(set(codes)), "a row is repeated"
        assert before <= set(codes), "a row that was there throughout is missed"
        assert len(codes) == pages[0]["count"] and len({page["known_at"] for page in pages}) == 1
        with urlopen(f"{asked}&known_at={pages[0]['known_at']}&page_size=1000", timeout=60) as answer:
            assert json.load(answer)["results"] == rows, "a page is of another moment than the first"
    fire.allowed.release(CHANGES)
    fire.join()
    assert fire.landed == CHANGES
    assert min(meanwhile) > 20, "no changes landed while pages were read"
    with urlopen(f"{live_site}/api/v1/practices/?as_of={DAY}", timeout=60) as answer:
        assert json.load(answer)["count"] == THERE + CHANGES // 5

"""Nothing of a decision reaches the transition's figures before its wave is released: the crosswalk, carried series,
boards, maps, areas, budgets' holders, feeds and files, for anybody without the right to see it.

What the other test crawls by route, this asks by what it is asked about: layers, filters, pairs of kinds, files sent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import time_machine

from pathfinders.actions.snapshots import take_snapshot
from pathfinders.models import Bid, PublishedFile
from registry import clock, tallies
from registry.models import Entry
from tests import programme as told
from tests.integration.test_embargo_bytes import (
    MINTED,
    READ,
    RELEASE,
    WORKED,
    assess_and_decide,
    freeze_and_schedule,
    prepare,
    story,
    take,
    who,
)
from tests.support import crawl
from tests.support.undone import undone

__all__ = ["story", "who"]
ON = f"as_of={told.ANNOUNCED_ON}"
HELD, NEW = "GC0001", MINTED[1]
PAIRS = (("pct", "consortium"), ("consortium", "pct"), ("sha", "consortium"), ("consortium", "ccg"))
LAYERS = ("stage", "coverage", "budget", "left_out")
PUBLIC = tuple(
    f"{path}{'&' if '?' in path else '?'}{ON}"
    for path in (
        *[f"/transitions/?show={layer}" for layer in LAYERS],
        *[f"/transitions/map.csv?show={layer}" for layer in LAYERS],
        "/transitions/map.svg?show=coverage",
        "/api/v1/transitions/?format=csv",
        *[f"/api/v1/crosswalk/?source={one}&target={other}" for one, other in PAIRS],
        "/transitions/crosswalk/?source=pct&target=consortium&code=5LE",
        f"/transitions/crosswalk/?source=consortium&target=pct&code={NEW}",
        "/transitions/area/?postcode=ZZ1",
        "/transitions/area/?postcode=ZZ1+1ZZ",
        *[f"/transitions/budgets/holders/{ref}/" for ref in (HELD, NEW)],
        *[f"/api/v1/budgets/?year=2011/12&holder={ref}" for ref in (HELD, NEW)],
        f"/transitions/local-bodies/?consortium={NEW}",
        "/pcts/5LE/",
        "/unaffiliated/",
        "/api/v1/unaffiliated/?pct=5LE",
    )
) + ("/pcts/5LE/feed.atom", "/practices/Z00003/feed.atom", "/practices/Z00004/feed.atom", f"/consortia/{HELD}/feed.atom",
     "/waves/feed.atom", "/waves/feed.json", "/data/", f"/consortia/{NEW}/feed.atom")  # fmt: skip
CHANGES = (
    f"/transitions/?show=coverage&{ON}",
    f"/transitions/map.csv?show=left_out&{ON}",
    f"/api/v1/crosswalk/?source=pct&target=consortium&{ON}",
    f"/transitions/area/?postcode=ZZ1&{ON}",
    f"/transitions/budgets/holders/{NEW}/?{ON}",
    "/practices/Z00003/feed.atom",
)
"""What the release does change, so that the comparison would have seen it."""
EVERYBODYS = (*CHANGES, f"/api/v1/budgets/?year=2011/12&holder={NEW}&{ON}", f"/pcts/5LE/?{ON}")
"""One of each kind: what every person who is signed in is asked for; the public is asked for all."""
CARRY = f"/api/v1/crosswalk/carry/?source=pct&target=consortium&{ON}&format=csv"
FORM = {
    "source": "pct", "target": "consortium", "from_day": str(told.ANNOUNCED_ON), "to_day": str(told.ANNOUNCED_ON),
    "weight": "people", "figures": "pct,items\n5LE,1000\n", "do": "csv",
}  # fmt: skip


def carried(person: Any) -> list[bytes]:
    """A figure of the trust carried to consortia, by the page's form and by the API."""
    client = crawl.session(person)
    answers = [
        client.post("/transitions/crosswalk/carry/", FORM),
        client.post(CARRY, FORM["figures"], content_type="text/csv"),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.content[:500]
    return [answer.content for answer in answers]


def snapshot() -> dict[str, str]:
    """The SHA-256 of each file of a snapshot taken now; it is taken back."""
    with undone():
        entry = Entry.objects.order_by("-number")[0]
        made: Any = take_snapshot(as_of=told.ANNOUNCED_ON, entry=entry, why="asked")
        files = PublishedFile.objects.filter(snapshot=made)
        return dict(files.values_list("name", "sha256"))


@pytest.fixture
def people(who: told.People, settings: Any) -> dict[str, Any]:
    """Everybody without the right to see an outcome before its release."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    return {
        "anonymous": None,
        "nobody": told.person(),
        "bidder": who.lead,
        "other lead": told.person("consortium_lead"),
        "PCT": told.person(pct_lead="5LE"),
        "SHA": told.person(sha_assessor="Q36"),
        "practice": told.person(practice_manager="Z00003"),
        "analyst": told.person("analyst"),
    }


def test_an_unreleased_wave_is_in_no_figure_of_the_transition(who: told.People, people: dict[str, Any]) -> None:
    instant = clock.real_now()
    ask = {name: crawl.in_process(person, free=()) for name, person in people.items()}

    def at(moment: Any, read: Callable[[], Any]) -> Any:
        tallies.forget()
        with time_machine.travel(instant, tick=False), clock.story_time(moment):
            return read()

    def everything() -> dict[str, Any]:
        return {name: crawl.read(asks, EVERYBODYS if people[name] else PUBLIC) for name, asks in ask.items()}

    before = at(READ, everything)
    sent = {name: at(READ, lambda p=person: carried(p)) for name, person in people.items()}
    files = at(READ, snapshot)
    statuses = {path: answer.status for path, answer in before["anonymous"].items()}
    unheard = (
        f"/transitions/budgets/holders/{NEW}",
        f"/consortia/{NEW}/",
        f"/api/v1/budgets/?year=2011/12&holder={NEW}",
    )
    assert {path for path, status in statuses.items() if status != 200} == {
        path for path in PUBLIC if path.startswith(unheard)
    }, "asked in vain"

    with clock.story_time(WORKED):
        wave = assess_and_decide(who)
        prepare(who, wave)
        freeze_and_schedule(who, wave)
    assert Bid.objects.get(name="Southwark").state == "decided"
    after = at(READ, everything)
    for name in people:
        assert crawl.differences(before[name], after[name]) == [], name
    assert {name: at(READ, lambda p=person: carried(p)) for name, person in people.items()} == sent
    assert at(READ, snapshot) == files and len(files) > 5

    with clock.story_time(RELEASE):
        take(told.actions.release_wave, wave, by=who.admin)
    released = at(RELEASE, lambda: crawl.read(ask["anonymous"], CHANGES))
    for path, answer in released.items():
        assert answer.body != before["anonymous"][path].body, f"the comparison would not see {path} change"
    assert all(
        NEW.encode() in one and NEW.encode() not in two
        for one, two in zip(at(RELEASE, lambda: carried(None)), sent["anonymous"], strict=True)
    )

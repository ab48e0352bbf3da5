"""A wave on its way to release: two bids in two regions, five practices with lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pathfinders import actions
from pathfinders.models import Wave
from registry import outbox
from tests import factories as make
from tests import programme as told

GOOD = [
    {"words": "2 pathfinders"},
    {"words": "5 practices"},
    {"words": "about 15,000 people"},
    {"words": "3", "metric": "practices", "scope_kind": "group", "scope": "Southwark"},
]
SERVICE = {
    "scope_kind": "group",
    "scope": "Southwark",
    "specialty": "Ophthalmology",
    "status": "planned",
    "words": "An eye clinic opens later in the spring",
    "measure": "outpatient referrals",
    "value": "-2.5",
    "unit": "per cent",
    "comparator": "the year before",
    "period": "a year",
}


@dataclass
class Scene:
    who: told.People
    number: int

    @property
    def wave(self) -> Wave:
        return Wave.objects.get(pk=self.number)

    def announce(self, **changes: Any) -> Any:
        wave = self.wave
        said = {"title": "The third wave", "text": "Two groups join.", "claims": GOOD, "services": [SERVICE]}
        return actions.announce_wave(by=self.who.admin, wave=wave, version=wave.version, **{**said, **changes})

    def freeze(self) -> None:
        told.frozen(self.who, self.wave)

    def release(self) -> Any:
        """From a frozen, announced wave on."""
        actions.read_letters(by=self.who.admin, wave=self.wave, version=self.wave.version)
        second = told.person("approver")
        actions.confirm_wave(by=second, wave=self.wave, version=self.wave.version)
        outbox.beat()
        return actions.release_wave(by=self.who.admin, wave=self.wave, version=self.wave.version)


def scene(number: int = 3) -> Scene:
    """Southwark with three practices and 6,000 people in London, Leeds with two and 9,000 in Yorkshire."""
    who = told.people()
    london, york = make.make_sha("Q36", "London"), make.make_sha("Q32", "Yorkshire and the Humber")
    southwark, leeds = make.make_pct("5LE", sha=london), make.make_pct("5N1", sha=york)
    some = [make.make_practice(f"Z0000{n}", pct=southwark, patients=1000 * n) for n in (1, 2, 3)]
    others = [make.make_practice(f"Z0000{n}", pct=leeds, patients=1000 * n) for n in (4, 5)]
    wave = told.wave(who, number)
    told.decided(who, wave, some, name="Southwark")
    told.decided(who, wave, others, name="Leeds")
    return Scene(who, wave.number)

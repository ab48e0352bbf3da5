"""The waves of the story from their opening to their release: dates, a slip or two, the announcement, who confirms it.

The day of each announcement is the real one; cut-offs, slips, reasons and the announcements' words are made up.
"""

from __future__ import annotations

from datetime import date

from pathfinders import actions
from pathfinders.demonstration import calendar
from pathfinders.demonstration.people import Cast
from pathfinders.models import Wave
from registry import clock, outbox
from registry.clock import on_day

EXPECTED = {
    1: (date(2010, 11, 12), date(2010, 12, 3)),
    2: (date(2010, 12, 17), date(2011, 1, 12)),
    3: (date(2011, 1, 31), date(2011, 2, 24)),
    4: (date(2011, 3, 11), date(2011, 3, 30)),
    5: (date(2011, 6, 20), date(2011, 7, 5)),
    6: (date(2011, 8, 26), date(2011, 9, 1)),
}
"""By wave, as said at its opening: the cut-off for bids, and by when they are decided."""
SLIPS = {
    3: (date(2011, 1, 27), date(2011, 2, 4), "Snow kept practices in three regions from meeting to vote."),
    6: (date(2011, 8, 24), date(2011, 8, 31), "Bidders asked for time to hear their practices after the holidays."),
}
"""When a cut-off was moved, to which day, and why."""
FORETOLD = 6
"""The wave whose dates the public has been told: the one that is open today."""
NEXT = (7, date(2011, 10, 3), date(2011, 11, 11), date(2011, 11, 30), date(2011, 12, 7))
"""Number, opening, cut-off, decisions and announcement of the wave after the open one, known to staff alone."""
TITLES = {
    1: "First groups of practices to try GP commissioning",
    2: "More practices join the pathfinders",
    3: "Third wave of pathfinders named",
    4: "Fourth wave: most of England takes part",
    5: "Fifth wave of pathfinders joins",
}
TEXTS = {
    1: "The first GP commissioning pathfinders start work now. They will plan and buy care with their trusts, and tell "
    "others what they learn before the law changes.",
    2: "A second wave of practices has been chosen as pathfinders. They join the first in testing how groups of GPs can "
    "plan the care of the people on their lists.",
    3: "A third wave of groups joins the programme today. Each was asked whether its practices back it, who leads it, "
    "and how it works with its council.",
    4: "The fourth wave is named today. Practices in every region now take part, some in groups of two or three, some "
    "with a whole county.",
    5: "The fifth wave joins today, the last before the pathfinders hand over to the bodies that Parliament decides on.",
}


def opened(cast: Cast, wave: Wave) -> None:
    """What is said of a wave's dates from its opening on; for the open one also in public."""
    number, by = wave.number, cast.admin
    closes_on, decides_on = EXPECTED[number]
    with clock.story_time(on_day(calendar.OPENED[number])):
        actions.date_wave(by=by, wave=wave, version=_version(wave), closes_on=closes_on, decides_on=decides_on)
        if number == FORETOLD:
            _publish(cast, wave, "Bidders are told by when to bid.")
            days = dict(zip(("opens_on", "closes_on", "decides_on", "announced_on"), NEXT[1:], strict=True))
            actions.forecast_wave(by=by, number=NEXT[0], **days)
    if number in SLIPS:
        said, day, why = SLIPS[number]
        with clock.story_time(on_day(said)):
            actions.date_wave(by=by, wave=wave, version=_version(wave), closes_on=day, reason=why)
            if number == FORETOLD:
                _publish(cast, wave, "The cut-off has been moved.")


def release(cast: Cast, wave: Wave) -> None:
    """A decided wave closes, is frozen, announced and confirmed, and on its day it is released."""
    number, by, days = wave.number, cast.admin, calendar.BIDS[wave.number]
    with clock.story_time(on_day(days.submitted, hour=17)):
        actions.close_wave(by=by, wave=wave, version=_version(wave))
    with clock.story_time(on_day(days.decided, hour=17)):
        actions.complete_wave(by=by, wave=wave, version=_version(wave))
        title, text = TITLES[number], TEXTS[number]
        actions.announce_wave(by=by, wave=wave, version=_version(wave), title=title, text=text)
        actions.freeze_wave(by=by, wave=wave, version=_version(wave))
        actions.read_letters(by=by, wave=wave, version=_version(wave))
    with clock.story_time(on_day(days.decided, hour=18)):
        actions.confirm_wave(by=cast.approver, wave=wave, version=_version(wave))
    with clock.story_time(on_day(wave.announced_on, hour=9)):
        outbox.beat()
        actions.release_wave(by=by, wave=wave, version=_version(wave))


def _publish(cast: Cast, wave: Wave, why: str) -> None:
    actions.publish_dates(by=cast.admin, wave=wave, version=_version(wave), reason=why)


def _version(wave: Wave) -> int:
    return Wave.objects.values_list("version", flat=True).get(pk=wave.pk)

"""How far each trust had handed over, and on what evidence."""

from __future__ import annotations

from typing import ClassVar

from pathfinders.api.accountable import SaysAccountable
from pathfinders.api.lists import PublicDetail, VersionList
from pathfinders.api.transition_rows import Transition as Row
from pathfinders.api.transition_rows import TransitionSpell
from pathfinders.reads import transitions
from pathfinders.reads.transition_history import History


class Transitions(SaysAccountable, VersionList):
    """Each primary care trust in life on the day or, having been open on 12 July 2010 or since, closed by it (`closed`
    parts them; the count is of both): the stage of its hand-over as the best evidence says, what weaker
    evidence says otherwise, and what it plans. Null is not known. `history=1`: a row for each spell of each evidence."""

    in_editions = True
    read, serializer = transitions, Row
    words: ClassVar[dict[str, str]] = {
        "history": "1: a row for each spell of which an evidence says something, of any day, as known at known_at; all: "
        "also those that the register had taken back by then. Its filters are pct, stage, begun and evidence."
    }
    versions, spell = History(), TransitionSpell


class Transition(SaysAccountable, PublicDetail):
    """One trust's transition."""

    resource = "transitions"
    read, serializer = transitions, Row

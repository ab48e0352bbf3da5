"""How far each trust had handed over, and on what evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from pathfinders.api.accountable import SaysAccountable, envelope_of
from pathfinders.api.lists import PublicDetail, PublicList
from pathfinders.api.transition_rows import Transition as Row
from pathfinders.api.transition_rows import TransitionSpell
from pathfinders.reads import transitions
from pathfinders.reads.transition_history import History
from registry.api.about import About
from registry.api.questions import one_of


class Transitions(SaysAccountable, PublicList):
    """Each primary care trust in life on the day or, having been open on 12 July 2010 or since, closed by it (`closed`
    parts them; the count is of both): the stage of its hand-over as the best evidence says, what weaker
    evidence says otherwise, and what it plans. Null is not known. `history=1`: a row for each spell of each evidence."""

    in_editions = True
    read, serializer = transitions, Row
    parameters = ("history",)
    choices: ClassVar[dict[str, list[str]]] = {"history": ["0", "1", "all"]}
    words: ClassVar[dict[str, str]] = {
        "history": "1: a row for each spell of which an evidence says something, of any day, as known at known_at; all: "
        "also those that the register had taken back by then. Its filters are pct, stage, begun and evidence."
    }
    more_orderings = ("effective_from",)  # with history
    spell: ClassVar[type[Serializer]] = TransitionSpell

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asked = one_of(request.GET, "history", ("0", "1", "all"), "0")
        if asked != "0":
            self.read = History(asked == "all")  # type: ignore[assignment]  # for this request: a view is made anew for each
            self.serializer = self.spell  # type: ignore[assignment]

    def about(self, moment: Any, form: str) -> About:
        """A file of spells has columns of its own."""
        about = super().about(moment, form)
        spells = self.serializer is TransitionSpell
        return replace(about, resource=f"{about.resource}/spells") if spells else about

    def described_otherwise(self) -> Serializer:
        return envelope_of(TransitionSpell, paged=True)


class Transition(SaysAccountable, PublicDetail):
    """One trust's transition."""

    resource = "transitions"
    read, serializer = transitions, Row

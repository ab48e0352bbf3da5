"""What lists and single rows of the public register share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.serializers import Serializer

from pathfinders.api.links import links_of
from pathfinders.reads.spells import HISTORIES
from registry.api.about import About
from registry.api.questions import one_of
from registry.api.schema import envelope
from registry.api.views import DetailView, ListView
from registry.moment import Moment


class PublicList(ListView):
    public = True

    def described(self) -> Serializer:
        return envelope(self.serializer.__name__, self.serializer, paged=True)


class VersionList(PublicList):
    """A list that with `history` has a row for each version of its facts, with the fields of `spell`: those of
    `versions`, which has the face of a read (`pathfinders.reads.versions`)."""

    parameters = ("history",)
    choices: ClassVar[dict[str, list[str]]] = {"history": ["0", "1", "all"]}
    words: ClassVar[dict[str, str]] = {
        "history": "1: a row for each version, of any day, with why it was recorded, as known at known_at; all: also those "
        "that the register had taken back by then. It has filters of its own, which the refusal of another names."
    }
    more_orderings = ("effective_from",)  # with history
    spell: ClassVar[type[Serializer]]
    versions: ClassVar[Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asked = one_of(request.GET, "history", ("0", "1", "all"), "0")
        if asked != "0":
            # For this request: a view is made anew for each.
            self.read = self.versions.asked(asked)  # type: ignore[misc]
            self.serializer = self.spell  # type: ignore[misc]

    @property
    def by_version(self) -> bool:
        return self.serializer is self.spell

    def about(self, moment: Moment, form: str) -> About:
        """A file of versions has columns of its own."""
        about = super().about(moment, form)
        return replace(about, resource=f"{about.resource}/spells") if self.by_version else about

    def described_otherwise(self) -> Serializer:
        return self.enveloped(self.spell)

    def enveloped(self, serializer: type[Serializer]) -> Serializer:
        return envelope(serializer.__name__, serializer, paged=True)


class PublicDetail(DetailView):
    """`resource`: the name of its list."""

    public = True
    resource: ClassVar[str]

    def described(self) -> Serializer:
        return envelope(self.serializer.__name__, self.serializer, paged=False, linked=True)

    def beside(self, moment: Moment, row: dict[str, Any]) -> dict[str, Any]:
        (column,) = self.kwargs
        absolute = self.request.build_absolute_uri
        return {"links": links_of(self.resource, row[column], row, moment, absolute)}


class HistoryList(PublicList):
    """A list that with `history` has a row for each spell (`pathfinders.reads.spells`), with the fields of `spell`."""

    parameters = ("history",)
    choices: ClassVar[dict[str, list[str]]] = {"history": ["0", "1", "all"]}
    words: ClassVar[dict[str, str]] = {
        "history": "1: a row for each spell, a stretch of days over which nothing of the row changed, of any day, as "
        "known at known_at; all: also those that the register had taken back by then. Filters ask each spell, but "
        "those of a consortium's or pathfinder's members (pct, sha) ask as_of."
    }
    more_orderings = ("effective_from",)  # with history
    spell: ClassVar[type[Serializer]]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asked = one_of(request.GET, "history", ("0", "1", "all"), "0")
        if asked != "0":
            # For this request: a view is made anew for each.
            self.read = HISTORIES[self.read].asked(asked, request.GET.get("basis", ""))  # type: ignore[misc]
            self.serializer = self.spell  # type: ignore[misc]

    def about(self, moment: Moment, form: str) -> About:
        """A file of spells has columns of its own."""
        about = super().about(moment, form)
        return replace(about, resource=f"{about.resource}/spells") if self.serializer is self.spell else about

    def described_otherwise(self) -> Serializer:
        return envelope(self.spell.__name__, self.spell, paged=True)

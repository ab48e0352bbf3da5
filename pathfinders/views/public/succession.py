"""Mergers and splits on the record of a consortium or pathfinder: sentences, and lines of its history, both ways."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from consortia.models import SuccessionKind
from pathfinders.views.public.history import Line, heard, lines, named, standing
from registry.models.fact import Fact
from registry.moment import Moment
from registry.pages.forms import long_date

BECAME = {
    SuccessionKind.MERGE: "Merged into",
    SuccessionKind.ABSORB: "Became part of",
    SuccessionKind.SPLIT: "Split into",
}
CAME = {
    SuccessionKind.MERGE: "Formed from",
    SuccessionKind.ABSORB: "Took over",
    SuccessionKind.SPLIT: "Took its part of",
}


class Successions:
    """Every succession that the register had told of one body by the moment. One question for any number."""

    def __init__(
        self,
        body: Any,
        succession: type[Fact],
        particulars: type[Fact],
        *,
        user: Any,
        moment: Moment,
        dates: str,
        path: str,
    ) -> None:
        self.body, self.moment, self.dates, self.path = body, moment, dates, path
        key = particulars.KEY[0]
        spells = particulars._default_manager.filter(moment.recorded_q()).order_by("-effective").values("name")
        names = {f"{end}_name": Subquery(spells.filter(**{key: OuterRef(end)})[:1]) for end in ENDS}
        facts = succession._default_manager.visible_to(user).select_related(*ENDS).annotate(**names)  # type: ignore[attr-defined]
        merged = succession._default_manager.filter(predecessor=body.pk, kind=SuccessionKind.MERGE)
        near = Q(predecessor=body.pk) | Q(successor=body.pk) | Q(successor__in=merged.values("successor"))
        found = heard(facts.filter(near), moment)
        self.facts = [f for f in found if body.pk in (f.predecessor_id, f.successor_id)]
        into = {f.successor_id for f in self._standing(True) if f.kind == SuccessionKind.MERGE}
        others = [f for f in standing(found, moment) if f.successor_id in into and f.predecessor_id != body.pk]
        self.partners: list[Any] = sorted(others, key=lambda f: f.predecessor.ref)

    def sentences(self) -> list[SafeString]:
        """What it came from and what it became, in the order of the days."""
        told = [self._sentence(list(group), came=True) for group in _together(self._standing(False))]
        return told + [self._sentence(list(group), came=False) for group in _together(self._standing(True))]

    def lines(self) -> list[Line]:
        gone = [f for f in self.facts if f.predecessor_id == self.body.pk]
        came = [f for f in self.facts if f.successor_id == self.body.pk]
        return [
            *lines(gone, self.moment, "Successor", lambda f: self._words(f, "successor", BECAME)),
            *lines(came, self.moment, "Predecessor", lambda f: self._words(f, "predecessor", CAME)),
        ]

    def _standing(self, gone: bool) -> list[Any]:
        return [f for f in standing(self.facts, self.moment) if (f.predecessor_id == self.body.pk) == gone]

    def _sentence(self, facts: list[Any], *, came: bool) -> SafeString:
        end, words = ("predecessor", CAME) if came else ("successor", BECAME)
        links = _listed(self._link(f, end) for f in facts)
        told = format_html("{} {} on {}", words[facts[0].kind], links, long_date(facts[0].first))
        partners = [] if came else [p for p in self.partners if p.successor_id == facts[0].successor_id]
        if partners and facts[0].kind == SuccessionKind.MERGE:
            told = format_html("{}, with {}", told, _listed(self._link(p, "predecessor") for p in partners))
        return format_html("{}.", told)

    def _words(self, fact: Any, end: str, words: dict[SuccessionKind, str]) -> SafeString:
        return format_html("{} {}", words[fact.kind], self._link(fact, end))

    def _link(self, fact: Any, end: str) -> SafeString:
        link = named(getattr(fact, end).ref, getattr(fact, f"{end}_name"), self.path, self.dates)
        return format_html("{} ({}%)", link, f"{fact.share:.1%}".rstrip("%")) if fact.share else link


ENDS = ("predecessor", "successor")


def _together(facts: list[Any]) -> Iterable[Any]:
    """Those of one day and kind."""
    ordered = sorted(facts, key=lambda f: (f.first, f.kind, f.predecessor.ref, f.successor.ref))
    return (group for _, group in groupby(ordered, key=lambda f: (f.first, f.kind)))


def _listed(links: Iterable[SafeString]) -> SafeString:
    found = list(links)
    if len(found) < 2:
        return found[0]
    return format_html("{} and {}", format_html_join(", ", "{}", ((link,) for link in found[:-1])), found[-1])

"""The record of one practice, with its history on both clocks."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils.functional import cached_property
from django.utils.html import format_html

from consortia.models import Membership
from consortia.words import label_of
from pathfinders.models import LeftOutAtRelease
from pathfinders.reads import practices as read
from pathfinders.views.public.base import PublicRecord, days_words
from pathfinders.views.public.body_feeds import feed_of
from pathfinders.views.public.history import (
    Line,
    body_name,
    changed,
    consortium_name,
    heard,
    instant,
    lines,
    named,
    practice_name,
    standing,
    tables,
)
from pathfinders.views.public.practices import MEMBERSHIP_TAGS, STATUS_TAGS, quarter_words, with_counts
from practices.models import (
    Branch,
    ListSize,
    Practice,
    PracticeMergerKind,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
    PracticeSuccession,
    Status,
)
from registry.pages.tables import Column, Table
from registry.timeline import Period, last_day

SUCCESSION_WORDS = {
    (True, PracticeMergerKind.ABSORB): "Became part of",
    (True, PracticeMergerKind.MERGE): "Merged into",
    (False, PracticeMergerKind.ABSORB): "Took over",
    (False, PracticeMergerKind.MERGE): "Formed from",
}
"""Of a succession, by whether the practice is the one that ended, and by kind."""


FIELDS = {
    "name": "Name",
    "address": "Address",
    "postcode": "Postcode",
    "phone": "Telephone",
    "setting": "Prescribing setting",
}


class PracticePage(PublicRecord):
    template_name = "public/practice.html"
    crumbs = (("Practices", "/practices/"),)

    @cached_property
    def practice(self) -> Practice:
        code = self.kwargs["code"].upper()
        if self.statuses:
            return self.statuses[0].practice
        found = Practice.objects.visible_to(self.request.user).filter(code=code).first()
        if found is None:
            raise Http404(
                f"The register has no practice with the code “{code[:20]}”. Practice codes have a letter and five "
                "digits, such as G85001. Search by name or postcode to find the one you mean."
            )
        return found

    @cached_property
    def row(self) -> dict[str, Any] | None:
        """The practice on the day, or None where it did not exist on it."""
        return with_counts(read.rows(self.request.user, self.moment)).filter(pk=self.practice.pk).first()

    def _facts(self, model: Any) -> QuerySet:
        return model.objects.visible_to(self.request.user).filter(practice=self.practice.pk)

    @cached_property
    def particulars(self) -> list[Any]:
        return heard(self._facts(PracticeParticulars), self.moment)

    @cached_property
    def statuses(self) -> list[Any]:
        """By the code in the address, with the practice itself: nearly every one has a status."""
        facts = PracticeStatus.objects.visible_to(self.request.user).filter(practice__code=self.kwargs["code"].upper())
        return heard(facts.select_related("practice"), self.moment)

    @cached_property
    def sizes(self) -> list[Any]:
        return heard(self._facts(ListSize), self.moment)

    @cached_property
    def branches(self) -> list[Any]:
        return heard(self._facts(Branch).select_related("practice"), self.moment)

    @cached_property
    def successions(self) -> list[Any]:
        """Both ways: what it became part of, and what became part of it."""
        facts = PracticeSuccession.objects.visible_to(self.request.user)
        facts = facts.filter(Q(predecessor=self.practice.pk) | Q(successor=self.practice.pk))
        names = {f"{end}_name": practice_name(end, self.moment) for end in ("predecessor", "successor")}
        return heard(facts.select_related("predecessor", "successor").annotate(**names), self.moment)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        history, row = self.history(), self.row
        if not history:
            raise Http404(
                f"The register did not know the practice {self.practice.code} at the time you ask about. "
                "Choose a later date of knowledge."
            )
        return super().get_context_data(
            title=f"{row['name'] or 'Practice'} ({row['code']})" if row else self._name_of_old(),
            row=row,
            practice_code=self.practice.code,
            feed=feed_of("practices", self.practice.code, "the practice"),
            lives=[] if row else self._lives(),
            status=STATUS_TAGS.get(row["status"]) if row else None,
            membership=MEMBERSHIP_TAGS.get(row["membership_status"]) if row else None,
            quarter=quarter_words(row) if row else "",
            branches=self._branches(),
            became=self._succeeded(became=True),
            took_over=self._succeeded(became=False),
            sizes=self._sizes(),
            citation=self.cite([self._figure()]),
            **tables(history),
            **kwargs,
        )

    def _name_of_old(self) -> str:
        names = standing(self.particulars, self.moment)
        return f"{names[-1].name} ({self.practice.code})" if names else f"Practice {self.practice.code}"

    def _lives(self) -> list[str]:
        """When the practice had a status, in words."""
        lives = standing(self.statuses, self.moment)
        return [f"{Status(f.status).label.lower()} {days_words(f.first, last_day(f.after))}" for f in lives]

    def _figure(self) -> str:
        row = self.row
        if not row or row["list_size"] is None:
            return f"{self.practice.code}: no list size is known"
        basis = (
            "a later quarter than the day" if row["list_size_basis"] == "later" else "the latest quarter by the day"
        )
        return (
            f"{row['name']} ({row['code']}): {row['list_size']:,} registered patients, list of "
            f"{row['list_size_quarter']} ({basis})"
        )

    def _sizes(self) -> Table | None:
        sizes = standing(self.sizes, self.moment)[::-1]
        columns = (
            Column("quarter", "Quarter"),
            Column("patients", "Patients", kind="number"),
            Column("opened_by.at", "Recorded", show=lambda fact: instant(fact.opened_by.at)),
        )
        return Table(columns, sizes, "List sizes by quarter", caption_spoken=True) if sizes else None

    def _branches(self) -> Table | None:
        """Those of the day."""
        rows = sorted(self._on_day(self.branches), key=lambda fact: fact.branch)
        columns = (
            Column("code", "Code"),
            Column("name", "Name"),
            Column("address", "Address", show=lambda fact: ", ".join(fact.address.splitlines())),
            Column("postcode", "Postcode"),
            Column("first", "Open since", kind="date", empty="before records"),
        )
        return Table(columns, rows, "Branch surgeries", caption_spoken=True) if rows else None

    def _on_day(self, facts: list[Any]) -> list[Any]:
        """Those of the facts heard of that are true at the moment."""
        day = self.moment.as_of
        return [f for f in standing(facts, self.moment) if Period(f.first, f.after).contains(day)]

    def _became(self, fact: Any) -> bool:
        """Whether the practice is the one that became part of another."""
        return fact.predecessor_id == self.practice.pk

    def _succeeded(self, *, became: bool) -> list[tuple[str, Any, Any]]:
        """In words, links to those at the other end by the day, and the day from which; those of one kind together."""
        facts = [f for f in self._on_day(self.successions) if self._became(f) == became]
        told = [(SUCCESSION_WORDS[became, f.kind], self._other_end(f), f.first) for f in facts]
        return sorted(told, key=lambda row: row[0])

    def _other_end(self, fact: Any) -> Any:
        became = self._became(fact)
        other, name = (fact.successor, fact.successor_name) if became else (fact.predecessor, fact.predecessor_name)
        return named(other.code, name, "/practices/", self.dates)

    def history(self) -> list[Line]:
        """Every fact of the practice, one question a kind."""
        moment, facts = self.moment, self._facts
        parents = facts(PracticeParent).select_related("parent").annotate(name=body_name("parent", moment))
        members = (
            facts(Membership)
            .select_related("consortium")
            .annotate(name=consortium_name("consortium", moment), reason_label=label_of())
        )
        return [
            *lines(self.particulars, moment, "Particulars", changed(FIELDS, moment)),
            *lines(self.statuses, moment, "Status", lambda f: Status(f.status).label),
            *lines(parents, moment, "Parent body", lambda f: named(f.parent.code, f.name, "/pcts/", self.dates)),
            *lines(members, moment, "Consortium", self._membership),
            *lines(facts(LeftOutAtRelease), moment, "Left out at release", left_out_words),
            *self._succession_lines(),
            *lines(self.branches, moment, "Branch surgery", branch_words),
            *lines(self.sizes, moment, "List size", lambda f: f"{f.quarter}: {f.patients:,} patients"),
            *lines(facts(PracticePlace), moment, "Place", lambda f: f"{f.latitude:.5f}, {f.longitude:.5f}"),
        ]

    def _succession_lines(self) -> list[Line]:
        """Each kind of merger, at either end, under its own words."""
        found: list[Line] = []
        for (became, kind), words in SUCCESSION_WORDS.items():
            facts = [f for f in self.successions if (self._became(f), f.kind) == (became, kind)]
            found += lines(facts, self.moment, words, self._other_end)
        return found

    def _membership(self, fact: Any) -> Any:
        link = named(fact.consortium.ref, fact.name, "/consortia/", self.dates)
        return format_html("{}: {}", link, standing_words(fact))


def standing_words(fact: Membership) -> str:
    """How sure a membership is, by what its practice answered, why it began or changed, and on what legal basis.
    `reason_label` is annotated (consortia.words)."""
    how = f" ({fact.get_proof_display().lower()})" if fact.proof else ""
    basis = f"; legal basis: {fact.basis}" if fact.basis else ""
    return f"{fact.get_status_display().lower()}{how}; {fact.reason_label.lower()}{basis}"  # type: ignore[attr-defined]


def branch_words(fact: Branch) -> str:
    where = ", ".join([*fact.address.splitlines(), fact.postcode]).strip(", ")
    return f"{fact.code}: {fact.name}" + (f", {where}" if where else "")


def left_out_words(fact: LeftOutAtRelease) -> str:
    return f"Named in bid {fact.bid} but not a member at release: {fact.get_why_display().lower()}"  # type: ignore[attr-defined]

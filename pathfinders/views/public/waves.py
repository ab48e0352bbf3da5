"""Waves: the list, and the record of one: as released, as it stands on the day, and what changed between."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.http import Http404
from django.utils.functional import cached_property

from consortia.models import Membership
from pathfinders.models import Outcome, PathfinderParticulars, ProgrammePlace
from pathfinders.reads import wave_record
from pathfinders.reads import waves as read
from pathfinders.reads.coverage import Question, coverage_in
from pathfinders.reads.england import england
from pathfinders.views.public import announced, released, wave_days
from pathfinders.views.public.bars import parts_context
from pathfinders.views.public.base import PublicList, PublicRecord, dated
from pathfinders.views.public.body_feeds import feed_of
from pathfinders.views.public.history import heard, instant, kind_tag, standing
from pathfinders.views.public.pcts import coverage_words
from pathfinders.views.public.pictures import pictures
from registry.moment import Known, Moment
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table

COLUMNS = (
    Column("number", "Wave", href="/waves/{number}/", show=lambda row: f"Wave {row['number']}", sort="number"),
    Column("announced_on", "Announced", kind="date", sort="announced_on"),
    Column("pathfinders", "Pathfinders", kind="number"),
    Column("practices", "Practices", kind="number"),
    Column("people", "People", kind="number"),
)


class WaveList(PublicList):
    title = "Waves"
    template_name = "public/waves.html"
    noun = ("wave", "waves")
    read = read
    api_path = "/api/v1/waves/"
    lead = (
        "Waves of pathfinders released by the day shown. The figures are of that day: what changed after a release "
        "is on the page of its wave."
    )
    shown_filters = {"number": "Wave"}
    columns = COLUMNS

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment = self.request.user, self.moment
        return super().get_context_data(
            to_come=wave_days.to_come(user, moment),
            **announced.so_far(user, moment),
            **parts_context(user, moment, self.dates),
            **pictures(user, moment, self.dates),
            **kwargs,
        )


class WavePage(PublicRecord):
    template_name = "public/wave.html"
    crumbs = (("Waves", "/waves/"),)

    @cached_property
    def release(self) -> Any:
        """The fact by which the wave was released: the first that the register ever said of it."""
        number = self.kwargs["number"]
        facts = wave_record.releases(self.request.user, self.moment, number)
        found = heard(facts, self.moment) if number < 32_768 else []
        if not standing(found, self.moment):
            raise Http404(f"No wave {number} has been released. The waves released so far are listed under Waves.")
        return min(found, key=lambda fact: fact.opened_by_id)

    @cached_property
    def then(self) -> Moment:
        """The day of the announcement, as known at the release."""
        entry = self.release.opened_by
        known = Known.beside(self.moment.newest, entry)
        return Moment(self.release.announced_on, entry.at, latest=False, entry=known)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        number, user = self.release.wave, self.request.user
        record = wave_record.of_wave(user, self.moment, self.then, self.release)
        alone, question = [(str(number), f"Wave {number}")], Question(by="wave")
        (row,) = coverage_in(england(user, self.then), user, self.then, question, alone)
        return super().get_context_data(
            title=f"Wave {number}",
            number=number,
            feed=feed_of("waves", str(number), "wave"),
            release=self.release,
            then=self.then,
            manifest_sha256=self.release.manifest_sha256,
            announcement=self.release.announcement,
            row=row,
            now_known=bool(record.now),
            beside=self._beside(record.first, record.now),
            later=self._later(number),
            outcomes=self._outcomes(),
            days=wave_days.of_wave(user, self.moment, number),
            **announced.of_wave(record.claims, number),
            **released.of_wave(record, self.then),
            **pictures(user, self.then, self.dates, number, record.shas),
            citation=self.cite([f"As released on {long_date(self.then.as_of)}: {coverage_words(row)}"] if row else []),
            **kwargs,
        )

    def _beside(self, released: dict[str, dict[str, Any]], now: dict[str, dict[str, Any]]) -> Table:
        """As released, and on the day asked, a row a pathfinder."""
        refs = sorted({*released, *now})
        rows = [_pair(ref, released.get(ref), now.get(ref)) for ref in refs]
        day = long_date(self.moment.as_of)
        columns = [
            Column("ref", "Reference", href="/pathfinders/{ref}/"),
            Column("name", "Name as released", empty="not in the wave as released"),
            Column("practices", "Practices as released", kind="number"),
            Column("people", "People as released", kind="number"),
        ]
        if now:
            columns += [
                Column("practices_now", f"Practices on {day}", kind="number"),
                Column("people_now", f"People on {day}", kind="number"),
                Column("change", "Change", empty="none"),
            ]
        return Table(dated(columns, self.dates), rows, "Pathfinders of the wave", caption_spoken=True)

    def _later(self, number: int) -> Table | None:
        """Entries after the release that touch the wave: its pathfinders, their consortia, their members."""
        of_wave = PathfinderParticulars.objects.filter(wave=number).values("pathfinder")
        inside = ProgrammePlace.objects.filter(pathfinder__in=of_wave).values("consortium")
        facts = {
            "pathfinder": PathfinderParticulars.objects.filter(pathfinder__in=of_wave),
            "consortium’s place": ProgrammePlace.objects.filter(pathfinder__in=of_wave),
            "membership": Membership.objects.filter(consortium__in=inside),
        }
        parts = [
            self._entries(found, end, word) for word, found in facts.items() for end in ("opened_by", "closed_by")
        ]
        entries: dict[int, dict[str, Any]] = {}
        for entry, at, kind, reason, word, count in parts[0].union(*parts[1:], all=True):
            row = entries.setdefault(entry, {"number": entry, "at": at, "kind": kind, "reason": reason, "told": {}})
            row["told"][word] = max(row["told"].get(word, 0), count)  # an entry often closes one and opens another
        columns = (
            Column("at", "Recorded", show=lambda row: instant(row["at"])),
            Column("kind", "Kind of entry", show=lambda row: kind_tag(row["kind"])),
            Column("reason", "Why"),
            Column("told", "What it touched", show=lambda row: ", ".join(_several(*t) for t in row["told"].items())),
            Column("number", "Entry", href="/changes/{number}/"),
        )
        rows = [entries[number] for number in sorted(entries)]
        return Table(columns, rows, "Changes recorded after the release", caption_spoken=True) if rows else None

    def _entries(self, facts: QuerySet, end: str, word: str) -> QuerySet:
        """Entries after the release, known at the moment, that opened or closed these facts; with their number."""
        after = {f"{end}__gt": self.release.opened_by_id, f"{end}__at__lte": self.moment.known_at}
        entry = (end, f"{end}__at", f"{end}__kind", f"{end}__reason")
        counted = facts.order_by().filter(**after).annotate(_word=Value(word, CharField())).values(*entry, "_word")
        return counted.annotate(_n=Count("pk")).values_list(*entry, "_word", "_n")

    def _outcomes(self) -> list[tuple[str, int]]:
        counts = {row["outcome"]: row["n"] for row in self.release.outcomes}
        return [(str(label), counts[value]) for value, label in Outcome.choices if value in counts]


def _pair(ref: str, released: dict[str, Any] | None, now: dict[str, Any] | None) -> dict[str, Any]:
    row: dict[str, Any] = {"ref": ref, "change": ""}
    if released:
        row |= {"name": released["name"], "practices": released["practices"], "people": released["people"]}
    if now:
        row |= {"practices_now": now["practices"], "people_now": now["people"]}
        if not released:
            row["change"] = "added after the release"
        else:
            moved = now["practices"] - released["practices"]
            told = [f"{moved:+,} practices"] if moved else []
            told += [f"now named {now['name']}"] if now["name"] != released["name"] else []
            row["change"] = "; ".join(told)
    elif released:
        row["change"] = "no longer in the wave"
    return row


def _several(word: str, count: int) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"

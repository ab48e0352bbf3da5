"""Pathfinders: the list, and the record of one: dates, consortia, people, the decision on it, who was left out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404
from django.utils.functional import cached_property

from pathfinders.models import (
    LeftOutAtRelease,
    Pathfinder,
    PathfinderParticulars,
    PathfinderSuccession,
    ProgrammePlace,
)
from pathfinders.reads import consortia, decisions, leaders, practices
from pathfinders.reads import pathfinders as read
from pathfinders.views.public.base import PublicList, PublicRecord, dated, days_words, people_words
from pathfinders.views.public.decisions import OUTCOME_TAGS, Words
from pathfinders.views.public.history import Line, changed, consortium_name, heard, lines, named, standing, tables
from pathfinders.views.public.practices import MEMBERSHIP_TAGS, QUARTER
from pathfinders.views.public.succession import Successions
from practices.models import PracticeParticulars
from registry.pages.tables import Column, Table
from registry.timeline import last_day

CONDITION_TAGS = {"discharged": ("Discharged", "green"), "overdue": ("Overdue", "red"), "open": ("Open", "yellow")}
FIELDS = {
    "name": "Name",
    "wave": "Wave",
    "approved_on": "Approved",
    "announced_on": "Announced",
    "goes_live_on": "Goes live",
}


class PathfinderList(PublicList):
    title = "Pathfinders"
    noun = ("pathfinder", "pathfinders")
    read = read
    api_path = "/api/v1/pathfinders/"
    lead = (
        "Groups announced as pathfinders by the day shown. A pathfinder is not a consortium: it may hold several. "
        "Approval, announcement and going live are three dates."
    )
    shown_filters = {
        "q": "Name or reference",
        "wave": "Wave",
        "sha": "SHA code",
        "pct": "PCT code",
        "basis": "Announced or live",
    }
    columns = (
        Column("ref", "Reference", href="/pathfinders/{ref}/", sort="ref"),
        Column("name", "Name", sort="name"),
        Column("wave", "Wave", href="/waves/{wave}/", sort="wave"),
        Column("announced_on", "Announced", kind="date", sort="announced_on"),
        Column("goes_live_on", "Goes live", kind="date", empty="not said"),
        Column("consortia", "Consortia", show=lambda row: ", ".join(row["consortia"])),
        Column("practices", "Practices", kind="number"),
        Column("people", "People", kind="number"),
    )


class PathfinderPage(PublicRecord):
    template_name = "public/pathfinder.html"
    crumbs = (("Pathfinders", "/pathfinders/"),)

    @property
    def pathfinder(self) -> Pathfinder:
        return self.particulars[0].pathfinder

    @cached_property
    def particulars(self) -> list[Any]:
        """Every fact that the register had said of it by then; none is no page."""
        user, ref = self.request.user, self.kwargs["ref"].upper()
        facts = PathfinderParticulars.objects.visible_to(user).filter(pathfinder__ref=ref)
        found = heard(facts.select_related("pathfinder"), self.moment)
        if found:
            return found
        if Pathfinder.objects.visible_to(user).filter(ref=ref).exists():
            raise Http404(f"The register did not know {ref} at the time you ask about.")
        raise Http404(
            f"The register has no pathfinder with the reference “{ref[:20]}”. References look like PF0001. "
            "A pathfinder that has not been announced is not in the register."
        )

    @cached_property
    def successions(self) -> Successions:
        return Successions(
            self.pathfinder,
            PathfinderSuccession,
            PathfinderParticulars,
            user=self.request.user,
            moment=self.moment,
            dates=self.dates,
            path="/pathfinders/",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, ref = self.request.user, self.moment, self.pathfinder.ref
        row = read.rows(user, moment).filter(ref=ref).first()
        now = standing(self.particulars, moment)
        members = self._members() if row else []
        words = people_words(members)
        name = row["name"] if row else (now or self.particulars)[-1].name
        return super().get_context_data(
            title=f"{name} ({ref})",
            row=row,
            ref=ref,
            lives=[] if row else [days_words(f.first, last_day(f.after)) for f in now],
            people=words,
            live=bool(row and row["goes_live_on"] and row["goes_live_on"] <= moment.as_of),
            consortia=self._consortia(row, members),
            members=self._table(members),
            leaders=self._leaders(),
            decisions=self._decisions(),
            succession=self.successions.sentences(),
            **tables(self.history()),
            citation=self.cite(
                [f"{name} ({ref}): {words['practices']:,} practices and {words['people']:,} people that count"]
            ),
            **kwargs,
        )

    def _members(self) -> list[dict[str, Any]]:
        rows = practices.rows(self.request.user, self.moment)
        asked = {"pathfinder": self.pathfinder.ref, "eligible": "true"}
        return list(practices.Filters(asked, rows, moment=self.moment, checked=False).qs.order_by("code"))

    def _consortia(self, row: dict[str, Any] | None, members: list[dict[str, Any]]) -> Table | None:
        """The consortia in it, with the figures of their own members."""
        if not row or not row["consortia"]:
            return None
        found = list(consortia.rows(self.request.user, self.moment).filter(ref__in=row["consortia"]).order_by("ref"))
        for one in found:
            one.update(people_words([m for m in members if m["consortium_ref"] == one["ref"]]))
        columns = (
            Column("ref", "Reference", href="/consortia/{ref}/"),
            Column("name", "Name"),
            Column("form", "Form"),
            Column("practices", "Practices", kind="number"),
            Column("people", "People", kind="number"),
        )
        return Table(dated(columns, self.dates), found, "Consortia on the day", caption_spoken=True)

    def _table(self, rows: list[dict[str, Any]]) -> Table:
        columns = (
            Column("code", "Code", href="/practices/{code}/"),
            Column("name", "Name"),
            Column("consortium_ref", "Consortium", href="/consortia/{consortium_ref}/"),
            Column("membership_status", "Membership", kind="tag", tags=MEMBERSHIP_TAGS),
            Column("list_size", "Patients", kind="number"),
            QUARTER,
            Column("pct_code", "PCT", href="/pcts/{pct_code}/"),
        )
        return Table(dated(columns, self.dates), rows, "Practices on the day", caption_spoken=True)

    def _decisions(self) -> list[dict[str, Any]]:
        """Every released decision on its bid in force on the day, the standing one first: what was said before stays."""
        rows = decisions.rows(self.request.user, self.moment)
        bids = rows.filter(pathfinder_ref=self.pathfinder.ref).values("bid")
        found = list(rows.filter(bid__in=bids).order_by("-bid", "-number"))
        if not found:
            return []
        words, out = Words(), self._left_out(found)
        return [
            {
                **row,
                "tag": OUTCOME_TAGS[row["outcome"]],
                "reasons": words.reason_list(row) if row["reason_codes"] else [],
                "findings": words.finding_list(row),
                "overtaken": any(r["bid"] == row["bid"] and r["number"] > row["number"] for r in found),
                "conditions": self._conditions(row),
                "left_out": out.pop(row["bid"], []),
            }
            for row in found
        ]

    def _left_out(self, found: list[dict[str, Any]]) -> dict[str, list[Any]]:
        """The practices left out at release, by bid."""
        names = PracticeParticulars.objects.filter(self.moment.recorded_q(), practice=OuterRef("practice"))
        rows = LeftOutAtRelease.objects.visible_to(self.request.user).filter(
            self.moment.recorded_q(), bid__in={r["bid"] for r in found}
        )
        rows = rows.select_related("practice").annotate(name=Subquery(names.order_by("-effective").values("name")[:1]))
        told: dict[str, list[Any]] = {}
        for row in rows.order_by("practice__code"):
            told.setdefault(row.bid, []).append(row)
        return told

    def _conditions(self, decision: dict[str, Any]) -> list[tuple[dict[str, Any], tuple[str, str]]]:
        """A decision's conditions as on the day, with what is to be said of each."""
        told = []
        for row in decision["conditions"]:
            days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("due_on", "discharged_on")}
            late = days["due_on"] is not None and days["due_on"] < self.moment.as_of
            state = "discharged" if days["discharged_on"] else "overdue" if late else "open"
            told.append((row | days, CONDITION_TAGS[state]))
        return told

    def _leaders(self) -> Table | None:
        columns = (
            Column("name", "Leader", empty="Name erased"),
            Column("post", "Post"),
            Column("could_gain", "Could gain", show=lambda row: "Yes" if row["could_gain"] else "No"),
            Column("how", "How"),
        )
        rows = leaders.leaders_of(self.request.user, self.moment, self.pathfinder.ref)
        return Table(columns, rows, "Leaders and their interests", caption_spoken=True) if rows else None

    def history(self) -> list[Line]:
        moment = self.moment
        places = ProgrammePlace.objects.visible_to(self.request.user).filter(pathfinder=self.pathfinder)
        places = places.select_related("consortium").annotate(name=consortium_name("consortium", moment))
        return [
            *lines(self.particulars, moment, "Particulars", changed(FIELDS, moment)),
            *self.successions.lines(),
            *lines(places, moment, "Consortium", lambda f: named(f.consortium.ref, f.name, "/consortia/", self.dates)),
        ]

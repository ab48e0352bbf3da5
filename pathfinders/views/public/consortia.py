"""Consortia: the list, and the record of one with its members and its history."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.views.generic import View

from consortia.models import (
    Attestation,
    AttestedList,
    Consortium,
    ConsortiumIdentifier,
    ConsortiumParticulars,
    ConsortiumSuccession,
    Membership,
)
from consortia.quarters import last_ended, said_quarter
from consortia.words import label_of
from pathfinders.models import PathfinderParticulars, ProgrammePlace
from pathfinders.reads import budget_holders, pathfinders, practices
from pathfinders.reads import consortia as read
from pathfinders.reads import local_bodies as bodies_read
from pathfinders.views.public.base import PublicDated, PublicList, PublicRecord, dated, days_words, people_words
from pathfinders.views.public.body_feeds import feed_of
from pathfinders.views.public.codes import code_lines, codes_of_day
from pathfinders.views.public.history import Line, changed, heard, lines, named, standing, tables
from pathfinders.views.public.practice import standing_words
from pathfinders.views.public.practices import MEMBERSHIP_TAGS, QUARTER, STATUS_TAGS, with_counts
from pathfinders.views.public.succession import Successions
from pathfinders.views.public.transition import local_bodies
from pathfinders.views.public.transition.budgets import consortium_section
from practices.models import PracticeParticulars
from registry.pages.tables import Column, Table
from registry.statements import at_once
from registry.timeline import last_day


class ConsortiumList(PublicList):
    title = "Consortia"
    noun = ("consortium", "consortia")
    read = read
    api_path = "/api/v1/consortia/"
    lead = (
        "Groups of GP practices that commission together. A consortium may stand in a pathfinder or in none. Practices "
        "and people are those that count in coverage."
    )
    shown_filters = {"q": "Name or reference", "pathfinder": "Pathfinder", "wave": "Wave", "pct": "PCT code"}
    columns = (
        Column("ref", "Reference", href="/consortia/{ref}/", sort="ref"),
        Column("name", "Name", sort="name"),
        Column("form", "Form"),
        Column("pathfinders", "Pathfinders", show=lambda row: ", ".join(row["pathfinders"])),
        Column("practices", "Practices", kind="number"),
        Column("people", "People", kind="number"),
        Column("began", "Since", kind="date"),
    )


class ConsortiumPage(PublicRecord):
    template_name = "public/consortium.html"
    crumbs = (("Consortia", "/consortia/"),)

    @cached_property
    def consortium(self) -> Consortium:
        return self.particulars[0].consortium

    @cached_property
    def particulars(self) -> list[Any]:
        """With the consortium itself, which has some from its first day in the register."""
        ref, user = self.kwargs["ref"].upper(), self.request.user
        facts = ConsortiumParticulars.objects.visible_to(user).filter(consortium__ref=ref)
        found = heard(facts.select_related("consortium"), self.moment)
        if found:
            return found
        if Consortium.objects.visible_to(user).filter(ref=ref).exists():
            raise Http404(f"The register did not know {ref} at the time you ask about.")
        raise Http404(
            f"The register has no consortium with the reference “{ref[:20]}”. References look like GC0001. "
            "A group that has not been announced is not in the register."
        )

    @cached_property
    def identifiers(self) -> list[Any]:
        facts = ConsortiumIdentifier.objects.visible_to(self.request.user)
        return heard(facts.filter(consortium=self.consortium), self.moment)

    @cached_property
    def successions(self) -> Successions:
        return Successions(
            self.consortium,
            ConsortiumSuccession,
            ConsortiumParticulars,
            user=self.request.user,
            moment=self.moment,
            dates=self.dates,
            path="/consortia/",
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, ref = self.request.user, self.moment, self.consortium.ref
        row = read.rows(user, moment).filter(ref=ref).first()
        now = standing(self.particulars, moment)
        members = self._members() if row else []
        words = people_words([r for r in members if r["counts"]])
        inside = pathfinders.rows(user, moment).filter(consortia__contains=[ref]).order_by("ref") if row else []
        named_by = (now or self.particulars)[-1]
        return super().get_context_data(
            title=f"{row['name'] if row else named_by.name} ({ref})",
            row=row,
            attested_for=said_quarter(row["attested_quarter"]) if row and row["attested_quarter"] else "",
            overdue_for=said_quarter(last_ended(moment.as_of)) if row and row["attestation_overdue"] else "",
            ref=ref,
            codes=codes_of_day(self.identifiers, moment),
            feed=feed_of("consortia", ref, "the consortium"),
            lives=[] if row else [days_words(f.first, last_day(f.after)) for f in now],
            people=words,
            not_counted=len(members) - words["practices"],
            pathfinders=list(inside),
            members=self._table(members),
            succession=self.successions.sentences(),
            **(self._answers_for() if row else {}),
            **tables(self.history()),
            citation=self.cite(
                [
                    f"{named_by.name} ({ref}): {words['practices']:,} practices and {words['people']:,} people that count"
                ]
            ),
            **kwargs,
        )

    def _answers_for(self) -> dict[str, Any]:
        """Budgets and local bodies, from one question."""
        user, moment, ref = self.request.user, self.moment, self.consortium.ref
        held = budget_holders.glance(user, moment, ref)
        rows, paid, under = at_once(*held, bodies_read.under(user, moment, consortium=ref))
        budgets = consortium_section(rows, paid, moment, ref)
        return {"budgets": budgets, **local_bodies.section(under, self.dates, of_trust=False)}

    def _members(self) -> list[dict[str, Any]]:
        rows = with_counts(practices.rows(self.request.user, self.moment))
        return list(rows.filter(consortium_ref=self.consortium.ref).order_by("code"))

    def _table(self, rows: list[dict[str, Any]]) -> Table:
        columns = (
            Column("code", "Code", href="/practices/{code}/"),
            Column("name", "Name"),
            Column("membership_status", "Membership", kind="tag", tags=MEMBERSHIP_TAGS),
            Column("status", "Practice", kind="tag", tags=STATUS_TAGS),
            Column("list_size", "Patients", kind="number"),
            QUARTER,
            Column("pct_code", "PCT", href="/pcts/{pct_code}/"),
            Column("counts", "Counts", show=lambda row: "Yes" if row["counts"] else "No"),
        )
        return Table(dated(columns, self.dates), rows, "Members on the day", caption_spoken=True)

    def history(self) -> list[Line]:
        moment, user = self.moment, self.request.user
        mine = {"consortium": self.consortium}
        joined = Membership.objects.visible_to(user).filter(**mine).select_related("practice")
        names = PracticeParticulars.objects.filter(moment.recorded_q(), practice=OuterRef("practice"))
        joined = joined.annotate(
            name=Subquery(names.order_by("-effective").values("name")[:1]), reason_label=label_of()
        )
        places = ProgrammePlace.objects.visible_to(user).filter(**mine).select_related("pathfinder")
        titles = PathfinderParticulars.objects.filter(moment.recorded_q(), pathfinder=OuterRef("pathfinder"))
        places = places.annotate(name=Subquery(titles.order_by("-effective").values("name")[:1]))
        return [
            *lines(self.particulars, moment, "Particulars", changed({"name": "Name", "form": "Form"}, moment)),
            *code_lines(self.identifiers, moment),
            *lines(
                places, moment, "Pathfinder", lambda f: named(f.pathfinder.ref, f.name, "/pathfinders/", self.dates)
            ),
            *self.successions.lines(),
            *lines(joined, moment, "Member", self._member),
        ]

    def _member(self, fact: Any) -> Any:
        link = named(fact.practice.code, fact.name, "/practices/", self.dates)
        return format_html("{}: {}", link, standing_words(fact))


class AttestedFile(PublicDated, View):
    """A list as its consortium attested it: the very bytes that the hash is of."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ref, quarter = self.kwargs["ref"].upper(), self.kwargs["quarter"].upper()
        said = Attestation.objects.visible_to(request.user).known(self.moment)
        sha256 = said.filter(consortium__ref=ref, quarter=quarter).values_list("sha256", flat=True).first()
        kept = AttestedList.objects.visible_to(request.user).filter(pk=sha256).first()
        if kept is None:
            raise Http404(f"{ref[:20]} attested no list for {quarter[:20]}. Quarters look like 2011Q3.")
        response = HttpResponse(kept.content.encode(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{ref}-{quarter}.csv"'
        return response

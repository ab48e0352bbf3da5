"""Clusters for programme staff: those there ever were, and one with its names, its members and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404
from django.utils.html import format_html
from django.views.generic import TemplateView

from pathfinders.views.staff.surveys import ForEveryTrust
from practices.models import BodyParticulars
from registry import clock
from registry.moment import Moment
from registry.pages.tables import Column, Table
from registry.timeline import last_day
from transitions.actions.cluster_undoing import changes_of, undoable
from transitions.actions.clusters import newest_cluster_entry
from transitions.models import Cluster, ClusterKind, ClusterParticulars, ClusterPlace

LIST = ("Clusters", "/staff/clusters/")
MADE_OF = {ClusterKind.PCT: "Trusts", ClusterKind.SHA: "Authorities"}
MOST_CHANGES = 50
DAYS = (
    Column("first", "From", kind="date", empty="before all records"),
    Column("last", "To (last day)", kind="date", empty="no last day"),
)


def spell(fact: Any) -> dict[str, Any]:
    return {"first": fact.effective.lower, "last": last_day(fact.effective.upper)}


def names_of(user: Any, bodies: set[int]) -> dict[int, str]:
    """What each body is called, or last was, by its key."""
    facts = BodyParticulars.objects.visible_to(user).current().filter(body__in=bodies).order_by("effective")
    return dict(facts.values_list("body_id", "name"))


class Clusters(ForEveryTrust, TemplateView):
    """Every cluster, those that have ended too, by its name."""

    template_name = "staff/clusters/list.html"
    columns = (
        Column("ref", "Reference", href=f"{LIST[1]}{{ref}}/"),
        Column("name", "Cluster"),
        Column("kind", "Made of"),
        Column("members", "Ever in it", kind="number"),
        *DAYS,
    )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        places = ClusterPlace.objects.visible_to(user).current().values_list("cluster_id", "body_id")
        ever: dict[int, set[int]] = {}
        for cluster, body in places:
            ever.setdefault(cluster, set()).add(body)
        found: dict[str, dict[str, Any]] = {}
        facts = ClusterParticulars.objects.visible_to(user).current().select_related("cluster").order_by("effective")
        for fact in facts:
            row = found.setdefault(fact.cluster.ref, spell(fact) | {"ref": fact.cluster.ref})
            last, members = spell(fact)["last"], len(ever.get(fact.cluster_id, ()))
            row |= {"name": fact.name, "kind": MADE_OF[ClusterKind(fact.kind)], "last": last, "members": members}
        rows = sorted(found.values(), key=lambda row: (row["kind"] != MADE_OF[ClusterKind.PCT], row["name"]))
        table = Table(self.columns, rows, "Clusters", caption_spoken=True) if rows else None
        return super().get_context_data(title="Clusters", table=table, **kwargs)


class OfCluster(ForEveryTrust):
    """Mixin, first in the bases: `self.cluster`, that the address names, and what is told of it today, or last was."""

    @cached_property
    def told(self) -> ClusterParticulars:
        ref = self.kwargs["ref"].upper()  # type: ignore[attr-defined]
        facts = ClusterParticulars.objects.visible_to(self.request.user).filter(cluster__ref=ref)  # type: ignore[attr-defined]
        facts = facts.select_related("cluster")
        found = None
        if "\0" not in ref:
            found = facts.at(Moment.now()).first() or facts.current().order_by("-effective").first()
        if found is None:
            raise Http404(f"There is no cluster {ref[:20]}. They are listed under “Clusters”.")
        return found

    @property
    def cluster(self) -> Cluster:
        return self.told.cluster

    @property
    def href(self) -> str:
        return f"{LIST[1]}{self.cluster.ref}/"

    @property
    def crumbs(self) -> Sequence[tuple[str, str]]:
        return [LIST, (self.told.name, self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

    def current(self) -> int:
        self.__dict__.pop("told", None)
        return newest_cluster_entry(self.cluster)


class ClusterPage(OfCluster, TemplateView):
    template_name = "staff/clusters/cluster.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            title=f"{self.told.name} ({self.cluster.ref})",
            crumbs=[LIST],
            cluster=self.cluster,
            href=self.href,
            made_of=MADE_OF[ClusterKind(self.told.kind)].lower(),
            names=self._names(),
            members=self._members(),
            over=self._over(),
            changes=self._changes(),
            **kwargs,
        )

    def _names(self) -> Table:
        facts = ClusterParticulars.objects.visible_to(self.request.user).current().filter(cluster=self.cluster)
        rows = [spell(fact) | {"name": fact.name, "source": fact.source} for fact in facts.order_by("effective")]
        columns = (Column("name", "Name"), *DAYS, Column("source", "Source"))
        return Table(columns, rows, "Its names", caption_spoken=True)

    def _over(self) -> Any:
        """Its last day, once that has gone by: what it was can still be corrected."""
        last = last_day(self.told.effective.upper)
        return last if last is not None and last < clock.today() else None

    def _members(self) -> Table | None:
        user = self.request.user
        facts = ClusterPlace.objects.visible_to(user).current().filter(cluster=self.cluster)
        found = list(facts.select_related("body").order_by("body__code", "effective"))
        names = names_of(user, {fact.body_id for fact in found})
        rows = [spell(f) | {"code": f.body.code, "name": names.get(f.body_id, "")} for f in found]
        leave = Column("leave", "Change", show=self._leave)
        columns = (Column("code", "Code"), Column("name", "Name"), *DAYS, leave)
        return Table(columns, rows, "Who is in it", caption_spoken=True) if rows else None

    def _leave(self, row: dict[str, Any]) -> str:
        gone = row["last"] is not None and row["last"] < clock.today()
        hidden = format_html('<span class="nhsuk-u-visually-hidden"> {}</span>', row["name"] or row["code"])
        return format_html(
            '<a class="nhsuk-link" href="{}members/{}/leave/">{}{}</a>',
            self.href,
            row["code"],
            "It left earlier" if gone else "Leaves",
            hidden,
        )

    def _changes(self) -> Table:
        entries = changes_of(self.cluster)[:MOST_CHANGES]
        why_not = undoable(by=self.request.user, entries=entries)  # type: ignore[arg-type]

        def undo(entry: Any) -> str:
            if why := why_not.get(entry.number, "–"):
                return why
            return format_html(
                '<a class="nhsuk-link" href="{0}undo/{1}/">Undo<span class="nhsuk-u-visually-hidden"> entry {1}</span></a>',
                self.href,
                entry.number,
            )

        columns = (
            Column("number", "Entry", href="/changes/{number}/"),
            Column("at", "Recorded", kind="date", show=lambda entry: entry.at.date()),
            Column("reason", "Why"),
            Column("undo", "Undo", show=undo),
        )
        return Table(columns, entries, "What was changed", caption_spoken=True)

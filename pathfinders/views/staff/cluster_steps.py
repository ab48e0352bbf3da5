"""Steps on clusters: each shows what it will do before it is done."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from pathfinders.forms import clusters as form
from pathfinders.views.rehearsed import BEGINS, RehearsedStep, rehearsed
from pathfinders.views.staff.clusters import LIST, OfCluster, names_of, spell
from pathfinders.views.staff.surveys import ForEveryTrust
from practices.models import ParentBody
from registry import clock
from registry.models import Entry
from registry.pages.forms import long_date
from registry.pages.tables import Column, Table
from transitions.actions import end_cluster, leave_cluster, place_in_cluster, set_cluster, undo_cluster
from transitions.actions.cluster_undoing import changes_of
from transitions.models import ClusterParticulars, ClusterPlace

FACTS = (
    BEGINS,
    Column("of", "Of"),
    Column("says", "What it says"),
    Column("days", "Days"),
)


def _days(days: dict[str, Any]) -> str:
    first = long_date(days["first"]) if days["first"] else "Before records"
    return f"{first} to {long_date(days['last'])}" if days["last"] else f"{first} on"


class ClusterStep(RehearsedStep):
    preview_name = "ui/rehearsed.html"
    button = "Show what will happen"

    def shown(self, form: Any) -> dict[str, Any]:
        changes = rehearsed(lambda: self.act(form), (ClusterParticulars, ClusterPlace))
        names = names_of(self.request.user, {fact.body_id for _, fact in changes if isinstance(fact, ClusterPlace)})
        rows, places = [], [(begins, fact) for begins, fact in changes if isinstance(fact, ClusterPlace)]
        for begins, fact in changes:
            if isinstance(fact, ClusterPlace):
                of, says = f"{names.get(fact.body_id, '')} ({fact.body.code})", f"is in {fact.cluster.ref}"
            else:
                of, says = f"{fact.name} ({fact.cluster.ref})", f"Source: {fact.source}"  # type: ignore[attr-defined]
            rows.append({"begins": begins, "of": of, "says": says, "days": _days(spell(fact))})
        return {
            "facts": Table(FACTS, rows, "What ends and what begins", caption_spoken=True),
            "alone": self.left_alone(places, names),
        }

    def left_alone(self, places: list[tuple[bool, ClusterPlace]], names: dict[int, str]) -> dict[str, Any] | None:
        """`last`, and the names of the `bodies` that are in no cluster after it; None where the step leaves none so."""
        return None


class NewCluster(ForEveryTrust, ClusterStep):
    title = "Record a cluster"
    done = "The cluster was recorded. Say next who is in it."
    form_class = form.NewClusterForm
    crumbs = (LIST,)
    back = ("Cancel", LIST[1])

    def get_initial(self) -> dict[str, Any]:
        return {"kind": "pct"}

    def act(self, form: Any) -> None:
        self.made = set_cluster(by=self.request.user, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"{LIST[1]}{self.made.ref}/"


class RenameCluster(OfCluster, ClusterStep):
    done = "The name was recorded"
    form_class = form.RenameClusterForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Rename {self.told.name} ({self.cluster.ref})"

    def get_initial(self) -> dict[str, Any]:
        version = self.current()
        return {"version": version, "on": clock.today(), "name": self.told.name, "source": self.told.source}

    def act(self, step: Any) -> None:
        cluster, kind = self.cluster, self.told.kind
        set_cluster(by=self.request.user, cluster=cluster, kind=kind, **form.told(step))  # type: ignore[arg-type]


class AddMembers(OfCluster, ClusterStep):
    done = "Who is in it was recorded"
    form_class = form.MembersForm
    refusal_fields = {"body": "bodies"}

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Who is in {self.told.name} ({self.cluster.ref})"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current(), "on": clock.today()}

    def act(self, step: Any) -> None:
        place_in_cluster(by=self.request.user, cluster=self.cluster, **form.told(step))  # type: ignore[arg-type]


class Leave(OfCluster, ClusterStep):
    warning = True
    done = "Its last day in the cluster was recorded"
    form_class = form.LastDayForm

    @cached_property
    def body(self) -> ParentBody:
        code = self.kwargs["code"].upper()
        places = ClusterPlace.objects.visible_to(self.request.user).current()
        found = None if "\0" in code else places.filter(cluster=self.cluster, body__code=code).first()
        if found is None:
            raise Http404(f"{code[:20]} was never in {self.cluster.ref}. See who is in it on the cluster’s page.")
        return found.body

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"{self.body.code} leaves {self.told.name} ({self.cluster.ref})"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current()}

    def act(self, step: Any) -> None:
        leave_cluster(by=self.request.user, body=self.body, cluster=self.cluster, **form.told(step))  # type: ignore[arg-type]


class EndCluster(OfCluster, ClusterStep):
    warning = True
    done = "Its end was recorded"
    form_class = form.LastDayForm

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"End {self.told.name} ({self.cluster.ref})"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.current()}

    def act(self, step: Any) -> None:
        self.last = step.cleaned_data["last_day"]
        end_cluster(by=self.request.user, cluster=self.cluster, **form.told(step))  # type: ignore[arg-type]

    def left_alone(self, places: list[tuple[bool, ClusterPlace]], names: dict[int, str]) -> dict[str, Any] | None:
        found = {f"{names.get(f.body_id, '')} ({f.body.code})" for begins, f in places if not begins}
        return {"last": self.last, "bodies": sorted(found)} if found else None


class UndoCluster(OfCluster, ClusterStep):
    """Undoing what made the cluster leaves none: then the list is next."""

    warning = True
    done = "The change was undone: what stood before stands again"
    form_class = form.UndoClusterForm

    @cached_property
    def entry(self) -> Entry:
        found = next((e for e in changes_of(self.cluster) if e.number == self.kwargs["number"]), None)
        if found is None:
            raise Http404(f"Entry {self.kwargs['number']} told nothing of {self.cluster.ref}. See the cluster’s page.")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        return f"Undo entry {self.entry.number}: {self.entry.reason[:80]}"

    def act(self, step: Any) -> None:
        undo_cluster(by=self.request.user, entry=self.entry, why=step.cleaned_data["why"])  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return self.href if self.cluster.particulars.visible_to(self.request.user).current().exists() else LIST[1]  # type: ignore[attr-defined]

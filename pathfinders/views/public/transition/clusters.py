"""Clusters of trusts and of authorities on a day, with what they are made of; and the line on a body's own page."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from pathfinders.reads import clusters as read
from pathfinders.views.public.base import PublicList
from registry.moment import Moment
from registry.pages.tables import Column
from transitions.models import ClusterKind

KINDS = {ClusterKind.PCT: "Trusts", ClusterKind.SHA: "Authorities"}


class ClusterList(PublicList):
    title = "Clusters"
    noun = ("cluster", "clusters")
    read = read
    api_path = "/api/v1/clusters/"
    template_name = "public/transition/clusters.html"
    crumbs = (("Transition", "/transitions/"),)
    lead = (
        "From 2011 trusts, and later authorities, were run in clusters under one management. A cluster is laid over "
        "them: each trust stayed a body of its own, and accountable, to 31 March 2013."
    )
    shown_filters = {"q": "Name or reference", "kind": "Made of", "body": "Code of a trust or authority"}

    @property
    def columns(self) -> tuple[Column, ...]:  # type: ignore[override]
        return (
            Column("ref", "Reference", sort="ref"),
            Column("name", "Cluster", sort="name"),
            Column("kind", "Made of", sort="kind", show=lambda row: KINDS[row["kind"]]),
            Column("members", "How many", kind="number"),
            Column("member_list", "Which", show=self._members, empty="none that day"),
            Column("crosses_shas", "Note", show=self._note),
            Column("since", "Since", kind="date", empty="before all records"),
        )

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {"kind": [(kind.value, words) for kind, words in KINDS.items()]}

    def _members(self, row: dict[str, Any]) -> SafeString:
        """Each linked, with the authority where the cluster crosses their lines. In one element: a cell is a row of
        boxes on a narrow screen."""
        folder = "pcts" if row["kind"] == ClusterKind.PCT else "shas"
        return format_html("<div>{}</div>", self._links(row, folder))

    def _links(self, row: dict[str, Any], folder: str) -> SafeString:
        return format_html_join(
            ", ",
            '<a class="nhsuk-link" href="/{}/{}/{}">{}</a>{}',
            (
                (
                    folder,
                    m["code"],
                    self.dates,
                    m["name"] or m["code"],
                    f" ({m['sha_name']})" if row["crosses_shas"] else "",
                )
                for m in row["member_list"]
            ),
        )

    @staticmethod
    def _note(row: dict[str, Any]) -> str:
        if row["crosses_shas"]:
            return format_html('<strong class="nhsuk-tag nhsuk-tag--orange">{}</strong>', "Crosses authorities")
        return "One trust alone" if row["stands_alone"] else ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(unplaced=read.unplaced(self.request.user, self.moment), **kwargs)
        return context | {"sources": sorted({row["source"] for row in context["object_list"]})}


def cluster_of(user: Any, moment: Moment, body: Any) -> dict[str, Any]:
    """For a trust's or an authority's page: one question."""
    return {"cluster": read.of_body(user, moment, body)}


def cluster_of_row(section: dict[str, Any]) -> dict[str, Any]:
    """The same from what the section on a trust's stage has read: no question."""
    row = (section.get("transition") or {}).get("row") or {}
    ref = row.get("cluster_ref")
    return {"cluster": {"ref": ref, "name": row["cluster_name"]} if ref else None}

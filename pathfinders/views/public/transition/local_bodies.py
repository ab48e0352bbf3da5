"""Local bodies: the list, the record of one with the budgets it holds, and a section of a trust's or consortium's page."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from pathfinders.reads import local_bodies as read
from pathfinders.reads import shas
from pathfinders.views.public.base import PublicList, PublicRecord, dated, days_words
from pathfinders.views.public.history import changed, heard, lines, standing, tables
from pathfinders.views.public.transition.words import evidence_link
from registry.pages.tables import Column, Table
from registry.timeline import last_day
from transitions.models import Level, LocalBody, LocalBodyParticulars, LocalBodyStatus, TransitionWord
from transitions.words import choices

STATUS_TAGS = {
    LocalBodyStatus.PLANNED: ("Planned", "blue"),
    LocalBodyStatus.RUNNING: ("Running", "green"),
    LocalBodyStatus.HALTED: ("Halted", "orange"),
}
BEGAN = Column("began", "Since", kind="date", empty="before all records")
OWN = (
    Column("name", "Name", href="/transitions/local-bodies/{ref}/", sort="name"),
    Column("kind_label", "Kind", sort="kind"),
    Column("status", "State", kind="tag", tags=STATUS_TAGS),
)
GROUP = Column("consortium_name", "Consortium", href="/consortia/{consortium_ref}/", empty="none")
DECIDES = Column("reserved", "Decides", empty="not known")
COLUMNS = (
    Column("ref", "Reference", href="/transitions/local-bodies/{ref}/", sort="ref"),
    *OWN,
    Column("pct_name", "Primary care trust", href="/pcts/{pct_code}/", sort="pct", empty="none"),
    GROUP,
    BEGAN,
)
HELD = (
    Column("year", "Year"),
    Column("line_label", "Service line"),
    Column("pct_code", "Of the trust", href="/pcts/{pct_code}/"),
    Column("amount", "Pounds", kind="number", empty="not stated"),
    Column("level", "Responsibility", show=lambda row: Level(row["level"]).label),
    Column("first", "From", kind="date", empty="before records"),
    Column("last", "To (last day)", kind="date", empty="still so"),
    Column("evidence_ref", "Evidence", href="/transitions/evidence/{evidence_ref}/"),
)
FIELDS = {
    "name": "Name",
    "kind": "Kind",
    "status": "State",
    "pct": "Under the trust",
    "consortium": "Under the consortium",
    "reserved": "Decisions reserved to it",
    "people_words": "Who sits on it",
    "clinical_leads": "Clinical leads",
    "agreed_until": "Agreed until",
    "exit_terms": "How it is left",
    "replaces": "Replaces",
    "evidence": "Evidence",
}


class LocalBodyList(PublicList):
    title = "Local bodies"
    noun = ("local body", "local bodies")
    template_name = "public/transition/accountable_list.html"
    read = read
    api_path = "/api/v1/local-bodies/"
    crumbs = (("Transition", "/transitions/"),)
    lead = (
        "Bodies and arrangements under a trust or a consortium on the day shown: practice-based commissioning groups, "
        "locality boards, clinical senates, polysystems, agreements. Until 31 March 2013 the trust stayed accountable, "
        "whatever they decided."
    )
    shown_filters = {"q": "Name or reference", "kind": "Kind", "status": "State", "sha": "Strategic health authority"}
    columns = COLUMNS

    def choices(self) -> dict[str, list[tuple[str, str]]]:
        return {
            "kind": choices(read.KIND),
            "status": list(LocalBodyStatus.choices),
            "sha": list(shas.rows(self.request.user, self.moment).order_by("name").values_list("code", "name")),
        }


class LocalBodyPage(PublicRecord):
    template_name = "public/transition/local_body.html"
    crumbs = (("Local bodies", "/transitions/local-bodies/"),)

    @cached_property
    def body(self) -> LocalBody:
        ref = self.kwargs["ref"].upper()
        found = LocalBody.objects.visible_to(self.request.user).filter(ref=ref).first()
        if found is None:
            raise Http404(
                f"The register has no local body with the reference “{ref[:20]}”. References look like LB0001."
            )
        return found

    @cached_property
    def particulars(self) -> list[Any]:
        facts = LocalBodyParticulars.objects.visible_to(self.request.user).filter(local_body=self.body)
        found = heard(facts.select_related("pct", "consortium", "replaces", "evidence"), self.moment)
        if not found:
            raise Http404(f"The register did not know {self.body.ref} at the time you ask about.")
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, moment, ref = self.request.user, self.moment, self.body.ref
        row = read.rows(user, moment).filter(ref=ref).first()
        now = standing(self.particulars, moment)
        held = read.held(user, moment, ref)
        name = row["name"] if row else (now or self.particulars)[-1].name
        labels = TransitionWord.objects.visible_to(user).labels(read.KIND)
        for fact in self.particulars:
            fact.get_kind_display = lambda key=fact.kind: labels.get(key, key)
        return super().get_context_data(
            title=f"{name} ({ref})",
            ref=ref,
            row=row,
            source=evidence_link(row, self.dates) if row else None,
            status=STATUS_TAGS[row["status"]] if row else None,
            lives=[] if row else [days_words(f.first, last_day(f.after)) for f in now],
            held=Table(dated(HELD, self.dates), held, "Budgets delegated to it", caption_spoken=True)
            if held
            else None,
            **tables(lines(self.particulars, moment, "Local body", changed(FIELDS, moment))),
            citation=self.cite([f"{name} ({ref}): {row['kind_label'] if row else 'not there on the day'}"]),
            **kwargs,
        )


def section(rows: list[dict[str, Any]], dates: str, *, of_trust: bool) -> dict[str, Any]:
    """What the page of a trust, or of a consortium, shows of the local bodies that are `under` it."""
    columns = (*OWN, *((GROUP,) if of_trust else ()), DECIDES, BEGAN)
    table = Table(dated(columns, dates), rows, "Local bodies on the day", caption_spoken=True) if rows else None
    return {"local_bodies": table}

"""Pages of PCTs and SHAs: the bids in their area, what each says, and their own reply to it.

All that is shown, and all that is refused, is alike whatever staff have done with the bid (the embargo).
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import TemplateView

from pathfinders.actions import give_opinion
from pathfinders.bid_members import named_in
from pathfinders.forms.region import OpinionForm
from pathfinders.models import Bid, BidPractice, Stage, StageKind
from pathfinders.querysets import asked_of
from pathfinders.reads import ended_roles
from pathfinders.states import SHOWN_LABELS, why_not
from pathfinders.views.access import Guarded, area_bid
from pathfinders.views.bid_contents import contents
from pathfinders.views.shown import STAGE_TAGS, STATE_TAGS
from pathfinders.views.staff.parts.stages import body_names, stages_of
from pathfinders.views.steps import StepPage
from pathfinders.views.transition import home
from practices.models import BodyParticulars
from registry import clock
from registry.authorization import Permission, objects_of
from registry.errors import Refused, wrong_state
from registry.moment import Moment, read_snapshot
from registry.pages.dates import accountable_words
from registry.pages.tables import Column, Table

HOME = ("Bids in your area", "/pct/")


class OfTheRegion(Guarded):
    permission = Permission.SEE_REGION_CASEWORK


class AreaHome(OfTheRegion, TemplateView):
    """Submitted bids with a practice of the user's PCT or SHA: those that wait for their reply first, by its date."""

    template_name = "area/region.html"
    columns = (
        Column("ref", "Reference", href="/pct/bids/{ref}/"),
        Column("name", "Name"),
        Column("shown_state", "State", kind="tag", tags=STATE_TAGS),
        Column("practice_count", "Practices", kind="number"),
        Column("submitted_on", "Submitted", kind="date"),
        Column("reply", "Your reply", kind="tag", tags=STAGE_TAGS, empty="Not asked"),
        Column("due_on", "Reply by", kind="date", empty="–"),
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and ended_roles.is_over(request.user):
            return ended_role(request)
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        pcts, shas = objects_of(user, "pct_lead"), objects_of(user, "sha_assessor")  # type: ignore[arg-type]
        rows = list(Bid.objects.in_region(user).shown_to(user).order_by("-submitted_on", "ref"))
        bids = [r["ref"] for r in rows]
        own = own_stages(user, bids)
        counts, today = practice_counts(user, bids), clock.today()
        for row in rows:
            stage = own.get(row["ref"])
            row["practice_count"] = counts.get(row["ref"], 0)
            row["reply"] = stage.status(today).value if stage else None
            row["due_on"] = stage.due_on if stage else None
        rows.sort(key=lambda r: _waiting(r, own.get(r["ref"])))
        trusts = home.trusts(user, set(pcts))
        bodies = BodyParticulars.objects.at(Moment.now()).filter(body__code__in=pcts | shas)
        return super().get_context_data(
            title="Your primary care trust" if trusts else "Bids in your area",
            trusts=trusts,
            ending=[role for role in ended_roles.ended(user) if not role["over"]],
            accountable=accountable_words(today),
            bodies=list(bodies.values_list("name", "body__code").order_by("name")),
            table=Table(self.columns, rows, "Bids in your area", caption_spoken=True),
            count=len(rows),
            **kwargs,
        )


def ended_role(request: HttpRequest) -> HttpResponse:
    """To whoever led or reviewed for a body that has closed: what became of the role, and what is left to do."""
    with read_snapshot(settings.READ_SECONDS):
        roles = ended_roles.ended(request.user)
        title = "Your role has ended" if len(roles) == 1 else "Your roles have ended"
        return render(request, "area/ended_role.html", {"title": title, "roles": roles})


def own_stages(user: Any, bids: list[str]) -> dict[str, Stage]:
    """Per bid the stage that is the user's own to answer; of several, one without a reply, the earliest due."""
    found = Stage.objects.visible_to(user).filter(asked_of(user), bid__ref__in=bids).select_related("bid")
    own: dict[str, Stage] = {}
    for stage in sorted(found, key=lambda s: (s.replied_on is not None, s.due_on)):
        own.setdefault(stage.bid.ref, stage)
    return own


def practice_counts(user: Any, bids: list[str]) -> dict[str, int]:
    named = BidPractice.objects.visible_to(user).filter(bid__ref__in=bids)
    return dict(named.order_by().values_list("bid__ref").annotate(n=Count("pk")))


def _waiting(row: dict[str, Any], stage: Stage | None) -> tuple[bool, date]:
    """Bids under assessment without a reply first, by its date; the order of the others is kept."""
    waits = stage is not None and stage.replied_on is None and row["shown_state"] == "under_assessment"
    return (not waits, stage.due_on if waits and stage else date.max)


class BidInArea(OfTheRegion):
    """Mixin: `self.bid`, a bid of the user's area named by the address."""

    @cached_property
    def bid(self) -> Bid:
        return area_bid(self.request.user, self.kwargs["ref"])  # type: ignore[attr-defined]

    @property
    def href(self) -> str:
        return f"/pct/bids/{self.bid.ref}/"


class AreaBid(BidInArea, TemplateView):
    """What the bid says, the replies that the user may read, and their own to give."""

    template_name = "area/bid.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        bid, user = self.bid, self.request.user
        row = Bid.objects.shown_to(user).get(pk=bid.pk)
        stages = stages_of(bid, user)
        mine = set(Stage.objects.filter(asked_of(user), bid=bid).values_list("pk", flat=True))
        return super().get_context_data(
            title=row["name"],
            crumbs=[HOME],
            row=row,
            shown_label=SHOWN_LABELS[row["shown_state"]],
            why=why_not(bid, user, "give_opinion"),
            stages=stages,
            mine=[told for told in stages if told.stage.pk in mine],
            **contents(bid, named_in(bid, user), user, self.href),
            **kwargs,
        )


class Opinion(BidInArea, StepPage):
    """A PCT's comment or an SHA's assessment: a view, why, and for an SHA a finding on each of its own criteria."""

    template_name = "area/opinion.html"
    form_class = OpinionForm
    button = "Send the reply"
    done = "Your reply was saved; programme staff can read it"

    @cached_property
    def stage(self) -> Stage:
        mine = Stage.objects.filter(asked_of(self.request.user), bid=self.bid, body__code=self.kwargs["code"])
        found = mine.select_related("bid", "body", "criteria").first()
        if found is None:
            raise Http404(f"{self.kwargs['code']} was not asked about {self.bid.ref}, or you hold no role of theirs.")
        return found

    @property
    def title(self) -> str:  # type: ignore[override]
        name = body_names([self.stage.body_id], self.bid.as_at).get(self.stage.body_id, self.stage.body.code)
        return f"{'Comment' if self.stage.kind == StageKind.PCT else 'Assessment'} of {name}"

    @property
    def crumbs(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [HOME, (self.bid.ref, self.href)]

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the bid", self.href)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        if self.stage and (sentence := why_not(self.bid, self.request.user, "give_opinion")):
            raise wrong_state(sentence)
        return super().get(*args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        criteria = self.stage.criteria
        return super().get_form_kwargs() | {"criteria": list(criteria.criteria.all()) if criteria else []}

    def get_initial(self) -> dict[str, Any]:
        initial = {"version": self.stage.version, "view": self.stage.view, "text": self.stage.text}
        for found in self.stage.findings.select_related("criterion"):
            initial[f"finding-{found.criterion.key}"] = found.finding
            initial[f"note-{found.criterion.key}"] = found.note
        return initial

    def current(self) -> int:
        del self.stage
        return self.stage.version

    def act(self, form: Any) -> None:
        data = form.cleaned_data
        give_opinion(
            by=self.request.user,  # type: ignore[arg-type]
            stage=self.stage,
            version=data["version"],
            view=data["view"],
            text=data["text"],
            findings=form.findings(),
        )

    def refused(self, form: Any, refused: Refused) -> Any:
        """All that is missing at once, each beside its own field."""
        for row in (refused.detail or [])[1:]:
            form.add_error(row["field"], row["message"])
        return super().refused(form, refused)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = contents(self.bid, named_in(self.bid, self.request.user), self.request.user, self.href)
        answers = {criterion.pk: text for criterion, text in told["answers"]}
        context = super().get_context_data(bid=self.bid, stage=self.stage, **told, **kwargs)
        rows = [row | {"answer": answers.get(row["criterion"].pk, "")} for row in context["form"].rows()]
        return context | {"rows": rows}

    def get_success_url(self) -> str:
        return self.href

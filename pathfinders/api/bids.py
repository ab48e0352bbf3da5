"""Bids, for those who work on them: read as each may know them, and taken a step further by the pages' own actions.

A step is POSTed to `bids/REF/STEP/` with `If-Match: "VERSION"`, the version that the client last read: 412 where the
bid moved on since, 428 where the header is missing. The steps and who may take them are those of `pathfinders.states`.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from pathfinders.actions import draft_bid
from pathfinders.api.steps import STEPS, Step
from pathfinders.models import Bid, Stage, StageKind, StageStatus
from pathfinders.reads import bids as read
from pathfinders.states import SHOWN_CHOICES, allowed_actions, why_not
from registry import clock
from registry.api import caching
from registry.api.idempotency import once
from registry.api.schema import ResourceSchema, envelope
from registry.api.shapes import Shape
from registry.api.views import DetailView, ListView
from registry.api.writes import (
    IDEMPOTENCY_KEY,
    WriteSchema,
    WriteView,
    answered,
    body_of,
    understood,
    version_of,
)
from registry.canonical import plain
from registry.moment import Moment
from registry.scopes import Scope


class BidRow(Serializer):
    ref = serializers.CharField(help_text="Its reference, as BID-2011-0001")
    name = serializers.CharField(help_text="The name that the pathfinder would have")
    form = serializers.CharField(help_text="What the group is in law, in its own words")
    partners = serializers.CharField(help_text="Whom it works with, in its own words")
    as_at = serializers.DateField(help_text="The day that the bid speaks of")
    submitted_on = serializers.DateField(allow_null=True, help_text="The day on which it was sent in; null: a draft")
    agrees_to_be_named = serializers.BooleanField(help_text="Whether its name may be told where it is not approved")
    state = serializers.ChoiceField(choices=SHOWN_CHOICES, help_text="As the reader may know it")
    version = serializers.IntegerField(
        allow_null=True, help_text="To give as If-Match with the next step; none to a PCT or SHA, who has its stage's"
    )
    lead_ref = serializers.CharField(help_text="The person's reference")
    earlier_ref = serializers.CharField(allow_null=True, help_text="The bid that this one resubmits")


class StageRow(Serializer):
    body = serializers.CharField(help_text="The PCT or SHA asked")
    kind = serializers.ChoiceField(choices=StageKind.choices, help_text="What was asked for")
    due_on = serializers.DateField(help_text="The last day for it")
    status = serializers.ChoiceField(choices=StageStatus.choices, help_text="How it stands")
    version = serializers.IntegerField(help_text="To give as If-Match with an opinion")


class BidResult(BidRow):
    stages = StageRow(many=True, help_text="The opinions asked that the reader may know of")
    allowed_actions = serializers.ListField(
        child=serializers.CharField(), help_text="What the reader may do with it now"
    )


class DraftBody(Serializer):
    name = serializers.CharField(max_length=200, help_text="The name that the pathfinder would have")
    as_at = serializers.DateField(required=False, help_text="The bid's own date; today without it")


def _answers(*done: int) -> dict[Any, Any]:
    """The bid as it is then, or a refusal."""
    return answered(envelope("BidRow", BidResult, paged=False, dated=False), *done)


class BidsSchema(ResourceSchema):
    """The list as every resource's; what is POSTed to it is the step that begins a draft."""

    def get_operation_id(self) -> str:
        return "bids_draft" if self.method == "POST" else super().get_operation_id()

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [IDEMPOTENCY_KEY] if self.method == "POST" else super().get_override_parameters()

    def get_request_serializer(self) -> Any:
        return DraftBody if self.method == "POST" else None

    def get_response_serializers(self) -> Any:
        return _answers(201) if self.method == "POST" else super().get_response_serializers()


class Bids(ListView):
    """Bids: a lead's own; those that name a practice of one's trust or region; all of them for programme staff.
    POST begins a draft."""

    read, serializer, dated = read, BidRow, False
    schema = BidsSchema()
    write_scope = Scope.BIDS
    http_method_names = ["get", "head", "options", "post"]

    def described(self) -> Serializer:
        return envelope("BidRow", BidRow, paged=True, dated=False)

    def post(self, request: Request) -> HttpResponse:
        return once(request, body_of(request), lambda: self._draft(request))

    def _draft(self, request: Request) -> HttpResponse:
        given = understood(DraftBody, request)
        bid = draft_bid(by=request.user, name=given["name"], as_at=given.get("as_at") or clock.today())  # type: ignore[arg-type]
        return told(request, bid.ref, status=201)


class OneBid(DetailView):
    """One bid, with what its reader may do with it now."""

    read, serializer, dated = read, BidRow, False

    def described(self) -> Serializer:
        return envelope("BidRow", BidResult, paged=False, dated=False)

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        return told(self.request, self.kwargs["ref"])


class TakeStep(WriteView):
    """One step of the table on one bid."""

    step: ClassVar[Step]
    schema = WriteSchema()
    tag = "bids"

    @property
    def operation(self) -> str:
        return f"bids_{self.step.name}"

    @property
    def versioned(self) -> bool:
        return self.step.versioned

    @property
    def body(self) -> type[Serializer]:
        return self.step.body

    def answers(self) -> dict[Any, Any]:
        return _answers(201 if self.step.makes_another else 200)

    def act(self, request: Request, **kwargs: Any) -> HttpResponse:
        step, ref = self.step, kwargs["ref"]
        bid = _found(request.user, ref)
        if bid is None or (step.staff_only and bid.belongs_to(request.user)):
            raise Http404(f"There is no bid {ref[:40]} for you to work on.")
        given = understood(step.body, request)
        if step.versioned:
            given["version"] = version_of(request)
        made = step.act(by=request.user, bid=bid, **given)
        if step.makes_another:
            return told(request, made.ref, status=201)
        return told(request, bid.ref)


def _found(user: Any, ref: str) -> Bid | None:
    """The bid, where the user may read it or manages a practice that it names."""
    bid = None if "\x00" in ref else Bid.objects.select_related("lead").filter(ref=ref.upper()).first()
    if bid is None or Bid.objects.visible_to(user).filter(pk=bid.pk).exists():
        return bid
    answerable = why_not(bid, user, "answer_claim") is None
    return bid if answerable else None


def step_view(step: Step) -> Any:
    """A view of its own for each step, so that the description names its body."""
    return type(f"Take_{step.name}", (TakeStep,), {"step": step, "scope": step.scope, "__doc__": step.words}).as_view()  # type: ignore[attr-defined]


def steps() -> list[tuple[str, Any]]:
    return [(step.name, step_view(step)) for step in STEPS]


def told(request: Any, ref: str, *, status: int = 200) -> HttpResponse:
    """The bid as its reader may know it now, its version as the ETag."""
    rows: QuerySet = read.rows(request.user, Moment.now()).filter(ref=ref.upper())
    row = rows.first() if "\x00" not in ref else None
    if row is None and request.method == "POST":
        return HttpResponse(status=204)  # a step by somebody who does not read the bid itself
    if row is None:
        raise Http404(f"There is no bid {ref[:40]} for you to read.")
    bid = Bid.objects.select_related("lead").get(ref=row["ref"])
    shape, today = Shape(BidRow), clock.today()
    asked = Stage.objects.visible_to(request.user).filter(bid=bid).select_related("body")
    stages = [
        {
            "body": s.body.code,
            "kind": s.kind,
            "due_on": plain(s.due_on),
            "status": s.status(today),
            "version": s.version,
        }
        for s in asked
    ]
    allowed = allowed_actions(bid, request.user)
    body = {"result": shape.shape(row, shape.names()) | {"stages": stages, "allowed_actions": allowed}}
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type="application/json")
    if row["version"] is not None:
        response["ETag"] = f'"{row["version"]}"'
    return caching.dress(response, request, None)  # type: ignore[return-value]

"""Bids, for those who work on them: read as each may know them, and taken a step further by the pages' own actions.

A step is POSTed to `bids/REF/STEP/` with `If-Match: "VERSION"`, the version that the client last read: 412 where the
bid moved on since, 428 where the header is missing. The steps and who may take them are those of `pathfinders.states`.
"""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from pathfinders.actions import draft_bid
from pathfinders.api.steps import STEPS, Step
from pathfinders.models import Bid, Stage, StageKind, StageStatus
from pathfinders.reads import bids as read
from pathfinders.states import SHOWN_LABELS, allowed_actions, why_not
from registry import clock
from registry.api import caching, questions
from registry.api.schema import Problem, ResourceSchema, envelope
from registry.api.shapes import Shape
from registry.api.views import DetailView, ListView
from registry.canonical import plain
from registry.errors import Refused
from registry.moment import Moment


class BidRow(Serializer):
    ref = serializers.CharField(help_text="Its reference, as BID-2011-0001")
    name = serializers.CharField(help_text="The name that the pathfinder would have")
    form = serializers.CharField(help_text="What the group is in law, in its own words")
    partners = serializers.CharField(help_text="Whom it works with, in its own words")
    as_at = serializers.DateField(help_text="The day that the bid speaks of")
    submitted_on = serializers.DateField(allow_null=True, help_text="The day on which it was sent in; null: a draft")
    agrees_to_be_named = serializers.BooleanField(help_text="Whether its name may be told where it is not approved")
    state = serializers.ChoiceField(choices=list(SHOWN_LABELS.items()), help_text="As the reader may know it")
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


class StepSchema(AutoSchema):
    """A step's body, its header, what it answers and how it is refused."""

    view: Any

    def get_operation_id(self) -> str:
        return f"bids_{self.view.step.name}"

    def get_tags(self) -> list[str]:
        return ["bids"]

    def get_override_parameters(self) -> list[OpenApiParameter]:
        if not self.view.step.versioned:
            return []
        words = "The version that was last read, in quotes."
        return [OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, required=True, description=words)]

    def get_request_serializer(self) -> Any:
        return self.view.step.body

    def get_response_serializers(self) -> Any:
        return _answers(201 if self.view.step.makes_another else 200)


def _answers(done: int) -> dict[Any, Any]:
    """The bid as it is then, or a refusal."""
    refusal = OpenApiResponse(Problem, description="Refused, saying why.")
    codes = (400, 401, 403, 404, 409, 412, 422, 428, 429)
    answered = envelope("BidRow", BidResult, paged=False, dated=False)
    return {(done, "application/json"): answered} | {(code, "application/problem+json"): refusal for code in codes}


class BidsSchema(ResourceSchema):
    """The list as every resource's; what is POSTed to it is the step that begins a draft."""

    def get_operation_id(self) -> str:
        return "bids_draft" if self.method == "POST" else super().get_operation_id()

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [] if self.method == "POST" else super().get_override_parameters()

    def get_request_serializer(self) -> Any:
        return DraftBody if self.method == "POST" else None

    def get_response_serializers(self) -> Any:
        return _answers(201) if self.method == "POST" else super().get_response_serializers()


class Bids(ListView):
    """Bids: a lead's own; those that name a practice of one's trust or region; all of them for programme staff.
    POST begins a draft."""

    read, serializer, dated = read, BidRow, False
    schema = BidsSchema()
    http_method_names = ["get", "head", "options", "post"]

    def described(self) -> Serializer:
        return envelope("BidRow", BidRow, paged=True, dated=False)

    def post(self, request: Request) -> HttpResponse:
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


class TakeStep(APIView):
    """One step of the table on one bid."""

    step: ClassVar[Step]
    schema = StepSchema()

    def post(self, request: Request, ref: str) -> HttpResponse:
        step = self.step
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
    return type(f"Take_{step.name}", (TakeStep,), {"step": step, "__doc__": step.words}).as_view()  # type: ignore[attr-defined]


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


def understood(body: type[Serializer], request: Request) -> dict[str, Any]:
    """The body's fields; Refused 422 with every field at fault, an unknown one too."""
    if not isinstance(request.data, dict):
        raise Refused("not_an_object", "Send the step's fields as a JSON object.", status=400)
    questions.refuse_unknown(request.GET, {"format"})
    found = body(data=request.data)
    faults: list[dict[str, Any]] = [
        {"field": name, "code": "unknown_field", "message": f"“{name[:80]}” is not a field of this step."}
        for name in request.data
        if name not in found.fields
    ]
    if not found.is_valid():
        faults += [{"field": name, "code": "invalid", "message": _flat(said)} for name, said in found.errors.items()]
    if faults:
        raise Refused("invalid", faults[0]["message"], field=faults[0]["field"], detail=faults)
    return dict(found.validated_data)


def _flat(said: Any) -> str:
    if isinstance(said, dict):
        return " ".join(f"{key}: {_flat(value)}" for key, value in said.items())
    return " ".join(_flat(one) for one in said) if isinstance(said, list) else str(said)


def version_of(request: Request) -> int:
    """The version in If-Match: a number, in quotes or not."""
    header = request.headers.get("If-Match", "")
    if not header:
        said = 'Give the version that you last read as If-Match, such as If-Match: "3".'
        raise Refused("no_version", said, field="If-Match", status=428)
    found = re.fullmatch(r'(?:W/)?"?(\d{1,9})"?', header.strip())
    if found is None:
        raise Refused("bad_version", 'If-Match is a version in quotes, such as "3".', field="If-Match", status=400)
    return int(found[1])

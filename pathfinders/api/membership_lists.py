"""Lists of memberships: many rows at once, dry-run or written whole, with the row answers of the pages."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import IO, Any, ClassVar

from django.db import transaction
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.parsers import BaseParser, JSONParser
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from consortia.actions.claiming import require_claim
from consortia.actions.lists import LONG, checked, lines_of
from consortia.actions.uploading import commit_list, require_sender, send_list
from consortia.models import Consortium, MembershipReason, MembershipUpload
from pathfinders.api.membership import found, require_seen
from pathfinders.api.membership_bodies import Listed, ListResult
from pathfinders.api.membership_steps import with_rows
from pathfinders.reads.standing import version_of
from registry.api import caching, questions, writes
from registry.api.schema import envelope
from registry.errors import Refused
from registry.files.keeping import drop_unnamed
from registry.files.spreadsheet import csv_of
from registry.models import User
from registry.scopes import Scope

CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRY_RUN = OpenApiParameter(
    "dry_run", str, enum=["0", "1"], description="1: what would come of it, row by row; nothing is written."
)


class Bytes(BaseParser):
    """A file, as it is."""

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> bytes:
        return stream.read()


class CsvFile(Bytes):
    media_type = CSV


class XlsxFile(Bytes):
    media_type = XLSX


class ListSchema(writes.WriteSchema):
    """A list's bodies: rows as JSON (of one consortium), or a file; its parameters stand in the address."""

    def get_override_parameters(self) -> list[OpenApiParameter]:
        return [*super().get_override_parameters(), DRY_RUN, *self.view.described_parameters]

    def get_request_serializer(self) -> Any:
        files: dict[str, Any] = {CSV: str, XLSX: bytes}
        return {"application/json": self.view.body, **files} if self.view.body else files


class SendList(writes.WriteView):
    """A list of memberships. What is refused of a list refuses all of it."""

    scope = Scope.MEMBERSHIP
    schema = ListSchema()
    body: ClassVar[type[Serializer] | None] = None
    described_parameters: ClassVar[list[OpenApiParameter]] = []
    parameters: ClassVar[set[str]] = set()
    largest = 10_000_000

    def answers(self) -> dict[Any, Any]:
        return writes.answered(envelope("ListResult", ListResult, paged=False, dated=False), 200, 201)

    def target(self, request: Request, kwargs: dict[str, str]) -> Consortium | None:
        raise NotImplementedError

    def options_of(self, request: Request, given: dict[str, Any]) -> dict[str, Any]:
        """What the action is given beside the rows."""
        raise NotImplementedError

    def act(self, request: Request, **kwargs: Any) -> HttpResponse:
        consortium, user = self.target(request, kwargs), request.user
        require_sender(user, consortium)  # type: ignore[arg-type]  # signed in
        questions.refuse_unknown(request.GET, {"dry_run", "format", *self.parameters})
        dry = questions.one_of(request.GET, "dry_run", ("0", "1"), "0") == "1"
        name, data, given = self._read(request)
        options, why = self.options_of(request, given), given.get("why") or request.GET.get("why", "")
        upload = _unsent(user, consortium, name, data, options)  # type: ignore[arg-type]
        if dry:
            return self._told(request, upload, consortium)
        seen = None if consortium is None else writes.version_of(request)
        try:
            with transaction.atomic():
                if consortium is not None and seen is not None:
                    require_seen(consortium, seen)
                _require_whole(upload.answer)
                sent = send_list(by=user, consortium=consortium, name=name, data=data, **options)  # type: ignore[arg-type]
                sent = commit_list(by=user, upload=sent, ready=sent.answer["counts"]["ready"], why=why)  # type: ignore[arg-type]
        except BaseException:
            drop_unnamed(upload.sha256)
            raise
        return self._told(request, sent, consortium)

    def _read(self, request: Request) -> tuple[str, bytes, dict[str, Any]]:
        """A file's name and bytes, and the body's other fields."""
        if isinstance(request.data, bytes):
            kind = (request.content_type or "").split(";")[0].strip().lower()
            return ("rows.xlsx" if kind == XLSX else "rows.csv"), request.data, {}
        if self.body is None or not isinstance(request.data, dict):
            raise Refused("not_an_object", "Send the rows as a JSON object, or a CSV file.", status=400)
        given = writes.valid(self.body, request.data)
        rows = [(r["practice"], r.get("on", ""), r.get("reason", "")) for r in given["rows"]]
        return "rows.csv", csv_of([("practice code", "from", "reason"), *rows]), given

    def _told(self, request: Request, upload: MembershipUpload, consortium: Consortium | None) -> HttpResponse:
        answer = {k: v for k, v in upload.answer.items() if k in ListResult().fields}
        result = {"list": upload.pk, "entry": upload.entry_id, **answer}
        status = 201 if upload.pk else 200
        body = json.dumps({"result": result}, ensure_ascii=False)
        response = HttpResponse(body, status=status, content_type="application/json")
        if consortium is not None:
            response["ETag"] = f'"{version_of(consortium)}"'
        return caching.dress(response, request, None)  # type: ignore[return-value]


class ClaimList(SendList):
    """Claim many practices for a consortium, each with its own day and reason where it says one: all or none. Rows as
    JSON, or a CSV or XLSX file with a column “practice code” and, where wanted, from and reason; then `on`, `reason` and
    `why` stand in the address. `If-Match` as for every step; a dry run needs none."""

    operation, tag, versioned, body = "consortia_membership_claim_list", "consortia", True, Listed
    parser_classes = [JSONParser, CsvFile, XlsxFile]
    parameters: ClassVar[set[str]] = {"on", "reason", "why"}
    described_parameters: ClassVar[list[OpenApiParameter]] = [
        OpenApiParameter("on", str, description="Of a file: the first day of the rows that say none."),
        OpenApiParameter("reason", str, description="Of a file: the reason of the rows that say none."),
        OpenApiParameter("why", str, description="Of a file: why this is recorded."),
    ]

    def target(self, request: Request, kwargs: dict[str, str]) -> Consortium:
        consortium = found(request.user, kwargs)
        assert isinstance(consortium, Consortium)
        return consortium

    def options_of(self, request: Request, given: dict[str, Any]) -> dict[str, Any]:
        if given:
            return {"on": given["on"], "reason": given["reason"]}
        text = request.GET.get("on", "")
        try:
            on = date.fromisoformat(text)
        except ValueError:
            raise questions.bad("on", "bad_date", f"on is a day as 2011-04-01; “{text[:40]}” is not.") from None
        return {"on": on, "reason": request.GET.get("reason", str(MembershipReason.JOINED))}


class ImportList(SendList):
    """Memberships of many consortia, by programme staff: a CSV or XLSX file with columns practice, consortium and from,
    and where wanted to (the last day), status, reason and basis. All of it is written, or nothing. `create=1` registers
    consortia that are not known."""

    operation, tag, versioned = "memberships_import", "memberships", False
    parser_classes = [CsvFile, XlsxFile]
    parameters: ClassVar[set[str]] = {"create"}
    described_parameters: ClassVar[list[OpenApiParameter]] = [
        OpenApiParameter("create", str, enum=["0", "1"], description="1: register consortia that are not known.")
    ]

    def target(self, request: Request, kwargs: dict[str, str]) -> None:
        return None

    def options_of(self, request: Request, given: dict[str, Any]) -> dict[str, Any]:
        return {"create": questions.one_of(request.GET, "create", ("0", "1"), "0") == "1"}


def _unsent(
    by: User, consortium: Consortium | None, name: str, data: bytes, options: dict[str, Any]
) -> MembershipUpload:
    """The list and its dry run's answer, kept nowhere. Raises Refused as `send_list` does, and for a list that pages
    check in the background."""
    kept = dict(options)
    if consortium is not None:
        require_claim(options["on"], options["reason"])
        kept["on"] = options["on"].isoformat()
    sha256 = hashlib.sha256(data).hexdigest()
    upload = MembershipUpload(
        consortium=consortium, name=name, sha256=sha256, size=len(data), options=kept, sent_by=by
    )
    upload.total = len(lines_of(upload, data))
    if not upload.total:
        raise Refused("no_rows", "There is no row.", field="rows")
    if upload.total > LONG:
        raise Refused("too_long", f"That is {upload.total:,} rows; send up to {LONG:,} at a time.", field="rows")
    upload.answer = checked(upload, data)
    return upload


def _require_whole(answer: dict[str, Any]) -> None:
    wrong = answer["counts"]["wrong"]
    if not wrong:
        return
    quiet = ("duplicate", "already")
    rows = [
        r
        for r in answer["rows"]
        if r["verdict"] == "refused" or not (r.get("accepted", True) or r["verdict"] in quiet)
    ]
    raise with_rows(
        Refused(
            "rows_refused",
            f"{wrong:,} of {len(answer['rows']):,} rows cannot be written, and none was. Correct them, or leave them out.",
            field="rows",
            status=409,
            detail=[{**row, "accepted": False} for row in rows],
        )
    )

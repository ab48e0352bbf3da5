"""The scan of what a practice signed on paper, for those whom it concerns; always as a download."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.views import View

from consortia.models import MembershipAnswer
from pathfinders.views.practice_base import OwnPractice
from registry.files.documents import KINDS
from registry.files.giving import given


def scan(rows: QuerySet[MembershipAnswer], pk: int) -> FileResponse:
    """The scan of one of these answers. Raises Http404 where there is none, or the register has lost it."""
    row = rows.exclude(document="").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such paper.")
    ending = row.document_name.rpartition(".")[2]
    kind = next(key for key, k in KINDS.items() if f".{ending}" in k.extensions)
    return given(row.document, row.document_name, kind, f"the scan of answer {row.pk}")


class OwnScan(OwnPractice, View):
    """The practice's manager reads what was recorded as signed by it."""

    def get(self, request: Any, code: str, pk: int) -> FileResponse:
        return scan(MembershipAnswer.objects.visible_to(request.user).filter(practice=self.practice), pk)

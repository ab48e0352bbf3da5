"""The scan of what a practice signed on paper, for those whom it concerns; always as a download."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.views import View

from consortia.models import MembershipAnswer
from pathfinders.views.files import HEADERS
from pathfinders.views.practice_base import OwnPractice
from registry.files.documents import KINDS
from registry.files.keeping import path_of

log = logging.getLogger(__name__)


def scan(rows: QuerySet[MembershipAnswer], pk: int) -> FileResponse:
    """The scan of one of these answers. Raises Http404 where there is none, or the register has lost it."""
    row = rows.exclude(document="").filter(pk=pk).first()
    if row is None:
        raise Http404("There is no such paper.")
    try:
        file = path_of(row.document).open("rb")
    except FileNotFoundError:
        log.error("the scan of answer %s is gone", row.pk)
        raise Http404("The register has lost this scan. Tell a programme administrator.") from None
    ending = row.document_name.rpartition(".")[2]
    kind = next(k for k in KINDS.values() if f".{ending}" in k.extensions)
    return FileResponse(
        file, as_attachment=True, filename=row.document_name, content_type=kind.media_type, headers=HEADERS
    )


class OwnScan(OwnPractice, View):
    """The practice's manager reads what was recorded as signed by it."""

    def get(self, request: Any, code: str, pk: int) -> FileResponse:
        return scan(MembershipAnswer.objects.visible_to(request.user).filter(practice=self.practice), pk)

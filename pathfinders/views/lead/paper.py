"""What a practice signed on paper is recorded with its scan, and the scan is read by those whom it concerns."""

from __future__ import annotations

import logging
from typing import Any

from django.http import FileResponse, Http404
from django.views import View

from consortia.actions.answering import record_on_paper
from consortia.models import MembershipAnswer
from consortia.naming import place_of
from pathfinders.forms.answering import PaperForm
from pathfinders.views.files import HEADERS
from pathfinders.views.lead.kept import KeeperOnly
from pathfinders.views.steps import StepPage
from registry import clock
from registry.files.documents import KINDS
from registry.files.keeping import path_of

log = logging.getLogger(__name__)


class Paper(KeeperOnly, StepPage):
    template_name = "lead/paper.html"
    form_class = PaperForm
    title = "They signed on paper"
    button = "Record this"
    done = "What the practice signed is recorded. It counts apart from what practices answer themselves"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=(("Lead", "/lead/"), ("Asking practices", self.asking_path)),
            back=("Back to asking", self.asking_path),
            practice=self.practice,
            place=place_of(self.practice, clock.today()),
            group=self.group,
            **kwargs,
        )

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        data = dict(form.cleaned_data)
        file = data.pop("file")
        record_on_paper(by=user, practice=self.practice, consortium=self.consortium, file=file, name=file.name, **data)

    def get_success_url(self) -> str:
        return self.asking_path


class Scan(KeeperOnly, View):
    """The scan, always as a download."""

    def get(self, request: Any, ref: str, code: str, pk: int) -> FileResponse:
        rows = MembershipAnswer.objects.visible_to(request.user).exclude(document="")
        row = rows.filter(consortium=self.consortium, practice=self.practice, pk=pk).first()
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

"""What a practice signed on paper is recorded with its scan, and the scan is read by those whom it concerns."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse
from django.views import View

from consortia.actions.answering import record_on_paper
from consortia.models import MembershipAnswer
from consortia.naming import place_of
from pathfinders.forms.answering import PaperForm
from pathfinders.views.lead.kept import KeeperOnly
from pathfinders.views.scans import scan
from pathfinders.views.steps import StepPage
from registry import clock


class Paper(KeeperOnly, StepPage):
    template_name = "lead/paper.html"
    form_class = PaperForm
    title = "They signed on paper"
    button = "Record this"
    done = "What the practice signed is recorded. It counts apart from what practices answer themselves"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            crumbs=self.crumbs,
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
    """The scan, for who keeps the membership."""

    def get(self, request: Any, ref: str, code: str, pk: int) -> FileResponse:
        rows = MembershipAnswer.objects.visible_to(request.user)
        return scan(rows.filter(consortium=self.consortium, practice=self.practice), pk)

"""A lead adds practices to the consortium: codes in a box or a file, a dry run, the writing, the undoing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.views import View
from django.views.generic import TemplateView

from consortia.actions.lists import PASTED
from consortia.actions.uploading import send_list
from consortia.models import MembershipUpload
from consortia.states import UploadState
from pathfinders.forms.lead import MOST_TEXT
from pathfinders.forms.lists import AddForm
from pathfinders.views.access import Guarded
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.lists import STATE_TAGS, AnswerFile, ListPage, called, found
from pathfinders.views.lists import Template as AnyTemplate
from pathfinders.views.staff.records import moment
from pathfinders.views.steps import StepPage
from registry import clock
from registry.authorization import Permission
from registry.pages.tables import Column, Table


class OwnLists(OwnConsortium):
    """Mixin: the lists that were sent for the consortium."""

    @property
    def uploads(self) -> Any:
        return MembershipUpload.objects.visible_to(self.request.user).filter(consortium=self.consortium)


class Add(OwnConsortium, StepPage):
    """Nothing is written here: what is sent is kept and checked, and its own page shows the answer."""

    title = "Add practices"
    template_name = "lead/add_members.html"
    form_class = AddForm
    button = "Check these practices"
    refusal_fields = {"name": "file"}

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Back to the consortium", self.href)

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today(), "reason": "joined"}

    def act(self, form: Any) -> None:
        user: Any = self.request.user
        told, file = form.cleaned_data, form.cleaned_data["file"]
        self.upload = send_list(
            by=user,
            consortium=self.consortium,
            name=file.name if file else PASTED,
            data=file.read() if file else told["practices"].encode(),
            on=told["on"],
            reason=told["reason"],
        )

    def get_success_url(self) -> str:
        return f"{self.href}uploads/{self.upload.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(consortium=self.consortium, called=self.called, **kwargs)


class OwnList(OwnLists, ListPage):
    """Once checked, the box holds the codes as they were sent; once written, those that were not ready."""

    @cached_property
    def upload(self) -> MembershipUpload:
        return found(self.uploads, self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            consortium=self.consortium, called=self.called, href=self.href, again=self.again, **kwargs
        )

    @property
    def again(self) -> AddForm | None:
        """The form that sends the codes once more, put right; none for a file whose rows have days of their own."""
        upload = self.upload
        rows = [r for r in self.rows if r["verdict"] not in ("duplicate", "already")]
        if upload.state == UploadState.COMMITTED:
            rows = [r for r in rows if not r["accepted"]]
        elif upload.state not in (UploadState.CHECKED, UploadState.DISCARDED):
            return None
        options = upload.options
        own = any(r["verdict"] in ("bad_date", "bad_reason") for r in rows)
        own = own or any((r["on"], r["reason"]) != (options["on"], options["reason"]) for r in rows)
        box = "\n".join(r["code"] for r in rows)
        if own or not rows or len(box) > MOST_TEXT:
            return None
        return AddForm(initial={"practices": box, "on": options["on"], "reason": options["reason"]})


class OwnAnswer(OwnLists, AnswerFile, View):
    @cached_property
    def upload(self) -> MembershipUpload:
        return found(self.uploads, self.kwargs["pk"])


class ListsSent(OwnLists, TemplateView):
    """The lists that were sent for the consortium, the newest first."""

    template_name = "lead/lists.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.uploads.select_related("sent_by").defer("answer")[:100])
        table = Table(list_columns(f"{self.href}uploads/{{pk}}/"), rows, "Lists sent", caption_spoken=True)
        return super().get_context_data(title="Lists sent", crumbs=self.crumbs, table=table, href=self.href, **kwargs)


def list_columns(href: str) -> tuple[Column, ...]:
    return (
        Column("name", "List", href=href, show=called),
        Column("sent_at", "Sent", show=lambda row: moment(row.sent_at)),
        Column("sent_by", "By", show=lambda row: str(row.sent_by)),
        Column("total", "Rows", kind="number"),
        Column("state", "State", kind="tag", tags=STATE_TAGS),
        Column("entry_id", "Entry", kind="number"),
    )


class Template(Guarded, AnyTemplate):
    permission = Permission.KEEP_MEMBERSHIP
    headings = ("Practice code", "Practice name", "From", "Reason")
    file_name = "practices"

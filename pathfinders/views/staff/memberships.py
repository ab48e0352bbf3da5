"""Staff load memberships of many consortia from a file: a dry run, the writing, the undoing."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.views import View

from consortia.actions.uploading import send_list
from consortia.models import MembershipUpload
from pathfinders.forms.lists import ManyForm
from pathfinders.views.access import StaffOnly
from pathfinders.views.lead.adding import list_columns
from pathfinders.views.lists import MANY_COLUMNS, AnswerFile, ListPage, found
from pathfinders.views.lists import Template as AnyTemplate
from pathfinders.views.steps import StepPage
from registry.authorization import Permission
from registry.pages.tables import Table

HERE = ("Memberships from a file", "/staff/memberships/")


class OfMany(StaffOnly):
    permission = Permission.CHANGE_REGISTER
    request: Any

    @property
    def uploads(self) -> Any:
        return MembershipUpload.objects.visible_to(self.request.user).filter(consortium=None)


class Memberships(OfMany, StepPage):
    title = "Memberships from a file"
    template_name = "staff/memberships.html"
    form_class = ManyForm
    button = "Check this file"
    crumbs = (("Staff", "/staff/"),)
    refusal_fields = {"name": "file"}

    def act(self, form: Any) -> None:
        file = form.cleaned_data["file"]
        self.upload = send_list(
            by=self.request.user, consortium=None, name=file.name, data=file.read(), create=form.cleaned_data["create"]
        )

    def get_success_url(self) -> str:
        return f"/staff/memberships/{self.upload.pk}/"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = list(self.uploads.select_related("sent_by").defer("answer")[:100])
        table = Table(list_columns("/staff/memberships/{pk}/"), rows, "Files sent", caption_size="m")
        return super().get_context_data(table=table, sent=rows, **kwargs)


class OneFile(OfMany, ListPage):
    columns = MANY_COLUMNS
    crumbs = (("Staff", "/staff/"), HERE)

    @cached_property
    def upload(self) -> MembershipUpload:
        return found(self.uploads, self.kwargs["pk"])


class Answer(OfMany, AnswerFile, View):
    kwargs: dict[str, Any]

    @cached_property
    def upload(self) -> MembershipUpload:
        return found(self.uploads, self.kwargs["pk"])


class Template(OfMany, AnyTemplate):
    headings = ("practice", "consortium", "from", "to", "status", "reason")
    file_name = "memberships"

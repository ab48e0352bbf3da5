"""The consortium's latest changes, and undo of one's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.views.generic import TemplateView

from consortia.actions.undoing import undo_change
from consortia.models import Membership
from consortia.permissions import keepers
from pathfinders.forms.change import UndoForm
from pathfinders.views import member_history
from pathfinders.views.lead.membership.keeping import Kept
from pathfinders.views.steps import StepPage
from registry.models import Entry


class Changes(Kept, TemplateView):
    template_name = "lead/membership/changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        entries = member_history.entries_of(user, Q(consortium=self.consortium))
        return super().get_context_data(
            title="Changes of your members",
            changes=member_history.changes(
                user, entries, f"{self.href}changes/{{number}}/undo/", keepers(self.consortium)
            )
            if entries
            else None,
            **kwargs,
        )


class Undo(Kept, StepPage):
    title = "Undo a change"
    template_name = "lead/membership/undo.html"
    form_class = UndoForm
    button = "Undo it"
    warning = True
    done = "It was undone, by an entry of its own"

    @cached_property
    def entry(self) -> Entry:
        """An entry that changed a membership of the consortium."""
        number, user = self.kwargs["number"], self.request.user
        touched = Membership.objects.visible_to(user).filter(
            Q(opened_by=number) | Q(closed_by=number), consortium=self.consortium
        )
        found = None
        if number < 2**31 and touched.exists():
            found = Entry.objects.visible_to(user).filter(number=number).first()
        if found is None:
            raise Http404(f"Entry {number} changed no membership of {self.consortium.ref}.")
        return found

    def act(self, form: Any) -> None:
        undo_change(by=self.request.user, entry=self.entry, **form.cleaned_data)  # type: ignore[arg-type]

    def get_success_url(self) -> str:
        return f"{self.href}changes/"

    @property
    def back(self) -> tuple[str, str]:  # type: ignore[override]
        return ("Cancel", f"{self.href}changes/")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(entry=self.entry, **kwargs)

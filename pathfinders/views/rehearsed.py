"""A step of which the person first sees what it will do: the action is carried out, looked at, and taken back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.db import transaction
from django.http import HttpResponse

from pathfinders.views.steps import StepPage
from registry.errors import Refused
from registry.models import Entry, Fact
from registry.pages.tables import Column
from registry.pages.typed_by import FIELD

BEGINS = Column("begins", "What", kind="tag", tags={True: ("Begins", "green"), False: ("Ends or is replaced", "grey")})
NOT_CARRIED = ("csrfmiddlewaretoken", FIELD, "again", "confirm")


def rehearsed(act: Callable[[], Any], kinds: Sequence[type[Fact]]) -> list[tuple[bool, Fact]]:
    """What the action would do to facts of these kinds: (begins, fact), those that end or are replaced first of each
    kind. Nothing of it stays. Raises what the action raises."""
    before = Entry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with transaction.atomic():
        act()
        found: list[tuple[bool, Fact]] = []
        for model in kinds:
            facts = model._default_manager.select_related(*[f.name for f in model._meta.fields if f.is_relation])
            for begins, end in ((False, "closed_by"), (True, "opened_by")):
                own = facts.filter(**{f"{end}__gt": before}).order_by("effective", "pk")
                found += [(begins, fact) for fact in own]
        transaction.set_rollback(True)
    return found


class RehearsedStep(StepPage):
    """A form, then what would happen, then the deed; the form travels, nothing is kept between.

    `shown(form)` gives the template what would happen, or raises Refused.
    """

    preview_name: ClassVar[str]

    def shown(self, form: Any) -> dict[str, Any]:
        raise NotImplementedError

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if "again" in request.POST:
            return self.render_to_response(self.get_context_data(form=self.get_form()))
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if "confirm" in self.request.POST:
            return super().form_valid(form)
        try:
            shown = self.shown(form)
        except Refused as refused:
            return self.refused(form, refused)
        sent = self.request.POST.lists()
        carried = [(name, value) for name, held in sent if name not in NOT_CARRIED for value in held]
        context = self.get_context_data(form=form, carried=carried, heading=self.title, **shown)
        return self.response_class(self.request, self.preview_name, context | {"title": "This is what will happen"})

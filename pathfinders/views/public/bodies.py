"""What PCT and SHA pages share: the body, its life, and how to say that it was not there on a day."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.functional import cached_property

from pathfinders.views.public.base import PublicRecord, days_words
from pathfinders.views.public.codes import code_lines, codes_of_day, operated
from pathfinders.views.public.history import Line, changed, heard, lines, standing
from practices.models import BodyIdentifier, BodyKind, BodyParticulars, OperationalLife, ParentBody
from registry.timeline import last_day

FIELDS = {"name": "Name", "kind": "Kind", "gss": "ONS code", "above": "Under"}


class BodyPage(PublicRecord):
    noun = ""

    @cached_property
    def body(self) -> ParentBody:
        return self.particulars[0].body

    @cached_property
    def particulars(self) -> list[Any]:
        """With the body itself, which has some from its first day in the register."""
        code, user = self.kwargs["code"].upper(), self.request.user
        facts = BodyParticulars.objects.visible_to(user).filter(body__code=code)
        found = heard(facts.select_related("body", "above"), self.moment)
        if found:
            return found
        if ParentBody.objects.visible_to(user).filter(code=code).exists():
            raise Http404(f"The register did not know {code} at the time you ask about.")
        raise Http404(f"The register has no {self.noun} with the code “{code[:20]}”. Search by name to find it.")

    @cached_property
    def own(self) -> Any:
        """The particulars of the day; None where the body did not exist on it."""
        day = self.moment.as_of
        return next(
            (f for f in self._standing if (not f.first or f.first <= day) and (not f.after or day < f.after)), None
        )

    @cached_property
    def identifiers(self) -> list[Any]:
        return heard(BodyIdentifier.objects.visible_to(self.request.user).filter(body=self.body), self.moment)

    @cached_property
    def operations(self) -> list[Any]:
        return heard(OperationalLife.objects.visible_to(self.request.user).filter(body=self.body), self.moment)

    @property
    def _standing(self) -> list[Any]:
        return standing(self.particulars, self.moment)

    @property
    def named(self) -> Any:
        """The particulars to name the body by: the day's, or the last it had."""
        return self.own or (self._standing or self.particulars)[-1]

    def life(self) -> dict[str, Any]:
        found = self._standing
        opened, closed = (found[0].first, last_day(found[-1].after)) if found else (None, None)
        return {
            "own": self.own,
            "kind": BodyKind(self.named.kind).label,
            "title": f"{self.named.name or 'Body'} ({self.body.code})",
            "opened": opened,
            "closed": closed,
            "ended": self.named.name if closed and closed < self.moment.as_of else "",
            "operated": operated(self.operations, self.moment, opened, closed),
            "codes": codes_of_day(self.identifiers, self.moment),
            "lives": [] if self.own else [days_words(f.first, last_day(f.after)) for f in found],
        }

    def own_lines(self) -> list[Line]:
        return [
            *lines(self.particulars, self.moment, "Particulars", changed(FIELDS, self.moment)),
            *code_lines(self.identifiers, self.moment),
            *lines(self.operations, self.moment, "Operation", lambda fact: "Operating"),
        ]

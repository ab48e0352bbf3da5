"""Who opens these pages: the lead and the deputies of the consortium that the address names."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.models import Membership
from pathfinders.views.lead.kept import OwnConsortium
from pathfinders.views.member_history import name_of
from practices.models import Practice


class Kept(OwnConsortium):
    """Mixin: a page of the consortium's changes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"crumbs": self.crumbs, "consortium": self.consortium, "group": self.group, "href": self.href}
        return super().get_context_data(**{**told, **kwargs})  # type: ignore[misc]


class OfMember(Kept):
    """Mixin: `self.practice`, one that is, was or is to be a member of the consortium."""

    @cached_property
    def practice(self) -> Practice:
        code, user = self.kwargs["code"].upper(), self.request.user  # type: ignore[attr-defined]
        found = Practice.objects.visible_to(user).filter(code=code).first()
        held = Membership.objects.visible_to(user).filter(practice=found, consortium=self.consortium)
        if found is None or not held.exists():
            raise Http404(f"{code[:20]} never was a member of {self.consortium.ref}. Its members are on their list.")
        return found

    @property
    def member_href(self) -> str:
        return f"{self.href}members/{self.practice.code}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs, ("Members", f"{self.href}members/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told = {"practice": self.practice, "name": name_of(self.practice), "member_href": self.member_href}
        return super().get_context_data(**{**told, **kwargs})

"""Who opens these pages: the lead and the deputies of the consortium that the address names."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.models import Consortium, ConsortiumParticulars, Membership, own_consortia
from pathfinders.views.access import Guarded
from pathfinders.views.member_history import name_of
from practices.models import Practice
from registry.authorization import Permission

LEAD = ("Lead", "/lead/")


class Kept(Guarded):
    """Mixin: `self.consortium`, one that the reader keeps. Any other is not found."""

    permission = Permission.KEEP_MEMBERSHIP

    @cached_property
    def consortium(self) -> Consortium:
        user, ref = self.request.user, self.kwargs["ref"]  # type: ignore[attr-defined]
        found = Consortium.objects.visible_to(user).filter(ref=ref).first() if ref in own_consortia(user) else None
        if found is None:
            raise Http404(f"You keep no consortium {ref[:20]}. Those that you keep are on your first page.")
        return found

    @cached_property
    def group(self) -> str:
        names = ConsortiumParticulars.objects.current().filter(consortium=self.consortium).order_by("-effective")
        return names.values_list("name", flat=True).first() or self.consortium.ref

    @property
    def href(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [LEAD, (self.group, self.href)]

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

"""What the pages of a practice's manager share."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from pathfinders.reads import own_practices
from pathfinders.views.access import Guarded
from practices.models import Practice
from registry.authorization import Permission, objects_of
from registry.moment import Moment

HOME = ("Your practice", "/practice/")


def own_practice(user: Any, code: str) -> Practice:
    """The user's own practice. Anybody else's is not found."""
    found = Practice.objects.visible_to(user).filter(code__in=objects_of(user, "practice_manager") & {code.upper()})
    practice = found.first()
    if practice is None:
        raise Http404(f"You manage no practice {code[:10]}. Those that you do are under “Your practice”.")
    return practice


class OwnPractice(Guarded):
    """Mixin of a page about one practice of the user's."""

    permission = Permission.KEEP_PRACTICE
    crumbs = (HOME,)
    request: Any
    kwargs: dict[str, Any]

    @cached_property
    def practice(self) -> Practice:
        return own_practice(self.request.user, self.kwargs["code"])

    @cached_property
    def now(self) -> Moment:
        return Moment.now()

    @cached_property
    def row(self) -> dict[str, Any] | None:
        """Its row of the register's list today; None where it has no status."""
        return own_practices.records(self.request.user, self.now, [self.practice]).get(self.practice.code)

    @property
    def name(self) -> str:
        return (self.row or {}).get("name") or self.practice.code

    def _answer(self, *args: Any, **kwargs: Any) -> Any:
        assert self.practice  # anybody else's is not found, by whatever method
        return super()._answer(*args, **kwargs)

    def get_success_url(self) -> str:
        return f"{HOME[1]}#p-{self.practice.code}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs | {"code": self.practice.code, "name": self.name})  # type: ignore[misc]

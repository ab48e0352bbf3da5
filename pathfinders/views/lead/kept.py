"""The consortium of a lead's page: one whose membership the user keeps."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.models import Consortium
from consortia.naming import name_of
from consortia.permissions import require_keeper
from pathfinders.views.access import Guarded
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may


class KeeperOnly(Guarded):
    """Mixin, first in the bases: the consortium of the address, kept by the user as lead, deputy or programme staff
    (403 with the sentence that says so)."""

    request: Any
    kwargs: dict[str, Any]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        staff = may(request.user, Permission.CHANGE_REGISTER)
        self.permission = Permission.CHANGE_REGISTER if staff else Permission.KEEP_MEMBERSHIP
        return super().dispatch(request, *args, **kwargs)

    def _answer(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        assert self.consortium  # refused or not found before anything else is read
        return super()._answer(request, *args, **kwargs)

    @cached_property
    def consortium(self) -> Consortium:
        ref = self.kwargs["ref"].upper()
        found = Consortium.objects.visible_to(self.request.user).filter(ref=ref).first()
        if found is None:
            raise Http404(f"There is no consortium {ref[:20]}.")
        require_keeper(self.request.user, found)
        return found

    @cached_property
    def practice(self) -> Practice:
        code = self.kwargs["code"].upper()
        found = Practice.objects.visible_to(self.request.user).filter(code=code).first()
        if found is None:
            raise Http404(f"There is no practice {code[:20]}.")
        return found

    @cached_property
    def group(self) -> str:
        return name_of(self.consortium, clock.today())

    @property
    def asking_path(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/asking/"

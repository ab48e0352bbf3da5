"""What the pages on a trust's own hand-over share: whose they are, and where they lead back to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.http import Http404

from pathfinders.views.access import Guarded
from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry.authorization import Permission
from registry.moment import Moment
from transitions.permissions import everywhere, require_transition_keeper

HOME, STAFF = ("PCT", "/pct/"), ("Transitions", "/staff/transitions/")


class OfTrust(Guarded):
    """Mixin, first in the bases: `self.pct`, the trust that the address names, which the user keeps (else 403)."""

    permission = Permission.KEEP_TRANSITION
    request: Any
    kwargs: dict[str, Any]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            require_transition_keeper(request.user, self.pct)
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def named(self) -> BodyParticulars:
        """What the trust is, or last was."""
        code = self.kwargs["code"].upper()
        known = BodyParticulars.objects.known(Moment.now()).filter(kind__in=PCT_KINDS, body__code=code)
        found = known.select_related("body").order_by("-effective").first() if "\0" not in code else None
        if found is None:
            raise Http404(f"The register has no primary care trust {code[:20]}. Check the code.")
        return found

    @property
    def pct(self) -> ParentBody:
        return self.named.body

    @property
    def href(self) -> str:
        return f"/pct/{self.pct.code}/"

    @property
    def crumbs(self) -> Sequence[tuple[str, str]]:
        return [STAFF if everywhere(self.request.user) else HOME, (self.named.name, self.href)]

    @property
    def back(self) -> tuple[str, str]:
        return ("Cancel", self.href)

    def get_success_url(self) -> str:
        return self.href

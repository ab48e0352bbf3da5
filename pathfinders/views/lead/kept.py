"""The consortium of a lead's page, and what its pages share: their navigation, their crumbs, who may open them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404

from consortia.models import Consortium, own_consortia
from consortia.naming import name_of
from consortia.permissions import require_keeper
from pathfinders.views.access import Guarded
from practices.models import Practice
from registry import clock
from registry.authorization import Permission, may
from registry.moment import Moment

HOME = ("Your consortia and bids", "/lead/")
PAGES = (
    ("Overview", ""),
    ("Members", "members/"),
    ("Add practices", "members/add/"),
    ("Ask practices", "asking/"),
    ("Transfers", "transfers/"),
    ("Incoming changes", "work/"),
    ("Undo", "changes/"),
    ("Errors", "errors/"),
    ("Local bodies", "local-bodies/"),
    ("Lead and deputies", "people/"),
    ("Attest", "attest/"),
)
"""The pages of one consortium, in the order of its navigation: words, and address below the consortium's."""
ALSO = {"asking/": ("letters/",), "members/add/": ("uploads/",)}
"""Pages below another address that belong to one of these."""
OF_ASKING = ("contact/", "paper/")
"""Pages of one member that belong to the asking of practices."""


class OwnConsortium(Guarded):
    """Mixin, first in the bases: `self.consortium`, one that the user leads or deputises in today. Anybody else's is
    not found."""

    permission = Permission.KEEP_MEMBERSHIP
    request: Any
    kwargs: dict[str, Any]
    keyword = "ref"
    """Of the address: where the consortium's reference stands."""

    def _answer(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        assert self.consortium  # refused or not found before anything else is read
        return super()._answer(request, *args, **kwargs)

    @cached_property
    def consortium(self) -> Consortium:
        ref, user = self.kwargs[self.keyword].upper(), self.request.user
        found = Consortium.objects.visible_to(user).filter(ref=ref).first() if ref in own_consortia(user) else None
        if found is None:
            raise Http404(f"You keep no consortium {ref[:20]}. Those that you keep are on your home page.")
        return found

    @cached_property
    def moment(self) -> Moment:
        return Moment.now()

    @cached_property
    def called(self) -> str:
        """Its name today, or the one nearest to it."""
        return name_of(self.consortium, clock.today())

    @property
    def group(self) -> str:
        return self.called

    @property
    def href(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/"

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        return [HOME, (f"{self.called} ({self.consortium.ref})", self.href)]

    @property
    def section(self) -> list[tuple[str, str, bool]]:
        """The navigation among the pages of the consortium: (words, address, whether the page is or lies there)."""
        below = self.request.path[len(self.href) :]
        starts = [
            (start, path) for _, path in PAGES for start in (path, *ALSO.get(path, ())) if below.startswith(start)
        ]
        here = "asking/" if below.endswith(OF_ASKING) else max(starts, key=lambda found: len(found[0]))[1]
        return [(label, self.href + path, path == here) for label, path in PAGES]

    @property
    def section_of(self) -> str:
        return f"Pages of {self.called}"


class KeeperOnly(OwnConsortium):
    """Mixin, first in the bases: kept by the user as lead, deputy or programme staff (403 with the sentence that says
    so)."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        staff = may(request.user, Permission.CHANGE_REGISTER)
        self.permission = Permission.CHANGE_REGISTER if staff else Permission.KEEP_MEMBERSHIP
        return super().dispatch(request, *args, **kwargs)

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

    @property
    def own(self) -> bool:
        """Whether the other pages of the consortium are the user's too: programme staff have theirs elsewhere."""
        return self.consortium.ref in own_consortia(self.request.user)

    @property
    def section(self) -> list[tuple[str, str, bool]]:
        return super().section if self.own else []

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        ref = self.consortium.ref
        top = super().crumbs if self.own else [("Consortia", "/consortia/"), (self.called, f"/consortia/{ref}/")]
        return top if self.request.path == self.asking_path else [*top, ("Ask practices", self.asking_path)]

    @property
    def asking_path(self) -> str:
        return f"/lead/consortia/{self.consortium.ref}/asking/"

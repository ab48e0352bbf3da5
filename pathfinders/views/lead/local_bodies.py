"""The local bodies under a consortium, kept by its lead and deputies, and by programme staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathfinders.views import local_bodies as kept
from pathfinders.views.lead.kept import HOME, KeeperOnly


class UnderConsortium(KeeperOnly):
    """Mixin, first in the bases."""

    local = "local"

    @property
    def above(self) -> Mapping[str, Any]:
        return {"consortium": self.consortium}

    @property
    def crumbs(self) -> list[tuple[str, str]]:
        ref = self.consortium.ref
        if self.own:
            return [HOME, (f"{self.called} ({ref})", self.href)]
        return [("Consortia", "/consortia/"), (self.called, f"/consortia/{ref}/")]


class Step(kept.BelowList, UnderConsortium): ...


class LocalBodies(UnderConsortium, kept.LocalBodies): ...


class NewLocalBody(Step, kept.NewLocalBody): ...


class ChangeLocalBody(Step, kept.ChangeLocalBody): ...


class EndLocalBody(Step, kept.EndLocalBody): ...


class UndoLocalBody(Step, kept.UndoLocalBody): ...

"""The local bodies that a trust keeps."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pathfinders.views import local_bodies as kept
from pathfinders.views.transition.base import OfTrust


class UnderTrust(OfTrust):
    """Mixin, first in the bases."""

    @property
    def above(self) -> Mapping[str, Any]:
        return {"pct": self.pct}

    @property
    def called(self) -> str:
        return self.named.name


class Step(kept.BelowList, UnderTrust): ...


class LocalBodies(UnderTrust, kept.LocalBodies): ...


class NewLocalBody(Step, kept.NewLocalBody): ...


class ChangeLocalBody(Step, kept.ChangeLocalBody): ...


class EndLocalBody(Step, kept.EndLocalBody): ...


class UndoLocalBody(Step, kept.UndoLocalBody): ...

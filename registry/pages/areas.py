"""The bar of a signed-in person: the areas of the site that are theirs.

Each package adds its own areas when its app is ready, so that the spine names none of them:

    from registry.pages.areas import add_area
    add_area("Staff", "/staff/", roles={"assessor", "approver", "programme_admin"}, superuser=True)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Area:
    label: str
    href: str
    roles: frozenset[str] = frozenset()
    superuser: bool = False
    shown: Callable[[Any], bool] | None = field(default=None, compare=False)

    def open_to(self, user: Any, keys: set[str]) -> bool:
        """`keys` are the role keys that the user holds today (read once for the whole bar)."""
        if self.shown is not None:
            return self.shown(user)
        return bool(self.roles & keys) or (self.superuser and user.is_superuser)


_areas: list[Area] = []


def add_area(
    label: str,
    href: str,
    *,
    roles: Iterable[str] = (),
    superuser: bool = False,
    shown: Callable[[Any], bool] | None = None,
) -> None:
    """Add an area once; adding the same one again changes nothing."""
    area = Area(label, href, frozenset(roles), superuser, shown)
    if area not in _areas:
        _areas.append(area)


def areas_for(user: Any) -> list[Area]:
    if not user.is_authenticated:
        return []
    keys = user.roles()
    return [area for area in _areas if area.open_to(user, keys)]

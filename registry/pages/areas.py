"""The bar of a signed-in person: the areas of the site that are theirs.

Each package adds its own areas when its app is ready, so that the spine names none of them:

    from registry.pages.areas import add_area
    add_area("Bids", "/staff/", roles={"assessor", "approver"}, superuser=True, theme="Work")

Areas of one theme stand together: the bar has one link for each theme, and under it the areas of the theme in which
the page lies. So it is short for whoever may open twenty, and needs neither a script nor a menu that opens.
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
    theme: str = ""
    also: tuple[str, ...] = ()

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
    theme: str = "",
    also: Iterable[str] = (),
) -> None:
    """Add an area once; adding the same one again changes nothing. `also`: other addresses whose pages are its own."""
    area = Area(label, href, frozenset(roles), superuser, shown, theme, tuple(also))
    if area not in _areas:
        _areas.append(area)


def areas_for(user: Any) -> list[Area]:
    if not user.is_authenticated:
        return []
    keys = user.roles()
    return [area for area in _areas if area.open_to(user, keys)]


Link = tuple[str, str, bool]


def bar_for(user: Any, path: str) -> tuple[list[Link], list[Link]]:
    """The links of the bar, and those of the theme in which the page at `path` lies: (words, address, whether it is
    here). A theme of one area is that area's own link."""
    mine = areas_for(user)
    here = max(
        ((len(start), area) for area in mine for start in (area.href, *area.also) if path.startswith(start)),
        key=lambda found: found[0],
        default=(0, None),
    )[1]
    themes: dict[str, list[Area]] = {}
    for area in mine:
        themes.setdefault(area.theme or area.label + area.href, []).append(area)
    first = [
        (areas[0].theme if len(areas) > 1 else areas[0].label, areas[0].href, here in areas)
        for areas in themes.values()
    ]
    of_theme = next((areas for areas in themes.values() if here in areas and len(areas) > 1), [])
    return first, [(area.label, area.href, area is here) for area in of_theme]

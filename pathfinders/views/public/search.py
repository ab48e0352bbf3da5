"""Search by name, code, reference or postcode. An exact code or reference leads straight to its record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from consortia.models import Consortium
from pathfinders.models import Pathfinder
from pathfinders.reads import identifiers, search
from pathfinders.reads.addresses import district_of, too_short
from pathfinders.reads.finding import CONSORTIA, PARENTS, PATHFINDERS, PRACTICES, tidy
from pathfinders.reads.practices import STATUS_WORDS
from pathfinders.reads.search import MOST
from pathfinders.views.public.base import PublicRecord
from practices.models import BodyKind, ParentBody, Practice

TITLES = {
    PATHFINDERS.resource: "Pathfinders",
    CONSORTIA.resource: "Consortia",
    PARENTS.resource: "Trusts and authorities",
    PRACTICES.resource: "Practices",
}
PLACED = (PARENTS.resource, PRACTICES.resource)
"""What has an address, or an area."""
PATHS = {kind: f"/{'pcts' if kind == PARENTS.resource else kind}/" for kind in TITLES}


@dataclass(frozen=True)
class Hit:
    href: str
    name: str
    code: str
    note: str = ""
    closed: bool = False
    successors: list[tuple[str, str]] = field(default_factory=list)
    """(code, address) of those that followed one that is not there on the day."""


@dataclass(frozen=True)
class Group:
    title: str
    hits: list[Hit] = field(default_factory=list)
    more: str = ""

    @property
    def full(self) -> bool:
        return len(self.hits) >= MOST


class SearchPage(PublicRecord):
    template_name = "public/search.html"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self.text = tidy(request.GET.get("q", ""))
        found = self._exact(self.text.upper()) if self.text else None
        return HttpResponseRedirect(self.link(found)) if found else super().get(request, *args, **kwargs)

    def _exact(self, code: str) -> str | None:
        """The address of the one record with exactly this code or reference, its own or one that it bears or bore."""
        user = self.request.user
        if match := re.fullmatch(r"(GC|PF)\d{4,}", code):
            model, path = {"GC": (Consortium, "consortia"), "PF": (Pathfinder, "pathfinders")}[match[1]]
            return f"/{path}/{code}/" if model.objects.visible_to(user).filter(ref=code).exists() else None
        found = {f"/{path}/{ref}/" for path, ref in identifiers.bearers(user, self.moment, self.text)}
        if re.fullmatch(r"[A-Z0-9]{3,10}", code, re.ASCII):
            if re.search(r"\d", code) and Practice.objects.visible_to(user).filter(code=code).exists():
                return f"/practices/{code}/"
            if ParentBody.objects.visible_to(user).filter(code=code).exists():
                found.add(f"/pcts/{code}/")
        return found.pop() if len(found) == 1 else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = search.search(self.request.user, self.moment, self.text)
        groups = list(self._groups(found))
        return super().get_context_data(
            title=f"Search: {self.text}" if self.text else "Search",
            q=self.text,
            groups=groups,
            area=self._area(found),
            near=any(hit.matched_on == "similar" for hit in found),
            total=len(found),
            **kwargs,
        )

    def _area(self, found: list[search.Hit]) -> str:
        """The address of the place's story, where the words are a postcode, or a town or trust that something bears."""
        place = district_of(self.text) or any(hit.kind in PLACED and hit.matched_on != "similar" for hit in found)
        return self.link("/transitions/area/", postcode=self.text) if place and not too_short(self.text) else ""

    def _groups(self, found: list[search.Hit]) -> Iterable[Group]:
        for kind, title in TITLES.items():
            if hits := [_shown(hit) for hit in found if hit.kind == kind]:
                more = self.link("/practices/", q=self.text) if kind == PRACTICES.resource else ""
                yield Group(title, hits, more)


def _shown(hit: search.Hit) -> Hit:
    path = "/shas/" if search.is_sha(hit) else PATHS[hit.kind]
    matched = hit.matched if hit.matched_on in ("former_name", "similar") else hit.name
    after = [] if hit.in_force else [(code, f"{PATHS[hit.kind]}{code}/") for code in hit.successors]
    note = "; ".join(filter(None, (_what(hit), _renamed(hit, matched), _other_code(hit))))
    return Hit(f"{path}{hit.key}/", matched or hit.key, hit.key, note, not hit.in_force, after)


def _what(hit: search.Hit) -> str:
    """Where a practice is and how it stands, or what kind of body it is. That a practice has closed is marked already."""
    if hit.kind == PARENTS.resource:
        return str(BodyKind(hit.status).label)
    state = str(STATUS_WORDS.get(hit.status, "")) if hit.in_force else ""  # type: ignore[call-overload]
    return "; ".join(filter(None, (hit.postcode, state)))


def _renamed(hit: search.Hit, matched: str) -> str:
    return f"on the day named {hit.today}" if hit.today and hit.today != matched else ""


def _other_code(hit: search.Hit) -> str:
    return f"found by its code {hit.matched}" if hit.matched_on == "code" and hit.matched != hit.key else ""

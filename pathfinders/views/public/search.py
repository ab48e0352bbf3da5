"""Search by name, code, reference or postcode. An exact code or reference leads straight to its record."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from consortia.models import Consortium, ConsortiumParticulars
from pathfinders.models import Pathfinder, PathfinderParticulars
from pathfinders.reads import identifiers
from pathfinders.reads.joins import on_day
from pathfinders.reads.practices import STATUS_WORDS
from pathfinders.views.public.base import PublicRecord
from practices.models import BodyKind, BodyParticulars, ParentBody, Practice, PracticeParticulars
from registry.models.fact import FactQuerySet

MOST = 50
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(\d[A-Z]{0,2})?")
NEAR = 0.4  # how like a name must be to be offered for a misspelt one, 0 to 1


@dataclass(frozen=True)
class Hit:
    href: str
    name: str
    code: str
    note: str = ""
    closed: bool = False


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
        self.text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:100]
        found = self._exact(self.text.upper()) if self.text else None
        return HttpResponseRedirect(self.link(found)) if found else super().get(request, *args, **kwargs)

    def _exact(self, code: str) -> str | None:
        """The address of the one record with exactly this code or reference, its own or one that it bears or bore."""
        user = self.request.user
        if match := re.fullmatch(r"(GC|PF)\d{4,}", code):
            model, path = {"GC": (Consortium, "consortia"), "PF": (Pathfinder, "pathfinders")}[match[1]]
            return f"/{path}/{code}/" if model.objects.visible_to(user).filter(ref=code).exists() else None
        found = {f"/{path}/{ref}/" for path, ref in self.bearers}
        if re.fullmatch(r"[A-Z0-9]{3,10}", code, re.ASCII):
            if re.search(r"\d", code) and Practice.objects.visible_to(user).filter(code=code).exists():
                return f"/practices/{code}/"
            if ParentBody.objects.visible_to(user).filter(code=code).exists():
                found.add(f"/pcts/{code}/")
        return found.pop() if len(found) == 1 else None

    @cached_property
    def bearers(self) -> list[tuple[str, str]]:
        """Whose further code the words are, or were."""
        return identifiers.bearers(self.request.user, self.moment, self.text)

    def _bearing(self, path: str) -> list[str]:
        return [ref for at, ref in self.bearers if at == path]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        groups = self._groups(near=False) if len(self.text) > 1 else []
        near = not any(group.hits for group in groups) and len(self.text) > 3
        if near:
            groups = self._groups(near=True)
        found = [group for group in groups if group.hits]
        return super().get_context_data(
            title=f"Search: {self.text}" if self.text else "Search",
            q=self.text,
            groups=found,
            near=near and bool(found),
            total=sum(len(group.hits) for group in found),
            **kwargs,
        )

    def _groups(self, *, near: bool) -> list[Group]:
        return [
            Group("Pathfinders", self._pathfinders(near)),
            Group("Consortia", self._consortia(near)),
            Group("Trusts and authorities", self._bodies(near)),
            Group("Practices", self._practices(near), self.link("/practices/", q=self.text)),
        ]

    def _named(self, facts: FactQuerySet, near: bool, extra: Q | None = None) -> QuerySet:
        """Facts of any day whose name holds the words, or is much like them. Old names find their body too."""
        known = facts.visible_to(self.request.user).known(self.moment)
        if near:
            like = TrigramWordSimilarity(self.text, "name")
            return known.annotate(likeness=like).filter(likeness__gte=NEAR).order_by("-likeness", "name")
        words = Q()
        for word in self.text.split():
            words &= Q(name__icontains=word)
        return known.filter(words | extra if extra else words).order_by("name")

    def _practices(self, near: bool) -> list[Hit]:
        bare = self.text.upper().replace(" ", "")
        extra = None
        facts = PracticeParticulars.objects.alias(
            bare=Replace(F("postcode"), Value(" "), Value(""), output_field=CharField())
        )
        if POSTCODE.fullmatch(bare):
            extra = Q(bare__startswith=bare)
        rows = (
            self._named(facts, near, extra)
            .annotate(
                _status=on_day("practice__statuses", self.moment), _now=on_day("practice__particulars", self.moment)
            )
            .values("name", "postcode", code=F("practice__code"), now=F("_now__name"), status=F("_status__status"))
        )
        hits = [
            Hit(
                f"/practices/{row['code']}/",
                row["name"],
                row["code"],
                "; ".join(filter(None, (row["postcode"], _renamed(row), _state(row["status"])))),
                row["status"] in (None, "C"),
            )
            for row in rows[:MOST]
        ]
        return _once(hits)

    def _bodies(self, near: bool) -> list[Hit]:
        extra = Q(body__code__in=[self.text.upper(), *self._bearing("pcts")])
        rows = self._named(BodyParticulars.objects.all(), near, extra).annotate(
            _now=on_day("body__particulars", self.moment)
        )
        found = rows.values("name", "kind", code=F("body__code"), now=F("_now__name"))[:MOST]
        return _once(
            [
                Hit(
                    f"/{'shas' if row['kind'] == BodyKind.SHA else 'pcts'}/{row['code']}/",
                    row["name"] or row["code"],
                    row["code"],
                    "; ".join(filter(None, (BodyKind(row["kind"]).label, _renamed(row)))),
                    row["now"] is None,
                )
                for row in found
            ]
        )

    def _consortia(self, near: bool) -> list[Hit]:
        extra = Q(consortium__ref__in=self._bearing("consortia"))
        rows = self._named(ConsortiumParticulars.objects.all(), near, extra)
        found = rows.annotate(_now=on_day("consortium__particulars", self.moment))
        return self._groups_of(found.values("name", code=F("consortium__ref"), now=F("_now__name")), "consortia")

    def _pathfinders(self, near: bool) -> list[Hit]:
        rows = self._named(PathfinderParticulars.objects.all(), near)
        found = rows.annotate(_now=on_day("pathfinder__particulars", self.moment))
        return self._groups_of(found.values("name", code=F("pathfinder__ref"), now=F("_now__name")), "pathfinders")

    @staticmethod
    def _groups_of(rows: Any, path: str) -> list[Hit]:
        hits = [Hit(f"/{path}/{r['code']}/", r["name"], r["code"], _renamed(r), r["now"] is None) for r in rows[:MOST]]
        return _once(hits)


def _once(hits: list[Hit]) -> list[Hit]:
    """The first hit of each body: it may match by several of its names."""
    return list({hit.code: hit for hit in reversed(hits)}.values())[::-1]


def _renamed(row: dict[str, Any]) -> str:
    return f"on the day named {row['now']}" if row["now"] and row["now"] != row["name"] else ""


def _state(letter: str | None) -> str:
    """A status in words; a closed practice is marked as that already."""
    return "" if letter in (None, "C") else str(STATUS_WORDS.get(letter, ""))  # type: ignore[call-overload]

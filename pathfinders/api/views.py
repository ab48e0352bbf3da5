"""Version 1: one view a resource, each over its module of reads. All of it is public: facts and released decisions."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve, reverse
from rest_framework.permissions import BasePermission
from rest_framework.serializers import Serializer

from pathfinders.api import serializers, spells
from pathfinders.api.lists import HistoryList, PublicDetail, PublicList
from pathfinders.reads import (
    announcements,
    consortia,
    decisions,
    memberships,
    milestones,
    parents,
    pathfinders,
    pcts,
    practices,
    services,
    shas,
    unaffiliated,
    waves,
)
from registry.api.about import ATTRIBUTION, LICENCE
from registry.api.questions import one_of
from registry.api.views import ResourceView
from registry.moment import Moment


class Practices(HistoryList):
    """Practices and other prescribing units that have a status on the day, closed ones included."""

    in_editions = True
    read, serializer, spell = practices, serializers.Practice, spells.PracticeSpell


class Practice(PublicDetail):
    """One practice."""

    resource = "practices"
    read, serializer = practices, serializers.Practice


class Parents(HistoryList):
    """Bodies above practices in life on the day: PCTs, care trusts, SHAs, CCGs, and those known by reference."""

    in_editions = True
    read, serializer, spell = parents, serializers.Parent, spells.ParentSpell


class Parent(PublicDetail):
    """One body."""

    resource = "parents"
    read, serializer = parents, serializers.Parent


class Pcts(HistoryList):
    """Primary care trusts, care trusts among them; none after 31 March 2013."""

    in_editions = True
    read, serializer, spell = pcts, serializers.Pct, spells.PctSpell


class Pct(PublicDetail):
    """One primary care trust."""

    resource = "pcts"
    read, serializer = pcts, serializers.Pct


class Shas(HistoryList):
    """Strategic health authorities."""

    in_editions = True
    read, serializer, spell = shas, serializers.Sha, spells.ShaSpell


class Sha(PublicDetail):
    """One strategic health authority."""

    resource = "shas"
    read, serializer = shas, serializers.Sha


class Consortia(HistoryList):
    """Consortia, with the members that count."""

    in_editions = True
    read, serializer, spell = consortia, serializers.Consortium, spells.ConsortiumSpell


class Consortium(PublicDetail):
    """One consortium."""

    resource = "consortia"
    read, serializer = consortia, serializers.Consortium


class Memberships(PublicList):
    """Which practice is in which consortium on the day. `history=1`: a row for each spell, of any day, as known at
    `known_at`; `history=all`: also the versions that the register had taken back by then."""

    in_editions = True
    read, serializer = memberships, serializers.Membership
    parameters = ("history",)
    choices = {"history": ["1", "all"]}

    def rows(self, moment: Moment) -> QuerySet:
        asked = one_of(self.request.GET, "history", ("0", "1", "all"), "0")
        if asked == "0":
            return super().rows(moment)
        return memberships.history(self.request.user, moment, superseded=asked == "all")


class Pathfinders(HistoryList):
    """Pathfinders announced by the day. A pathfinder may hold several consortia."""

    in_editions = True
    read, serializer, spell = pathfinders, serializers.Pathfinder, spells.PathfinderSpell


class Pathfinder(PublicDetail):
    """One pathfinder."""

    resource = "pathfinders"
    read, serializer = pathfinders, serializers.Pathfinder


class Waves(PublicList):
    """Waves released by the day."""

    in_editions = True
    read, serializer = waves, serializers.Wave


class Wave(PublicDetail):
    """One wave."""

    resource = "waves"
    read, serializer = waves, serializers.Wave


class Decisions(PublicList):
    """Decisions of released waves, with the finding on each criterion. Each decision on a bid is a row: the last one
    stands. Their figures are at `summary/`."""

    names_people = True
    read, serializer = decisions, serializers.Decision


class Unaffiliated(HistoryList):
    """Practices that count in coverage and are in no consortium."""

    in_editions = True
    read, serializer, spell = unaffiliated, serializers.Unaffiliated, spells.UnaffiliatedSpell


class Announcements(PublicList):
    """What was announced, claim by claim, with its source, beside what the register computes for the same day."""

    read, serializer = announcements, serializers.Announcement


class Announcement(PublicDetail):
    """One claim."""

    resource = "announcements"
    read, serializer = announcements, serializers.Announcement


class Services(PublicList):
    """What is claimed of local services: planned, running or stopped, in whose words."""

    read, serializer = services, serializers.Service


class Service(PublicDetail):
    """One such claim."""

    resource = "services"
    read, serializer = services, serializers.Service


class Milestones(PublicList):
    """Dates of the programme as planned on the day, or as they came; `deadline` is that by which every practice is in a
    consortium. `history=1`: a row for each version, of any day, with why it moved, as known at `known_at`;
    `history=all`: also the versions that the register had taken back by then."""

    read, serializer = milestones, serializers.Milestone
    parameters = ("history",)
    choices = {"history": ["1", "all"]}

    def rows(self, moment: Moment) -> QuerySet:
        asked = one_of(self.request.GET, "history", ("0", "1", "all"), "0")
        if asked == "0":
            return super().rows(moment)
        return milestones.history(self.request.user, moment, superseded=asked == "all")


class Milestone(PublicDetail):
    """One date of the programme, as planned on the day."""

    resource = "milestones"
    read, serializer = milestones, serializers.Milestone

    def named(self, value: Any) -> Any:
        return str(value).lower()


RESOURCES = (
    "practices", "parents", "pcts", "shas", "consortia", "memberships", "pathfinders", "waves", "decisions",
    "announcements", "services", "bids", "coverage", "unaffiliated", "milestones", "transitions", "local-bodies",
    "clusters", "surveys", "evidence", "search", "changes", "schema", "docs", "dictionary", "snapshots", "crosswalk", "budgets",
)  # fmt: skip


class Index(ResourceView):
    """What there is."""

    public, dated = True, False

    def described(self) -> type[Serializer]:
        return serializers.Index

    def answer(self, moment: Moment, form: str) -> HttpResponse:
        found = {name: self.request.build_absolute_uri(reverse(f"api-{name}")) for name in RESOURCES}
        return self.json({"resources": found, "licence": LICENCE, "attribution": ATTRIBUTION})


class Nothing(ResourceView):
    """Any other address under the API, by any method: no 405, which would say that there is something to be read."""

    public = True
    schema = None  # type: ignore[assignment]  # not described
    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete"]

    def get_permissions(self) -> list[BasePermission]:
        return []

    def get(self, request: Any, **kwargs: Any) -> HttpResponse:
        raise Http404(_nothing_at(request.path))

    post = put = patch = delete = get


def _nothing_at(path: str) -> str:
    said = f"There is nothing at {path[:100]}"
    with suppress(Resolver404):
        if resolve(f"{path}/").func.view_class is not Nothing:  # type: ignore[attr-defined]
            return f"{said}: what there is ends with a slash, {path[:100]}/."
    return f"{said}."

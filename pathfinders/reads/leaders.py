"""What the leaders of pathfinders answered about their interests, published with the announcement (domain.md 21)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from pathfinders.models import BidLeader, LeaderInterest, ReleasedDecision
from registry.moment import Moment


def interests(user: Any, moment: Moment, refs: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """By pathfinder the position of each leader in its bid, with the answer. Facts only: no person is named, since
    an answer of the API may be kept for ever, and a person's details may be erased. One query."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = _standing(user, moment).filter(_pathfinder__in=refs).order_by("bid", "leader")
    for ref, leader, could_gain in rows.values_list("_pathfinder", "leader", "could_gain"):
        found.setdefault(ref, []).append({"leader": leader, "could_gain": could_gain})
    return found


def leaders_of(user: Any, moment: Moment, ref: str) -> list[dict[str, Any]]:
    """The leaders of one pathfinder: name, post, answer and words, blank where they were erased. One
    query."""
    # Their release made these rows public; before it there is no fact, and so nobody here.
    people = BidLeader.objects.filter(bid__ref=OuterRef("bid"), position=OuterRef("leader"))
    own = people.values(_=JSONObject(name="name", post="post", how="how"))
    facts = _standing(user, moment).filter(_pathfinder=ref).annotate(_person=Subquery(own[:1]))
    told = []
    for leader, could_gain, found in facts.order_by("bid", "leader").values_list("leader", "could_gain", "_person"):
        person = found or {"name": "", "post": "", "how": ""}
        how = person["how"] if could_gain else ""
        told.append({"leader": leader, "could_gain": could_gain, **person, "how": how})
    return told


def _standing(user: Any, moment: Moment) -> QuerySet:
    decisions = ReleasedDecision.objects.visible_to(user).at(moment).filter(pathfinder__isnull=False)
    of = decisions.filter(bid=OuterRef("bid")).order_by("-number").values("pathfinder__ref")
    return LeaderInterest.objects.visible_to(user).at(moment).annotate(_pathfinder=Subquery(of[:1]))

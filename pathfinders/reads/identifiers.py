"""The further codes of bodies and consortia, as they were borne on a day, and who ever bore a code."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from consortia.models import ConsortiumIdentifier
from practices.models import BodyIdentifier
from registry.moment import Moment


def of_consortium(user: Any, moment: Moment) -> ArraySubquery:
    """Column of a consortium: `[{scheme, value, standing}]` of the day."""
    return _told(ConsortiumIdentifier.objects.visible_to(user).at(moment).filter(consortium=OuterRef("pk")))


def of_body(user: Any, moment: Moment) -> ArraySubquery:
    """Column of a parent body, as `of_consortium`."""
    return _told(BodyIdentifier.objects.visible_to(user).at(moment).filter(body=OuterRef("pk")))


def _told(facts: QuerySet) -> ArraySubquery:
    facts = facts.order_by("scheme", "value")
    return ArraySubquery(facts.values(_=JSONObject(scheme="scheme", value="value", standing="standing")))


def bearers(user: Any, moment: Moment, value: str) -> list[tuple[str, str]]:
    """("consortia" or "pcts", reference or code) of all that bear or ever bore the code, as known at the moment: a code
    resolves after it has ended. One question."""
    groups = ConsortiumIdentifier.objects.visible_to(user).known(moment).filter(value__iexact=value)
    bodies = BodyIdentifier.objects.visible_to(user).known(moment).filter(value__iexact=value)
    consortia, trusts = groups.values_list("consortium__ref"), bodies.values_list("body__code")
    found = {code for (code,) in consortia.union(trusts)}
    return [("consortia" if code.startswith("GC") else "pcts", code) for code in sorted(found)]

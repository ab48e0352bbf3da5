"""The fields of a spell: those of the resource that are dated facts, then the two clocks. Figures counted over other rows
(members, practices under a body) are of a day, not of a spell, and are left out."""

from __future__ import annotations

from rest_framework.serializers import DateField, DateTimeField, Serializer

from pathfinders.api import serializers


class Clocks(Serializer):
    effective_from = DateField(allow_null=True, help_text="The first day of the spell; null: from before all records")
    effective_to = DateField(allow_null=True, help_text="The last day, inclusive; null: still so")
    recorded_from = DateTimeField(
        help_text="The newest entry by known_at that told of these days, or of those beside them: since then the "
        "register has said so"
    )
    recorded_to = DateTimeField(
        allow_null=True,
        help_text="When the register next told of these days, if it had by known_at: it took this back",
    )


class PracticeSpell(serializers.Practice, Clocks):
    pass


class UnaffiliatedSpell(serializers.Unaffiliated, Clocks):
    compliance = deadline = days_to_deadline = consortia_nearby = None  # type: ignore[assignment]


class ParentSpell(serializers.BodyFields, Clocks, serializers.Succeeded):
    practices = None  # type: ignore[assignment]


class PctSpell(serializers.BodyFields, Clocks, serializers.Succeeded):
    practices = None  # type: ignore[assignment]


class ShaSpell(serializers.Sha, Clocks):
    pcts = None  # type: ignore[assignment]


class ConsortiumSpell(serializers.Consortium, Clocks):
    practices = practices_confirmed = people = pcts = shas = None  # type: ignore[assignment]
    attested_quarter = attested_on = attested_sha256 = attestation_overdue = None  # type: ignore[assignment]


class PathfinderSpell(serializers.Pathfinder, Clocks):
    practices = practices_confirmed = people = pcts = shas = leaders = None  # type: ignore[assignment]

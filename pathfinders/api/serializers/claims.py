"""What sources claim: announced figures, and services."""

from __future__ import annotations

from rest_framework.serializers import (
    BooleanField,
    CharField,
    DateField,
    FloatField,
    IntegerField,
    Serializer,
)

from pathfinders.api.serializers.coverage import DenominatorUsed
from pathfinders.models import ScopeKind, ServiceStatus
from pathfinders.models.claim import Extent, Metric, Reconciliation, Rounding
from registry.api.dictionary import told


class ClaimSource(Serializer):
    publisher = CharField(help_text="Who printed it")
    title = CharField(allow_blank=True, help_text="Of what")
    url = CharField(allow_blank=True, help_text="Where it can be read")
    published = CharField(help_text="The day, or the month where the day is not known")


class Announcement(Serializer):
    ref = CharField(help_text="Its reference, as AC0001")
    wave = IntegerField(allow_null=True, help_text="The number of the wave that it speaks of; null: of none")
    metric = CharField(help_text="What is counted", style=told(words=Metric.values))
    extent = CharField(
        help_text="wave: of the wave alone; cumulative: of all waves so far", style=told(words=Extent.values)
    )
    scope_kind = CharField(help_text="Of what it speaks", style=told(words=ScopeKind.values))
    scope = CharField(help_text="The code, reference or name of it")
    scope_name = CharField(help_text="Its name")
    value = FloatField(help_text="The figure as a number, counted in unit")
    unit = CharField(
        help_text="What value is counted in", style=told(words=("pathfinders", "practices", "people", "percent"))
    )
    rounding = CharField(help_text="How exactly it was worded", style=told(words=Rounding.values))
    words = CharField(help_text="The figure as it was printed")
    holds_from = FloatField(help_text="The least of which these words are true")
    holds_to = FloatField(help_text="The most of which these words are true")
    source = ClaimSource(help_text="Where it was printed")  # type: ignore[assignment]  # a field named source, not Field.source
    note = CharField(allow_blank=True, help_text="What to know beside it")
    reconciliation = CharField(
        allow_blank=True,
        help_text="Why it does not agree; blank where it does",
        style=told(words=Reconciliation.values),
    )
    figure_on = DateField(help_text="The day that the register's figure is of: of the announcement")
    figure = FloatField(allow_null=True, help_text="What the register computes, as known at known_at")
    figure_then = FloatField(allow_null=True, help_text="What it computed at the release of the wave")
    difference = FloatField(allow_null=True, help_text="figure less value")
    holds = BooleanField(allow_null=True, help_text="Whether the words are true of figure")
    denominator = DenominatorUsed(allow_null=True, help_text="What a share is of; null where the figure is none")


class Service(Serializer):
    ref = CharField(help_text="Its reference, as AS0001")
    wave = IntegerField(allow_null=True, help_text="The number of the wave that it was announced with; null: of none")
    scope_kind = CharField(
        help_text="sha, pct, group (a pathfinder, a consortium or a place, by its name) or england",
        style=told(words=ScopeKind.values),
    )
    scope = CharField(help_text="The code or the name of it")
    scope_name = CharField(help_text="Its name")
    specialty = CharField(help_text="What the service is for")
    status = CharField(
        help_text="planned, running or stopped, as it was claimed", style=told(words=ServiceStatus.values)
    )
    words = CharField(help_text="The service as it was claimed")
    measure = CharField(allow_blank=True, help_text="What was measured, where anything was")
    value = FloatField(allow_null=True, help_text="The figure claimed, counted in unit")
    unit = CharField(allow_blank=True, help_text="What value is counted in")
    comparator = CharField(allow_blank=True, help_text="What value is compared with")
    period = CharField(allow_blank=True, help_text="When it was measured")
    publisher = CharField(help_text="Who printed it")
    published = CharField(help_text="The day, or the month where the day is not known")

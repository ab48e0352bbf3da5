from __future__ import annotations

from django.db import models
from django.db.models import Q

from registry.models.fact import Fact, fact_constraints, fact_indexes


class Milestone(Fact):
    """A date of the programme, as planned or as it came (domain.md section 3.1; F8).

    A plan that moves is a new version: effective from the day on which it was made known, with why it moved and its
    source; `as_of` tells the plan of that day. `day`: the first day on which it takes effect; `words`: how the source
    gives it ("autumn 2012"); `settled`: no longer a plan.
    """

    NAME = "milestone"
    KEY = ("key",)
    key = models.SlugField(max_length=40)
    name = models.CharField(max_length=200)
    day = models.DateField()
    words = models.CharField(max_length=100, blank=True)
    settled = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=500)

    class Meta(Fact.Meta):
        constraints = fact_constraints("key", named=~Q(name="") & ~Q(source=""))
        indexes = fact_indexes("key")

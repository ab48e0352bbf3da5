from __future__ import annotations

from datetime import date

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q

from registry.models.fact import VisibleQuerySet
from registry.triggers import append_only, no_removal

NATIONAL = "national"
LOCKED = """
IF EXISTS (SELECT 1 FROM pathfinders_bid b WHERE b.criteria_id = {set})
    OR EXISTS (SELECT 1 FROM pathfinders_stage s WHERE s.criteria_id = {set}) THEN
    RAISE EXCEPTION 'a bid has locked these criteria: publish the next version' USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
"""A set that a submitted bid answers stays as it was, its criteria too (domain.md rule 13)."""


def _locked(operation: pgtrigger.Operation, pk: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="locked_by_a_bid", when=pgtrigger.Before, operation=operation, func=LOCKED.replace("{set}", pk)
    )


class CriteriaSetQuerySet(models.QuerySet["CriteriaSet"]):
    def visible_to(self, user: object) -> CriteriaSetQuerySet:
        """Published criteria are public."""
        return self

    def in_force(self, day: date, scope: str = NATIONAL) -> CriteriaSet | None:
        """The newest set of the scope that was published by that day (domain.md rule 13), or None."""
        return self.filter(scope=scope, published_on__lte=day).order_by("-version").first()

    def all_in_force(self, day: date) -> dict[str, CriteriaSet]:
        """As `in_force`, for each scope that had published by that day."""
        found = self.filter(published_on__lte=day).order_by("scope", "version")
        return {criteria.scope: criteria for criteria in found}


@pghistory.track()
class CriteriaSet(models.Model):
    """Published criteria: national, or an SHA's own (`scope` is its code). A bid locks the sets of its submission."""

    scope = models.CharField(max_length=10, default=NATIONAL)
    version = models.PositiveSmallIntegerField()
    published_on = models.DateField()

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        ordering = ["scope", "version"]
        constraints = [
            models.UniqueConstraint("scope", "version", name="criteria_set_version"),
            models.CheckConstraint(
                name="criteria_set_scope", condition=Q(scope__regex=r"^(national|[A-Z0-9]{3,10})$")
            ),
            models.CheckConstraint(name="criteria_set_numbered", condition=Q(version__gte=1)),
        ]
        triggers = [_locked(pgtrigger.Update, "OLD.id"), *no_removal("criteria")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """Its public name, as "national-1"."""
        return f"{self.scope}-{self.version}"


class Criterion(models.Model):
    """One criterion of a set. Its words never change: new words are a new version of the set."""

    set = models.ForeignKey(CriteriaSet, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    key = models.SlugField(max_length=40)
    title = models.CharField(max_length=200)
    question = models.TextField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["set", "position"]
        verbose_name_plural = "criteria"
        constraints = [
            models.UniqueConstraint("set", "key", name="one_criterion_a_key"),
            models.UniqueConstraint("set", "position", name="one_criterion_a_position"),
        ]
        triggers = [_locked(pgtrigger.Insert, "NEW.set_id"), *append_only("criteria")]

    def __str__(self) -> str:
        return self.title

    @property
    def name_in_bid(self) -> str:
        """Its name among all that a bid answers: its key, with the SHA's code before it where the set is an SHA's own
        ("Q36-access"), since two SHAs may use one key."""
        return self.key if self.set.scope == NATIONAL else f"{self.set.scope}-{self.key}"

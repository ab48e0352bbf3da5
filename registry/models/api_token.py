from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from knox.models import AuthToken

from registry import clock
from registry.scopes import Scope
from registry.triggers import log_stays


class TokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: Any) -> TokenQuerySet:
        """One's own."""
        return self.filter(user=user) if getattr(user, "is_authenticated", False) else self.none()


@pghistory.track(
    pghistory.InsertEvent(), pghistory.DeleteEvent(), exclude=["token", "name", "used_at"], meta=log_stays()
)
class ApiToken(models.Model):
    """What an API token is for, beside the library's row that holds its hash and its end, and that it goes with.

    `name`: its person's word for it, erasable. `scopes`: of `registry.scopes`. `used_at`: to the hour, by the real
    clock. A token without such a row reads.
    """

    token = models.OneToOneField(AuthToken, models.CASCADE, related_name="about")
    user = models.ForeignKey("registry.User", models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    scopes = ArrayField(models.CharField(max_length=20))
    made_at = models.DateTimeField(default=clock.real_now)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="token_scopes_known",
                condition=Q(scopes__contained_by=[scope.value for scope in Scope]) & Q(scopes__len__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.name or "A token without a name"

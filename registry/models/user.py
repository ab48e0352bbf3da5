from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import pghistory
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q

from registry import clock
from registry.triggers import no_removal

if TYPE_CHECKING:
    from registry.models.role_grant import RoleGrant

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SYSTEM_REF = "system"


def new_ref() -> str:
    return "P-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)

    def system(self) -> User:
        """The operator at the command line and the worker: acts, never signs in."""
        user, _ = self.get_or_create(ref=SYSTEM_REF, defaults={"is_active": False, "name": "The register"})
        return user


@pghistory.track(exclude=["password", "last_login", "email", "name"])
class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. `ref` is what the journal, facts and hashes hold; the rest of the row can be erased."""

    ref = models.CharField(max_length=20, unique=True, default=new_ref, editable=False)
    email = models.EmailField(unique=True, null=True)  # noqa: DJ001  (null where erased: unique)
    name = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.real_now)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="user_erased_is_blank",
                condition=Q(erased_at=None) | Q(email=None, name="", is_active=False, is_superuser=False),
            )
        ]
        triggers = no_removal("people (erase their details)")

    def __str__(self) -> str:
        return self.name or self.email or self.ref

    @property
    def is_system(self) -> bool:
        return self.ref == SYSTEM_REF

    def grants_now(self) -> list[RoleGrant]:
        """Roles held today, read once per user object (a request)."""
        if not hasattr(self, "_grants_now"):
            self._grants_now = self._read_grants()
        return self._grants_now

    def _read_grants(self) -> list[RoleGrant]:
        today = clock.today()
        if handed := getattr(self, "_handed", None):
            return [grant for grant in handed if today in grant.period]
        return list(self.grants.filter(period__contains=today).order_by("pk"))

    def hand_grants(self, grants: list[RoleGrant]) -> None:
        """All that this person was ever given, by their keys, where it was read together with the person."""
        self._handed = grants

    def roles(self) -> set[str]:
        return {g.role for g in self.grants_now()}

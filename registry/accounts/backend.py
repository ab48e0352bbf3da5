"""Who a session belongs to: the person and the roles they hold, in one question to the database."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser

from registry.models import RoleGrant


class WithGrants(AuthenticationBackend):
    """allauth's. Almost every page of a signed-in person asks for their roles (`User.grants_now`), so these come with
    the person; who never held one is asked for alone."""

    def get_user(self, user_id: Any) -> AbstractBaseUser | None:
        grants = list(RoleGrant.objects.filter(user=user_id).select_related("user").order_by("pk"))
        if not grants:
            return super().get_user(user_id)
        user = grants[0].user
        user.hand_grants(grants)
        return user if self.user_can_authenticate(user) else None

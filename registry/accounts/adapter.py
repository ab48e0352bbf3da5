"""How allauth behaves here: nobody signs up; accounts are made by invitation (`architecture.md` section 6)."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every link and name in mail comes from PATHFINDERS_URL, whatever host the request named."""
        super().send_mail(template_prefix, email, {**context, "service_name": settings.SERVICE_NAME})

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.SERVICE_NAME}: {subject}"

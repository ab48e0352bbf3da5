"""What is blanked here when a person's details are erased (registry.actions.people)."""

from __future__ import annotations

from consortia.actions.reporting import blank_reports
from registry.models import User


def erase(user: User) -> None:
    blank_reports(user)

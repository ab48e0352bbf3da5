"""One live site for all the journeys of a file; each journey has people, practices and waves of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, expect

from registry.models import Installation, User
from tests import programme as told
from tests.browser.casework.window import PATIENCE, Enter, opened
from tests.support import databases, sites

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    attached = tmp_path_factory.mktemp("attachments")
    with (
        django_db_blocker.unblock(),
        databases.clone(),
        override_settings(ATTACHMENTS_DIR=attached),
        sites.served() as address,
    ):
        Installation.declare(demonstration=False)
        yield address


@pytest.fixture(scope="session")
def seen() -> set[object]:
    """The likes of pages that axe has had, in all journeys of this process."""
    return set()


@pytest.fixture
def enter(browser: Browser, site: str, seen: set[object]) -> Iterator[Enter]:
    contexts: list[Any] = []
    yield opened(browser, site, seen, contexts)
    for context in contexts:
        context.close()


@pytest.fixture
def who(site: str) -> told.People:
    return told.people()


@pytest.fixture
def reviewer(site: str) -> User:
    return told.person("approver", name="Rae Reviewer")

"""A session's person and their roles come in one question, and are the same as when asked apart."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user

from registry import clock
from registry.accounts.backend import WithGrants
from registry.models import Installation, RoleGrant, User
from tests import programme as told

pytestmark = pytest.mark.django_db
FROM, TODAY = date(2011, 1, 1), date(2011, 6, 1)
PERIODS = ((FROM, None), (FROM, TODAY), (TODAY, date(2011, 7, 1)), (date(2011, 6, 2), None), (FROM, FROM))


@pytest.fixture
def person() -> User:
    Installation.declare(demonstration=True)
    user = told.person()
    for role, period in zip(("assessor", "approver", "analyst", "programme_admin", "pct_lead"), PERIODS, strict=True):
        RoleGrant.objects.create(user=user, role=role, period=period, given_by="system")
    return user


def test_the_roles_of_the_day_come_with_the_person(person: User, django_assert_num_queries: Any) -> None:
    with clock.story_time(clock.on_day(TODAY)):
        with django_assert_num_queries(1):
            found: Any = WithGrants().get_user(person.pk)
            assert found == person and found.roles() == {"assessor", "analyst"}
        assert found.grants_now() == User.objects.get(pk=person.pk).grants_now()


def test_who_holds_none_is_found_and_who_may_not_sign_in_is_not(person: User, client: Any) -> None:
    nobody = told.person()
    client.force_login(nobody)
    assert client.get("/").wsgi_request.user == nobody and nobody.roles() == set()
    assert WithGrants().get_user(0) is None
    for user in (person, nobody):
        client.force_login(user)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert WithGrants().get_user(user.pk) is None
        assert not get_user(client.get("/").wsgi_request).is_authenticated

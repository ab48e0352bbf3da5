"""What a crawl's request writes is taken back, whatever becomes of the request."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from registry.models import User
from tests.support.undone import undone

pytestmark = pytest.mark.django_db


def write(email: str) -> None:
    with transaction.atomic():
        User.objects.create_user(email)


def test_writes_are_taken_back_and_questions_cost_nothing(django_assert_num_queries) -> None:
    write("kept@example.org")
    with django_assert_num_queries(1), undone():
        assert User.objects.filter(email="kept@example.org").exists()
    for _ in range(2):  # the second finds nothing of the first
        with undone():
            assert User.objects.count() == 1
            write("gone@example.org")
            User.objects.filter(email="kept@example.org").update(name="Changed")
        assert list(User.objects.values_list("email", "name")) == [("kept@example.org", "")]


def test_what_failed_within_is_taken_back_too() -> None:
    with pytest.raises(DatabaseError), undone():
        write("gone@example.org")
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
    with pytest.raises(ZeroDivisionError), undone(), transaction.atomic(savepoint=False):
        write("gone@example.org")
        raise ZeroDivisionError
    assert not User.objects.exists()

"""The command that builds the demonstration: for a demonstration only, once, and always alike."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from pathfinders.actions import open_wave
from pathfinders.demonstration import calendar, story
from practices.actions.load_reference import load_reference
from registry.models import Entry, Installation, User
from tests.support import databases


def test_it_refuses_outside_a_demonstration(settings, db) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="run demo"):
        call_command("build_demo")
    assert not Entry.objects.exists()


def test_it_refuses_a_database_declared_a_real_register(settings, db) -> None:
    settings.DEMO = True
    Installation.declare(demonstration=False)
    with pytest.raises(CommandError, match="real"):
        call_command("build_demo")
    assert not Entry.objects.exists()


def test_what_is_there_is_kept_where_whole_and_not_passed_off_as_whole_where_broken_off(settings, db, capsys) -> None:
    settings.DEMO = True
    Installation.declare(demonstration=True)
    operator = User.objects.system()
    load_reference(by=operator)
    with pytest.raises(CommandError, match="--fresh"):
        call_command("build_demo")
    open_wave(by=operator, number=6, announced_on=calendar.ANNOUNCED[6])
    call_command("build_demo")
    assert "is kept" in capsys.readouterr().out
    assert Entry.objects.count() == 1


@pytest.mark.long
def test_two_builds_give_the_same_journal(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    newest = []
    for _ in range(2):
        with django_db_blocker.unblock(), databases.clone():
            story.build()
            newest.append(Entry.objects.order_by("-number").values_list("number", "hash").first())
    assert newest[0] == newest[1]

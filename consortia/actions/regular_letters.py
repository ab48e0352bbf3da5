"""Letters that are written by the calendar: Monday's, if something waits, and reminders of the attestation.

Each is written once, whoever runs and however often: a `Notice` under its key is written in its transaction, and a
second writer of the key waits for the first, then finds it. By the register's clock: in a demonstration, story time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction

from consortia.attested import standing
from consortia.models import Consortium, ConsortiumParticulars, Notice, own_consortia
from consortia.permissions import keepers
from consortia.quarters import days_of, last_ended, quarter_of, said_quarter
from consortia.waiting import Task, Waiting, most_pressing, waiting
from registry import clock, outbox
from registry.actions.checks import said
from registry.authorization import ROLES, Permission
from registry.models import RoleGrant, User
from registry.moment import Moment

WEDNESDAY, FROM_HOUR = 2, 6
REMINDERS = (14, 3)
"""Days before the end of a quarter on which its attestation is asked for."""
OVERDUE = "overdue"
KEEPS = [key for key, role in ROLES.items() if Permission.KEEP_MEMBERSHIP in role.permissions]
WEEK = """Dear {name},

This waits for you:

{tasks}

How your members stand today:

{counts}

All of it is on one page: {url}

You get this letter on a Monday only if something waits."""
ATTEST = """Dear {name},

{sentence}

Look through the list of {consortium} and, where it is right, say so with one button:

{url}

Where it is wrong, correct it first. Whether a list was attested is public."""


def write_monday_letters() -> list[str]:
    """On a Monday, one letter to each keeper for whom something waits; where nothing ran then, until Wednesday. Decided
    once, at the first run. A letter that cannot be written keeps nobody else's waiting: the next run tries it again."""
    now = clock.now().astimezone(clock.LONDON)
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    whole = f"monday:{monday}"
    early = today == monday and now.hour < FROM_HOUR
    if early or today.weekday() > WEDNESDAY or Notice.objects.filter(key=whole).exists():
        return []
    written, failed = 0, []
    for person in _everyone():
        try:
            written += _monday(person, Moment.of(today), monday)
        except Exception as error:
            failed.append(error)
    if failed:
        raise failed[0]
    with _once(whole):
        pass
    return [f"Monday’s letters written: {written}."] if written else []


def write_attestation_reminders() -> list[str]:
    """14 and 3 days before the end of a quarter, and once it has ended, to the keepers of each consortium whose list
    is not attested. One that nothing ran for is written on the next day something does."""
    today = clock.today()
    wanted = _wanted(today)
    groups = list(Consortium.objects.order_by("ref"))
    states = standing(Moment.of(today), groups)
    due = {
        f"attest:{kind}:{group.ref}:{quarter}": (group, kind, quarter)
        for group in groups
        for kind, quarter in wanted
        if getattr(states[group.pk], OVERDUE if kind == OVERDUE else "due") == quarter
    }
    done = set(Notice.objects.filter(key__in=due).values_list("key", flat=True))
    written = sum(_remind(key, *about) for key, about in due.items() if key not in done)
    return [f"Reminders of attestations written: {written}."] if written else []


def _monday(person: User, moment: Moment, monday: date) -> int:
    found = waiting(person, sorted(own_consortia(person)), moment)
    if not any(w.tasks for w in found):
        return 0
    with _once(f"monday:{monday}:{person.ref}") as first:
        if first:
            outbox.post(to=person, about="monday", **_week(person, found))
    return int(first)


def _week(person: User, found: list[Waiting]) -> dict[str, str]:
    return {
        "subject": "; ".join(f"{w.consortium.ref}: {w.counts.words}" for w in found)[:200],
        "body": WEEK.format(
            name=person.name or person.email,
            tasks="\n\n".join(_line(task) for task in most_pressing(found)),
            counts="\n".join(f"- {w.name} ({w.consortium.ref}): {w.counts.words}" for w in found),
            url=f"{settings.PUBLIC_URL}/lead/",
        ),
    }


def _line(task: Task) -> str:
    """What waits, and the address where it is done. A button is pressed on its consortium's page."""
    path = f"/lead/consortia/{task.ref}/" if task.button else task.path
    return f"- {task.ref}: {task.words}\n  {settings.PUBLIC_URL}{path}"


def _everyone() -> list[User]:
    """Who keeps a consortium today and can be written to."""
    held = RoleGrant.objects.filter(role__in=KEEPS, object_ref__startswith="GC", period__contains=clock.today())
    people = User.objects.filter(pk__in=held.values("user"), is_active=True, email__isnull=False)
    return list(people.order_by("pk"))


def _wanted(today: date) -> list[tuple[str, str]]:
    """The reminders whose time it is: (kind, quarter). Within three days of the end, the one of 14 days is past."""
    quarter = quarter_of(today)
    left = (days_of(quarter)[1] - today).days
    soon = [str(days) for days in sorted(REMINDERS) if left <= days][:1]
    return [*((kind, quarter) for kind in soon), (OVERDUE, last_ended(today))]


def _remind(key: str, group: Consortium, kind: str, quarter: str) -> int:
    with _once(key) as first:
        people = [person for person in keepers(group) if person.email] if first else []
        for person in people:
            outbox.post(to=person, about=group.ref, **_asking(person, group, kind, quarter))
    return len(people)


def _asking(person: User, group: Consortium, kind: str, quarter: str) -> dict[str, str]:
    names = ConsortiumParticulars.objects.at(Moment.now()).filter(consortium=group).values_list("name", flat=True)
    called = f"{names.first() or group.ref} ({group.ref})"
    last = days_of(quarter)[1]
    if kind == OVERDUE:
        sentence = (
            f"The list of {called} was to be attested for {said_quarter(quarter)} by {said(last)}. It is overdue."
        )
        subject = f"{called}: its list is overdue to be attested"
    else:
        days = last - clock.today()
        when = f"in {days // timedelta(days=1)} days" if days else "today"
        sentence = (
            f"{said_quarter(quarter)} ends {when}. By {said(last)} somebody says that the list of {called} is right."
        )
        subject = f"{called}: is its list right? By {said(last)}"
    url = f"{settings.PUBLIC_URL}/lead/consortia/{group.ref}/attest/"
    body = ATTEST.format(name=person.name or person.email, sentence=sentence, consortium=called, url=url)
    return {"subject": subject[:200], "body": body}


@contextmanager
def _once(key: str) -> Iterator[bool]:
    """A transaction; whether this is the first that writes the key."""
    with transaction.atomic():
        _, first = Notice.objects.get_or_create(key=key)
        yield first

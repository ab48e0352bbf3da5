"""What it must show 2: the membership of 211 CCGs, sent as a file, on the real register; written, then undone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from consortia.actions.listed_work import do_lists
from consortia.actions.uploading import commit_list, send_list, undo_list
from consortia.models import Consortium, Membership
from practices.codes import CCG
from registry.files.spreadsheet import csv_of
from registry.models import Entry
from registry.moment import Moment
from tests.programme import person
from tests.support import databases, processor

pytestmark = pytest.mark.realdata
DAY = date(2013, 4, 1)
DAYS = (date(2011, 4, 1), date(2013, 3, 31), DAY, date(2015, 1, 1))


@pytest.fixture(scope="module")
def england(real_register: Any, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), databases.clone(real_register.database):
        yield


def members_file(real_data: Path) -> bytes:
    """From the file of parents: who belonged to which CCG on the day, of the GP practices then active."""
    from practices.models import GP_PRACTICE, PracticeParticulars, PracticeStatus

    active = PracticeStatus.objects.current().filter(effective__contains=DAY, status="A")
    gps = PracticeParticulars.objects.current().filter(effective__contains=DAY, setting=GP_PRACTICE)
    eligible = set(active.values_list("practice__code", flat=True)) & set(gps.values_list("practice__code", flat=True))
    [path] = [p for p in real_data.rglob("*epcmem*.csv") if "derived" not in p.parts][:1]
    rows = []
    with path.open(encoding="latin-1", newline="") as file:
        for practice, parent, _, joined, left, *_ in csv.reader(file):
            day = DAY.strftime("%Y%m%d")
            if practice in eligible and CCG.fullmatch(parent) and joined <= day and (not left or left >= day):
                rows.append((practice, f"CCG {parent}", DAY.isoformat()))
    return csv_of([("Member", "From", "x"), *()]) if not rows else csv_of([("practice", "ccg name", "from"), *rows])


def answers() -> list[Any]:
    """What the register says at some dates, and who is a consortium's then."""
    return [
        sorted(Membership.objects.visible_to(None).at(Moment.of(day)).values_list("practice__code", "consortium__ref"))
        for day in DAYS
    ]


def test_the_ccgs_of_2013_are_loaded_and_undone(england: None, real_data: Path, tmp_path: Path, settings: Any) -> None:
    settings.ATTACHMENTS_DIR = tmp_path
    admin = person("programme_admin")
    data, before, entries = members_file(real_data), answers(), Entry.objects.count()
    upload = send_list(by=admin, consortium=None, name="ccgs.csv", data=data, create=True)
    began = processor.seconds()
    do_lists()
    checked = processor.seconds() - began
    upload.refresh_from_db()
    assert upload.answer["counts"]["wrong"] == 0 and upload.answer["counts"]["ready"] == upload.total == 8_073
    assert (upload.answer["before"]["practices"], upload.answer["after"]["practices"]) == (0, 8_073)
    assert upload.answer["after"]["people"] > 50_000_000
    upload = commit_list(by=admin, upload=upload, ready=8_073)
    began = processor.seconds()
    do_lists()
    written = processor.seconds() - began
    upload.refresh_from_db()
    assert upload.state == "committed" and Entry.objects.count() == entries + 1
    assert Consortium.objects.count() == 211 and [len(found) for found in answers()] == [
        0,
        0,
        8_073,
        len(answers()[3]),
    ]
    began = processor.seconds()
    undo_list(by=admin, upload=upload, why="A trial")
    undone = processor.seconds() - began
    print(f"\n8,073 members of 211 CCGs: dry run {checked:.1f} s, written {written:.1f} s, undone {undone:.1f} s")
    assert answers() == before
    assert checked < 3 and written < 5

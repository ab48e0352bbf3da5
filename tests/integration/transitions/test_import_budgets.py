"""Budgets from a file: every refusal at once, one entry, and nothing the second time."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.models import Entry
from tests import factories as make
from transitions.models import BudgetLine, Evidence

pytestmark = pytest.mark.django_db
HEAD = "PCT,Year,Line,From,Total,Delegated,Retained,Rounding,Evidence,Publisher\n"
GOOD = (
    HEAD
    + """\
5QE,2011/12,all,2011-04-01,934m,644m,291m,1000000,Board paper,Oxfordshire PCT
5qe,2011/12,Maternity,2011-04-01,40000000,,,,Board paper,Oxfordshire PCT
5QF,2011/12,all,2011-04-01,500m,,,,Board paper,
"""
)
BAD = (
    HEAD
    + """\
5QE,2011/12,all,2011-04-01,934m,644m,291m,,Board paper,
5QE,2011/13,tea,1 April,lots,,,,,
9ZZ,2011/12,all,2011-04-01,1m,,,,Board paper,
5QF,2011/12,all,2011-04-01,10m,,,,Board paper,
5QF,2011/12,maternity,2011-04-01,11m,,,,Board paper,
"""
)


@pytest.fixture(autouse=True)
def trusts(db):
    return [make.make_pct(code) for code in ("5QE", "5QF")]


def load(tmp_path: Path, text: str, *options: str) -> str:
    path = tmp_path / "budgets.csv"
    path.write_text(text, encoding="utf-8")
    out = StringIO()
    try:
        call_command("import_budgets", str(path), *options, stdout=out)
    except CommandError as error:
        out.write(f"exit 1: {error}")
    return out.getvalue()


def test_a_file_is_one_entry_and_nothing_the_second_time(tmp_path):
    before = Entry.objects.count()
    assert "3 rows: 3 new, 0 changed, 0 unchanged, 0 refused" in load(tmp_path, GOOD, "--dry-run")
    assert Entry.objects.count() == before and not Evidence.objects.exists()
    assert "3 rows: 3 new" in load(tmp_path, GOOD)
    assert Entry.objects.count() == before + 1 and Evidence.objects.count() == 2
    assert BudgetLine.objects.get(pct__code="5QE", line="all").rounding == 1_000_000
    assert BudgetLine.objects.get(line="maternity").delegated is None, "an empty cell is not stated"
    assert "3 unchanged" in load(tmp_path, GOOD + "\n")
    assert Entry.objects.count() == before + 1


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(tmp_path):
    said = load(tmp_path, BAD)
    for words in (
        "line 2, total: Delegated and retained make £935,000,000, which is £1,000,000 more",
        "line 3, year: “2011/13” is no financial year",
        "line 3, line: no service line",
        "line 3, from: not a real date",
        "line 3, total: no sum of money",
        "line 3, evidence: there is no evidence",
        "line 4, pct: the register knows no trust",
        "line 6, total: The service lines make £11,000,000",
        "exit 1",
    ):
        assert words in said, words
    assert not BudgetLine.objects.exists()
    load(tmp_path, BAD + "5QE,2012/13,all,2012-04-01,5m,,,,Board paper,\n", "--skip-refused")
    assert BudgetLine.objects.get().year == "2012/13"

"""What others read the API with, over real HTTP: the recipes of the page, and a client generated from the description.

The recipes' answers as shown are those of the whole demonstration (tests/integration/pathfinders/test_demo.py holds
them to it); here each recipe that can run does, on a small one, and R's and Excel's addresses answer.
"""

from __future__ import annotations

import csv
import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from pathfinders.api.errors import CODES
from pathfinders.views.public.api_guide import EXAMPLE_SITE, EXAMPLES, TOLD, recipes
from tests.support import databases, sites
from tests.support.documented import ASKED
from tests.support.small_demonstration import small_demonstration

FILES = sorted(path.name for path in EXAMPLES.glob("*.*") if path.name != "mirror.py")


@pytest.fixture(scope="module")
def site(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.clone(), override_settings(DEMO=True), sites.served() as address:
        small_demonstration()
        yield address


def get(address: str) -> str:
    with urlopen(address, timeout=60) as answer:
        return answer.read().decode()


def program(name: str, site: str) -> str:
    return (EXAMPLES / name).read_text().replace(EXAMPLE_SITE, site)


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith(".py")])
def test_the_programs_in_python_run(site: str, name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", program(name, site)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    said = {
        "coverage.py": "London",
        "crosswalk.py": "Sum: 110000.0",
        "memberships.py": "Health Commissioning",
        "pages.py": "True 2011-04-04",
    }
    assert said[name] in done.stdout


@pytest.mark.parametrize("name", [n for n in FILES if n.endswith(".sh")])
def test_the_commands_run(site: str, name: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine (on Debian: apt-get install curl)")
    text = program(name, site).replace("curl ", "curl --fail --silent ")
    done = subprocess.run(["sh", "-ec", text], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    shown = (EXAMPLES / "answers" / f"{name}.txt").read_text()
    assert done.stdout.splitlines()[0] == shown.splitlines()[0]
    if name == "two_clocks.sh":
        now, then = (line for line in done.stdout.splitlines() if line.startswith("England"))
        assert int(now.split(",")[1]) > int(then.split(",")[1]) > 0


@pytest.mark.parametrize("name", ["coverage.R", "coverage.pq"])
def test_the_addresses_of_r_and_excel_answer_with_the_columns_they_name(site: str, name: str) -> None:
    text = program(name, site)
    if name.endswith(".R"):
        (address,) = re.findall(r'read\.csv\("([^"]+)"\)', text)
        columns = set(re.findall(r'"(\w+)"', text.partition("c(")[2]))
    else:
        path = re.search(r'RelativePath = "([^"]+)"', text)[1]
        query = dict(re.findall(r'(\w+) = "([^"]+)"', text.partition("Query = [")[2].partition("]")[0]))
        address = f"{site}/{path}?{urlencode(query)}"
        columns = set(re.findall(r'\{"(\w+)",', text)) | set(
            re.findall(r'"(\w+)"', text.partition("SelectColumns")[2])
        )
    rows = list(csv.DictReader(get(address).splitlines()))
    assert len(rows) == 10 and columns and columns <= rows[0].keys()


def test_what_the_documentation_asks_is_answered_with_the_fields_it_shows(site: str) -> None:
    assert {address.partition("/")[0] for address, _ in ASKED} == {
        *("transitions", "budgets", "surveys", "local-bodies", "clusters", "milestones", "crosswalk")
    }
    for address, shown in ASKED:
        answer = json.loads(get(f"{site}/api/v1/{address}"))
        assert f"as_of={answer['as_of']}" in address
        assert ("accountable" in answer) is address.startswith(
            ("transitions", "budgets", "local-bodies", "surveys", "clusters")
        ), address
        assert list(json.loads(shown)) == re.search(r"fields=([\w,]+)", address)[1].split(","), address
        assert all(row.keys() == json.loads(shown).keys() for row in answer["results"]), address
    unsaid, shown = next((address, json.loads(row)) for address, row in ASKED if '"stage": null' in row)
    assert json.loads(get(f"{site}/api/v1/{unsaid}"))["results"] == [shown], "what nobody has said is null"


def test_the_page_shows_every_recipe_with_its_answer(site: str) -> None:
    page = Client().get("/about/api/")
    text = page.content.decode()
    assert [*sorted(told[0] for told in TOLD), "two_clocks.sh"] == sorted(
        FILES, key=lambda n: (n == "two_clocks.sh", n)
    )
    assert text.count("<samp>") == len(FILES)
    assert text.index("read_csv") < 6_000, "the first program stands on the first screen"
    assert "INSERT INTO fact" in text and "membership/claim/" in text, "the mirror, and how to write"
    assert all(f"error-{code}" in text for code in CODES)
    assert all("8000" not in recipe.program for recipe in recipes("https://register.example.org").values())
    for address in set(re.findall(r'href="(/[^"#]*)', text.partition("<main")[2].partition("</main>")[0])):
        assert Client().get(address, follow=address.startswith("/accounts/")).status_code == 200, address


CONFIG = """\
post_hooks: []
content_type_overrides:
  text/csv: application/octet-stream
  application/vnd.openxmlformats-officedocument.spreadsheetml.sheet: application/octet-stream
"""
"""The generator knows no kinds of files that a body may be: it is told that they are bytes."""


@pytest.fixture(scope="module")
def generated(site: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A client made out of the description that the site gives: the package's name."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "openapi.json").write_text(get(f"{site}/api/v1/schema/"))
    (folder / "config.yaml").write_text(CONFIG)
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--path", "openapi.json", "--meta", "none",
         "--output-path", "pathfinders_client", "--config", "config.yaml", "--fail-on-warning"],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield "pathfinders_client"
    sys.path.remove(str(folder))


def operation(package: str, name: str) -> Any:
    return importlib.import_module(f"{package}.api.{name}")


def test_a_generated_client_reads_practices_coverage_and_memberships(site: str, generated: str) -> None:
    client = importlib.import_module(generated).Client(base_url=site, raise_on_unexpected_status=True)
    day = date(2011, 4, 4)
    practices = operation(generated, "practices.practices_read").sync
    first = practices(client=client, as_of=day, page_size=5, eligible=True)
    assert (first.as_of, len(first.results), first.count) == (day, 5, 14)
    one = first.results[0]
    assert (one.code, one.pct.code, one.sha.code, one.setting) == ("Z00001", "5LE", "Q36", 4)
    assert one.to_dict() == json.loads(get(f"{site}/api/v1/practices/Z00001/?as_of={day}"))["result"]
    cursor = re.search(r"cursor=([^&]+)", first.next_)[1].replace("%3A", ":")
    then = practices(client=client, as_of=day, page_size=5, eligible=True, cursor=cursor)
    assert {p.code for p in then.results} & {p.code for p in first.results} == set()
    by = importlib.import_module(f"{generated}.models").CoverageReadBy
    coverage = operation(generated, "coverage.coverage_read").sync(client=client, by=by("sha"), as_of=day)
    (london,) = [row for row in coverage.results if row.key == "Q36"]
    assert (london.pathfinders, london.denominator.date) == (3, day) and london.percent > 0
    members = operation(generated, "memberships.memberships_read").sync(client=client, as_of=day)
    assert members.count == len(members.results) and {m.status for m in members.results} == {"claimed"}
    assert all(m.consortium.ref.startswith("GC") and m.effective_from <= day for m in members.results)


def test_a_generated_client_understands_a_refusal_and_a_part_of_a_row(site: str, generated: str) -> None:
    client = importlib.import_module(generated).Client(base_url=site)
    practices = operation(generated, "practices.practices_read").sync
    refused = practices(client=client, as_of=date(1899, 1, 1))
    assert (refused.status, refused.errors[0].field, refused.errors[0].code) == (400, "as_of", "bad_date")
    row = practices(client=client, as_of=date(2011, 4, 4), fields="code").results[0]
    assert row.to_dict() == {"code": "Z00001"}
    with pytest.raises(HTTPError):
        get(f"{site}/api/v1/practices/?as_of=1899-01-01")

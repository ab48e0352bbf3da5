"""Every command of the README is run, or it is said which test runs it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from django.core.management import call_command

from pathfinders.demonstration import people, tours
from registry.models import User

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SITE = "http://127.0.0.1:8000"
ELSEWHERE = {
    "./run demo": "tests/integration/pathfinders/test_demo.py::test_the_register_computes_what_was_announced",
    "./run test": "tests/integration/test_readme.py::test_every_command_is_run_or_named",  # this is it
    "./run bench": "tests/integration/test_bench.py::test_it_measures_and_says_what_was_reached",
    "./run serve": "tests/integration/test_serve.py::test_it_serves_and_leaves_nothing_behind",
    "./run serve --host 0.0.0.0 --port 8000 --workers 4": "tests/integration/test_serve.py::"
    "test_it_serves_and_leaves_nothing_behind",
    "./run manage import_england DIR": "tests/integration/practices/test_england.py::test_practices_by_sha",
    "./run manage import_practices FILE --amendments --vintage 2015-12-18": "tests/integration/practices/"
    "test_england.py::test_the_amendments_of_2015_then_apply_and_the_older_file_changes_nothing",
    "python docs/examples/mirror.py http://127.0.0.1:8000 copy.sqlite3": "tests/integration/pathfinders/snapshots/"
    "test_mirror.py::test_a_mirror_comes_to_the_bytes_of_the_snapshot",
    "./run": "tests/integration/test_run.py::test_without_words_it_says_what_it_can_do",
}
TOLD = {"as_of": '"as_of": "{}"', "q": '"name": "{}'}
"""What an answer says, in small letters, of what a command asks."""
SETS = ("DATABASE_URL", "PATHFINDERS_URL")
"""Variables that the README sets to a placeholder; pathfinders/settings.py reads them."""


def blocks(language: str) -> list[str]:
    return [body for found, body in FENCE.findall(README) if found == language]


def commands() -> list[str]:
    """Every line of a shell block without its comment, and every `./run ...` in the text."""
    lines = [re.sub(r"\s+#.*", "", line).strip() for body in blocks("sh") for line in body.splitlines()]
    words = re.findall(r"`(\./run[^`]*)`", FENCE.sub("", README))
    return [line for line in [*lines, *words] if line]


def managed() -> list[list[str]]:
    found = [shlex.split(c)[2:] for c in commands() if c.startswith("./run manage ") and c not in ELSEWHERE]
    return list(map(list, dict.fromkeys(map(tuple, found))))


def test_every_command_is_run_or_named() -> None:
    for command in commands():
        if command.startswith("export "):
            name = command.split()[1].partition("=")[0]
            assert name in SETS and name in (ROOT / "pathfinders" / "settings.py").read_text(), command
        elif command.startswith("./run manage ") and command not in ELSEWHERE:
            assert shlex.split(command)[2:] in managed()
        elif not command.startswith("curl "):
            path, _, test = ELSEWHERE[command].partition("::")
            assert f"def {test}(" in (ROOT / path).read_text(), command


def test_the_management_commands_run_as_written(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct-horse-battery")
    for words in managed():
        if words == ["createsuperuser"]:  # asks for what is given here
            words = [*words, "--noinput", "--email=first@example.org"]
        call_command(*words)
    assert User.objects.get(email="first@example.org").is_superuser
    assert "analyst" in User.objects.get(email="analyst@example.org").roles()
    assert capsys.readouterr().out


def test_curl_and_pandas_and_the_addresses_answer(demonstration_site: str, tmp_path: Path) -> None:
    if shutil.which("curl") is None:
        pytest.skip("no curl on this machine (on Debian: apt-get install curl)")
    call_command("take_snapshot")
    curls = [command for command in commands() if command.startswith("curl ")]
    assert curls and all(SITE in command for command in curls)
    for command in curls:
        words = shlex.split(command.replace(SITE, demonstration_site))
        done = subprocess.run(
            [*words, "--fail", "--silent"], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stderr)
        asked = re.search(r"(as_of|q)=([\w-]+)", command)
        assert "-o " in command or asked and TOLD[asked[1]].format(asked[2]) in done.stdout.lower()
    assert (tmp_path / "practices.csv").read_text().count("\n") > 5
    hashed = sha256((tmp_path / "manifest.txt").read_bytes()).hexdigest()
    with urlopen(f"{demonstration_site}/waves/1/", timeout=60) as answer:
        assert hashed in answer.read().decode()
    for address in [*re.findall(r"^(/\S+)", "".join(blocks("")), re.MULTILINE), "/about/try/"]:
        with urlopen(demonstration_site + address, timeout=60) as answer:
            assert answer.status == 200


@pytest.mark.parametrize("program", blocks("python"))
def test_the_programs_run(demonstration_site: str, program: str) -> None:
    done: Any = subprocess.run(
        [sys.executable, "-c", program.replace(SITE, demonstration_site)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "London" in done.stdout and "people" in done.stdout


def test_the_shortest_way_to_a_decided_bid_is_part_of_the_tour(db: None) -> None:
    """The browser test does the tour word for word; the README names its steps by the same words."""
    (staff,) = [raw for raw in tours.table() if raw["key"] == "staff"]
    told = {words for step in staff["steps"] for words in step.values() if isinstance(words, str)}
    named = re.findall(r"\*([A-Z][^*]+)\*", README.partition("The shortest way")[2].partition("\n\n")[0])
    assert named[:2] == ["Sign in", "Art Approver"] and people.STAFF["approver"] == named[1]
    assert all(any(words.startswith(name) for words in told) for name in named[2:]), named


def test_the_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", README)
    assert len(pictures) == 2
    assert all(0 < (ROOT / path).stat().st_size < 150_000 for path in pictures)

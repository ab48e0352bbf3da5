"""`./run` itself: the sentences it ends with, and that no traceback is among them."""

import ast
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded
SOURCE = Path(__file__).resolve().parents[2]


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    of_the_tests = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PATHFINDERS_SECRET_KEY")
    kept = {name: value for name, value in os.environ.items() if name not in of_the_tests}
    return subprocess.run(
        [sys.executable, SOURCE / "run", *words],
        cwd=SOURCE,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def assert_refused(done: subprocess.CompletedProcess[str], sentence: str) -> None:
    assert done.returncode != 0
    assert sentence in done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_old_python_can_read_it_and_is_told_so() -> None:
    source = (SOURCE / "run").read_text()
    ast.parse(source, feature_version=(3, 6))
    aged = source.replace("OLDEST = (3, 11)", "OLDEST = (9, 9)").replace("NEWER = (", "NEWER = () and (")
    done = subprocess.run([sys.executable, "-", "demo"], input=aged, capture_output=True, text=True, check=False)
    assert_refused(done, "Python 9.9 or later is needed; this is 3.")


def test_without_words_it_says_what_it_can_do() -> None:
    done = run()
    assert done.returncode == 0
    assert all(f"./run {name}" in done.stdout for name in ("demo", "serve", "test", "check", "manage"))


def test_an_unknown_word() -> None:
    assert_refused(run("sevre"), "There is no ./run sevre.")


def test_a_demonstration_stays_on_this_machine() -> None:
    assert_refused(run("demo", "--host", "0.0.0.0"), "served on 127.0.0.1 only")


def test_a_taken_port(taken_port: int) -> None:
    url = os.environ["DATABASE_URL"]
    assert_refused(
        run("serve", "--port", str(taken_port), DATABASE_URL=url), f"Port {taken_port} on 127.0.0.1 is taken"
    )


def test_a_database_that_does_not_answer() -> None:
    done = run("manage", "showmigrations", DATABASE_URL="postgresql://127.0.0.1:1/none")
    assert_refused(done, "The database in DATABASE_URL does not answer")


def test_manage_makes_and_keeps_a_database_in_the_state_folder() -> None:
    count = "from registry.models import Entry; print('entries', Entry.objects.count())"
    with tempfile.TemporaryDirectory(prefix="pf-") as state:
        os.chmod(state, 0o711)
        first = run("manage", "shell", "-v", "0", "-c", count, PATHFINDERS_STATE=state)
        again = run("manage", "shell", "-v", "0", "-c", count, PATHFINDERS_STATE=state)
        assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
        assert "entries 0" in first.stdout
        assert "Preparing the database" in first.stderr
        assert "Preparing" not in again.stderr
        assert not (Path(state) / "postgres/data/postmaster.pid").exists()
        key = Path(state) / "secret-key"
        assert key.stat().st_mode & 0o077 == 0


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What a set-up reads first, in a folder without a .venv."""
    for name in ("run", "requirements.lock", "requirements-dev.lock"):
        (tmp_path / name).write_bytes((SOURCE / name).read_bytes())
    return tmp_path


def set_up(checkout: Path, *before: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(checkout), "PIP_RETRIES": "0"}
    command = [*before, sys.executable, checkout / "run", "manage", "check"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_no_venv_module(checkout: Path) -> None:
    source = (checkout / "run").read_text()
    assert source.count('"ensurepip"') == 1
    (checkout / "run").write_text(source.replace('"ensurepip"', '"what_debian_leaves_out"'))
    package = f"apt-get install python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert_refused(set_up(checkout), f"Python's venv module is missing. On Debian or Ubuntu: {package}")


def test_no_network_at_first_set_up(checkout: Path) -> None:
    apart = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine gives no network namespaces")
    assert_refused(set_up(checkout, *apart), "The first set-up needs a network")

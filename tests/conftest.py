"""What all tests share: --long, the real files, databases that may be committed to, a live site, a browser."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from tests.support import browser, databases, shares, sites

if TYPE_CHECKING:
    from tests.support.real_register import RealRegister

ROOT = Path(__file__).resolve().parent.parent
REAL_DATA = ROOT.parent / "shared" / "data"

# How fast examples are made is the machine's matter: a busy one is no fault of what is tested.
settings.register_profile("any_machine", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any_machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run races, kills, fuzz and scale in full")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if "browser_type_launch_args" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        if item.get_closest_marker("long") and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="runs only with --long"))
    gc.freeze()  # what is imported by now lives until the end: no collection need look at it again
    gc.set_threshold(20_000, 20, 20)
    items.sort(key=lambda item: shares.place(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> shares.Shares | None:
    return shares.Shares(config, log) if config.getoption("dist") == "loadscope" else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if any(browser.NO_CHROMIUM in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"Browser tests were not run: {browser.NO_CHROMIUM}")
    if any(NO_REAL_DATA in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"Tests on the real files were not run: {NO_REAL_DATA}")


NO_REAL_DATA = "the folder shared/data is not beside the project's root"


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real NHS files, or a skip that says why."""
    if not (REAL_DATA / "manifest.toml").exists():
        pytest.skip(NO_REAL_DATA)
    return REAL_DATA


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_keepdb: bool,
    django_db_createdb: bool,
) -> Iterator[None]:
    """The migrated test database of this worker, also where no test carries pytest-django's own marker."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", "")
    with django_db_blocker.unblock():
        context = databases.migrated(
            tmp_path_factory.getbasetemp().parent, run, keep=django_db_keepdb and not django_db_createdb
        )
        context.__enter__()
    yield
    with django_db_blocker.unblock():
        context.__exit__(None, None, None)


@pytest.fixture(scope="session")
def real_register(
    real_data: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator["RealRegister"]:
    """The real files, imported once for all the tests of a worker (which shares.py gives them all to)."""
    from tests.support.real_register import imported

    context = imported(real_data)
    with django_db_blocker.unblock():
        made = context.__enter__()
    yield made
    with django_db_blocker.unblock():
        context.__exit__(None, None, None)


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[databases.World]:
    """What a module's `build_world()` writes, once for all its tests, in a database of its own."""
    with django_db_blocker.unblock(), databases.world(request.module.build_world) as made:
        yield made


@pytest.fixture
def in_world(world: databases.World, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """What `build_world()` returned, in the module's world; what a test writes there is taken back after it.

    In place of pytest-django's `db`: not to be used together with it.
    """
    with django_db_blocker.unblock(), databases.entered(world.name), transaction.atomic():
        yield world.made()
        transaction.set_rollback(True)


@pytest.fixture
def committed_world(world: databases.World, django_db_blocker: DjangoDbBlocker) -> Iterator[Any]:
    """The same in a copy of that database, for a test that commits."""
    with django_db_blocker.unblock(), databases.clone(world.name):
        yield world.made()


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a fresh clone of the migrated database, for a test that commits; dropped afterwards.

    Django's own way for such tests flushes by TRUNCATE, which the facts' triggers refuse. Not to be used together
    with pytest-django's `db`.
    """
    with django_db_blocker.unblock(), databases.clone() as name:
        yield name


@pytest.fixture
def live_site(committed_db: str) -> Iterator[str]:
    """The address of the whole site, served by threads on a database of its own: "http://localhost:PORT"."""
    with sites.served() as address:
        yield address


@pytest.fixture(scope="session")
def demonstration_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a database with a small demonstration in it, made once for all the tests of a worker: to be cloned."""
    from tests.support.small_demonstration import made

    with django_db_blocker.unblock(), made() as name:
        yield name


@pytest.fixture
def demonstration_site(
    demonstration_database: str, django_db_blocker: DjangoDbBlocker, settings: Any
) -> Iterator[str]:
    """The whole site with a small demonstration in it, on a database of its own."""
    settings.DEMO = True
    with django_db_blocker.unblock(), databases.clone(demonstration_database), sites.served() as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """pytest-playwright's launch arguments, with the machine's own Chromium; skips or fails where there is none."""
    return browser_type_launch_args | browser.launch_arguments()

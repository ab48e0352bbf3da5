"""The machine's own Chromium: playwright's downloads of browsers are not used. The headless build is the cheaper one."""

import os
import shutil

import pytest

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = "no Chromium was found on this machine (on Debian: apt-get install chromium)"
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium() -> str | None:
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def launch_arguments() -> dict[str, object]:
    """Arguments of playwright's launch(). Without a Chromium: a skip, or a failure where one is required (CI)."""
    found = chromium()
    if found is None:
        if os.environ.get("PATHFINDERS_REQUIRE_BROWSER") == "1":
            pytest.fail(NO_CHROMIUM)
        pytest.skip(NO_CHROMIUM)
    as_root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    return {"executable_path": found, "args": [*QUIET, *as_root]}

"""`./run bench`, one round of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.long
def test_it_measures_and_says_what_was_reached(tmp_path: Path) -> None:
    """Not whether it was reached: another process may hold the machine."""
    told = tmp_path / "figures.json"
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_XDIST")}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "--rounds", "1", "--json", str(told)],
        cwd=ROOT, env=clean, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    figures = json.loads(told.read_text())
    assert done.returncode == (0 if all(f["reached"] is not False for f in figures) else 1), done.stderr
    assert [f["name"].split()[0] for f in figures] == ["simulation", "simulation", "the", "release"]
    for figure in figures:
        assert figure["baseline_ms"] > 0 and figure["ratio"] > 0 and figure["name"] in done.stdout

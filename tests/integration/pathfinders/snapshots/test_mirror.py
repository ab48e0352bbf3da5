"""The example that mirrors the register, run as a program over real HTTP: whatever happened, it comes to the bytes of the
snapshot."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tests.integration.pathfinders.snapshots.scenes import content, taken
from tests.support.random_memberships import RandomMemberships

MIRROR = Path(__file__).resolve().parents[4] / "docs" / "examples" / "mirror.py"


def mirror(site: str, file: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, MIRROR, site, file, *words], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("changes", [40, pytest.param(1_000, marks=pytest.mark.long)])
def test_a_mirror_comes_to_the_bytes_of_the_snapshot(live_site: str, tmp_path: Path, changes: int) -> None:
    story = RandomMemberships(5, tmp_path)
    for _ in range(changes):
        story.step()
    first = taken(date(2011, 6, 1))
    kept, begun, out = tmp_path / "kept.sqlite", tmp_path / "begun.sqlite", tmp_path / "facts.ndjson"
    assert f"Snapshot {first}: the same" in mirror(live_site, kept, "--out", str(out))
    assert out.read_bytes() == content(first, "facts.ndjson")
    assert f"Snapshot {first}: the same" in mirror(live_site, begun, "--start", "latest")

    for _ in range(changes):  # a year in which it is off
        story.step()
    second = taken(date(2012, 6, 1))
    for _ in range(5):
        story.step()  # what the snapshot does not know of: the mirror has it, and leaves it out where it compares
    assert content(first, "facts.ndjson") != content(second, "facts.ndjson")
    for file in (kept, begun):  # the second: the first snapshot and the changes after it are the second snapshot
        assert f"Snapshot {second}: the same" in mirror(live_site, file, "--out", str(out))
        assert out.read_bytes() == content(second, "facts.ndjson")
    with sqlite3.connect(kept) as db:
        db.execute("UPDATE fact SET told = replace(told, '2011', '2012') WHERE entry = 1 AND position = 1")
        db.execute("UPDATE fact SET closed_entry = 1 WHERE rowid = 2")
    with pytest.raises(AssertionError, match="NOT the same"):
        mirror(live_site, kept)


def test_killed_half_way_it_goes_on_from_a_whole_page(live_site: str, tmp_path: Path) -> None:
    """Killed as it has written a change and not yet the place after it: neither is there, and the next run is whole."""
    RandomMemberships(6, tmp_path)
    made, file = taken(date(2011, 6, 1)), tmp_path / "killed.sqlite"
    kill = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    source = MIRROR.read_text().replace('            db.execute("DELETE FROM place")', f"            {kill}", 1)
    assert kill in source
    stopped = subprocess.run([sys.executable, "-c", source, live_site, file], capture_output=True, env=os.environ)
    assert stopped.returncode == -signal.SIGKILL
    with sqlite3.connect(file) as db:
        assert db.execute("SELECT count(*) FROM fact").fetchone() == (0,)
    assert f"Snapshot {made}: the same" in mirror(live_site, file)

"""The files of the story, in the layouts of the NHS, for the register's own importers to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pathfinders.demonstration.branches import BranchSurgery
from pathfinders.demonstration.groups import Group
from pathfinders.demonstration.surgeries import Surgery
from practices.layouts.branches import HEADER
from practices.layouts.list_sizes import BANDS

LAST_DAY_OF_PCTS = "20130331"
OF_A_THOUSAND = (30, 29, 57, 55, 64, 63, 71, 70, 76, 74, 66, 66, 55, 56, 40, 43, 33, 52)
"""People of each band of age and sex among a thousand, roughly England's."""


def practices(surgeries: Iterable[Surgery]) -> str:
    """Layout epraccur: 27 columns, no header."""
    return _csv(_row(s, s.area.pct, s.joined, LAST_DAY_OF_PCTS) for s in surgeries)


def recoded(surgeries: Iterable[Surgery], to: str, joined: str) -> str:
    """An amendments file that gives these practices another PCT from a day on."""
    return _csv(_row(s, to, joined, LAST_DAY_OF_PCTS) for s in surgeries)


def _row(surgery: Surgery, parent: str, joined: str, left: str) -> list[str]:
    status = "C" if surgery.closed else "A"
    county = "" if surgery.area.county == surgery.town else surgery.area.county
    address = [surgery.street, surgery.town, county, "", ""]
    return [
        *(surgery.code, surgery.name, "", surgery.area.sha, *address, surgery.postcode),
        *(surgery.opened, surgery.closed, status, "B", parent, joined, surgery.closed or left),
        *(surgery.phone, "", "", "", "0", "", parent, "", str(surgery.setting), ""),
    ]


def places(surgeries: Iterable[Surgery]) -> str:
    rows = [[s.code, f"{s.longitude:.5f}", f"{s.latitude:.5f}"] for s in surgeries]
    return _csv([["practice_code", "longitude", "latitude"], *rows])


def branches(told: Iterable[BranchSurgery]) -> str:
    """The project's own layout (practices.layouts.branches)."""
    return _csv([list(HEADER), *([b.code, b.name, b.address, b.postcode, b.opened, b.closed] for b in told)])


def memberships(groups: Iterable[Group], since: date) -> str:
    """Layout of consortia.membership_file: groups that are consortia without having bid."""
    rows = [[s.code, g.name, f"{since}", "claimed", "founding"] for g in groups for s in g.practices]
    return _csv([["practice", "consortium", "from", "status", "reason"], *rows])


def list_sizes(patients: Iterable[tuple[str, int]]) -> str:
    """Layout of the NHSBSA: (code, patients) shared out among 18 bands of age and sex."""
    return _csv([["Practice Code", *BANDS], *([code, *map(str, _bands(total))] for code, total in patients)])


def _bands(total: int) -> list[int]:
    bands = [total * share // 1000 for share in OF_A_THOUSAND]
    return [total - sum(bands[1:]), *bands[1:]]


def _csv(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue()


def put(folder: Path, name: str, text: str) -> Path:
    """Write a file of the story, and say where."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path

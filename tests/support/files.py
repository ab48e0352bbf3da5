"""Small hand-made files of the NHS's layouts."""

from __future__ import annotations

from pathlib import Path


def line(*cells: object) -> str:
    """A row as ODS writes it: every cell quoted."""
    return ",".join(f'"{c}"' for c in cells)


def practice(
    code: str = "A81001",
    name: str = "THE SURGERY",
    *,
    opened: str = "19740401",
    closed: str = "",
    status: str = "A",
    parent: str = "",
    joined: str = "",
    left: str = "",
    phone: str = "",
    setting: str = "4",
    postcode: str = "TS18 1HU",
) -> str:
    """A row of ODS practices: 27 cells."""
    head = [code, name, "Y54", "Q45", "1 HIGH STREET", "", "STOCKTON", "", "", postcode, opened, closed, status, "B"]
    return line(*head, parent, joined, left, phone, "", "", "", "0", "", "", "", setting, "")


def parent(code: str = "A81001", body: str = "5E1", joined: str = "20061001", left: str = "20130331") -> str:
    """A row of ODS's history of practices and parents: 6 cells."""
    return line(code, body, "W", joined, left, "0")


BANDS = [
    f"{sex} {age}"
    for age in ("0-4", "5-14", "15-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+")
    for sex in ("Male", "Female")
]
LIST_HEADER = ",".join(["PCO Name", "PCO Code", "Practice Name", "Practice Code", *BANDS])


def list_size(code: str = "A81001", each: int = 100) -> str:
    """A row of NHSBSA list sizes with `each` patients in every one of the 18 bands."""
    return ",".join(["A PCT", "5E100", "THE SURGERY", code, *[str(each)] * 18])


def write(path: Path, *rows: str, encoding: str = "utf-8", ends: str = "\r\n") -> Path:
    path.write_bytes((ends.join(rows) + ends).encode(encoding))
    return path

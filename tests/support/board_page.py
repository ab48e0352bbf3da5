"""The national board as read back from its page: its drawing, its table, its file."""

from __future__ import annotations

import csv
import io
import re
from html import unescape

from django.test import Client

from tests.desk import text_of

VALUE = {
    "stage": "Stage",
    "coverage": "People in pathfinders",
    "budget": "Budget delegated",
    "left_out": "In no consortium",
}
"""The column that says what a layer shows."""


def get(path: str, status: int = 200) -> str:
    answer = Client().get(path)
    assert answer.status_code == status, path
    return text_of(answer)


def drawn(page: str) -> dict[str, str]:
    """By trust what the links of the map say after its name."""
    picture = page[page.index('<svg class="site-map__picture') :].split("</svg>")[0]
    links = re.findall(r'<a href="/pcts/(\w+)/[^"]*"><title>(.*?)</title>', picture)
    assert len(links) == len(dict(links))
    return {code: unescape(words) for code, words in links}


def rows(page: str) -> list[dict[str, str]]:
    """Of the table of trusts, by the headings of its cells."""
    body = page.split('id="results"')[1].split("<tbody")[1].split("</tbody>")[0]
    found = []
    for row in body.split("<tr")[1:]:
        cells = re.findall(r'aria-hidden="true">([^<]*) </span>(.*?)</td>', row)
        found.append({label: unescape(re.sub(r"<[^>]+>", "", words)) for label, words in cells})
    return found


def figures(show: str, day: str) -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in csv.DictReader(io.StringIO(get(f"/transitions/map.csv?show={show}&{day}")))}


def agreeing(page: str, file: dict[str, dict[str, str]], show: str) -> int:
    """How many trusts there are, each with the same words in the drawing, the table and the file."""
    links, table = drawn(page), {row["Code"]: row for row in rows(page)}
    assert links.keys() == table.keys() == file.keys()
    for code, row in table.items():
        name, words = row["Primary care trust"], row[VALUE[show]]
        said = "not known" if words == "Not known" else words
        assert links[code] == f"{name}: {said}", code
        assert (file[code]["name"], file[code]["words"]) == (name, said), code
    return len(table)

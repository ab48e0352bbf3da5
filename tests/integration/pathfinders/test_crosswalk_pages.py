"""The crosswalk's page, and a series carried over it: what is left out is said, what is wrong is named, no cookie."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from registry import tallies
from registry.files.spreadsheet import xlsx_of
from tests.support import crosswalk_register

build_world = crosswalk_register.build
PAGE, CARRY = "/transitions/crosswalk/", "/transitions/crosswalk/carry/"
ON = {"as_of": "2013-04-01"}
FORM = {
    "source": "pct", "target": "ccg", "from_day": "2013-03-31", "to_day": "2013-04-01", "weight": "people", "do": "csv",
}  # fmt: skip
SERIES = "pct,items,cost\n5AA,1000,10.005\n5bb,-7,\n5QW,3,0\n"


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    tallies.forget()


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


class TestThePage:
    def test_pairs_shares_and_the_left_out(self, in_world: SimpleNamespace, client: Client) -> None:
        answer = client.get(PAGE, ON)
        told = words(answer)
        assert "Primary care trusts on 31 March 2013, clinical commissioning groups on 1 April 2013: 8 rows" in told
        assert (
            "2 practices with 700 people on their lists have no CCG: 1 had closed, with no successor known; 1 in none on the day."
            in told
        )
        assert "1 practice with 700 people on its list had no PCT: 1 had not opened yet." in told
        assert "32.35%" in told and "500, without 1" in told and "5 pairs; 11 practices, 6,550 people" in told
        assert not answer.cookies and "csrf" not in answer.content.decode()

    def test_what_became_of_one_and_where_another_came_from(self, in_world: SimpleNamespace, client: Client) -> None:
        told = words(client.get(PAGE, {"source": "pct", "target": "pct", "code": "tam", "as_of": "2011-04-15"}))
        assert "What became of PCT TAM" in told and "TAM to 5QW (recode, 2011-04-15)" in told
        assert "What NHS 08B CCG came from" in words(client.get(PAGE, ON | {"target_code": "08B"}))
        for path, link in (
            ("/pcts/5AA/?as_of=2013-04-01", "source=pct&amp;code=5AA"),
            ("/pcts/08A/", "target=ccg&amp;target_code=08A"),
            ("/consortia/GC0003/", "target_code=GC0003"),
        ):
            assert f"{PAGE}?" in (page := client.get(path).content.decode()) and link in page

    def test_without_ccgs_it_goes_to_consortia_and_words_that_are_wrong_are_named(
        self, in_world: SimpleNamespace, client: Client
    ) -> None:
        assert "Crosswalk: PCTs to consortia" in words(client.get(PAGE, {"as_of": "2011-09-01"}))
        for asked in ({"source": "trust"}, {"from_day": "x"}, {"consortium": "GC0001"}):
            told = words(client.get(PAGE, ON | asked))
            assert "There is a problem" in told and "Nothing is shown until the filters are put right." in told
        assert client.get(PAGE, ON | {"page": "2"}).status_code == 404
        assert client.get(PAGE, ON | {"ordering": "name"}).status_code == 400
        assert client.get(PAGE, ON | {"ordering": "-people"}).status_code == 200
        assert client.get(PAGE, ON | {"format": "csv", "query": "x"}).status_code == 200, "words of links of its own"

    def test_what_was_not_public_yet_is_not_there(self, in_world: SimpleNamespace, client: Client) -> None:
        asked = {"as_of": "2012-05-01", "known_at": in_world.before.isoformat()}
        assert "GC0004" not in client.get(PAGE, asked).content.decode()
        assert "GC0004" in client.get(PAGE, {"as_of": "2012-05-01"}).content.decode()


class TestCarrying:
    def rows(self, client: Client, **sent: Any) -> dict[str, dict[str, str]]:
        answer = client.post(CARRY, FORM | sent)
        assert answer.status_code == 200 and not answer.cookies
        assert answer.headers["Content-Type"].startswith("text/csv")
        found = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        return {next(iter(row.values())): row for row in found}

    def test_sums_are_conserved_and_unknown_is_no_nought(self, in_world: SimpleNamespace, client: Client) -> None:
        rows = self.rows(client, figures=SERIES)
        # 5AA's 1,000 by 1,100, 2,000 and 300 people; 5BB's -7 by 1,500, 500 and 400; 5QW's 3 all to 08B.
        assert {code: (row["items"], row["cost"], row["unknown_sources"]) for code, row in rows.items()} == {
            "08A": ("319.16", "3.237", "cost: 5BB"),
            "08B": ("589.78", "5.885", "cost: 5BB"),
            "none": ("87.06", "0.883", "cost: 5BB"),
        }
        assert sum(Decimal(row["items"]) for row in rows.values()) == 996

    def test_a_figure_of_nothing_known_is_empty(self, in_world: SimpleNamespace, client: Client) -> None:
        rows = self.rows(client, figures="pct,items\n5QW,3\n")
        assert {code: (row["items"], row["unknown_sources"]) for code, row in rows.items()} == {
            "08A": ("", "5AA 5BB"),
            "08B": ("3.00", "5AA 5BB"),
            "none": ("", "5AA 5BB"),
        }

    def test_there_and_back(self, in_world: SimpleNamespace, client: Client) -> None:
        there = self.rows(client, figures="pct,items\n5AA,1000\n5BB,77.7\n5QW,3\nnone,9\n", weight="practices")
        assert there["none"]["ccg_name"] == "" and there["08B"]["unknown_sources"] == ""
        back = "ccg,items\n" + "\n".join(f"{code},{row['items']}" for code, row in there.items())
        again = self.rows(client, figures=back, source="ccg", target="pct", from_day="2013-04-01", to_day="2013-03-31")
        assert sum(Decimal(row["items"]) for row in again.values()) == Decimal("1089.7")

    def test_the_page_says_the_weights_what_lacks_and_the_sums(
        self, in_world: SimpleNamespace, client: Client
    ) -> None:
        answer = client.post(CARRY, FORM | {"figures": SERIES, "do": "show"})
        told = words(answer)
        assert "Each figure of 31 March 2013 was parted by the people on the lists (of 1 April 2013)" in told
        assert "1 cell of the file is empty." in told and "Rates, averages and percentages cannot" in told
        assert "items 996.00 996.00" in told and "No CCG" in told
        weights = re.search(r'href="(/api/v1/crosswalk/[^"]+)"', answer.content.decode())
        assert weights and client.get(weights[1].replace("&amp;", "&")).status_code == 200
        assert not answer.cookies and "csrf" not in answer.content.decode()

    def test_a_workbook_is_read_too(self, in_world: SimpleNamespace, client: Client) -> None:
        data = xlsx_of([("code", "items"), ("5AA", 12), ("5QW", "1,000.5")])
        rows = self.rows(client, file=SimpleUploadedFile("a.xlsx", data))
        assert sum(Decimal(row["items"] or 0) for row in rows.values()) == Decimal("1012.5")

    def test_all_that_is_wrong_is_named_at_once_and_nothing_carried(
        self, in_world: SimpleNamespace, client: Client
    ) -> None:
        wrong = "pct,a,b\n5AA,1,x\n5AA,2,3\n9ZZ,12%,4\n5BB,1,2,3\n,1,1\nTAM,1,1.1234567\n"
        answer = client.post(CARRY, FORM | {"figures": wrong})
        told = words(answer)
        assert answer.status_code == 422 and "8 things are wrong" in told
        for line in (
            "line 2, b: it is not a number",
            "line 3, pct: it stands on line 2 already",
            "line 4, a: a rate cannot",
            "line 5: it has more cells",
            "line 6, pct",
            "line 7, b: a number has at most",
        ):
            assert line in told
        for text in (
            "",
            "pct\n5AA\n",
            "5AA,1\n5BB,2\n",
            "pct,a,a\n5AA,1,2\n",
            "pct,,a\n5AA,1,2\n",
            f"pct,{'a' * 101}\n5AA,1\n",  # the answer says each name once or twice for every target
            f"{'a' * 101},b\n5AA,1\n",  # and a refusal for every line
            "pct,a\n",
            "\0,a\n5AA,1",
        ):
            assert client.post(CARRY, FORM | {"figures": text}).status_code == 422

    def test_one_address_cannot_send_without_end(
        self, in_world: SimpleNamespace, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent = FORM | {"figures": SERIES}
        answers = [client.post(CARRY, sent).status_code for _ in range(3)]
        assert answers == [200] * 3
        monkeypatch.setattr(tallies, "add", lambda key, window, by=1: (10**6, 60.0))
        assert client.post(CARRY, sent).status_code == 429

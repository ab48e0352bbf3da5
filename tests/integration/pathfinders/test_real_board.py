"""The national board on the real register, by hexagons and by the real outlines."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from practices.actions import import_boundaries
from registry.models import User
from tests.support import databases
from tests.support.board_page import agreeing, figures, get

pytestmark = pytest.mark.realdata
DAY = "as_of=2011-04-01"


def test_each_drawing_agrees_with_the_table_and_is_light(
    real_register: Any, real_data: Path, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), databases.clone(real_register.database):
        outlines = real_data / "boundaries" / "pct_2011_labelled_topo.json"
        import_boundaries(by=User.objects.system(), path=outlines)
        for show in ("stage", "left_out"):
            pages = [get(f"/transitions/?show={show}&{DAY}{drawing}") for drawing in ("", "&drawing=outlines")]
            assert [agreeing(page, figures(show, DAY), show) for page in pages] == [151, 151]
            assert [len(gzip.compress(page.encode())) < 60_000 for page in pages] == [True, True]
            assert "Draw the real outlines" in pages[0] and "Draw hexagons" in pages[1]
        counts = [int(row["figure"]) for row in figures("left_out", DAY).values()]
        assert sum(counts) > 8_000 and min(counts) > 0, "nobody had joined, and each trust has practices"
        assert "site-map__picture" not in get(f"/?{DAY}"), "nothing to show of coverage before the first wave"
        story = get(f"/transitions/area/?postcode=OX4&{DAY}")
        assert "Oxfordshire" in story and "/pcts/10Q/" in story, "the trust of before, the group of after"

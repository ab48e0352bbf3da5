"""Codes as people paste them (domain.md section 3.3). No database."""

import pytest

from practices.pasting import one_slip_away, pasted


def test_codes_are_read_from_commas_spaces_quotes_lines_and_lower_case():
    text = 'a81001, A81002;\n\n"A81003"\tg85001|\r\n  G85002'
    assert pasted(text) == [(1, "A81001"), (1, "A81002"), (3, "A81003"), (3, "G85001"), (4, "G85002")]
    assert pasted(" \n , ;") == []


@pytest.mark.parametrize("typed", ["G85010", "G58001", "G8500O", "G8501", "G850011", "H85001"])
def test_one_slip_of_a_hand_is_found_again(typed):
    assert "G85001" in one_slip_away(typed)


def test_look_alikes_come_first_then_swapped_neighbours():
    assert one_slip_away("G850I2")[0] == "G85012"
    assert one_slip_away("G12349")[:2] == ["G21349", "G13249"]
    assert "G85010" not in one_slip_away("G85010")

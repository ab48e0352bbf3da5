"""Practice codes as people paste them: reading them, and the slips of their hands (domain.md section 3.3)."""

from __future__ import annotations

import re

from practices.codes import is_practice

MOST_CODES = 1_000
"""More codes than this in one paste is some other list than the practices of a bid or a consortium."""
CODE = (
    "practice code",
    "code",
    "gp practice code",
    "gp code",
    "ods code",
    "organisation code",
    "org code",
    "practice",
)
"""Names of the column of a file that holds the codes, the likeliest first (registry.files.columns)."""
PARTED = re.compile(r"[\s,;|\"'\0]+")
LOOK_ALIKES = {"O": "0", "I": "1", "L": "1", "S": "5", "B": "8", "Z": "2", "G": "6", "0": "O", "5": "S", "8": "B"}
CHARACTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def pasted(text: str) -> list[tuple[int, str]]:
    """`(line, code)` of each code in the text, upper case, in order; parted by spaces, commas, semicolons, lines."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        found += [(number, word.upper()) for word in PARTED.split(line) if word]
    return found


def one_slip_away(code: str) -> list[str]:
    """Every code that one slip of a hand would turn into this one: two neighbours swapped, one character wrong (look-alikes
    first), one too many or one missing. Likelier slips first; only codes of the English shape."""
    n = len(code)
    alike = [code[:i] + c + code[i + 1 :] for i in range(n) for c in LOOK_ALIKES.get(code[i], "")]
    swapped = [code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(n - 1)]
    wrong = [code[:i] + c + code[i + 1 :] for i in range(n) for c in CHARACTERS]
    too_many = [code[:i] + code[i + 1 :] for i in range(n)]
    lacking = [code[:i] + c + code[i:] for i in range(n + 1) for c in CHARACTERS]
    return [c for c in dict.fromkeys(alike + swapped + wrong + too_many + lacking) if c != code and is_practice(c)]

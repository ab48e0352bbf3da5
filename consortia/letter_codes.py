"""Codes of printed letters: typed by a person from paper, so without characters that look alike."""

from __future__ import annotations

import secrets

ALPHABET = "ACDEFHJKMNPRTVWXY34679"
"""None of B and 8, G and 6, I, L and 1, O, Q and 0, S and 5, U and V, Z and 2 stands beside its double."""
LENGTH = 12
"""22 characters to the power of 12 are 53 bits: with a code that works for weeks and once, nobody guesses one."""
GROUP = 4


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain(typed: str) -> str:
    """A code as it is kept, from however it was typed: small letters, blanks and hyphens do no harm."""
    return "".join(c for c in typed.upper() if c.isalnum())


def in_groups(code: str) -> str:
    """As it is printed: ACDE-FHJK-MNPR."""
    return "-".join(code[n : n + GROUP] for n in range(0, len(code), GROUP))

"""What a request asks: every parameter known, none twice, dates understood; otherwise 400 with its name."""

from __future__ import annotations

from collections.abc import Collection
from difflib import get_close_matches

from django.http import QueryDict

from registry.errors import Refused
from registry.moment import Moment


def bad(field: str, code: str, sentence: str) -> Refused:
    return Refused(code, sentence, field=field, status=400)


def refuse_unknown(query: QueryDict, allowed: Collection[str], many: Collection[str] = ()) -> None:
    """Never silence: a parameter that would be ignored would change the meaning of the answer."""
    for name in query:
        if name not in allowed:
            near = get_close_matches(name, allowed, n=1, cutoff=0.5)
            hint = f" Did you mean “{near[0]}”?" if near else f" It takes: {', '.join(sorted(allowed))}."
            raise bad(name[:80], "unknown_parameter", f"“{name[:80]}” is not a parameter of this address.{hint}")
        if len(query.getlist(name)) > 1 and name not in many:
            raise bad(name, "given_twice", f"“{name}” is given more than once.")


def moment_of(query: QueryDict) -> Moment:
    for name in ("as_of", "known_at"):
        if "\x00" in query.get(name, ""):
            raise bad(name, "bad_date", f"{name} holds a character that no date has.")
    return Moment.from_query(query)


def whole_number(query: QueryDict, name: str, default: int, least: int, most: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most):
        raise bad(name, "bad_number", f"{name} is a whole number from {least} to {most}; “{text[:40]}” is not.")
    return int(text)


def one_of(query: QueryDict, name: str, choices: Collection[str], default: str) -> str:
    text = query.get(name, "") or default
    if text not in choices:
        near = ", ".join(choices)
        raise bad(name, "bad_choice", f"{name} is one of {near}; “{text[:40]}” is not.")
    return text

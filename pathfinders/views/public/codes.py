"""Further codes on a record page, and when a body operated apart from its legal life."""

from __future__ import annotations

from datetime import date
from typing import Any

from pathfinders.views.public.history import Line, lines, standing
from practices.models import Standing
from registry.moment import Moment
from registry.pages.forms import long_date
from registry.timeline import Period, last_day


def codes_of_day(facts: list[Any], moment: Moment) -> list[str]:
    """Of identifiers heard of, those of the day, in words."""
    borne = [f for f in standing(facts, moment) if Period(f.first, f.after).contains(moment.as_of)]
    return [_words(f) for f in sorted(borne, key=lambda f: (f.scheme, f.value))]


def _words(fact: Any) -> str:
    sure = " (provisional)" if fact.standing == Standing.PROVISIONAL else ""
    return f"{fact.get_scheme_display()} {fact.value}{sure}"


def code_lines(facts: list[Any], moment: Moment) -> list[Line]:
    return lines(
        facts, moment, "Code", lambda f: f"{f.get_scheme_display()} {f.value}: {f.get_standing_display().lower()}"
    )


def operated(facts: list[Any], moment: Moment, opened: date | None, closed: date | None) -> str:
    """ "operated until 30 June 2013": what differs from the legal first and last day. Empty where nothing is known."""
    spells = standing(facts, moment)
    if not spells:
        return ""
    start, last = spells[0].first, last_day(spells[-1].after)
    if (start, last) == (opened, closed):
        return "operated on the same days"
    told = [f"from {long_date(start)}"] if start and start != opened else []
    if last != closed:
        told.append(f"until {long_date(last)}" if last else "on, with no last day recorded")
    return f"operated {' '.join(told)}" if told else ""

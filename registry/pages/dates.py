"""The one date control: "Show the register as at ...", and, tucked away, "as it was known on ...".

The two dates are read by `registry.moment`, the same reader as the API's. A page that answers for a date:

    class PctPage(PublicPage, DatedPage, TemplateView):
        ...                                   # self.moment.as_of, self.moment.known_at

and `{% include "ui/date_control.html" with control=date_control %}` in its template.
"""

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import timezone

from registry.moment import Moment
from registry.pages.forms import long_date

#: Health and Social Care Act 2012: primary care trusts abolished (domain.md 3.1).
HANDOVER = datetime.date(2013, 4, 1)
DATES = frozenset({"as_of", "known_at"})


def moment_of(request: HttpRequest) -> Moment:
    """The dates asked for. An empty box asks for nothing. Raises Refused with the parameter's name."""
    query = QueryDict(mutable=True)
    for name in DATES:
        if request.GET.get(name, "").strip():
            query[name] = request.GET[name].strip()
    return Moment.from_query(query)


def accountable_words(day: datetime.date) -> str:
    """Who was accountable for commissioning on the day (domain.md 3.1), whatever had been delegated."""
    if day < HANDOVER:
        return (
            f"On {long_date(day)} each primary care trust (PCT) was accountable for all of its "
            "commissioning, whatever it had delegated to a pathfinder."
        )
    return (
        "From 1 April 2013 clinical commissioning groups (CCGs) and the NHS Commissioning Board were accountable "
        "for commissioning. This register does not follow who was after them."
    )


@dataclass(frozen=True)
class DateControl:
    moment: Moment
    query: QueryDict

    @property
    def as_of(self) -> str:
        return self.moment.as_of.isoformat()

    @property
    def as_of_words(self) -> str:
        return long_date(self.moment.as_of)

    @property
    def known_at(self) -> str:
        """As it was asked, for the box."""
        return self.query.get("known_at", "")

    @property
    def known_at_is_time(self) -> bool:
        """A whole instant does not fit the browser's date box."""
        return "T" in self.known_at

    @property
    def past(self) -> bool:
        """Whether the page shows what was known then, not what is known now."""
        return not self.moment.latest

    @property
    def known_at_words(self) -> str:
        if self.moment.known_at is None:
            return ""
        local = timezone.localtime(self.moment.known_at)
        return f"{long_date(local.date())} at {local:%H:%M:%S}"

    @property
    def accountable(self) -> str:
        return accountable_words(self.moment.as_of)

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The rest of the query, carried along as hidden fields."""
        return [
            (name, value)
            for name, values in self.query.lists()
            for value in values
            if name not in DATES and name != "page"
        ]

    @property
    def now_href(self) -> str:
        rest = self.query.copy()
        for name in (*DATES, "page"):
            rest.pop(name, None)
        return f"?{rest.urlencode()}" if rest else "?"


class DatedPage:
    """Mixin of class-based views: `self.moment`, and `date_control` in the context."""

    request: HttpRequest

    @cached_property
    def moment(self) -> Moment:
        return moment_of(self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        control = DateControl(self.moment, self.request.GET)
        return super().get_context_data(date_control=control, **kwargs)  # type: ignore[misc]

"""What a file of the API says of itself: what it is a list of, the question that gives it again, its dates, its terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.conf import settings
from django.http import QueryDict

from registry.moment import Moment

LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
ATTRIBUTION = (
    "Contains public sector information licensed under the Open Government Licence v3.0. Contains National"
    " Statistics and Ordnance Survey data, Crown copyright and database right 2013."
)
API = "/api/v1/"
PAGED = ("cursor", "page_size", "as_of", "known_at", "format")


@dataclass(frozen=True)
class About:
    """`resource`: as in the address, "practices" or "decisions/summary". `dates`: as_of and known_at, empty where the
    list has none. `address`: the question with both dates pinned, which always gives the same file. `called`: what its
    files are called, where the resource's name does not say it."""

    resource: str
    address: str = ""
    dates: Mapping[str, str | None] = field(default_factory=dict)
    called: str = ""
    also: tuple[tuple[str, str], ...] = ()
    """Headings and words that hold of every row, as who was accountable."""

    @property
    def stem(self) -> str:
        """What its files are called by: decisions-summary-2011-04-04."""
        return "-".join(filter(None, [self.called or self.resource.replace("/", "-"), self.dates.get("as_of")]))

    @classmethod
    def asked(
        cls, path: str, query: QueryDict | dict[str, str], moment: Moment, form: str, *, dated: bool = True
    ) -> About:
        kept = [(k, v) for k in query for v in _values(query, k) if v and k not in PAGED]
        dates = moment.pinned() if dated else {}
        address = f"{settings.PUBLIC_URL}{path}?{urlencode([*kept, *dates.items(), ('format', form)])}"
        return cls(resource_of(path), address, moment.echo() if dated else {})

    def lines(self) -> list[tuple[str, str]]:
        """Heading and words, for whoever opens the file."""
        told = [("List", self.resource)] if self.resource else []
        told += [(name, value) for name, value in self.dates.items() if value]
        if self.address:
            told.append(("Address", self.address))
        return [*told, *self.also, ("Licence", LICENCE), ("Attribution", ATTRIBUTION)]


def resource_of(path: str) -> str:
    """The resource's name in an address of the API."""
    return path.removeprefix(API).strip("/")


def _values(query: QueryDict | dict[str, str], name: str) -> list[str]:
    return query.getlist(name) if isinstance(query, QueryDict) else [query[name]]

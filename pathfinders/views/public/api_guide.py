"""The page for those who read the API: recipes with their answers, the two clocks, limits, errors, what is promised.

A recipe is a file of docs/examples, and its answer, as the demonstration gives it, a file of docs/examples/answers:
so the repository's readers, this page and the tests have the same ones.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.conf import settings

from pathfinders.api.changes import MOST
from pathfinders.api.errors import GROUPS, STATUSES
from pathfinders.views.public.base import PublicStatic
from registry.actions.tokens import MOST_DAYS
from registry.api import idempotency, limits
from registry.api.negotiation import FORMATS
from registry.api.views import LARGEST_PAGE, PAGE
from registry.scopes import SENTENCES

EXAMPLES = Path(settings.BASE_DIR) / "docs" / "examples"
EXAMPLE_SITE = "http://127.0.0.1:8000"
"""The address in the files: where `./run demo` serves."""


PERIODS = {"s": "a second", "m": "a minute", "h": "an hour", "d": "a day"}
"""As the framework reads a rate: by the first letter."""


class Recipe(NamedTuple):
    file: str
    title: str
    says: str
    program: str
    answer: str


TOLD = (
    ("coverage.py", "pandas", "Coverage by strategic health authority, each row with the denominator of its share."),
    ("memberships.py", "pandas: a whole list", "A whole list is one file; read codes as text (dtype=str), since 5E1 looks like a number."),
    ("crosswalk.py", "pandas: from trusts to consortia", "Computed from practices, never from areas: whose a trust’s practices are, the left out in a row of their own; then your own figures by trust carried across, each column with its sum."),
    ("pages.py", "Python: page by page", "Follow next until there is none."),
    ("practices.sh", "curl", "A file of four columns, in the order asked."),
    ("coverage.R", "R", "Nothing to install: read.csv reads an address."),
    ("coverage.pq", "Excel and Power BI (Power Query)", "Data, Get data, From other sources, Blank query, Advanced editor: paste it there."),
)  # fmt: skip


@cache
def recipes(site: str) -> dict[str, Recipe]:
    """Each recipe by its file's name, asking this site."""
    clocks = ("two_clocks.sh", "The two clocks", "")
    return {told[0]: Recipe(*told, _program(told[0], site), _answer(told[0])) for told in (*TOLD, clocks)}


def _program(name: str, site: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8").replace(EXAMPLE_SITE, site.rstrip("/"))


def _answer(name: str) -> str:
    return (EXAMPLES / "answers" / f"{name}.txt").read_text(encoding="utf-8")


@cache
def mirror() -> str:
    """The program that keeps a copy: whoever reads the page need not have the source."""
    return (EXAMPLES / "mirror.py").read_text(encoding="utf-8")


def _rate(setting: str) -> str:
    """As the page says it: 600 requests a minute, of "600/min"."""
    number, _, period = setting.partition("/")
    return f"{int(number):,} requests {PERIODS[period[0]]}"


class ApiPage(PublicStatic):
    template_name = "public/api.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = recipes(settings.PUBLIC_URL)
        rates = cast("dict[str, str]", settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"])
        return super().get_context_data(
            title="Read the register from a program",
            crumbs=[("Data", "/data/")],
            first=known["coverage.py"],
            clocks=known["two_clocks.sh"],
            recipes=[known[file] for file, *_ in TOLD[1:]],
            formats=list(FORMATS),
            page_size=PAGE,
            largest_page=LARGEST_PAGE,
            most_changes=MOST,
            rate=_rate(rates["anon"]),
            rate_person=_rate(rates["user"]),
            rate_token=_rate(rates["token"]),
            query_bytes=limits.QUERY_BYTES,
            parameters=limits.PARAMETERS,
            page_seconds=settings.READ_SECONDS,
            list_seconds=settings.WHOLE_LIST_SECONDS,
            most_days=MOST_DAYS,
            site=settings.PUBLIC_URL.rstrip("/"),
            mirror=mirror(),
            keep_days=idempotency.KEPT_FOR.days,
            scopes=[(scope.value, means) for scope, means in SENTENCES.items()],
            statuses=STATUSES,
            groups=GROUPS,
            **kwargs,
        )

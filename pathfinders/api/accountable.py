"""Who was accountable on the day, whatever was delegated: said beside every answer on the hand-over (rule 18)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rest_framework.serializers import CharField, DateField, Serializer

from registry.api.about import About
from registry.api.negotiation import FORMATS
from registry.api.schema import envelope
from registry.moment import Moment
from registry.pages.dates import HANDOVER, accountable_words

HEADER = "X-Accountable"
FILES = {kind for form, kind in FORMATS.items() if form != "json"}
TRUST, AFTER = "primary care trust", "clinical commissioning group and NHS Commissioning Board"


class WhoIsAccountable(Serializer):
    on = DateField(help_text="The day")
    body = CharField(help_text="The kind of body that was accountable for commissioning on that day")
    words = CharField(help_text="The same as a sentence")


def accountable(moment: Moment) -> dict[str, str]:
    """Before 1 April 2013 the trust, however much is delegated."""
    return {
        "on": moment.as_of.isoformat(),
        "body": TRUST if moment.as_of < HANDOVER else AFTER,
        "words": accountable_words(moment.as_of),
    }


class FilesSayAccountable:
    """Mixin, first in the bases of a list: its words stand in what a file says of itself, and as a header of the answer
    of every file, since CSV and NDJSON say nothing of themselves."""

    def about(self, moment: Moment, form: str) -> About:
        return replace(super().about(moment, form), also=(("Accountable", accountable_words(moment.as_of)),))  # type: ignore[misc]

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        if answer.headers.get("Content-Type", "").partition(";")[0] in FILES:
            answer.headers[HEADER] = accountable_words(self.moment().as_of)  # type: ignore[attr-defined]
        return answer


class SaysAccountable(FilesSayAccountable):
    """Mixin, first in the bases of a list or a single row: `accountable` stands in its envelope too."""

    serializer: type[Serializer]

    def envelope(self, moment: Moment) -> dict[str, Any]:
        return {**super().envelope(moment), "accountable": accountable(moment)}  # type: ignore[misc]

    def beside(self, moment: Moment, row: dict[str, Any]) -> dict[str, Any]:
        return {**super().beside(moment, row), "accountable": accountable(moment)}  # type: ignore[misc]

    def described(self) -> Serializer:
        return envelope_of(self.serializer, paged=hasattr(self, "ordering"))

    def enveloped(self, serializer: type[Serializer]) -> Serializer:
        return envelope_of(serializer, paged=True)


def envelope_of(serializer: type[Serializer], *, paged: bool) -> Serializer:
    """The envelope that says so, as described."""
    return envelope(serializer.__name__, serializer, paged=paged, linked=not paged, beside=said_beside())


def said_beside() -> dict[str, Any]:
    return {"accountable": WhoIsAccountable(help_text="Who was accountable on the day, whatever was delegated.")}

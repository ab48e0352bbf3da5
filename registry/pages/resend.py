"""Fields of a form that was not accepted, to be shown, copied and sent again."""

import re

from django.http import QueryDict

#: never shown, kept or sent again
SECRET = re.compile(r"password|secret|csrfmiddlewaretoken|credential|^otp", re.IGNORECASE)


def is_secret(name: str) -> bool:
    return bool(SECRET.search(name))


def without_secrets(data: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, values in data.lists():
        if not is_secret(name):
            kept.setlist(name, values)
    return kept


def kept_fields(data: QueryDict) -> list[dict[str, str]]:
    """Name, words for the name, and value of each field, one per value."""
    return [
        {"name": name, "label": name.replace("_", " ").replace("-", " ").capitalize(), "value": value}
        for name, values in without_secrets(data).lists()
        for value in values
    ]

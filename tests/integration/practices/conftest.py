import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import F

from practices.models import (
    BodyParticulars,
    ListSize,
    PracticeParent,
    PracticeParticulars,
    PracticePlace,
    PracticeStatus,
)
from registry.models import User
from registry.models.fact import Fact, Lower, Upper

VALUES = {
    PracticeStatus: ("practice__code", "status"),
    PracticeParticulars: ("practice__code", "name"),
    PracticeParent: ("practice__code", "parent__code"),
    ListSize: ("practice__code", "patients"),
    PracticePlace: ("practice__code", "longitude"),
    BodyParticulars: ("body__code", "name"),
}


@pytest.fixture
def system(db: None) -> User:
    return User.objects.system()


def history(model: type[Fact], code: str) -> list[tuple[str, str, object]]:
    """What stands of one code: (first day, day after the last, value), as ISO dates."""
    key, value = VALUES[model]
    rows = model.objects.visible_to(AnonymousUser()).current().filter(**{key: code})
    rows = rows.annotate(_from=Lower("effective"), _to=Upper("effective")).order_by(F("_from").asc(nulls_first=True))
    return [(str(a or ""), str(b or ""), v) for a, b, v in rows.values_list("_from", "_to", value)]

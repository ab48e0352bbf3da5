"""The article's two surveys in a register of 151 trusts: 23 of 29 trusts, six of them by name, and a quarter of GPs."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

from practices.models import BodyParticulars, ParentBody
from tests import factories as make
from tests.programme import person
from transitions.actions import Source, record_survey

SUMMER, KNOWN = date(2010, 8, 20), date(2010, 8, 25)
NAMED = {"5NE": "yes", "5NR": "yes", "5NC": "yes", "5NT": "partial", "5M6": "no", "5M2": "no"}
PRESS = Source("press", "New dawn for commissioning", publisher="Gazette", words="summer 2010")
TRUSTS: dict[str, Any] = {
    "title": "Trusts asked by a newspaper",
    "question": "Have you begun to hand over power to decide to GPs?",
    "asked_of": "trusts",
    "replied": 29,
    "words": "last week",
    "known_from": KNOWN,
    "source": PRESS,
}


def surveyed() -> SimpleNamespace:
    """Primary keys of what it makes: `admin`, `lead` (of 5NE), `survey` (SV0001), `gps` (SV0002)."""
    sha = make.make_sha("Q31")
    codes = [*NAMED, *(f"Z{n:03d}" for n in range(151 - len(NAMED)))]
    with make.writing() as entry:
        for body in ParentBody.objects.bulk_create([ParentBody(code=code) for code in codes]):
            entry.new(BodyParticulars, [(body.pk,)])
            values = ("pct", f"Trust {body.code}", "", sha.pk, None, None)
            entry.set(BodyParticulars, (body.pk,), make.LONG_AGO, date(2013, 4, 1), values)
    admin = person("programme_admin")
    survey = record_survey(by=admin, counts={"yes": (23, "")}, **TRUSTS)
    gps = TRUSTS | {"asked_of": "gps", "title": "GPs", "replied": None, "question": "Are you in talks?"}
    told = record_survey(by=admin, counts={"yes": (None, "a quarter")}, **gps)
    return SimpleNamespace(admin=admin.pk, lead=person(pct_lead="5NE").pk, survey=survey.pk, gps=told.pk)

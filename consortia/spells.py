"""Since when a practice belongs to a consortium: the first day of the unbroken stretch, whatever its status was."""

from __future__ import annotations

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery

from consortia.models import Membership
from registry.models.fact import Lower, Upper
from registry.moment import Moment


def member_since(moment: Moment) -> Subquery:
    """For rows of `Membership` on the day: null where it is from before all records."""
    mine = Membership.objects.known(moment).filter(practice=OuterRef("practice"), consortium=OuterRef("consortium"))
    before = mine.annotate(_to=Upper("effective", output_field=DateField())).filter(_to=OuterRef("_first"))
    begun = mine.annotate(_first=Lower("effective", output_field=DateField())).filter(
        Q(_first=None) | Q(_first__lte=moment.as_of)
    )
    stretches = begun.filter(~Exists(before)).order_by(F("_first").desc(nulls_last=True))
    return Subquery(stretches.values("_first")[:1], output_field=DateField())

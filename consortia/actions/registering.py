"""A consortium that never bids is registered by staff."""

from __future__ import annotations

from datetime import date

from consortia.actions.mint import mint_consortium
from consortia.models import Consortium
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason
from registry.authorization import Permission, require
from registry.errors import Refused
from registry.models import User


def register_consortium(*, by: User, name: str, form: str = "", on: date, reason: str) -> Consortium:
    """A new consortium, existing from `on`. Raises Refused (403, or 422 without a name, a real day, a reason)."""
    require(by, Permission.REGISTER_CONSORTIUM)
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise Refused("no_name", "Give the consortium's name, of up to 200 characters.", field="name")
    if len(form) > 200:
        raise Refused("long_form", "Say the form in up to 200 characters.", field="form")
    require_day(on)
    with journal.entry(
        by=by, action="register_consortium", kind=kind_on(on), reason=require_reason(reason, "reason")
    ) as entry:
        return mint_consortium(entry, name=name, form=form.strip(), start=on)

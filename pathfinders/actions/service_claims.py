"""What is claimed of a local service of a consortium or place (domain.md rule 25), as its columns hold it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from pathfinders.actions.announcing import ENGLAND
from pathfinders.actions.work import text_of
from pathfinders.models import DraftServiceClaim, ScopeKind, ServiceStatus
from registry.errors import Refused

LENGTHS = {
    "scope": ("The place or group", 200),
    "specialty": ("The specialty", 100),
    "measure": ("What is measured", 200),
    "unit": ("The unit", 40),
    "comparator": ("The comparison", 200),
    "period": ("The period", 60),
    "words": ("The claim", 300),
}
NEEDED = {
    "scope": "Say where the service is, or whose it is.",
    "specialty": "Say which specialty it is, for example ophthalmology.",
    "words": "Say what is claimed of the service, in the words of the announcement.",
}


def checked_service(row: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that `DraftServiceClaim` and `ServiceClaim` share, checked. Raises Refused with the first fault's field."""
    told: dict[str, Any] = {
        name: text_of(str(row.get(name) or ""), field=name, what=what, most=most)
        for name, (what, most) in LENGTHS.items()
    }
    for name, sentence in NEEDED.items():
        if not told[name]:
            raise Refused("missing", sentence, field=name)
    kind = str(row.get("scope_kind") or ScopeKind.GROUP)
    status = str(row.get("status") or "")
    if kind not in ScopeKind.values:
        raise Refused("bad_choice", f"“{kind[:20]}” is no kind of place or group.", field="scope_kind")
    if status not in ServiceStatus.values:
        raise Refused("bad_choice", "Say whether the service is planned, running or stopped.", field="status")
    if kind == ScopeKind.ENGLAND and told["scope"] != ENGLAND:
        raise Refused("bad_scope", "A claim about England has the scope England.", field="scope")
    value = _value(row.get("value"))
    if value is not None:
        for name, sentence in {"measure": "Say what the value measures.", "unit": "Say in which unit."}.items():
            if not told[name]:
                raise Refused("missing", sentence, field=name)
    return told | {"scope_kind": kind, "status": status, "value": value}


def _value(typed: Any) -> Decimal | None:
    """To a hundredth, as the column holds it; a fall is below nought."""
    text = str("" if typed is None else typed).strip().replace(",", "").replace("−", "-")
    if not text:
        return None
    try:
        value = Decimal(text)
        stored = value.quantize(Decimal("0.01"))
    except InvalidOperation:
        raise Refused("bad_value", f"“{text[:20]}” is no number.", field="value") from None
    if not value.is_finite() or stored != value or abs(value) >= 10**12:
        raise Refused("bad_value", "The value is a number, to a hundredth at most.", field="value")
    return stored


COLUMNS = tuple(
    f.name for f in DraftServiceClaim._meta.concrete_fields if f.name not in ("id", "announcement", "position")
)

"""What every action on a trust's hand-over looks at first: whose trust it is, that it lives, and what was seen."""

from __future__ import annotations

from datetime import date

from practices.models import PCT_KINDS, BodyParticulars, ParentBody
from registry import clock
from registry.actions.checks import require_day, said
from registry.errors import Refused, stale
from registry.journal import Writer
from registry.models import User
from registry.timeline import Period
from transitions.models import PlannedStage, TransitionStage
from transitions.permissions import require_transition_keeper, require_trust


def require_own(by: User, pct: ParentBody) -> None:
    """Raises Refused: 403 unless the user keeps the trust; 422 where the body never was one."""
    require_transition_keeper(by, pct)
    require_trust(pct)


def life_on(entry: Writer, pct: ParentBody, on: date, field: str = "on") -> Period:
    """The days around `on` on which the body is a trust. Raises Refused (422) where it is none that day."""
    kind = [f.name for f in BodyParticulars.value_fields()].index("kind")
    life = entry.timeline(BodyParticulars, (pct.pk,)).stretch(on, lambda values: values[kind] in PCT_KINDS)
    if life is None:
        raise Refused(
            "not_living",
            f"{pct.code} was no trust on {said(on)}: give a day of its life, or check the code.",
            field=field,
        )
    return life


def require_come(on: date, field: str = "on") -> date:
    """Raises Refused (422) for a day that was not meant, or is still to come."""
    if require_day(on, field) > clock.today():
        raise Refused("not_yet", f"{said(on)} is still to come: what is to be is a plan.", field=field)
    return on


def newest_entry(pct: ParentBody) -> int:
    """The newest entry that told of the trust's stages and plans; 0 where none did. A form carries it as `seen`."""
    return max(model.objects.filter(body=pct).newest_entry() for model in (TransitionStage, PlannedStage))


def require_seen(pct: ParentBody, seen: int | None) -> None:
    """Under the lock of the journal: raises Refused (412) where somebody has changed the same since it was read."""
    if seen is not None and newest_entry(pct) > seen:
        raise stale(
            f"The stage or plan of {pct.code} was changed since you opened this page. Look at what is saved now, then "
            "send yours again if it still holds."
        )

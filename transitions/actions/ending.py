"""One body closes, apart from the national close (domain.md rules 1, 14 and 17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from practices.models import LIVING, BodyParticulars, ParentBody, PracticeParent, PracticeStatus
from registry import journal
from registry.actions.checks import kind_on, require_day, require_reason, said
from registry.authorization import Permission, require
from registry.errors import Refused, wrong_state
from registry.models import Entry, User
from registry.timeline import first_day_out
from transitions.actions.roles_end import end_roles
from transitions.closing.plan import NAMED


def close_body(
    *, by: User, body: ParentBody, last_day: date, why: str, explained: Mapping[str, str] | None = None
) -> Entry:
    """The body's legal life ends with `last_day` (inclusive); what depends on it ends too (`transitions.consequences`), and
    the roles that are held for it (`roles_end`).

    Blocked while a living practice is under it on a later day, unless `explained` says why it is left under none; the
    explanations stand in the journal. Raises Refused: 403; 409 where the body is not there on that day, ends then
    already, or somebody is left, named in `detail`; 422.
    """
    require(by, Permission.CHANGE_REGISTER)
    reason, told = require_reason(why), explained or {}
    out = first_day_out(require_day(last_day, "last_day"))
    assert out is not None
    with transaction.atomic():
        with journal.entry(by=by, action="close_body", kind=kind_on(out), reason=reason) as entry:
            if entry.timeline(BodyParticulars, (body.pk,)).at(last_day) is None:
                raise wrong_state(f"{body.code} is not there on {said(last_day)}, so that cannot be its last day.")
            rows = PracticeParent.objects.current().filter(parent=body, effective__overlap=(out, None))
            under = dict(rows.order_by("practice__code").values_list("practice", "practice__code"))
            alive = PracticeStatus.objects.current().filter(status__in=LIVING, effective__overlap=(out, None))
            living = set(alive.filter(practice__in=under).values_list("practice", flat=True))
            _refuse_left(
                body, [code for pk, code in under.items() if pk in living and not told.get(code, "").strip()], out
            )
            for pk in under:
                for spell in entry.timeline(PracticeParent, (pk,)):
                    if spell.values == (body.pk,) and (spell.end is None or spell.end > out):
                        entry.clear(PracticeParent, (pk,), max(spell.start or out, out), spell.end)
            entry.cap(BodyParticulars, (body.pk,), out)
            entry.more["source"] = {"body": body.code, "explained": {c: told[c] for c in under.values() if c in told}}
        if entry.entry is None:
            raise Refused("no_change", f"That is the last day of {body.code} already.", status=409)
        end_roles(by=by, entry=entry.entry, codes=[body.code], on=out)
    return entry.entry


def _refuse_left(body: ParentBody, left: list[str], out: date) -> None:
    if left:
        names = ", ".join(left[:NAMED]) + (f" and {len(left) - NAMED:,} more" if len(left) > NAMED else "")
        raise Refused(
            "members_left",
            f"{body.code} has practices from {said(out)} on: {names}. Move, close or explain each first.",
            field="explained",
            status=409,
            detail=[{"code": code} for code in left],
        )

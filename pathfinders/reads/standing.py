"""What the register says now of who belongs to a consortium, or where a practice belongs, for whoever keeps it; and the
version of it, which a write must have seen."""

from __future__ import annotations

from typing import Any

from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from consortia.attested import attested_list, sha256_of
from consortia.models import ConfirmationRequest, Consortium, LeftOut, Membership, TransferRequest
from consortia.states import RequestState
from practices.models import Practice
from registry import clock
from registry.canonical import plain
from registry.models.fact import Lower, Upper
from registry.moment import Moment
from registry.timeline import last_day

Target = Consortium | Practice


def version_of(target: Target) -> int:
    """The newest entry that said anything of the membership of this consortium, or of this practice, on any day: 0
    where none did. Whoever compares it holds the journal's lock, so that it stays what it is until they have written."""
    if isinstance(target, Consortium):
        return _newest(Membership.objects.filter(consortium=target))
    own = _newest(Membership.objects.filter(practice=target))
    return max(own, _newest(LeftOut.objects.filter(practice=target)))


def _newest(facts: QuerySet[Any]) -> int:
    """A fact is as new as the entry that closed it, or that opened it."""
    newest = Greatest("opened_by", Coalesce("closed_by", 0))
    return facts.order_by().aggregate(newest=Max(newest))["newest"] or 0


def touched(target: Target, entry: int) -> bool:
    """Whether the entry said anything of the target's membership."""
    own = Q(consortium=target) if isinstance(target, Consortium) else Q(practice=target)
    return Membership.objects.filter(own).filter(Q(opened_by=entry) | Q(closed_by=entry)).exists()


def of_consortium(user: Any, consortium: Consortium) -> dict[str, Any]:
    """Members of today and of days to come, what waits for an answer, and the hash of the list that is attested."""
    today = clock.today()
    rows = Membership.objects.visible_to(user).filter(consortium=consortium)
    questions = ConfirmationRequest.objects.visible_to(user).filter(
        consortium=consortium, state=RequestState.OPEN, transfer=None
    )
    return {
        "ref": consortium.ref,
        "version": version_of(consortium),
        "list_sha256": sha256_of(attested_list(Moment.now(), consortium)),
        "memberships": _memberships(rows.exclude(effective__fully_lt=(today, None))),
        "transfers": _transfers(user, Q(to_consortium=consortium)),
        "questions": [
            {
                "practice": q.practice.code,
                "channel": q.channel,
                "asked_on": plain(q.asked_on),
                "expires_on": plain(q.expires_on),
                "reminded": q.reminded,
            }
            for q in questions.select_related("practice").order_by("practice__code", "pk")
        ],
    }


def of_practice(user: Any, practice: Practice) -> dict[str, Any]:
    """Its memberships of every day, as the register says them now, and the moves that wait for an answer."""
    rows: QuerySet[Any] = Membership.objects.visible_to(user).filter(practice=practice)
    return {
        "code": practice.code,
        "version": version_of(practice),
        "memberships": _memberships(rows),
        "transfers": _transfers(user, Q(practice=practice)),
    }


def _memberships(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    told = rows.current().annotate(_from=Lower("effective"), _to=Upper("effective"))  # type: ignore[attr-defined]
    found = told.order_by("practice__code", "_from").values_list(
        "practice__code", "consortium__ref", "status", "reason", "proof", "basis", "_from", "_to", "opened_by"
    )
    return [
        {
            "practice": code,
            "consortium": ref,
            "status": status,
            "reason": reason,
            "proof": proof,
            "basis": basis,
            "effective_from": plain(start),
            "effective_to": plain(last_day(end)),
            "entry": entry,
        }
        for code, ref, status, reason, proof, basis, start, end, entry in found
    ]


def _transfers(user: Any, whose: Q) -> list[dict[str, Any]]:
    rows = TransferRequest.objects.visible_to(user).waiting().filter(whose)
    return [
        {
            "transfer": t.pk,
            "practice": t.practice.code,
            "from_consortium": t.from_consortium.ref if t.from_consortium else None,
            "to_consortium": t.to_consortium.ref,
            "on": plain(t.on),
            "state": t.state,
            "asked_on": plain(t.asked_on),
        }
        for t in rows.select_related("practice", "from_consortium", "to_consortium").order_by("pk")
    ]


__all__ = ["Target", "of_consortium", "of_practice", "touched", "version_of"]

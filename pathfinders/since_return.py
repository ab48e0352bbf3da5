"""What a lead changed while a bid was returned, from its case log."""

from __future__ import annotations

from typing import Any, NamedTuple

from pathfinders.models import Answer, Attachment, Bid, BidConsortium, BidPractice, Criterion, Return
from practices.models import Practice

FIELDS = {"name": "Name", "form": "Form", "partners": "Partners and support", "agrees_to_be_named": "May be named"}


class Changed(NamedTuple):
    """One thing that is another than it was. `before` or `after` is empty where it was not there, or is not now."""

    label: str
    before: str
    after: str


def changes_since(back: Return) -> list[Changed]:
    """What is changed in the bid between this return and its answer (or now): name, consortia, practices, evidence.

    The case log of all steps between is compared, first with last: what was changed and changed back is not told.
    """
    steps = _steps(back)
    if not steps:
        return []
    found = _fields(back, steps)
    found += _in_and_out("Consortia", _net(BidConsortium, back, steps, "name"))
    codes = {}
    practices = _net(BidPractice, back, steps, "practice_id")
    if any(practices):
        pks = practices[0] | practices[1]
        codes = dict(Practice.objects.filter(pk__in=pks).values_list("pk", "code"))
    found += _in_and_out("Practices", ({codes[p] for p in practices[0]}, {codes[p] for p in practices[1]}))
    found += _in_and_out("Files", _net(Attachment, back, steps, "name"))
    return found + _answers(back, steps)


def _log(model: Any) -> Any:
    return model.pgh_event_model.objects.order_by("pgh_id")


def _steps(back: Return) -> list[Any]:
    """The contexts of the steps on the bid after it was returned, up to its answer."""
    asked = _log(Return).filter(pgh_obj_id=back.pk).values_list("pgh_context", flat=True)
    rows = list(_log(Bid).filter(pgh_obj_id=back.bid_id).values_list("pgh_context", flat=True))
    first = rows.index(asked[0]) + 1
    last = rows.index(asked[1]) + 1 if len(asked) > 1 else len(rows)
    return rows[first:last]


def _fields(back: Return, steps: list[Any]) -> list[Changed]:
    log = _log(Bid).filter(pgh_obj_id=back.bid_id)
    before = log.exclude(pgh_context__in=steps).filter(pgh_id__lt=log.filter(pgh_context__in=steps)[0].pgh_id).last()
    after = log.filter(pgh_context__in=steps).last()
    pairs = [(label, _said(getattr(before, name)), _said(getattr(after, name))) for name, label in FIELDS.items()]
    return [Changed(*pair) for pair in pairs if pair[1] != pair[2]]


def _said(value: Any) -> str:
    return ("Yes" if value else "No") if isinstance(value, bool) else value


def _net(model: Any, back: Return, steps: list[Any], field: str) -> tuple[set[Any], set[Any]]:
    """What came and what went, of the values that a field of the bid's rows has."""
    log = _log(model).filter(bid=back.bid_id)
    old: dict[int, Any] = {}
    for pk, label, value in log.exclude(pgh_context__in=steps).values_list("pgh_obj_id", "pgh_label", field):
        _follow(old, pk, label, value)
    new = dict(old)
    for pk, label, value in log.filter(pgh_context__in=steps).values_list("pgh_obj_id", "pgh_label", field):
        _follow(new, pk, label, value)
    return set(new.values()) - set(old.values()), set(old.values()) - set(new.values())


def _follow(rows: dict[int, Any], pk: int, label: str, value: Any) -> None:
    rows.pop(pk, None)
    if label != "delete":
        rows[pk] = value


def _in_and_out(label: str, moved: tuple[set[str], set[str]]) -> list[Changed]:
    came, went = (", ".join(sorted(names)) for names in moved)
    return [Changed(f"{label} {what}", before, after) for what, before, after in
            (("added", "", came), ("taken out", went, "")) if before or after]  # fmt: skip


def _answers(back: Return, steps: list[Any]) -> list[Changed]:
    log = _log(Answer).filter(bid=back.bid_id)
    touched = set(log.filter(pgh_context__in=steps).values_list("criterion", flat=True))
    old: dict[int, str] = {}
    new: dict[int, str] = {}
    rows = log.filter(criterion__in=touched).values_list("criterion", "pgh_label", "text", "pgh_context")
    for criterion, label, text, context in rows:
        said = "" if label == "delete" else text
        if context not in steps:
            old[criterion] = said
        new[criterion] = said
    titles = dict(Criterion.objects.filter(pk__in=touched).values_list("pk", "title"))
    changed = [Changed(titles[c], old.get(c, ""), new[c]) for c in new if old.get(c, "") != new[c]]
    return sorted(changed)

"""Staff declare an interest in a bid or a consortium, which keeps them from assessing and deciding (domain.md rule 10)."""

from __future__ import annotations

from consortia.models import Consortium
from pathfinders.actions.work import text_of
from pathfinders.models import Bid, StaffInterest
from registry import clock
from registry.authorization import Permission
from registry.casework import step
from registry.errors import Refused, not_allowed, wrong_state
from registry.models import User


def declare_interest(
    *, by: User, bid: Bid | None = None, consortium: Consortium | None = None, text: str
) -> StaffInterest:
    """From now on the user neither assesses nor decides the bid, or a bid that the consortium is in.

    What they did before stays in the record. Raises Refused on `text`, or on `about` unless given exactly one of both.
    """
    about = bid.ref if bid else consortium.ref if consortium else ""
    with step(by=by, action="declare_interest", permission=Permission.SEE_CASEWORK, about=about):
        if (bid is None) is (consortium is None):
            raise Refused("about_one", "Declare an interest in one bid or one consortium.", field="about")
        said = text_of(text, field="text", what="The interest", most=20_000)
        if not said:
            raise Refused("no_text", "Say what your interest is.", field="text")
        return StaffInterest.objects.create(
            user=by, bid=bid, consortium=consortium, text=said, declared_on=clock.today()
        )


def end_interest(*, by: User, interest: StaffInterest) -> StaffInterest:
    """End one's own declaration from today on. Raises Refused: 403 for another's, 409 where it has ended."""
    with step(by=by, action="end_interest", permission=Permission.SEE_CASEWORK):
        locked = StaffInterest.objects.select_for_update().get(pk=interest.pk)
        if locked.user_id != by.pk:
            raise not_allowed("Only the person who declared an interest ends it.")
        if locked.ended_on is not None:
            raise wrong_state("This declaration has ended already.")
        locked.ended_on = clock.today()
        locked.save()
    return locked

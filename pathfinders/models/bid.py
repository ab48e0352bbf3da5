from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pghistory
import pgtrigger
from django.db import models
from django.db.models import F, Q

from pathfinders.models.criteria import NATIONAL, CriteriaSet, Criterion
from pathfinders.models.released import APPROVALS, Outcome, ReleasedDecision
from pathfinders.querysets import BidQuerySet, own_refs
from pathfinders.states import EMBARGOED, OPEN_STATES, SHOWN_LABELS, UNDER_ASSESSMENT, BidState, moves
from registry.authorization import Permission, may, objects_of
from registry.triggers import log_stays, no_removal

S = BidState
SUBMITTED = (*OPEN_STATES, S.RELEASED)
ASSIGNED = (S.ASSESSING, S.RETURNED, S.ASSESSED, S.DECIDED, S.RELEASED)
ASSESSED = (S.ASSESSED, S.DECIDED, S.RELEASED)

MOVES = ", ".join(f"'{a}>{b}'" for a, b in moves())
MOVES_BY_THE_TABLE = f"""
IF NEW.state <> OLD.state AND (OLD.state || '>' || NEW.state) NOT IN ({MOVES}) THEN
    RAISE EXCEPTION 'a bid does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.decision_number <> OLD.decision_number AND NOT EXISTS (
    SELECT 1 FROM pathfinders_decision d WHERE d.bid_id = NEW.id AND d.number = NEW.decision_number
        AND d.outcome = NEW.outcome AND d.wave_id = NEW.wave_id
) THEN
    RAISE EXCEPTION 'bid % has no such decision', NEW.ref USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.ref <> OLD.ref THEN
    RAISE EXCEPTION 'a reference is never changed (%)', OLD.ref USING ERRCODE = 'restrict_violation';
END IF;
IF OLD.state <> 'draft' AND (NEW.as_at, NEW.lead_id, NEW.submitted_on, NEW.criteria_id)
    IS DISTINCT FROM (OLD.as_at, OLD.lead_id, OLD.submitted_on, OLD.criteria_id)
    OR OLD.state NOT IN ('draft', 'returned') AND (NEW.name, NEW.form, NEW.partners)
    IS DISTINCT FROM (OLD.name, OLD.form, OLD.partners) OR NEW.earlier_id IS DISTINCT FROM OLD.earlier_id THEN
    RAISE EXCEPTION 'what bid % says is fixed once it is submitted', OLD.ref USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.released_number < OLD.released_number THEN
    RAISE EXCEPTION 'a released decision of bid % stays released', OLD.ref USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.outcome <> OLD.outcome AND NEW.decision_number = OLD.decision_number THEN
    RAISE EXCEPTION 'the outcome of bid % changes only by a decision', OLD.ref USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.assessor_id IS DISTINCT FROM OLD.assessor_id AND OLD.state NOT IN ('submitted', 'assessing', 'returned') THEN
    RAISE EXCEPTION 'bid % is assigned before its assessment is complete', OLD.ref
        USING ERRCODE = 'restrict_violation';
END IF;
IF NEW.assessor_id IS DISTINCT FROM OLD.assessor_id AND EXISTS (
    SELECT 1 FROM pathfinders_staffinterest i
    WHERE i.user_id = NEW.assessor_id AND i.bid_id = NEW.id AND i.ended_on IS NULL
) THEN
    RAISE EXCEPTION 'bid % is not assessed by somebody with an interest in it', OLD.ref
        USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""
BEGINS_AS_A_DRAFT = """
IF NEW.state <> 'draft' THEN
    RAISE EXCEPTION 'a bid begins as a draft, not as %', NEW.state USING ERRCODE = 'restrict_violation';
END IF;
RETURN NEW;
"""


def _from(states: tuple[BidState, ...], whole: Q, none: Q) -> Q:
    """In these states `whole`; before them `none`; a withdrawn bid keeps what it had."""
    return Q(state__in=states) & whole | (~Q(state__in=[*states, S.WITHDRAWN]) & none) | Q(state=S.WITHDRAWN)


@pghistory.track(meta=log_stays())
class Bid(models.Model):
    """A bid to become a pathfinder: a name, one or several consortia, their practices, an answer per criterion.

    `as_at` is its own date of the world: practices are checked as of it, so that a bid of 2011 can be entered late.
    `version` counts every change; `lead_version` only those that the bidder may read of, so that staff's work moves
    nothing that the bidder, PCT or SHA can see (the embargo). The standing decision is number `decision_number`; the
    newest that was announced is number `released_number`. `earlier`: the bid that this one resubmits. `due_on`: when a
    decision is due by the service's target, moved on by each return (see `pathfinders.service`).
    """

    ref = models.CharField(max_length=20, unique=True, db_collation="C")
    lead = models.ForeignKey("registry.User", models.PROTECT, related_name="bids")
    name = models.CharField(max_length=200, blank=True)
    form = models.CharField(max_length=200, blank=True)
    partners = models.TextField(blank=True)
    earlier = models.ForeignKey("self", models.PROTECT, related_name="later", null=True, blank=True)
    as_at = models.DateField()
    agrees_to_be_named = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=BidState, default=BidState.DRAFT)
    lead_version = models.PositiveIntegerField(default=1)
    criteria = models.ForeignKey(CriteriaSet, models.PROTECT, null=True, blank=True)
    submitted_on = models.DateField(null=True, blank=True)
    # Casework: never shown outside programme staff before release.
    version = models.PositiveIntegerField(default=1)
    assessor = models.ForeignKey("registry.User", models.PROTECT, related_name="assessments", null=True, blank=True)
    recommendation = models.CharField(max_length=30, choices=Outcome, blank=True)
    recommendation_note = models.TextField(blank=True)
    assessed_on = models.DateField(null=True, blank=True)
    wave = models.ForeignKey("pathfinders.Wave", models.PROTECT, related_name="bids", null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    goes_live_on = models.DateField(null=True, blank=True)
    decision_number = models.PositiveSmallIntegerField(default=0)
    released_number = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, choices=Outcome, blank=True)

    objects = BidQuerySet.as_manager()

    class Meta:
        ordering = ["ref"]
        indexes = [models.Index(fields=["state", "wave"], name="bid_queue")]
        constraints = [
            models.CheckConstraint(name="bid_ref_shape", condition=Q(ref__regex=r"^BID-\d{4}-\d{4,}$")),
            models.CheckConstraint(name="bid_state_known", condition=Q(state__in=BidState.values)),
            models.CheckConstraint(
                name="bid_versions", condition=Q(lead_version__gte=1, version__gte=F("lead_version"))
            ),
            models.CheckConstraint(
                name="bid_submitted_is_whole",
                condition=_from(
                    SUBMITTED,
                    ~Q(name="") & Q(submitted_on__isnull=False, criteria__isnull=False),
                    Q(submitted_on=None, criteria=None),
                ),
            ),
            models.CheckConstraint(
                name="bid_submitted_after_its_date",
                condition=Q(submitted_on=None) | Q(submitted_on__gte=F("as_at")),
            ),
            models.CheckConstraint(
                name="bid_assigned_is_whole",
                condition=_from(ASSIGNED, Q(assessor__isnull=False), Q(assessor=None)),
            ),
            models.CheckConstraint(name="bid_assessor_is_not_lead", condition=~Q(assessor=F("lead"))),
            models.CheckConstraint(
                name="bid_assessed_is_whole",
                condition=_from(
                    ASSESSED,
                    Q(recommendation__in=Outcome.values, assessed_on__isnull=False),
                    Q(recommendation="", assessed_on=None),
                ),
            ),
            models.CheckConstraint(
                name="bid_decided_is_whole",
                condition=Q(state=S.WITHDRAWN)
                | Q(state=S.DECIDED, decision_number__gt=F("released_number"), wave__isnull=False)
                | (~Q(state__in=[S.DECIDED, S.WITHDRAWN]) & Q(decision_number=F("released_number"))),
            ),
            models.CheckConstraint(
                name="bid_outcome_is_decided",
                condition=Q(decision_number=0, outcome="") | Q(decision_number__gte=1, outcome__in=Outcome.values),
            ),
            models.CheckConstraint(
                name="bid_released_is_decided",
                condition=~Q(state=S.RELEASED) | Q(released_number__gte=1, wave__isnull=False),
            ),
            models.CheckConstraint(name="bid_is_not_its_own_earlier", condition=~Q(earlier=F("pk"))),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="moves_by_the_table", when=pgtrigger.Before, operation=pgtrigger.Update, func=MOVES_BY_THE_TABLE
            ),
            pgtrigger.Trigger(
                name="begins_as_a_draft", when=pgtrigger.Before, operation=pgtrigger.Insert, func=BEGINS_AS_A_DRAFT
            ),
            *no_removal("bids (withdraw them)"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.name}".strip()

    def belongs_to(self, user: Any) -> bool:
        """Whether the user is its lead, or a deputy of it, or holds such a role for a consortium that was minted for it:
        what `BidQuerySet.own` asks of many."""
        if user.pk == self.lead_id:
            return True
        refs = own_refs(user)
        return self.ref in refs or (bool(refs) and self._known("minted", user, lambda: self._minted_for(refs)))

    def _minted_for(self, refs: set[str]) -> bool:
        return self.consortia.filter(consortium__ref__in=refs).exists()

    def _is_casework_of(self, user: Any) -> bool:
        """Whether the user may read of its casework: staff, but for a bid of their own."""
        return may(user, Permission.SEE_CASEWORK) and not self.belongs_to(user)

    def was_assessed_by(self, user: Any) -> bool:
        """Whether the user recorded any finding on it, be it replaced since or the bid handed over."""
        log = self.findings.model.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
        return self._known("assessed", user, lambda: log.filter(bid=self.pk, by=user.pk).exists())

    def was_replied_to_by(self, user: Any) -> bool:
        """Whether the user replied about it for a PCT or SHA, be the reply replaced since or not."""
        log = self.stages.model.pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
        return self._known("replied", user, lambda: log.filter(bid=self.pk, replied_by=user.pk).exists())

    def was_assigned_to(self, user: Any) -> bool:
        """Whether it was ever the user's to assess."""
        log = type(self).pgh_event_model.objects  # type: ignore[attr-defined]  # made by pghistory
        return log.filter(pgh_obj_id=self.pk, assessor=user.pk).exists()

    def is_of_interest_to(self, user: Any) -> bool:
        """Whether a declaration of interest by the user stands that touches it (domain.md rule 10)."""
        from pathfinders.models.staff_interest import StaffInterest

        return self._known("interest", user, lambda: StaffInterest.objects.of(user, self))

    def _known(self, what: str, user: Any, ask: Callable[[], bool]) -> bool:
        """An answer about a user, asked once for each bid that is read: a page asks it for every action."""
        answers = self.__dict__.setdefault("_answers", {})
        if (what, user.pk) not in answers:
            self.know(what, user, ask())
        return answers[what, user.pk]

    def know(self, what: str, user: Any, answer: bool) -> None:
        """Keep an answer ("minted", "assessed", "replied", "practice", "interest") that was read for many bids at once."""
        self.__dict__.setdefault("_answers", {})[what, user.pk] = answer

    def was_decided_by(self, user: Any) -> bool:
        """Whether the user made any decision on it."""
        return self.decisions.filter(decided_by=user.pk).exists()

    @property
    def was_approved(self) -> bool:
        """Whether its newest announced decision approved it: it is, or was, a pathfinder."""
        if not self.released_number:
            return False
        return self.decisions.filter(number=self.released_number, outcome__in=APPROVALS).exists()

    def pathfinder(self) -> Any:
        """The pathfinder that an announced decision on it made, or None."""
        if not self.released_number:
            return None
        told = ReleasedDecision.objects.current().filter(bid=self.ref, pathfinder__isnull=False)
        found = told.select_related("pathfinder").order_by("-number").first()
        return found.pathfinder if found else None

    def is_in_programme(self) -> bool:
        """Whether its pathfinder stands with no end known: not withdrawn, merged into another or ended."""
        pathfinder = self.pathfinder()
        if pathfinder is None:
            return False
        return pathfinder.particulars.filter(recorded__upper_inf=True, effective__upper_inf=True).exists()

    def review(self) -> Any:
        """The review that was asked of its newest announced decision, or None."""
        from pathfinders.models.review import Review

        return Review.objects.filter(decision__bid=self, decision__number=self.released_number).first()

    def withdrawal(self) -> Any:
        """The wish to leave the programme that waits to be settled, or None."""
        return self.withdrawals.filter(outcome="").first()

    def conditions(self) -> Any:
        """The open conditions of its newest announced decision."""
        from pathfinders.models.condition import Condition

        mine = Condition.objects.filter(decision__bid=self, decision__number=self.released_number)
        return mine.filter(discharged_on=None).order_by("position")

    def later_bid(self) -> Bid | None:
        """The bid that resubmits this one, but for one that was withdrawn."""
        return self.later.exclude(state=S.WITHDRAWN).first()

    def is_in_region_of(self, user: Any) -> bool:
        """Whether it names a practice of the user's PCT or SHA."""
        return type(self).objects.filter(pk=self.pk).in_region(user).exists()

    def names_practice_of(self, user: Any) -> bool:
        """Whether it names a practice that the user manages."""
        codes = objects_of(user, "practice_manager")
        ask = self.practices.filter(practice__code__in=codes).exists
        return bool(codes) and self._known("practice", user, ask)

    def shown_state(self, user: Any) -> str:
        """The state as this user may know it: from submission to release "under_assessment" but for staff.

        Staff who lead the bid, or are a deputy of it, see it as its lead does.
        """
        hidden = self.state in EMBARGOED or (self.state == S.RETURNED and not self.belongs_to(user))
        if hidden and not self._is_casework_of(user):
            return UNDER_ASSESSMENT
        return self.state

    def shown_label(self, user: Any) -> str:
        """`shown_state` in words."""
        if self._is_casework_of(user):
            return BidState(self.state).label
        return SHOWN_LABELS[self.shown_state(user)]

    def locked(self) -> tuple[date, CriteriaSet]:
        """The day of its submission and the criteria that it answers. Only a submitted bid has them."""
        if self.submitted_on is None or self.criteria is None:
            raise ValueError(f"{self.ref} has not been submitted")
        return self.submitted_on, self.criteria

    def locked_criteria(self) -> models.QuerySet[Criterion]:
        """The national criteria that a submitted bid answers, in order."""
        return Criterion.objects.filter(set=self.criteria_id).order_by("position")

    def criteria_in_force(self) -> CriteriaSet | None:
        """The national set that this bid answers: the locked one, or for a draft that of its date; None before the
        first."""
        return self.criteria or CriteriaSet.objects.in_force(self.as_at)

    def sets_in_force(self) -> list[CriteriaSet]:
        """All sets that this bid answers (domain.md rule 13): the national one, then those of the SHAs of its practices
        in order of their codes.

        Those of a submitted bid are locked: newer ones change nothing. Only in a bid that its lead may edit can there
        be an SHA that was not asked yet, whose set is the one published by the bid's date.
        """
        stages = self.stages.filter(kind="sha").select_related("criteria", "body") if self.submitted_on else []
        sets = {stage.body.code: stage.criteria for stage in stages}
        published = {}
        if self.submitted_on is None or self.state == S.RETURNED:
            published = CriteriaSet.objects.all_in_force(self.as_at)
            sets |= self._of_new_regions({k: v for k, v in published.items() if k != NATIONAL and k not in sets})
        national = self.criteria or published.get(NATIONAL)
        local = [sets[code] for code in sorted(sets)]
        return [criteria for criteria in (national, *local) if criteria is not None]

    def _of_new_regions(self, local: dict[str, CriteriaSet]) -> dict[str, CriteriaSet]:
        """Of these sets by SHA, those of the SHAs of its practices; where there is none the practices are not read."""
        from pathfinders.regions import bodies_of

        here = {b.sha_code for b in bodies_of([self.pk]).get(self.pk, [])} if local else set()
        return {code: criteria for code, criteria in local.items() if code in here}

    def asked(self, sets: list[CriteriaSet] | None = None) -> list[Criterion]:
        """Every criterion that this bid answers, set by set. `sets`: its `sets_in_force`, where they are known."""
        sets = self.sets_in_force() if sets is None else sets
        known = {criteria.pk: (n, criteria) for n, criteria in enumerate(sets)}
        found = list(Criterion.objects.filter(set__in=known).order_by("position"))
        for criterion in found:
            criterion.set = known[criterion.set_id][1]
        return sorted(found, key=lambda c: (known[c.set_id][0], c.position))

"""Every write of the programme: keyword-only functions named by a verb, taking the acting user."""

from pathfinders.actions.announcing import Claim, correct_claim, record_claims
from pathfinders.actions.assessment import (
    assign_bid,
    complete_assessment,
    put_in_wave,
    record_finding,
    record_findings,
    reopen_assessment,
)
from pathfinders.actions.claims import check_practices, set_practices
from pathfinders.actions.decision import decide_bid
from pathfinders.actions.drafting import answer_criteria, answer_criterion, draft_bid, edit_bid, set_consortia
from pathfinders.actions.merging import merge_pathfinders
from pathfinders.actions.submission import submit_bid, withdraw_bid
from pathfinders.actions.waves import date_wave, open_wave, release_wave
from pathfinders.plan import ReleasePlan, plan_release

__all__ = [
    "Claim",
    "ReleasePlan",
    "answer_criteria",
    "answer_criterion",
    "assign_bid",
    "check_practices",
    "complete_assessment",
    "correct_claim",
    "date_wave",
    "decide_bid",
    "draft_bid",
    "edit_bid",
    "open_wave",
    "merge_pathfinders",
    "plan_release",
    "put_in_wave",
    "record_claims",
    "record_finding",
    "record_findings",
    "release_wave",
    "reopen_assessment",
    "set_consortia",
    "set_practices",
    "submit_bid",
    "withdraw_bid",
]

"""Every write of the programme: keyword-only functions named by a verb, taking the acting user."""

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
from pathfinders.actions.returning import answer_return, return_bid
from pathfinders.actions.stages import give_opinion
from pathfinders.actions.submission import submit_bid, withdraw_bid
from pathfinders.actions.vocabulary import add_reason, end_reason, publish_criteria, save_template
from pathfinders.actions.waves import date_wave, open_wave, release_wave
from pathfinders.plan import ReleasePlan, plan_release

__all__ = [
    "ReleasePlan",
    "add_reason",
    "answer_criteria",
    "answer_criterion",
    "answer_return",
    "assign_bid",
    "check_practices",
    "complete_assessment",
    "date_wave",
    "decide_bid",
    "draft_bid",
    "edit_bid",
    "give_opinion",
    "end_reason",
    "open_wave",
    "merge_pathfinders",
    "plan_release",
    "publish_criteria",
    "put_in_wave",
    "record_finding",
    "record_findings",
    "release_wave",
    "reopen_assessment",
    "return_bid",
    "save_template",
    "set_consortia",
    "set_practices",
    "submit_bid",
    "withdraw_bid",
]

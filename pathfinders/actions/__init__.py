"""Every write of the programme: keyword-only functions named by a verb, taking the acting user."""

from pathfinders.actions.assessment import (
    assign_bid,
    complete_assessment,
    put_in_wave,
    record_finding,
    record_findings,
    reopen_assessment,
)
from pathfinders.actions.attaching import attach, remove_attachment
from pathfinders.actions.claims import answer_claim, check_practices, set_practices
from pathfinders.actions.decision import decide_bid
from pathfinders.actions.drafting import answer_criteria, answer_criterion, draft_bid, edit_bid, set_consortia
from pathfinders.actions.leading import erase_leader, set_leaders
from pathfinders.actions.merging import merge_pathfinders
from pathfinders.actions.submission import submit_bid, withdraw_bid
from pathfinders.actions.waves import date_wave, open_wave, release_wave
from pathfinders.plan import ReleasePlan, plan_release

__all__ = [
    "ReleasePlan",
    "answer_claim",
    "answer_criteria",
    "answer_criterion",
    "assign_bid",
    "attach",
    "check_practices",
    "complete_assessment",
    "date_wave",
    "decide_bid",
    "draft_bid",
    "edit_bid",
    "erase_leader",
    "open_wave",
    "merge_pathfinders",
    "plan_release",
    "put_in_wave",
    "record_finding",
    "record_findings",
    "release_wave",
    "remove_attachment",
    "reopen_assessment",
    "set_consortia",
    "set_leaders",
    "set_practices",
    "submit_bid",
    "withdraw_bid",
]

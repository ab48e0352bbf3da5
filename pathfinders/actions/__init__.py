"""Every write of the programme: keyword-only functions named by a verb, taking the acting user."""

from pathfinders.actions.announcement import announce_wave
from pathfinders.actions.announcing import Claim, correct_claim, record_claims
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
from pathfinders.actions.conditions import answer_condition, discharge_condition
from pathfinders.actions.decide_list import decide_list
from pathfinders.actions.decision import decide_bid
from pathfinders.actions.drafting import answer_criteria, answer_criterion, draft_bid, edit_bid, set_consortia
from pathfinders.actions.embargo import record_embargo_views
from pathfinders.actions.interests import declare_interest, end_interest
from pathfinders.actions.leading import erase_leader, set_leaders
from pathfinders.actions.leaving import ask_to_withdraw, settle_withdrawal
from pathfinders.actions.merging import merge_consortia, merge_pathfinders
from pathfinders.actions.particulars import rename_consortium, rename_pathfinder, set_going_live
from pathfinders.actions.practice_mergers import merge_practices
from pathfinders.actions.regions import correct_region
from pathfinders.actions.resubmission import resubmit
from pathfinders.actions.returning import answer_return, return_bid
from pathfinders.actions.reviews import request_review, reverse_decision, settle_review, take_up_again
from pathfinders.actions.scenario import copy_scenario, delete_scenario, save_scenario
from pathfinders.actions.splitting import split_consortium, split_pathfinder
from pathfinders.actions.stages import give_opinion
from pathfinders.actions.submission import submit_bid, withdraw_bid
from pathfinders.actions.vocabulary import add_reason, end_reason, publish_criteria, save_template
from pathfinders.actions.wave_days import publish_dates
from pathfinders.actions.wave_life import (
    close_wave,
    complete_wave,
    confirm_wave,
    date_wave,
    forecast_wave,
    freeze_wave,
    hold_wave,
    lift_hold,
    open_forecast,
    read_letters,
    reconsider_wave,
    reopen_wave,
    schedule_release,
    set_going_live_months,
    thaw_wave,
)
from pathfinders.actions.waves import open_wave, release_wave
from pathfinders.plan import ReleasePlan, plan_release

__all__ = [
    "Claim",
    "ReleasePlan",
    "add_reason",
    "announce_wave",
    "answer_claim",
    "answer_condition",
    "answer_criteria",
    "answer_criterion",
    "answer_return",
    "ask_to_withdraw",
    "assign_bid",
    "attach",
    "check_practices",
    "close_wave",
    "complete_assessment",
    "complete_wave",
    "confirm_wave",
    "copy_scenario",
    "correct_claim",
    "correct_region",
    "date_wave",
    "decide_bid",
    "decide_list",
    "declare_interest",
    "delete_scenario",
    "discharge_condition",
    "draft_bid",
    "edit_bid",
    "end_interest",
    "end_reason",
    "erase_leader",
    "forecast_wave",
    "freeze_wave",
    "give_opinion",
    "hold_wave",
    "lift_hold",
    "merge_consortia",
    "merge_pathfinders",
    "merge_practices",
    "open_forecast",
    "open_wave",
    "plan_release",
    "publish_criteria",
    "publish_dates",
    "put_in_wave",
    "read_letters",
    "reconsider_wave",
    "record_claims",
    "record_embargo_views",
    "record_finding",
    "record_findings",
    "release_wave",
    "remove_attachment",
    "rename_consortium",
    "rename_pathfinder",
    "reopen_assessment",
    "reopen_wave",
    "request_review",
    "resubmit",
    "return_bid",
    "reverse_decision",
    "save_scenario",
    "save_template",
    "schedule_release",
    "set_consortia",
    "set_going_live",
    "set_going_live_months",
    "set_leaders",
    "set_practices",
    "settle_review",
    "settle_withdrawal",
    "split_consortium",
    "split_pathfinder",
    "submit_bid",
    "take_up_again",
    "thaw_wave",
    "withdraw_bid",
]

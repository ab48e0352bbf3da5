from transitions.actions.allocating import allocate, take_step
from transitions.actions.allowances import set_allowance, set_weighted
from transitions.actions.budget_sums import newest_budget_entry
from transitions.actions.budgets import set_budget_line
from transitions.actions.closing import close_trusts, preview_close, undo_close
from transitions.actions.cluster_undoing import undo_cluster
from transitions.actions.clusters import end_cluster, leave_cluster, place_in_cluster, set_cluster
from transitions.actions.delegating import Delegated, delegate, end_delegation
from transitions.actions.documents import attach_document, document, withdraw_document
from transitions.actions.ending import close_body
from transitions.actions.evidence import Source, correct_evidence, evidence_of
from transitions.actions.import_answers import import_answers
from transitions.actions.load_transitions import load_clusters, load_milestones, load_transitions, tellings
from transitions.actions.local_bodies import end_local_body, set_local_body
from transitions.actions.local_body_undoing import undo_local_body
from transitions.actions.milestones import set_milestone
from transitions.actions.plans import drop_plan, plan_stage
from transitions.actions.stages import clear_stage, set_stage
from transitions.actions.succession import record_succession
from transitions.actions.survey_answers import answer_survey, clear_answer
from transitions.actions.surveys import change_survey, record_survey, report_counts
from transitions.actions.undoing import undo_stage
from transitions.actions.words import add_word, end_word

__all__ = [
    "end_cluster",
    "undo_cluster",
    "undo_local_body",
    "record_succession",
    "close_body",
    "undo_close",
    "preview_close",
    "close_trusts",
    "Delegated",
    "Source",
    "add_word",
    "allocate",
    "answer_survey",
    "attach_document",
    "change_survey",
    "clear_answer",
    "clear_stage",
    "correct_evidence",
    "delegate",
    "document",
    "drop_plan",
    "end_delegation",
    "end_local_body",
    "end_word",
    "evidence_of",
    "import_answers",
    "leave_cluster",
    "load_clusters",
    "load_milestones",
    "load_transitions",
    "newest_budget_entry",
    "place_in_cluster",
    "plan_stage",
    "record_survey",
    "report_counts",
    "set_allowance",
    "set_budget_line",
    "set_cluster",
    "set_local_body",
    "set_milestone",
    "set_stage",
    "set_weighted",
    "take_step",
    "tellings",
    "undo_stage",
    "withdraw_document",
]

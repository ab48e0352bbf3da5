from transitions.actions.allocating import allocate, take_step
from transitions.actions.evidence import Source, evidence_of
from transitions.actions.milestones import set_milestone
from transitions.actions.plans import drop_plan, plan_stage
from transitions.actions.stages import clear_stage, set_stage, undo_stage
from transitions.actions.words import add_word, end_word

__all__ = [
    "Source",
    "add_word",
    "allocate",
    "clear_stage",
    "drop_plan",
    "end_word",
    "evidence_of",
    "plan_stage",
    "set_milestone",
    "set_stage",
    "take_step",
    "undo_stage",
]

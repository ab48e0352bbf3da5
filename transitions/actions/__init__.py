from transitions.actions.allocating import allocate, take_step
from transitions.actions.evidence import Source, evidence_of
from transitions.actions.milestones import set_milestone

__all__ = ["Source", "allocate", "evidence_of", "set_milestone", "take_step"]

from transitions.actions.allocating import allocate, take_step
from transitions.actions.milestones import set_milestone

__all__ = ["allocate", "set_milestone", "take_step"]

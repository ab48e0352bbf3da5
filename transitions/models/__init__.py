from transitions.models.milestone import Milestone

__all__ = ["Milestone"]

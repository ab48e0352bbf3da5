"""Public pages of the transition: a module and a section for each subject."""

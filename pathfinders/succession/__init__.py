"""Mergers, splits and changes of name: drawn once, for the preview and for the entry alike (domain.md rules 12 to 16).

`draft` holds what every such change is made of; `consortia` and `pathfinders` draw each of them; `plan` is what a person
sees and confirms; `people` are the roles and letters of those concerned.
"""

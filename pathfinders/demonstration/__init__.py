"""The demonstration England (issue: the demonstration; domain.md section 6): a register to try everything on.

`story.build()` tells it by the register's ordinary actions, on story time. The England is worked out first, as pure
values, from two small files in `data/`: `areas` and `surgeries` (who exists), `groups` (who joins, in which wave).
Practices are made up; their codes begin with Z, as no real one does. Chance is drawn from a `Random` of a fixed seed
for each purpose, so that two builds give the same journal to the byte.
"""

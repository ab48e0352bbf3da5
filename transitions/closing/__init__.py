"""The national close: every trust and authority ends on one day, and each practice has its group (domain.md 14, 16, 17).

`reading` asks the register, `rows` are what a person sees, `draw` writes them over an entry, open or sketched, and
`plan` is the whole of it with its hash: what was previewed is what is written.
"""

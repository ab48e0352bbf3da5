"""The public pages: one module a subject. `base` holds what all of them share, `history` what records share."""

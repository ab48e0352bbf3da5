"""Mergers, splits, names and going live: choose, fill in, look at what would happen, confirm with a reason."""

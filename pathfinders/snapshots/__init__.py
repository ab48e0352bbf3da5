"""Snapshots: sets of files of the register at a moment, made as the public, kept under their hashes, never changed."""

"""A lead's pages of one consortium's membership: one member, its changes, transfers, incoming work."""

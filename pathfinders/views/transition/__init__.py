"""Pages on which a trust keeps its own hand-over, and programme staff any trust’s."""

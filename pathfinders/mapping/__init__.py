"""The map of the primary care trusts as SVG made here: hexagons of equal area, or the outlines that were loaded.

`draw` makes the part of a page, `standalone` a picture to be cited; what each place shows is given to them in cells.
"""

from pathfinders.mapping.classes import ENDED, SLOTS, UNKNOWN, Cell, Klass, Layer, spread
from pathfinders.mapping.drawing import draw
from pathfinders.mapping.outlines import outlines_loaded
from pathfinders.mapping.standalone import Stamp, standalone

__all__ = [
    "ENDED",
    "SLOTS",
    "UNKNOWN",
    "Cell",
    "Klass",
    "Layer",
    "Stamp",
    "draw",
    "outlines_loaded",
    "spread",
    "standalone",
]

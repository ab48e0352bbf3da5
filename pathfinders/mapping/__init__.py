"""The map of the primary care trusts as SVG made here: hexagons of equal area, or the outlines that were loaded.

"""

from pathfinders.mapping.classes import SLOTS, UNKNOWN, Cell, Klass, Layer, spread


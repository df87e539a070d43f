"""Charts: a table and an Axes in, the Axes out; and small pictures for cells of a table.

`pictures` needs no matplotlib and is open here; the others are imported where something is drawn.
"""

from pgi_analysis.charts.pictures import Picture, dots, fan_picture, gap_picture

__all__ = [
    "Picture",
    "dots",
    "fan_picture",
    "gap_picture",
]

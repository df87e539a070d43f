"""Charts: a table and an Axes in, the Axes out; and small pictures for the cells of a table.

`pictures` needs no matplotlib and is open here. `rows` and `fans` draw with it, in the `style` that
all share; they are imported where something is drawn.
"""

from pgi_analysis.charts.pictures import (
    BANDS,
    FAN,
    Fan,
    Picture,
    fan_picture,
    gap_picture,
    small_fan,
)

__all__ = ["BANDS", "FAN", "Fan", "Picture", "fan_picture", "gap_picture", "small_fan"]

"""Several targets of an area together."""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import Joint
from pgi_analysis.text import tables
from pgi_analysis.voice import Voice

NAME = "joint"


def answer(found: Joint, voice: Voice) -> list[str]:
    """Head the table."""
    return [voice.say("lab.joint")]


def table(found: Joint, voice: Voice) -> pd.DataFrame:
    """Write how many targets of an area are met together."""
    several = len(set(found["area"])) > 1
    return tables.frame(
        (
            {
                **({"area": row.area} if several else {}),
                "target_period": voice.whole(row.target_period),
                "n_targets": voice.whole(row.n_targets),
                "p_all": voice.chance(row.p_all),
                "p_none": voice.chance(row.p_none),
                "expected": voice.decimal(row.expected),
            }
            for row in found.table.itertuples()
        ),
        voice,
    )

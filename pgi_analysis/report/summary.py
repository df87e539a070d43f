"""What a report's manifest keeps of its targets, for the overview of all reports.

Small, and enough to draw them again: what the report says of each, as text and as number, and the
scores, median and interval of its fan chart.
"""

from __future__ import annotations

import pandas as pd

from pgi_analysis.results import DECIDED, PENDING, Projection, gap, project, ranks
from pgi_analysis.text import report
from pgi_analysis.voice import Voice

#: low end, median and high end that small fans show
SHOWN = (0.1, 0.5, 0.9)

Entry = dict[str, object]


def summary(voice: Voice) -> Entry:
    """Tell whose report it is, and of each target what its opening page tells, ranks last.

    ``told`` is what the page says, ``chance`` the probability alone, as text, and ``p`` as the
    number that is written; without it where the target is decided or not projected. ``place`` is
    the row on the page. ``nouns`` are what ``index.toml`` calls areas and groups.
    """
    ds = voice.ds
    plan = ds.require_plan()
    projected = project(ds)
    told = report.rows(gap(ds), projected, ranks(ds), voice)
    return {
        "area": voice.bare(plan.area),
        "plan": plan.text("title", voice.language),
        "index": voice.index,
        "nouns": {what: ds.about[what] for what in ("area", "group") if what in ds.about},
        "targets": [_target(row, cells, projected, voice) for row, cells in told],
    }


def _target(row, cells: Entry, projected: Projection, voice: Voice) -> Entry:
    on_rank = report.on_rank(row)
    own = voice.on(row)
    open_ = row.state in PENDING if on_rank else row.state not in DECIDED and pd.notna(row.p_met)
    return {
        "indicator": f"rank {row.indicator}" if on_rank else row.indicator,
        "name": cells["indicator"],
        "group": voice.ds.groups(voice.language).get(row.indicator, ""),
        "year": voice.whole(row.target_period),
        "when": voice.nouns["when"],
        "state": row.state,
        "stated": bool(on_rank or row.stated),
        "p": round(own.shown(row.p_met), 6) if open_ else None,
        "chance": own.chance(row.p_met, short=True) if open_ else "",
        "told": cells["told"],
        "value": cells["value_of"],
        "target": cells["target"],
        "unit": "" if on_rank else own.unit,
        "digits": own.digits,
        "place": report.place(row),
        "fan": None if on_rank else _fan(row.Index, projected),
    }


def _fan(index: object, projected: Projection) -> Entry | None:
    """Return what a target's small fan draws; nothing where there is no score of the area."""
    drawn = projected.fan(index)
    if drawn.history.empty:
        return None
    return {
        "scores": [[int(period), round(float(one), 6)] for period, one in drawn.history.items()],
        "ahead": [
            [int(period), *(round(float(ends[level]), 6) for level in SHOWN)]
            for period, ends in drawn.quantiles.iterrows()
        ],
        "goals": [float(goal) for goal in drawn.goals],
        "until": int(drawn.target_period),
    }

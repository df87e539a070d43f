"""What a newly formed area came from: the last scores of its parts, side by side.

They are no score of the area: a new survey on the whole of it is no mean of older ones on its
parts. So they stand beside it for the reader, and enter no fit, trend, gap or verdict; as a band
they tell a forecast a little of where the area was, see `panel.band`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from pgi_analysis.data import Dataset, checked
from pgi_analysis.kept import of_dataset
from pgi_analysis.results.base import Result
from pgi_analysis.results.trends import indicators_of

COLUMNS = "indicator area period value weight".split()
BANDS = "indicator period lowest highest centre n_known n_areas".split()


@dataclass(frozen=True, eq=False)
class Predecessors(Result):
    """The parts of a newly formed area, see `predecessors`.

    Attributes
    ----------
    bands : DataFrame
        A row an indicator: ``indicator, period, lowest, highest`` of the scores known, ``centre``,
        ``n_known`` of ``n_areas`` parts.
    """

    bands: pd.DataFrame
    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Predecessors({self.table['area'].nunique()} areas)"


@checked
@of_dataset
def predecessors(ds: Dataset) -> Predecessors:
    """Put the last scores of what the plan's area was formed from side by side.

    Parameters
    ----------
    ds : Dataset
        With a plan.

    Returns
    -------
    Predecessors
        Its table has a row an indicator and part, from the lowest to the highest: ``indicator,
        area, period, value`` (of the last edition that any part has, missing where that part is not
        known) and ``weight`` (from ``areas.csv``). It is empty for an area that was not formed from
        others, and for indicators whose publisher went back to before its time itself.
        ``centre`` of a band is ``Σ weight · value / Σ weight``, missing unless every part's score
        and weight are known.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> pgi.predecessors(pgi.load("data", plan="lang-son-transport-2024"))
    Predecessors(0 areas)
    """
    area = ds.require_plan().area
    parts, start = ds.descent.parts(area), ds.descent.life(area)[0]
    scores = ds.official()
    own = scores[scores["area"] == area]
    before = [period for period in ds.releases["period"] if ds.map_day(period) < start]
    weights = ds.areas.set_index("area")["weight"]
    tables, bands = [], []
    for indicator in indicators_of(ds) if parts else ():
        known = scores[(scores["indicator"] == indicator) & scores["area"].isin(parts)]
        known = known[known["period"].isin(before)]
        period = known["period"].max()
        if known.empty or (own["period"][own["indicator"] == indicator] <= period).any():
            continue
        last = known[known["period"] == period].set_index("area")["value"].reindex(parts)
        rows = pd.DataFrame({"area": parts, "value": last.to_numpy(float)})
        rows = rows.assign(indicator=indicator, period=period, weight=weights.reindex(parts).values)
        tables.append(rows.sort_values("value", kind="stable"))
        whole = bool(rows[["value", "weight"]].notna().all(axis=None))
        centre = np.average(rows["value"], weights=rows["weight"]) if whole else np.nan
        band = (indicator, period, last.min(), last.max(), centre, last.notna().sum(), len(parts))
        bands.append(band)
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=COLUMNS)
    ranges = pd.DataFrame(bands, columns=BANDS)
    return Predecessors(*map(ds.calendar.write, (table[COLUMNS], ranges)), ds)

"""What the plan above asks for: the targets of the plan that this one carries out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from pgi_analysis.data import Dataset, checked
from pgi_analysis.kept import of_dataset
from pgi_analysis.results.base import Result
from pgi_analysis.results.gaps import Gap, gap
from pgi_analysis.results.projecting import project
from pgi_analysis.results.projection import Projection
from pgi_analysis.results.rank_targets import Ranks, ranks

COLUMNS = (
    "area indicator measure baseline_period target target_upper target_period change change_upper "
    "relative period n_areas state p_met prior_only"
).split()


@dataclass(frozen=True, eq=False)
class Parent(Result):
    """The targets of the plan above, see `parent`.

    ``gap``, ``projection`` and ``ranks`` are those that its targets would have as a plan's own.
    """

    gap: Gap
    projection: Projection
    ranks: Ranks
    ds: Dataset = field(repr=False)

    def __repr__(self) -> str:
        return f"Parent({len(self.table)} targets of the plan above)"


@checked
@of_dataset
def parent(ds: Dataset) -> Parent:
    """Hold what is known against the targets of the plan that this plan carries out.

    They stand in ``plan.toml`` under ``[[parent_targets]]``. A sum of parts that no plan states is
    none of them.

    Returns
    -------
    Parent
        Its table has one row a target: ``area, indicator, measure`` (``score`` or ``rank``), and
        ``baseline_period, target, target_upper, target_period, change, change_upper, relative,
        period, n_areas, state, p_met, prior_only`` as in `gap`, `project` and `ranks`.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> found = pgi.parent(pgi.load("data", plan="lang-son-transport-2024").at("2025Q2"))
    >>> found[["measure", "target", "target_period", "state"]].to_numpy().tolist()
    [['rank', 30.0, 2024, 'missed']]
    """
    above = ds.of_parent()
    scores, places = project(above), ranks(above)
    gaps = gap(above)
    made = gaps.table.assign(
        measure="score", p_met=scores.table["p_met"], prior_only=scores.table["prior_only"]
    )
    rows = [made[made["stated"]], places.table.assign(measure="rank")]
    table = pd.concat(
        [one.reindex(columns=COLUMNS).astype(_TYPES) for one in rows if len(one)]
        or [pd.DataFrame(columns=COLUMNS)]
    )
    return Parent(table.reset_index(drop=True), gaps, scores, places, ds)


_TYPES = dict.fromkeys(("target", "target_upper", "change", "change_upper", "p_met"), float)
_TYPES |= dict.fromkeys(("baseline_period", "period", "n_areas"), "Int64")
_TYPES |= dict.fromkeys(("relative", "prior_only"), "boolean")

"""How an indicator has moved: at what pace, and how much of it all areas moved together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pgi_analysis.data import (
    FAMILIES,
    Dataset,
    Directions,
    calendar_of,
    checked,
    difference,
    directions,
    names,
    plain,
    with_composites,
)
from pgi_analysis.faults import Fault, did_you_mean, refuse
from pgi_analysis.kept import of_dataset
from pgi_analysis.panel import family_named
from pgi_analysis.results import background
from pgi_analysis.results.base import Result
from pgi_analysis.results.forecasting import with_those_not_shown
from pgi_analysis.voice import Voice

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: areas listed in a message
AREAS_LISTED = 12
#: a slope has an interval from three points on
MIN_FOR_INTERVAL = 3


@dataclass(frozen=True, eq=False)
class Trend(Result):
    """The trend of one area's indicators, beside that of the others.

    Attributes
    ----------
    table : DataFrame
        One row an ``indicator`` of the ``area``: ``first_period``, ``last_period``, ``value`` (the
        last), ``n_obs``, ``pace`` (change a period: the least-squares slope) with ``pace_lower``,
        ``pace_upper`` at ``level`` (NaN below three points), ``common_move`` and ``own_move``
        between the last two editions in which the area has figures, ``n_areas`` (areas with figures
        in both), ``place`` among the ``n_known`` areas with a figure in ``last_period`` (1 is best;
        NA where nobody said which way is better).
    moves : DataFrame
        One row an ``indicator`` and pair of editions: ``from_period``, ``to_period``, ``change``,
        ``common_move`` with ``common_lower``, ``common_upper`` at ``level`` (Student's, of the mean
        of the areas; NaN below three), ``own_move``, ``n_areas``, and ``n_estimated``, those of
        them whose score one of the editions does not show, since it shows the best areas only.
    standing : DataFrame
        One row an ``indicator`` and ``area`` with a figure in the last period of the area looked
        at: ``value``, ``own`` (whether it is that area).
    level : float
    area : str
    directions : mapping from an indicator to 1 or −1
        Of those of which it is known.
    notices : tuple of Fault
        What in the data was accepted, but may be wrong.
    """

    moves: pd.DataFrame
    standing: pd.DataFrame
    level: float
    area: str
    ds: Dataset | None = field(default=None, repr=False)
    directions: Mapping[str, int] = field(default_factory=dict, repr=False)
    notices: tuple[Fault, ...] = field(default=(), repr=False)

    def __repr__(self) -> str:
        return f"Trend({self.area}, {len(self.table)} indicators)"

    def _draw(self, voice: Voice, ax: Axes | None) -> Axes:
        from pgi_analysis.charts import rows

        if self.moves.empty:
            return rows.standing(self.table, self.standing, self.area, voice, ax)
        return rows.moves(self.moves.drop_duplicates("indicator", keep="last"), voice, ax)

    @checked
    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the moves, common beside own; without any, the standing."""
        return self._plot(ax)

    def _figures(self) -> dict[str, pd.Series]:
        return dict(iter(self.standing.groupby("indicator")["value"]))

    def _directions(self) -> Mapping[str, int]:
        return self.directions


@checked
@of_dataset
def trend(
    data: Dataset | pd.DataFrame,
    *,
    area: str | None = None,
    direction: Directions | None = None,
    level: float = 0.8,
    cutoffs: Mapping[tuple[str, object], float] | None = None,
) -> Trend:
    """Tell the pace of each indicator of an area, and the common move from the area's own.

    ``change_t = y_t − y_s`` for two successive editions; ``common_move`` is its mean over all areas
    with figures in both, the area itself included; ``own_move = change − common_move``. The pace is
    the least-squares slope over all comparable editions, its interval Student's with n − 2 degrees
    of freedom (as ``scipy.stats.linregress``). Editions on the two sides of a series break are
    never compared. Where an edition shows the best areas only, the scores of all others are drawn
    below the last one shown, given the model of `panel.selective`; the common move is the mean over
    draws, its variance that within them and between them (Rubin 1987).

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan (its area and indicators, comparable editions only), or a panel with
        the columns area, indicator, period, value.
    area : str, optional
        The area to look at; needed for a panel of several.
    direction : {1, -1} or mapping from an indicator to it, optional
        Of a panel: whether higher or lower is better. Only the place depends on it, so that it may
        be left out: then there is no place. A dataset has its own.
    level : float
        Of the interval, in (0, 1).
    cutoffs : mapping from (indicator, period) to points, optional
        Of a panel: editions that show the best areas only, as in `project`; the indicator needs a
        direction. A dataset has them in ``national.csv``.

    Raises
    ------
    InputError
        A faulty panel, an unknown area, cutoffs without a direction, or a level outside (0, 1).

    Examples
    --------
    >>> panel = pd.DataFrame({
    ...     "area": ["A", "A", "B", "B"], "indicator": "x",
    ...     "period": [2023, 2024] * 2, "value": [4.0, 5.0, 6.0, 6.4]})
    >>> found = trend(panel, area="A").table.iloc[0]
    >>> [round(float(found[c]), 2) for c in ("pace", "common_move", "own_move")]
    [1.0, 0.7, 0.3]
    """
    if isinstance(data, Dataset):
        plan = data.require_plan()
        if area is not None:
            raise refuse("area_unused")
        area = plan.area
        panel = data.panel()
        panel = panel[panel["status"] != "interim"]  # a self-assessment shows no trend
        wanted = indicators_of(data)
        best, notices = data.indicators.set_index("indicator")["direction"], data.notices
        if direction is not None:
            raise refuse("direction.unused")
        if cutoffs is not None:
            raise refuse("cutoffs.unused")
    else:
        panel, renamed = plain.panel(data)
        notices = (*renamed, *plain.panel_notices(panel))
        wanted = list(dict.fromkeys(panel["indicator"][panel["value"].notna()]))
        best = directions.by_indicator(direction, panel["indicator"])
        scored = panel["area"][panel["value"].notna()].unique()
        if area is None and len(scored) != 1:
            more = " …" * (len(scored) > AREAS_LISTED)
            raise refuse("area_needed", known=", ".join(scored[:AREAS_LISTED]) + more)
        area = scored[0] if area is None else names.spelt(area, panel["area"].unique())
        if area not in (known := set(scored)):
            raise refuse("area_not_in_panel", got=area, hint=did_you_mean(str(area), known))
    calendar = data.calendar if isinstance(data, Dataset) else calendar_of(panel)
    panel = calendar.count(panel)
    if isinstance(data, Dataset):
        beyond = background.of_dataset(data)
    else:
        beyond = background.of_panel(panel, _directed(best, cutoffs), cutoffs, calendar)
        panel = panel.dropna(subset=["value"])
    family = family_named(data.family if isinstance(data, Dataset) else FAMILIES[0])
    rows, moves, standing = [], [], []
    for indicator in wanted:
        wide = _wide(panel, indicator)
        own = wide.loc[area].dropna() if area in wide.index else pd.Series(dtype=float)
        pairs = _moves(wide, with_those_not_shown(wide, indicator, family, beyond), own, level)
        pairs = [{"indicator": indicator} | pair for pair in pairs]
        moves += pairs
        row = {"area": area, "indicator": indicator, "n_obs": len(own)}
        if len(own):
            known = wide[own.index[-1]].dropna()
            row |= _pace(own, level)
            row |= {
                "first_period": own.index[0],
                "last_period": own.index[-1],
                "value": own.iloc[-1],
                "place": _place(known, str(area), best[indicator]),
                "n_known": len(known),
            }
            standing += [
                {"indicator": indicator, "area": name, "value": value, "own": name == area}
                for name, value in known.sort_values(ascending=False).items()
            ]
        if pairs:
            row |= {name: pairs[-1][name] for name in ("common_move", "own_move", "n_areas")}
        rows.append(row)
    table = pd.DataFrame(rows).reindex(columns=_TABLE).astype(_COUNTS)
    moved = pd.DataFrame(moves, columns=_MOVES)
    return Trend(
        calendar.write(table),
        calendar.write(moved),
        pd.DataFrame(standing, columns=["indicator", "area", "value", "own"]),
        level,
        str(area),
        data if isinstance(data, Dataset) else None,
        best.dropna().astype(int).to_dict(),
        notices,
    )


_TABLE = (
    "area indicator first_period last_period value n_obs pace pace_lower pace_upper common_move "
    "own_move n_areas place n_known"
).split()
_COUNTS = dict.fromkeys("first_period last_period n_obs n_areas place n_known".split(), "Int64")
_MOVES = (
    "indicator from_period to_period change common_move common_lower common_upper own_move n_areas "
    "n_estimated"
).split()


def indicators_of(ds: Dataset) -> list[str]:
    """List the indicators of a plan, and the composites they add up to, in the plan's order."""
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators)
    return list(dict.fromkeys([*targets["indicator"], *plan.rank_targets["indicator"]]))


def _place(known: pd.Series, area: str, direction: int) -> int | None:
    """Return the area's place, 1 for the best; none where the direction is not known."""
    if pd.isna(direction):
        return None
    return int((direction * (known - known[area]) > 0).sum()) + 1


def _wide(panel: pd.DataFrame, indicator: str) -> pd.DataFrame:
    chosen = panel[panel["indicator"] == indicator]
    return chosen.pivot(index="area", columns="period", values="value").sort_index(axis=1)


def _directed(best: pd.Series, cutoffs: Iterable[tuple[str, object]] | None) -> pd.DataFrame:
    """Return indicators with a direction as targets without ends; those with a cutoff need one."""
    for name, _ in cutoffs or ():
        if name in best.index and pd.isna(best[name]):
            raise refuse("cutoffs.direction", got=name)
    known = pd.DataFrame({"indicator": best.index, "direction": best.to_numpy()}).dropna()
    return known.assign(lower=np.nan, upper=np.nan)


def _moves(
    wide: pd.DataFrame, draws: Sequence[pd.DataFrame], own: pd.Series, level: float
) -> list[dict[str, object]]:
    """Return the moves between editions, the common one by draws of the scores not shown."""
    from scipy import stats

    moves = []
    for start, end in zip(own.index[:-1], own.index[1:], strict=True):
        changes = [(one[end] - one[start]).dropna() for one in draws]
        n, means = len(changes[0]), np.array([one.mean() for one in changes])
        common = means.mean() if n > 1 else np.nan  # alone, nothing tells common from own
        half = np.nan
        if n >= MIN_FOR_INTERVAL:
            within = np.mean([one.var(ddof=1) for one in changes]) / n
            between = (1 + 1 / len(means)) * means.var(ddof=1) if len(means) > 1 else 0.0
            half = stats.t.ppf((1 + level) / 2, n - 1) * np.sqrt(within + between)
        change = float(difference(own[end], own[start]))
        moves.append(
            {
                "from_period": start,
                "to_period": end,
                "change": change,
                "common_move": common,
                "common_lower": common - half,
                "common_upper": common + half,
                "own_move": change - common,
                "n_areas": n,
                "n_estimated": n - int((wide[end] - wide[start]).notna().sum()),
            }
        )
    return moves


def _pace(own: pd.Series, level: float) -> dict[str, float]:
    from scipy import stats

    if len(own) < 2:
        return {}
    years, values = own.index.to_numpy(float), own.to_numpy(float)
    fit = stats.linregress(years, values)
    half = np.nan
    if len(own) >= MIN_FOR_INTERVAL:
        half = stats.t.ppf((1 + level) / 2, len(own) - 2) * fit.stderr
    return {"pace": fit.slope, "pace_lower": fit.slope - half, "pace_upper": fit.slope + half}

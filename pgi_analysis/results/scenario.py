"""What if: the projection under another common move, an own rise, another target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize, special

from pgi_analysis.faults import refuse
from pgi_analysis.panel import Forecast
from pgi_analysis.results.projection import Projection, choose
from pgi_analysis.results.trends import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: parts of the gap that an area may close by itself
SHARES = (0.25, 0.5, 0.75, 1.0)
_TARGET = "area indicator target_period gap p_met".split()


@dataclass(frozen=True, eq=False)
class Scenario:
    """A projection under assumptions, beside the projection without them.

    ``table`` has one row a target still open: ``area, indicator, target_period, target, p_met``
    (under the assumptions), ``p_met_now`` (without them), ``median, lower, upper``.
    """

    table: pd.DataFrame
    common_move: float | None
    own_rise: float
    success: float
    level: float
    projection: Projection = field(repr=False)

    def __repr__(self) -> str:
        move = "as projected" if self.common_move is None else f"{self.common_move:+g}"
        return f"Scenario(common move {move}, own rise {self.own_rise:+g} at {self.success:.0%})"

    def _repr_html_(self) -> str:
        from pgi_analysis.notebook import display

        return display.scenario(self)

    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Give quantiles of every score to come under the assumptions, up to each target's period.

        What is assumed for the target period comes about in equal parts, a part a period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, quantile, value``.
        """
        rows = []
        pending = self.projection.pending
        for row in pending.table.itertuples():
            one, step, low, high = _at_target(pending, row, self.common_move)
            at = pending.forecasts[row.indicator].at
            start = (row.area, row.indicator, row.target_period)
            ramp = np.arange(1, step + 2) / (step + 1)
            for level in levels:
                check_level(level)
                rises = zip(range(step + 1), self.own_rise * ramp, strict=True)
                mixed = [_mixed(one, i, rise, self.success, level) for i, rise in rises]
                rows += [
                    (*start, int(period), level, float(value))
                    for period, value in zip(at[: step + 1], np.clip(mixed, low, high), strict=True)
                ]
        names = "area indicator target_period period quantile value".split()
        return pd.DataFrame(rows, columns=names)

    def plot(
        self, indicator: str | None = None, *, area: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the fan chart of an indicator under the assumptions, as `Projection.plot` does."""
        from pgi_analysis.charts import plots
        from pgi_analysis.voice import own_voice

        chosen = choose(self.table, indicator, area)
        return plots.scenario(self, *chosen, voice=own_voice(self.projection.ds), ax=ax)


def what_if(
    projection: Projection,
    *,
    common_move: float | None = None,
    own_rise: float = 0.0,
    success: float = 1.0,
    target: float | None = None,
) -> Scenario:
    """Tell what the projection becomes under assumptions.

    With a rise of y that a task brings about with probability q, the score to come is a mixture:
    ``P(met) = q·P(s + y meets T) + (1 − q)·P(s meets T)``.

    Parameters
    ----------
    projection : Projection
    common_move : float, optional
        The move that all areas make between each area's last score and its target period, in
        points, taken as certain; as projected, with its uncertainty, if left out.
    own_rise : float
        An own change on top, in points; a fall is negative.
    success : float
        Probability that the own rise comes about, in [0, 1].
    target : float, optional
        A target in place of the one set.

    Raises
    ------
    InputError
        `success` outside [0, 1], or a number that is not finite.

    Examples
    --------
    >>> import pgi_analysis as pgi
    >>> panel = pd.DataFrame({"area": list("ABCDE"), "indicator": "x", "period": 2023,
    ...                       "value": [4.0, 5.0, 6.0, 7.0, 8.0]})
    >>> targets = pd.DataFrame({"area": ["A"], "indicator": ["x"],
    ...                         "target": [5.0], "target_period": [2024]})
    >>> now = pgi.project(panel, targets, model="random_walk")
    >>> round(float(what_if(now, own_rise=1.0).table["p_met"].iloc[0]), 3)
    0.5
    """
    for name, value in (("common_move", common_move), ("own_rise", own_rise), ("target", target)):
        if value is not None and not np.isfinite(value):
            raise refuse("not_finite", name=name, got=value)
    if not 0 <= success <= 1:
        raise refuse("success", got=success)
    pending = projection.pending
    rows = []
    for row in pending.table.itertuples():
        one, step, low, high = _at_target(pending, row, common_move)
        goal = row.target if target is None else float(target)
        event = {"direction": int(row.direction), "lower": low, "upper": high}
        plain = one.prob_at(np.array([goal]), **event)[0, step]
        moved = replace(one, location=one.location + own_rise)
        lifted = moved.prob_at(np.array([goal]), **event)[0, step]
        cut = [(1 - projection.level) / 2, 0.5, (1 + projection.level) / 2]
        lower, median, upper = (_mixed(one, step, own_rise, success, q) for q in cut)
        rows.append(
            {
                "area": row.area,
                "indicator": row.indicator,
                "target_period": row.target_period,
                "target": goal,
                "p_met": success * lifted + (1 - success) * plain,
                "p_met_now": row.p_met,
                "median": np.clip(median, low, high),
                "lower": np.clip(lower, low, high),
                "upper": np.clip(upper, low, high),
            }
        )
    names = "area indicator target_period target p_met p_met_now median lower upper".split()
    table = pd.DataFrame(rows, columns=names)
    return Scenario(table, common_move, own_rise, success, projection.level, projection)


def own_rises(
    projection: Projection, *, shares: Sequence[float] = SHARES, success: float = 1.0
) -> pd.DataFrame:
    """Tell how likely each target is to be met if the area closes a part of its gap by itself.

    Parameters
    ----------
    projection : Projection
    shares : sequence of float
        Parts of the gap.
    success : float
        Probability that the own rise comes about, in [0, 1].

    Returns
    -------
    DataFrame
        ``area, indicator, target_period, gap, p_met`` (as things go), then a column a share; NaN
        where no gap is left.
    """
    rows = []
    for row in projection.pending.table.itertuples():
        one, found = projection.only(row.Index), {}
        for share in shares:
            rise = share * (row.target - row.value)
            open_ = row.gap > 0
            found[share] = (
                what_if(one, own_rise=rise, success=success).table["p_met"].iloc[0]
                if open_
                else np.nan
            )
        start = {name: getattr(row, name) for name in _TARGET}
        rows.append(start | found)
    return pd.DataFrame(rows, columns=[*_TARGET, *shares])


def needed_rise(
    projection: Projection,
    *,
    p: float = 0.8,
    success: float = 1.0,
    common_move: float | None = None,
) -> pd.DataFrame:
    """Tell the own rise that makes each target met with probability `p`: the inverse of `what_if`.

    ``q·P(s + y meets T) + (1 − q)·P(s meets T) = p`` solved for y, signed as the score is: a fall
    where lower is better; 0 where no rise is needed.

    Returns
    -------
    DataFrame
        ``area, indicator, target_period, target, p_met`` (as things go), ``needed_rise`` (points;
        NaN where no rise suffices, because the task may fail or the scale ends before).

    Raises
    ------
    InputError
        `p` outside (0, 1) or `success` outside (0, 1].
    """
    check_level(p)
    if not 0 < success <= 1:
        raise refuse("success", got=success)
    pending = projection.pending
    found, plain = [], []
    for row in pending.table.itertuples():
        one, step, low, high = _at_target(pending, row, common_move)
        sign = int(row.direction)
        goal = np.array([row.target])
        now = one.prob_at(goal, direction=sign, lower=low, upper=high)[0, step]
        plain.append(now)
        wanted = (p - (1 - success) * now) / success
        if now >= p:
            found.append(0.0)
        elif wanted >= 1 or sign * (row.target - (high if sign > 0 else low)) > 0:
            found.append(np.nan)
        else:
            reached = one.quantile(1 - wanted if sign > 0 else wanted)[0, step]
            found.append(float(row.target - reached))
    table = pending.table[["area", "indicator", "target_period", "target"]]
    return table.assign(p_met=plain, needed_rise=found).reset_index(drop=True)


def _at_target(
    projection: Projection, row, common_move: float | None
) -> tuple[Forecast, int, float, float]:
    """Give a target's forecast, the step of its period, and the ends of its scale."""
    made, place = projection.place(row)
    low, high = projection.scale(row.Index)
    one = made.forecast.take(place)
    step = int(np.searchsorted(made.at, row.target_period))
    if common_move is not None:
        expected = made.common[place]
        ramp = np.minimum(np.arange(1, one.location.shape[1] + 1) / (step + 1), 1.0)
        location = one.location - expected + common_move * ramp
        one = replace(one, location=location, common=np.zeros_like(one.common))
    return one, step, low, high


def _mixed(one: Forecast, step: int, rise: float, success: float, q: float) -> float:
    """Give a quantile of the mixture of the score with and without the rise."""
    centre, scale, df = one.location[0, step], one.scale[0, step], one.tail[0, 0]
    # in units of the scale: the search has a tolerance of its own
    start, shift = special.stdtrit(df, q), rise / scale
    if shift == 0 or success in (0.0, 1.0):
        return float(centre + scale * start + (rise if success == 1 else 0.0))

    def below(z: float) -> float:
        return success * special.stdtr(df, z - shift) + (1 - success) * special.stdtr(df, z) - q

    low, high = sorted([start, start + shift])
    return float(centre + scale * optimize.brentq(below, low - 1e-9, high + 1e-9))

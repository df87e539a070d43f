"""What if: the projection under another common move, an own rise, another target."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from pgi_analysis.charts import FAN, Fan
from pgi_analysis.data import Dataset, checked
from pgi_analysis.faults import Hint, refuse
from pgi_analysis.panel import Forecast
from pgi_analysis.results.base import Result, choose
from pgi_analysis.results.gaps import aimed_at
from pgi_analysis.results.open_targets import OpenTargets
from pgi_analysis.results.projection import Projection

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: parts of the gap that an area may close by itself
SHARES = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, eq=False)
class Scenario(Result):
    """A projection under assumptions, beside the projection without them.

    ``table`` has one row a target still open: ``area, indicator, target_period, target, p_met``
    (under the assumptions), ``p_met_now`` (without them), ``median, lower, upper``.
    """

    common_move: float | None
    own_rise: float
    success: float
    level: float
    projection: Projection = field(repr=False)

    def __repr__(self) -> str:
        move = "as projected" if self.common_move is None else f"{self.common_move:+g}"
        return f"Scenario(common move {move}, own rise {self.own_rise:+g} at {self.success:.0%})"

    @property
    def ds(self) -> Dataset | None:
        """The dataset that the projection is of, if it is of one."""
        return self.projection.ds

    def _figures(self) -> dict[str, np.ndarray]:
        return self.projection._figures()

    def _directions(self) -> dict[str, int]:
        return dict(self.projection._directions())

    @checked
    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Return quantiles of the scores to come under the assumptions, to each target's period.

        What is assumed for the target period comes about in equal parts, a part a period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, quantile, value``.
        """

        def quantile(one: OpenTargets, level: float) -> np.ndarray:
            rise = self.own_rise * _ramp(one)
            return _mixed(one, _moved(one, self.common_move), rise, self.success, level)

        return self.projection._quantiles(levels, quantile)

    def fan(self, index: Hashable) -> Fan:
        """Return what the fan chart of a target draws, by its label in the projection's table."""
        plain = self.projection.only([index])
        goal = self.table.loc[self.projection.pending.table.index.get_loc(index), "target"]
        row = plain.table.loc[index].copy()
        row["target"] = goal
        return plain._fan(row, replace(self, projection=plain).quantiles(FAN))

    @checked
    def plot(
        self, indicator: str | None = None, *, area: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the fan chart of an indicator under the assumptions, as `Projection.plot` does."""
        from pgi_analysis.charts import fans

        chosen = choose(self.projection.pending.table, indicator, area)
        last = chosen["target_period"].astype(int).idxmax()
        return fans.fan(self.fan(last), self.projection._voice, ax)


@checked
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
        A target in place of the one set, or of the range set.

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
    >>> now = pgi.project(panel, targets, model="random_walk", direction=1)
    >>> round(float(what_if(now, own_rise=1.0).table["p_met"].iloc[0]), 3)
    0.5
    """
    cut = {"median": 0.5, "lower": (1 - projection.level) / 2, "upper": (1 + projection.level) / 2}

    def tell(one: OpenTargets) -> pd.DataFrame:
        if target is not None:
            aims = one.targets.assign(target=float(target), target_upper=np.nan)
            one = replace(one, targets=aims)
        moved = _moved(one, common_move)
        found = one.targets[["target"]].assign(
            p_met=_p_met(one, moved, own_rise, success), p_met_now=one.targets["p_met"]
        )
        rise = np.full(moved.location.shape, own_rise)
        interval = {name: _mixed(one, moved, rise, success, q) for name, q in cut.items()}
        return found.assign(**{name: one.at_period(ends) for name, ends in interval.items()})

    table = projection._told(["target", "p_met", "p_met_now", *cut], tell)
    return Scenario(table, common_move, own_rise, success, projection.level, projection)


@checked
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

    Raises
    ------
    InputError
        `success` outside [0, 1].
    """
    pending = projection.pending.table.reset_index(drop=True)
    missing = (aimed_at(pending, pending["value"]) - pending["value"]).astype(float)

    def tell(one: OpenTargets) -> pd.DataFrame:
        start = pending.loc[one.targets.index, ["gap", "p_met"]]
        rise = missing[start.index].to_numpy()[:, None]
        found = {share: _p_met(one, one.forecast, share * rise, success) for share in shares}
        risen = pd.DataFrame(found, start.index).where(start["gap"] > 0)
        return pd.concat([start, risen], axis=1)

    return projection._told(["gap", "p_met", *shares], tell)


@checked
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
        NaN where no rise suffices, because the task may fail or the scale ends before, and for a
        range, which a rise may also leave).

    Raises
    ------
    InputError
        `p` outside (0, 1) or `success` outside (0, 1].
    """
    if success == 0:
        raise refuse("success", got=success, hint=Hint())

    def tell(one: OpenTargets) -> pd.DataFrame:
        moved, up, goal = _moved(one, common_move), one.direction[:, 0] > 0, one.goal[:, 0]
        now = one.at_period(moved.prob_at(**one.event))
        wanted = (p - (1 - success) * now) / success
        low, high = one.ends[:, :, 0]
        beyond = np.where(up, goal > high, goal < low)
        never = (wanted >= 1) | beyond | one.targets["target_upper"].notna()
        short = np.where(up, 1 - wanted, wanted)[:, None]
        with np.errstate(invalid="ignore"):  # of probabilities beyond (0, 1), which are not used
            reached = moved.transform.to(moved.quantile(short))
            missing = moved.transform.to(one.goal) - reached
            risen = moved.transform.back(moved.location + missing)
            rise = one.at_period(risen - moved.median)
        rise = np.where(now >= p, 0.0, np.where(never, np.nan, rise))
        return one.targets[["target"]].assign(p_met=now, needed_rise=rise)

    return projection._told(["target", "p_met", "needed_rise"], tell)


def _p_met(
    one: OpenTargets, moved: Forecast, rise: float | np.ndarray, success: float
) -> np.ndarray:
    """Return the probability that each target is met, of the mixture with and without the rise."""
    lifted, plain = moved.shifted(rise).prob_at(**one.event), moved.prob_at(**one.event)
    return one.at_period(success * lifted + (1 - success) * plain)


def _ramp(one: OpenTargets) -> np.ndarray:
    """Return the part that has come about by each horizon of what is assumed for the period."""
    return np.minimum(np.arange(1, len(one.made.at) + 1) / (one.step[:, None] + 1), 1.0)


def _moved(one: OpenTargets, common_move: float | None) -> Forecast:
    """Return the forecasts, with another common move than projected where one is assumed."""
    plain = one.forecast
    if common_move is None:
        return plain
    moved = plain.shifted(common_move * _ramp(one) - one.made.common[one.place])
    return replace(moved, common=np.zeros_like(plain.common))


def _mixed(
    one: OpenTargets, moved: Forecast, rise: np.ndarray, success: float, q: float
) -> np.ndarray:
    """Return a quantile of the mixture of the scores with and without the rise, at each horizon."""
    from scipy.optimize import elementwise

    risen = moved.shifted(rise).location
    # in units of the scale
    start, shift = special.stdtrit(moved.tail, q), (risen - moved.location) / moved.scale

    def below(z: np.ndarray, shift: np.ndarray, df: np.ndarray) -> np.ndarray:
        return success * special.stdtr(df, z - shift) + (1 - success) * special.stdtr(df, z) - q

    if rise.any() and 0 < success < 1:
        ends = np.minimum(start, start + shift) - 1e-9, np.maximum(start, start + shift) + 1e-9
        z = elementwise.find_root(below, ends, args=(shift, moved.tail)).x
    else:
        z = start + success * shift
    return np.clip(moved.transform.back(moved.location + moved.scale * z), *one.ends)

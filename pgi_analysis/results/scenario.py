"""What if: the projection under another common move, an own rise, another target."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import optimize, special

from pgi_analysis.charts import FAN, Fan
from pgi_analysis.data import Dataset, calendar_of, numbers
from pgi_analysis.faults import Hint, refuse
from pgi_analysis.panel import Forecast
from pgi_analysis.results.base import Result, choose
from pgi_analysis.results.gaps import aimed_at
from pgi_analysis.results.projection import OpenTarget, Projection
from pgi_analysis.results.trends import check_level

if TYPE_CHECKING:
    from matplotlib.axes import Axes


#: parts of the gap that an area may close by itself
SHARES = (0.25, 0.5, 0.75, 1.0)
_KEY = ["area", "indicator", "target_period"]
_TARGET = [*_KEY, "gap", "p_met"]


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

    def quantiles(self, levels: Sequence[float] = (0.1, 0.5, 0.9)) -> pd.DataFrame:
        """Return quantiles of the scores to come under the assumptions, to each target's period.

        What is assumed for the target period comes about in equal parts, a part a period.

        Returns
        -------
        DataFrame
            ``area, indicator, target_period, period, quantile, value``.
        """
        rows = []
        for one in self.projection._open():
            moved = _moved(one, self.common_move)
            ramp = np.arange(1, one.step + 2) / (one.step + 1)
            for level in levels:
                check_level(level)
                mixed = [
                    _mixed(moved, step, rise, self.success, level)
                    for step, rise in enumerate(self.own_rise * ramp)
                ]
                rows += [
                    (*one.key, int(period), level, float(value))
                    for period, value in zip(one.at, np.clip(mixed, one.low, one.high), strict=True)
                ]
        frame = pd.DataFrame(rows, columns=[*_KEY, "period", "quantile", "value"])
        return calendar_of(self.table).write(frame)

    def fan(self, index: Hashable) -> Fan:
        """Return what the fan chart of a target draws, by its label in the projection's table."""
        plain = self.projection.only([index])
        goal = self.table.loc[self.projection.pending.table.index.get_loc(index), "target"]
        row = plain.table.loc[index].copy()
        row["target"] = goal
        return plain._fan(row, replace(self, projection=plain).quantiles(FAN))

    def plot(
        self, indicator: str | None = None, *, area: str | None = None, ax: Axes | None = None
    ) -> Axes:
        """Draw the fan chart of an indicator under the assumptions, as `Projection.plot` does."""
        from pgi_analysis.charts import fans

        chosen = choose(self.projection.pending.table, indicator, area)
        last = chosen["target_period"].astype(int).idxmax()
        return fans.fan(self.fan(last), self.projection._voice, ax)


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
    _check_finite(common_move=common_move, own_rise=own_rise, target=target)
    if not (_is_number(success) and 0 <= success <= 1):
        raise refuse("success", got=success, hint=_read_as(success, 1))
    rows = []
    cut = [(1 - projection.level) / 2, 0.5, (1 + projection.level) / 2]
    for one in projection._open():
        moved = _moved(one, common_move)
        goal = np.array([one.row.target if target is None else float(target)])
        event = one.event if target is None else one.event | {"until": None}
        plain = moved.prob_at(goal, **event)[0, one.step]
        risen = replace(moved, location=moved.location + own_rise)
        lifted = risen.prob_at(goal, **event)[0, one.step]
        interval = [_mixed(moved, one.step, own_rise, success, q) for q in cut]
        p = success * lifted + (1 - success) * plain
        ends = np.clip(interval, one.low, one.high)
        rows.append((*one.key, goal[0], p, one.row.p_met, ends[1], ends[0], ends[2]))
    columns = [*_KEY, *"target p_met p_met_now median lower upper".split()]
    table = pd.DataFrame(rows, columns=columns)
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
        one, found = projection.only([row.Index]), {}
        missing = float(aimed_at(one.table, one.table["value"]).iloc[0] - row.value)
        for share in shares:
            rise = share * missing
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
        NaN where no rise suffices, because the task may fail or the scale ends before, and for a
        range, which a rise may also leave).

    Raises
    ------
    InputError
        `p` outside (0, 1) or `success` outside (0, 1].
    """
    check_level(p)
    if not (_is_number(success) and 0 < success <= 1):
        raise refuse("success", got=success, hint=_read_as(success, 1))
    _check_finite(common_move=common_move)
    found = []
    for one in projection._open():
        moved, sign, goal = _moved(one, common_move), one.row.direction, one.row.target
        now = moved.prob_at(np.array([goal]), **one.event)[0, one.step]
        wanted = (p - (1 - success) * now) / success
        beyond = sign * (goal - (one.high if sign > 0 else one.low)) > 0
        if now >= p:
            rise = 0.0
        elif wanted >= 1 or beyond or pd.notna(one.row.target_upper):
            rise = np.nan
        else:
            reached = moved.quantile(1 - wanted if sign > 0 else wanted)[0, one.step]
            rise = float(goal - reached)
        found.append((*one.key, goal, now, rise))
    return pd.DataFrame(found, columns=[*_KEY, "target", "p_met", "needed_rise"])


def _moved(one: OpenTarget, common_move: float | None) -> Forecast:
    """Return a target's forecast, with another common move than projected where one is assumed."""
    plain = one.forecast
    if common_move is None:
        return plain
    expected = one.made.common[[one.place]]
    ramp = np.minimum(np.arange(1, plain.location.shape[1] + 1) / (one.step + 1), 1.0)
    location = plain.location - expected + common_move * ramp
    return replace(plain, location=location, common=np.zeros_like(plain.common))


def _check_finite(**given: object) -> None:
    for name, value in given.items():
        if value is not None and not _is_number(value):
            raise refuse("not_finite", name=name, got=value, hint=_read_as(value))


def _is_number(value: object) -> bool:
    return isinstance(value, Real) and bool(np.isfinite(value))


def _read_as(value: object, high: float = np.inf) -> Hint:
    """Hint at the number that a text such as «0,6» means, or 60 where the most is 1."""
    (number,), refused = numbers.read_numbers([str(value)])
    if refused or number is None:
        return Hint()
    share = number / 100 if high < number <= 100 * high else number
    return Hint("did_you_mean", {"guess": f"{share:g}"}) if share <= high else Hint()


def _mixed(one: Forecast, step: int, rise: float, success: float, q: float) -> float:
    """Return a quantile of the mixture of the score with and without the rise."""
    centre, scale, df = one.location[0, step], one.scale[0, step], one.tail[0, 0]
    # in units of the scale: the search has a tolerance of its own
    start, shift = special.stdtrit(df, q), rise / scale
    if shift == 0 or success in (0.0, 1.0):
        return float(centre + scale * start + (rise if success == 1 else 0.0))

    def below(z: float) -> float:
        return success * special.stdtr(df, z - shift) + (1 - success) * special.stdtr(df, z) - q

    low, high = sorted([start, start + shift])
    return float(centre + scale * optimize.brentq(below, low - 1e-9, high + 1e-9))

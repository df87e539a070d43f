"""What is assessed: scores over time held against a target, a row a case, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

#: which score stands in where the base period has none; the published methods differ in it
Base = Literal["after", "nearest", "after_or_before", "within_one"]

#: columns of a case besides its scores
TERMS = ("baseline_period", "target", "target_period", "direction", "limit", "lower", "upper")
#: puts every period before the base period behind every one after it
_LAST = 1e9
#: scores that differ by less, as a share of their size, are the same: .1 + .2 is not .3
_SAME = 1e-12


@dataclass(frozen=True, eq=False)
class Cases:
    """Scores and targets of n cases.

    Attributes
    ----------
    scores, periods : ndarray (n, k)
        The scores known and their periods, oldest first; NaN in front where there are fewer than k.
    target, target_period, baseline_period : ndarray (n,)
        NaN where there is none.
    direction : ndarray (n,)
        +1 where higher is better (also where not given), −1 where lower is.
    limit : ndarray (n,)
        The natural limit of the indicator, such as 100 for a percentage; NaN where there is none.
    lower, upper : ndarray (n,)
        The ends of the scale; NaN where unknown.
    """

    scores: np.ndarray
    periods: np.ndarray
    target: np.ndarray
    target_period: np.ndarray
    baseline_period: np.ndarray
    direction: np.ndarray
    limit: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    def __len__(self) -> int:
        return len(self.target)

    @classmethod
    def of(
        cls,
        *,
        value: object,
        period: object,
        baseline: object = np.nan,
        baseline_period: object = np.nan,
        **terms: object,
    ) -> Cases:
        """Make cases of a base score and a current one; numbers or arrays of one length.

        Examples
        --------
        >>> Cases.of(baseline=4.0, baseline_period=2020, value=5.0, period=2023).scores.tolist()
        [[4.0, 5.0]]
        """
        columns = {"value": value, "period": period, "baseline": baseline}
        columns |= {"baseline_period": baseline_period} | terms
        arrays = np.broadcast_arrays(*(np.atleast_1d(_floats(c)) for c in columns.values()))
        known = dict(zip(columns, arrays, strict=True))
        same = known["baseline_period"] == known["period"]
        same |= np.isnan(known["baseline_period"])
        first = np.where(same, np.nan, known.pop("baseline"))
        since = np.where(np.isnan(first), np.nan, known["baseline_period"])
        now, when = known.pop("value"), known.pop("period")
        return cls._made(np.stack([first, now], 1), np.stack([since, when], 1), known)

    @classmethod
    def of_series(cls, values: object, periods: object, **terms: object) -> Cases:
        """Make cases of whole series: a row a case, oldest first.

        Examples
        --------
        >>> Cases.of_series([[4, 4.5, 5]], [2020, 2021, 2022], target=6, target_period=2025).value
        array([5.])
        """
        scores = np.atleast_2d(_floats(values))
        when = np.where(np.isnan(scores), np.nan, np.broadcast_to(_floats(periods), scores.shape))
        known = {name: np.broadcast_to(_floats(term), len(scores)) for name, term in terms.items()}
        order = np.argsort(~np.isnan(scores), axis=1, kind="stable")  # gaps go to the front
        scores, when = (np.take_along_axis(one, order, axis=1) for one in (scores, when))
        return cls._made(scores, when, known)

    @classmethod
    def of_panel(cls, targets: pd.DataFrame, scores: pd.DataFrame) -> Cases:
        """Make a case of each target, with the scores whose column ``case`` counts to it.

        Parameters
        ----------
        targets : DataFrame
            A row a case; those of `TERMS` that it has are taken.
        scores : DataFrame
            ``case`` (position in `targets`), ``period``, ``value``, each period once a case.
        """
        rows = scores.dropna(subset=["value"]).sort_values(["case", "period"], kind="stable")
        case = rows["case"].to_numpy(int)
        from_end = rows.groupby("case").cumcount(ascending=False).to_numpy()
        shape = (len(targets), int(from_end.max(initial=0)) + 1)
        values, periods = np.full(shape, np.nan), np.full(shape, np.nan)
        values[case, -1 - from_end] = rows["value"].to_numpy(float)
        periods[case, -1 - from_end] = rows["period"].to_numpy(float)
        known = {k: _floats(targets[k]) for k in TERMS if k in targets}
        return cls._made(values, periods, known)

    @classmethod
    def _made(cls, values: np.ndarray, periods: np.ndarray, terms: dict[str, np.ndarray]) -> Cases:
        blank = np.full(len(values), np.nan)
        given = terms.get("direction", blank)
        terms = terms | {"direction": np.where(np.isnan(given), 1.0, given)}
        return cls(values, periods, **{name: terms.get(name, blank) for name in TERMS})

    @property
    def value(self) -> np.ndarray:
        """The newest score."""
        return self.scores[:, -1]

    @property
    def period(self) -> np.ndarray:
        """The period of the newest score."""
        return self.periods[:, -1]

    @property
    def n_obs(self) -> np.ndarray:
        """How many scores are known."""
        return (~np.isnan(self.scores)).sum(axis=1)

    def met(self) -> np.ndarray:
        """Tell whether the newest score meets the target; never where there is no target."""
        return lead(self.value, self.target, self.direction) >= 0

    def base(self, rule: Base, *, since: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Find the base score and its period; the oldest where no base period is given.

        Parameters
        ----------
        rule : {"after", "nearest", "after_or_before", "within_one"}
            Where the base period has no score: the next after it; the nearest, of two as near the
            later; the next after it that leaves a newer one, else the last before it; the nearest
            within one period.
        since : ndarray (n,), optional
            The base period, instead of ``baseline_period``.

        Returns
        -------
        (ndarray, ndarray)
            NaN where the rule finds none.

        Examples
        --------
        >>> one = Cases.of_series([[1, 2, 3]], [2014, 2016, 2017], baseline_period=2015)
        >>> [one.base(rule)[1].item() for rule in ("after", "nearest", "after_or_before")]
        [2016.0, 2016.0, 2016.0]
        """
        start = self.baseline_period if since is None else since
        start = np.where(np.isnan(start), -_LAST, start)[:, None]
        away = self.periods - start
        near = np.abs(away) + 0.25 * (away < 0)  # of two as near, the later
        earlier = self.periods < self.period[:, None]
        if rule == "after":
            cost = np.where(away >= 0, away, np.inf)
        elif rule == "after_or_before":
            cost = np.where(earlier, np.where(away >= 0, away, _LAST - away), np.inf)
        elif rule == "within_one":
            cost = np.where(earlier & ((np.abs(away) <= 1) | (start == -_LAST)), near, np.inf)
        else:
            cost = near
        cost = np.where(np.isnan(self.scores), np.inf, cost)
        place = cost.argmin(axis=1)
        row = np.arange(len(self))
        none = np.isinf(cost[row, place])
        found = (self.scores[row, place], self.periods[row, place])
        return np.where(none, np.nan, found[0]), np.where(none, np.nan, found[1])


def lead(score: np.ndarray, target: np.ndarray, direction: np.ndarray | float = 1.0) -> np.ndarray:
    """Return by how much a score is beyond a target, 0 where only rounding parts the two.

    Examples
    --------
    >>> lead(np.array([0.1 + 0.2, 0.5, 4e9]), np.array([0.3, 0.25, 3e9]), -1.0).tolist()
    [0.0, -0.25, -1000000000.0]
    """
    away = direction * (score - target)
    return np.where(np.abs(away) <= _SAME * np.abs(target), 0.0, away)


def _floats(values: object) -> np.ndarray:
    return (
        pd.Series(values).to_numpy(float, na_value=np.nan)
        if _is_series(values)
        else np.asarray(values, float)
    )


def _is_series(values: object) -> bool:
    return isinstance(values, pd.Series)

"""Compound growth: what has been observed, what the target asks for, and their ratio."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pgi_analysis.assessment.cases import Base, Cases, lead
from pgi_analysis.assessment.verdicts import NONE, Branch


def cagr(start: np.ndarray, end: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """Return the compound growth rate a period, ``(end / start)^(1 / periods) − 1``, as a share.

    NaN where it is not defined: opposite signs, a start of zero, no time between.

    Examples
    --------
    >>> cagr(100.0, 121.0, 2).round(3).item(), cagr(-1.0, 1.0, 2).item(), cagr(1.0, 2.0, 0).item()
    (0.1, nan, nan)
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        rate = np.power(np.true_divide(end, start), np.true_divide(1, periods)) - 1
    return np.where(np.isfinite(rate), rate, np.nan)


def ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide; NaN where there is nothing to divide by.

    Examples
    --------
    >>> ratio(np.array([1.0, 1.0]), np.array([2.0, 0.0])).tolist()
    [0.5, nan]
    """
    return np.true_divide(above, np.where(np.asarray(below) == 0, np.nan, below))


@dataclass(frozen=True, eq=False)
class Growth:
    """The growth of each case from its base score, positive in the wanted direction.

    Attributes
    ----------
    base, since : ndarray (n,)
        The base score and its period.
    target : ndarray (n,)
    observed : ndarray (n,)
        ``s · d · CAGR(base, value)``, with s = −1 for a negative base, d the direction.
    ratio : ndarray (n,)
        ``observed / |CAGR(base, target)|``.
    replaced : ndarray (n,) of bool
        Whether a base or target of zero was replaced.
    """

    base: np.ndarray
    since: np.ndarray
    target: np.ndarray
    observed: np.ndarray
    ratio: np.ndarray
    replaced: np.ndarray

    @classmethod
    def since_base(
        cls,
        cases: Cases,
        rule: Base,
        *,
        since: np.ndarray | None = None,
        zero: float | None = None,
    ) -> Growth:
        """Measure the growth from the base score; ``zero`` replaces a base or target of zero."""
        base, start = cases.base(rule, since=since)
        target, replaced = cases.target, np.zeros(len(cases), bool)
        if zero is not None:
            replaced = (base == 0) | (target == 0)
            base = np.where(base == 0, zero, base)
            target = np.where(target == 0, zero, target)
        sign = np.where(base < 0, -1.0, 1.0) * cases.direction
        observed = sign * cagr(base, cases.value, cases.period - start)
        required = np.abs(cagr(base, target, cases.target_period - start))
        return cls(base, start, target, observed, ratio(observed, required), replaced)

    @property
    def aims(self) -> np.ndarray:
        """Whether there is a target."""
        return ~np.isnan(self.target)

    def unusable(self, cases: Cases) -> list[Branch]:
        """Branches for the cases that no growth can be told of.

        Examples
        --------
        No score; none to compare with; opposite signs; a base of zero.

        >>> cases = Cases.of(baseline=[4, np.nan, -1, 0], baseline_period=2015,
        ...                  value=[np.nan, 5, 1, 5], period=2020)
        >>> from pgi_analysis.assessment.verdicts import decide
        >>> grown = Growth.since_base(cases, rule="after")
        >>> decide(grown.unusable(cases), grown.observed)["rule"].tolist()
        ['no_score', 'too_few_points', 'opposite_signs', 'zero_base']
        """
        return [
            *too_few(cases, self.since),
            (self.base * cases.value < 0, NONE, "opposite_signs"),
            (self.base == 0, NONE, "zero_base"),
        ]

    def unaimed(self, cases: Cases) -> list[Branch]:
        """Branches for the cases whose target leaves no ratio, to come after `Cases.met`.

        Examples
        --------
        A target that the base had; one of the other sign; one of zero; one of the base's own year.

        >>> cases = Cases.of(baseline=4, baseline_period=2015, value=3, period=2020,
        ...                  target=[4, -4, 0, 5], target_period=[2025, 2025, 2025, 2015])
        >>> from pgi_analysis.assessment.verdicts import decide
        >>> grown = Growth.since_base(cases, rule="after")
        >>> decide(grown.unaimed(cases), grown.ratio)["rule"].tolist()
        ['target_equals_baseline', 'opposite_signs', 'zero_target', 'no_time']
        """
        return [
            (lead(self.base, self.target) == 0, NONE, "target_equals_baseline"),
            (self.base * self.target < 0, NONE, "opposite_signs"),
            (self.target == 0, NONE, "zero_target"),
            *no_time(cases, self.since),
        ]

    def beyond(self, cases: Cases) -> np.ndarray:
        """Whether the base score was beyond the target, which the newest score is not."""
        return lead(self.base, self.target, cases.direction) > 0


def too_few(cases: Cases, since: np.ndarray) -> list[Branch]:
    """Branches for the cases without a score, or without an earlier one to compare with."""
    return [
        (np.isnan(cases.value), NONE, "no_score"),
        (~(cases.period - since >= 1), NONE, "too_few_points"),
    ]


def no_time(cases: Cases, since: np.ndarray) -> list[Branch]:
    """Branches for the cases whose target period is not after the base period."""
    return [(cases.target_period <= since, NONE, "no_time")]

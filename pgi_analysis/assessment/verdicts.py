"""From the branches of a rule to a table of verdicts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: the verdict where a method gives none
NONE = "not_assessed"
#: the rule that fires where periods are not years
NOT_YEARLY = "not_yearly"

#: marks the rule of a branch that judges by the measure
BAND = "="
#: a measure this close below a threshold has reached it: (4.6 − 4) / 2 is .2999…
LEEWAY = 1e-9

#: a condition, the verdict that it leads to, and the name of the rule that fires with it
Branch = tuple[np.ndarray, str, str]


def decide(
    branches: Sequence[Branch],
    measure: np.ndarray,
    score: np.ndarray | None = None,
    *,
    special: Sequence[tuple[np.ndarray, str]] = (),
) -> pd.DataFrame:
    """Return each case the verdict of the first branch whose condition holds.

    Parameters
    ----------
    branches : sequence of (condition, verdict, rule)
        In order of precedence; a case that none holds for is not assessed (``undefined``).
    measure : ndarray (n,)
        The number that the method's thresholds are on.
    score : ndarray (n,), optional
        The method's score, where it has one.
    special : sequence of (condition, rule)
        What was special about a case that was judged by its measure: names the rule instead.

    Returns
    -------
    DataFrame
        ``verdict, rule, measure, score``; the numbers are NaN where not assessed.

    Examples
    --------
    >>> x = np.array([2.0, -1.0, np.nan])
    >>> decide(bands(x, [(0, "up")], "down", "sign"), x)["verdict"].tolist()
    ['up', 'down', 'not_assessed']
    """
    n = len(measure)
    branches = [*branches, (np.full(n, True), NONE, "undefined")]
    at = np.select([np.broadcast_to(c, n) for c, _, _ in branches], range(len(branches)))
    verdict = _categories([v for _, v, _ in branches], at)
    rules = [r.removeprefix(BAND) for _, _, r in branches]
    banded = np.array([r.startswith(BAND) for _, _, r in branches])[at]
    for condition, name in reversed(special):
        rules.append(name)
        at = np.where(banded & condition, len(rules) - 1, at)
    none = np.asarray(verdict == NONE)
    return pd.DataFrame(
        {
            "verdict": verdict,
            "rule": _categories(rules, at),
            "measure": np.where(none, np.nan, measure),
            "score": np.full(n, np.nan) if score is None else np.where(none, np.nan, score),
        }
    )


def bands(
    measure: np.ndarray,
    edges: Sequence[tuple[float | np.ndarray, str]],
    below: str,
    rule: str,
    *,
    where: np.ndarray | bool = True,
    strict: int = 0,
) -> list[Branch]:
    """Make branches of thresholds, the highest first; an edge belongs to the band above it.

    Of the first `strict` edges it belongs to the band below.

    Examples
    --------
    >>> x = np.array([0.95, 0.6, 0.1])
    >>> decide(bands(x, [(0.95, "on"), (0.6, "slow")], "off", "ratio"), x)["verdict"].tolist()
    ['on', 'slow', 'off']
    """
    return [
        *(
            (
                (measure > edge + LEEWAY if i < strict else measure >= edge - LEEWAY) & where,
                v,
                BAND + rule,
            )
            for i, (edge, v) in enumerate(edges)
        ),
        (~np.isnan(measure) & where, below, BAND + rule),
    ]


def _categories(names: list[str], at: np.ndarray) -> pd.Categorical:
    kinds = list(dict.fromkeys(names))
    codes = np.array([kinds.index(name) for name in names])
    return pd.Categorical.from_codes(codes[at], kinds)

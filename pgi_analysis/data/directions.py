"""Which way is better: never guessed, and never at odds with a target's own baseline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from numbers import Real

import pandas as pd

from pgi_analysis.data.cells import DIRECTIONS
from pgi_analysis.faults import Fault, Hint, InputError, did_you_mean, gather, refuse

#: 1 (higher is better) or −1 (lower is better) for all indicators, or for each by its name
Directions = int | Mapping[str, int] | pd.Series

#: what two numbers of a table may differ by, relative to their size, for being sums
_ROUNDING = 1e-9


def by_indicator(given: Directions | None, indicators: pd.Series) -> pd.Series:
    """Return the direction of every indicator as a caller gave it, NA where it was not given.

    Raises
    ------
    InputError
        A direction other than 1 and −1, or of an indicator that there is not.

    Examples
    --------
    >>> names = pd.Series(["co2", "forest"])
    >>> by_indicator({"co2": -1}, names).tolist(), by_indicator(1, names).tolist()
    ([-1, <NA>], [1, 1])
    """
    known = list(dict.fromkeys(indicators))
    each = dict.fromkeys(known, given)
    if isinstance(given, Mapping | pd.Series):
        each = dict.fromkeys(known) | dict(given.items())
    for name in each.keys() - set(known):
        hint = did_you_mean(str(name), known)
        raise refuse("direction.indicator", got=name, hint=hint)
    for one in each.values():
        sound = isinstance(one, Real) and not isinstance(one, bool) and one in (1, -1)
        if one is not None and not sound:
            raise refuse("direction.wrong", got=one)
    return pd.Series(each, dtype="Int64")


def directions_of(
    texts: Iterable[str], names: pd.DataFrame, said: pd.Series | None = None
) -> pd.Series:
    """Read directions as they are typed: of all, or ``NAME=down``, where * stands for any letters.

    What is said of fewer indicators holds, in whatever order it is said.

    Parameters
    ----------
    texts : iterable of str
    names : DataFrame
        What each indicator, a row, is called; capital letters do not count.
    said : Series, optional
        What the table itself says of each, NA where nothing; it holds against what is said of all.

    Returns
    -------
    Series
        1 or −1, NA where nothing is said of an indicator.

    Raises
    ------
    InputError
        A text that is neither, or a name of no indicator.

    Examples
    --------
    >>> names = pd.DataFrame({"indicator": ["co2", "forest"]})
    >>> directions_of(["up", "CO*=-1"], names).tolist()
    [-1, 1]
    """
    found = pd.Series(pd.NA, names.index, dtype="Int64")
    own = found if said is None else said.astype("Int64")
    known = names.fillna("").map(lambda one: str(one).casefold())
    for text in sorted(texts, key=_breadth):
        name, _, word = text.rpartition("=")
        way = DIRECTIONS.get(word.strip().casefold())
        if way is None:
            raise refuse("direction.typed", got=text)
        wanted = name.strip().casefold() or "*"
        of = known.map(lambda own, wanted=wanted: own == wanted or fnmatchcase(own, wanted))
        if not of.any(axis=None):
            hint = did_you_mean(name.strip(), names.iloc[:, 0])
            raise refuse("direction.indicator", got=name.strip(), hint=hint)
        found[of.any(axis=1)] = way
        if _breadth(text) == 0:
            found = own.fillna(found)
    return found.fillna(own)


def _breadth(text: str) -> int:
    """Tell whether a direction is said of all indicators (0), of those alike (1), or of one (2)."""
    name = text.rpartition("=")[0].strip()
    return 0 if name in ("", "*") else 1 if set(name) & set("*?[") else 2


def with_directions(table: pd.DataFrame, given: Directions | None, file: str) -> pd.DataFrame:
    """Return a checked table of targets whose every row has its direction.

    Raises
    ------
    InputError
        A row without a direction, or with another one than `given` says.
    """
    names = table["indicator"].astype(object).fillna("")
    stated, asked = table["direction"], names.map(by_indicator(given, names)).astype("Int64")
    direction = stated.fillna(asked)
    lacking = names[direction.isna()]
    values = {"indicator": next(filter(None, lacking), "x")}
    faults = [Fault("direction.missing", file, row, "direction", values) for row in lacking.index]
    for row in table.index[(stated != asked).fillna(False)]:
        values = {"got": stated[row], "given": asked[row]}
        faults.append(Fault("direction.differs", file, row, "direction", values))
    if faults:
        raise InputError(gather(faults))
    return table.assign(direction=direction)


def met_at_once(targets: pd.DataFrame, panel: pd.DataFrame) -> Iterator[Fault]:
    """Point at targets without a baseline that the panel's own score of the baseline period met."""
    scores = panel.set_index(["area", "indicator", "period"])["value"].dropna()
    at = pd.MultiIndex.from_frame(targets[["area", "indicator", "baseline_period"]])
    found = targets.assign(score=scores.reindex(at).to_numpy(float))
    ahead = found["direction"].astype(float) * (found["score"] - found["target"]) > 0
    ahead &= found["baseline"].isna() & found["target_upper"].isna()
    for row in found[ahead].itertuples():
        values = {"got": f"{row.target:g}", "direction": row.direction, "other": -row.direction}
        values |= {"score": f"{row.score:g}", "period": row.baseline_period}
        yield Fault("direction.met_at_once", "targets", row.Index, "target", values)


def contradictions(
    targets: pd.DataFrame, direction: pd.Series, file: str, *, hint: Hint | None = None
) -> Iterator[Fault]:
    """Find the targets on the wrong side of their own baseline; at it is no contradiction.

    Such a target would count as met from the start, and a step back as progress.
    """
    for row in _backward(targets, direction):
        values = {
            "got": f"{targets.loc[row, 'target']:g}",
            "baseline": f"{targets.loc[row, 'baseline']:g}",
            "direction": direction[row],
            "other": -direction[row],
            "hint": hint or Hint(),
        }
        yield Fault("direction.contradiction", file, row, "target", values)


def backward_cases(cases: pd.DataFrame) -> list[Fault]:
    """Point at the cases whose target is on the wrong side of its baseline, in one notice."""
    if not (rows := [int(row) for row in _backward(cases, cases["direction"])]):
        return []
    return [Fault("direction.backward", "cases", rows[0], "target", {}, tuple(rows[1:]))]


def _backward(targets: pd.DataFrame, direction: pd.Series) -> pd.Index:
    step = direction.astype(float) * (targets["target"] - targets["baseline"])
    size = targets[["target", "baseline"]].abs().max(axis=1)
    one_sided = targets["target_upper"].isna() if "target_upper" in targets else True
    return targets.index[(step < -_ROUNDING * size) & one_sided]

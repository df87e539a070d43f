"""One name an area in plain tables, and the names that may be no area of their own."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from pgi_analysis.data.names import fold, words
from pgi_analysis.faults import Fault, InputError

#: names this much alike, of which one begins where the other ends, may be one area
ALIKE = 0.8
#: where more pairs than this share no period, areas come and go, and a name tells nothing
MOST_APART = 5000


def one_name(
    table: pd.DataFrame, file: str, key: list[str], known: Iterable[str] = ()
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return a table in which each area has one name, the first seen, and what was changed.

    Parameters
    ----------
    table : DataFrame
        With ``area``, and the columns of `key`, which each row has once with its area.
    file : str
        Its name for the reader.
    known : iterable of str
        Names that come before those of the table.

    Raises
    ------
    InputError
        Two rows say the same under two spellings.

    Examples
    --------
    >>> rows = pd.DataFrame({"area": ["Hà Nội", "ha noi", "Huế"], "period": [2023, 2024, 2024]})
    >>> table, notices = one_name(rows, "panel", ["period"])
    >>> list(table["area"]), [notice.values["got"] for notice in notices]
    (['Hà Nội', 'Hà Nội', 'Huế'], ['ha noi'])
    """
    own: dict[str, str] = {}
    for name in (*known, *table["area"].unique()):
        own.setdefault(fold(name) or name, name)
    meant = {name: own[fold(name) or name] for name in table["area"].unique()}
    if all(name == other for name, other in meant.items()):
        return table, []
    named = table["area"].map(meant)
    notices = [
        _at("area.spelling", file, rows.index, got=name, known=named[rows.index[0]])
        for name, rows in table[named != table["area"]].groupby("area", sort=False)
    ]
    same = named.to_frame("area").join(table[key])
    faults, first = [], {}
    for row, *cells in same[same.duplicated(keep=False)].itertuples(name=None):
        earlier = first.setdefault(tuple(cells), row)
        if earlier != row:
            values = {"got": table.loc[row, "area"], "known": table.loc[earlier, "area"]}
            values |= {"what": ", ".join(map(str, cells[1:])), "first": earlier}
            faults.append(Fault("area.twice", file, row, "area", values))
    if faults:
        raise InputError(faults)
    return table.assign(area=named.astype(table["area"].dtype)), notices


def apart(panel: pd.DataFrame) -> pd.DataFrame:
    """Give the scores from before a break of an area's indicator to an area of their own.

    They still tell how scores of the indicator vary and how all areas moved, and nothing of what
    came after.

    Parameters
    ----------
    panel : DataFrame
        ``area, indicator, period, series_break``: whether a series begins anew with a score.

    Examples
    --------
    >>> panel = pd.DataFrame({"area": "A", "indicator": "x", "period": [2022, 2023, 2024],
    ...                       "series_break": [False, False, True]})
    >>> apart(panel)["area"].tolist()
    ['A (< 2024)', 'A (< 2024)', 'A']
    """
    marked = panel[panel["series_break"].eq(True)]
    own = panel["area"].copy()
    for row in marked.sort_values("period", ascending=False).itertuples():
        of = (panel["area"] == row.area) & (panel["indicator"] == row.indicator)
        own[of & (panel["period"] < row.period)] = f"{row.area} (< {row.period})"
    return panel.assign(area=own)


def before_break(targets: pd.DataFrame, panel: pd.DataFrame) -> pd.Series:
    """Tell which targets start from a baseline that a break of their series cuts off.

    Parameters
    ----------
    targets : DataFrame
        ``area, indicator, baseline_period``.
    panel : DataFrame
        As `apart` returns it.
    """
    marked = panel[panel["series_break"].eq(True)]
    if marked.empty:
        return pd.Series(False, targets.index)
    since = marked.groupby(["area", "indicator"])["period"].max()
    rows = zip(targets["area"], targets["indicator"], targets["baseline_period"], strict=True)
    cut = [pd.notna(start) and start < since.get((a, i), start) for a, i, start in rows]
    return pd.Series(cut, targets.index, dtype=bool)


def area_notices(
    panel: pd.DataFrame, file: str, rows: pd.Series | None = None, *, near: bool = True
) -> Iterator[Fault]:
    """Point at summary rows, and at names that may be one area under two.

    Parameters
    ----------
    panel : DataFrame
        ``area, period``, a row a score.
    file, rows
        As in `suspects.suspect_notices`.
    near : bool
        Whether names may be two of one area; where a table of areas says which there are, not.
    """
    lines = panel.index.to_series() if rows is None else rows
    names = panel["area"].unique()
    for name in filter(is_summary, names):
        yield _at("area.summary", file, lines[panel["area"] == name], got=name)
    for first, then in _never_together(panel) if near and len(panel) else ():
        if are_near(first, then):
            yield _at("area.near", file, lines[panel["area"] == then], got=then, known=first)


def _never_together(panel: pd.DataFrame) -> list[tuple[str, str]]:
    """Find the pairs of areas that share no period, the one known first in front."""
    rows, names = pd.factorize(panel["area"], sort=True)
    columns, periods = pd.factorize(panel["period"], sort=True)
    known = np.zeros((len(names), len(periods)), bool)
    known[rows, columns] = True
    kinds, kind, size = np.unique(known, axis=0, return_inverse=True, return_counts=True)
    apart = np.triu(kinds.astype(int) @ kinds.T == 0)
    if size @ apart @ size > MOST_APART:
        return []
    order = kinds.argmax(axis=1)
    pairs = (sorted(pair, key=lambda number: order[number]) for pair in np.argwhere(apart))
    areas = [names[kind.ravel() == number].astype(str) for number in range(len(kinds))]
    return [pair for one, other in pairs for pair in product(areas[one], areas[other])]


def is_summary(name: str) -> bool:
    """Tell whether a name is that of a summary row, by `summaries.toml`.

    Examples
    --------
    >>> [is_summary(name) for name in ("Điểm cao nhất", "EU27_2020", "OECD average", "Lạng Sơn")]
    [True, True, True, False]
    """
    name = name.removesuffix(" (M49)")
    known, said = _summaries(), f" {' '.join(words(name))} "
    if said.startswith(known["beside"]) or said.endswith(known["beside"]):
        return True
    plain = fold(name)
    if plain in known["names"] | known["parts"] or re.fullmatch(known["pattern"], plain):
        return True
    both = re.split(r"\s+[-–/]\s+|\n", name)
    return len(both) > 1 and all(map(is_summary, both))  # in two languages


def is_whole(value: str) -> bool:
    """Tell whether a value of a column of groups stands for all of them: Total, Cả hai giới."""
    known = _summaries()
    if fold(value) in known["parts"]:
        return False
    return is_summary(value) or fold(value) in known["wholes"]


def listed(name: str) -> frozenset[str]:
    """Return a list of `summaries.toml` whose entries are compared as they stand."""
    return _summaries()[name]


@cache
def _summaries() -> dict[str, Any]:
    """Read the names of summaries, as they are compared."""
    text = resources.files("pgi_analysis").joinpath("data", "summaries.toml").read_text("utf-8")
    lists = tomllib.loads(text)
    return {
        "names": frozenset(fold(name) for name in lists["statistics"] + lists["groups"]),
        "parts": frozenset(map(fold, lists["parts"])),
        "beside": tuple(f" {' '.join(words(name))} " for name in lists["beside"]),
        "wholes": tuple(map(fold, lists["wholes"])),
        "pattern": "|".join(lists["patterns"]),
        "codes": frozenset(lists["codes"]),
        "units": frozenset(lists["units"]),
        "missing": frozenset(one.casefold() for one in lists["missing"]),
    }


def are_near(one: str, other: str) -> bool:
    """Tell whether two names may mean one area: a letter apart, a part of the other, its initials.

    Names that differ in a number or a single letter are a list: «Ward 1» and «Ward 2».

    Examples
    --------
    >>> pairs = ("Bắc Cạn", "Bắc Kạn"), ("Huế", "Thừa Thiên Huế"), ("Ward 1", "Ward 2")
    >>> [are_near(*pair) for pair in pairs]
    [True, True, False]
    """
    apart = set(words(one)) ^ set(words(other))
    if any(len(word) == 1 or any(c.isdigit() for c in word) for word in apart):
        return False
    short, long = sorted((one, other), key=lambda name: len(words(name)))
    initials = "".join(word[0] for word in words(long))
    if len(initials) > 2 and fold(short).removeprefix("tp") == initials:
        return True
    if set(words(short)) < set(words(long)):
        return len(fold(short)) > 2
    return difflib.SequenceMatcher(None, fold(one), fold(other)).ratio() >= ALIKE


def _at(rule: str, file: str, rows: Iterable[int], **values: object) -> Fault:
    first, *also = (int(row) for row in rows)
    return Fault(rule, file, first, "area", values, tuple(also))

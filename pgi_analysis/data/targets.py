"""Targets as plans write them, resolved to a value: a score or a rank, to be met or to lie within.

A plan may state the value itself, or a change from a baseline: «30 % less than in 2020», «three
places up». What it comes to is reckoned once, at the door, and the words of the plan are kept
beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pgi_analysis.data.cells import COMPARISONS, MEASURES, parse_measure
from pgi_analysis.data.composites import difference
from pgi_analysis.faults import Fault
from pgi_analysis.language import LANGUAGES

SCORE, RANK, RANK_CHANGE, CHANGE = MEASURES
AT_LEAST, AT_MOST, WITHIN = COMPARISONS

ENDS = ["target", "target_upper"]
KEY = ["indicator", "measure", "target_period"]


def per_cents(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the «%» from the changes of a table of targets, and tell which ends had one.

    «−30 %» beside scores is no mixture of units: it is a part of the baseline.
    """
    if not {"measure", "target"} <= set(table.columns) or not table.columns.is_unique:
        return table, pd.DataFrame(False, table.index, ENDS)
    change = table["measure"].map(lambda cell: parse_measure(str(cell)) == CHANGE)
    table = table.reindex(columns=[*table.columns, *set(ENDS) - set(table.columns)])
    ends = table[ENDS].astype(object)
    signed = ends.map(lambda cell: str(cell).strip().endswith("%")).mul(change, axis=0)
    bare = ends.map(lambda cell: str(cell).strip().removesuffix("%").strip())
    return table.assign(**ends.mask(signed, bare)), signed


def resolve(
    targets: pd.DataFrame,
    signed: pd.DataFrame,
    indicators: pd.DataFrame,
    baselines: Mapping[str, pd.Series],
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the targets with the value that each comes to, and what cannot be resolved.

    Parameters
    ----------
    targets : DataFrame
        Of the contract ``targets``.
    signed : DataFrame of bool
        Which ends of changes are per cent of the baseline, see `per_cents`.
    indicators : DataFrame
    baselines : mapping
        For a ``change`` the scores of the plan's area by indicator and period, for a
        ``rank_change`` its ranks: they stand in where the plan leaves the baseline out.

    Returns
    -------
    DataFrame
        The same rows: ``measure`` is ``score`` or ``rank``, ``comparison`` is filled, ``target``
        is the value to be met, ``target_upper`` the upper end of a range, ``change`` and
        ``change_upper`` the change as written, and ``relative`` tells whether that is per cent of
        the baseline.
    list of Fault
    """
    file = str(targets.index.name)
    table = targets.copy()
    table["measure"] = table["measure"].fillna(SCORE)
    known = indicators.drop_duplicates("indicator").set_index("indicator")
    ranked = table["measure"].isin([RANK, RANK_CHANGE])
    falls = ranked | (table["indicator"].map(known["direction"]) < 0).fillna(False)
    own = pd.Series(np.where(falls, AT_MOST, AT_LEAST), table.index)
    table["comparison"] = table["comparison"].fillna(own)
    signed = signed.reindex(table.index, fill_value=False)
    table["relative"] = signed.any(axis=1)
    changes = table["measure"].isin([CHANGE, RANK_CHANGE])
    table["change"] = table["target"].where(changes)
    table["change_upper"] = table["target_upper"].where(changes)
    faults = [*_comparison_faults(table, own, file), *_per_cent_faults(table, signed, known, file)]
    for row in table[table["change"].notna()].itertuples():
        base = row.baseline
        if pd.isna(base):
            base = baselines[row.measure].get((row.indicator, row.baseline_period), math.nan)
        if pd.isna(base):
            faults.append(Fault("target.baseline", file, row.Index, "baseline"))
            table.loc[row.Index, ENDS] = np.nan
            continue
        table.loc[row.Index, "baseline"] = base
        if row.relative and base == 0:
            values = {"got": f"{row.change:g}%"}
            faults.append(Fault("target.of_nothing", file, row.Index, "target", values))
        ends = [_changed(row, float(base), end) for end in (row.target, row.target_upper)]
        # more places up is the better rank, and a part of a negative figure goes the other way
        table.loc[row.Index, ENDS] = ends if pd.isna(ends[1]) else sorted(ends)
    table["measure"] = np.where(ranked, RANK, SCORE)
    first: dict[tuple, int] = {}
    for row, *key in table[KEY].dropna().itertuples(name=None):
        earlier = first.setdefault(tuple(key), row)
        as_written = targets.loc[[earlier, row], KEY].astype(str)
        if earlier != row and not as_written.duplicated().any():  # what is has been said
            values = {"got": ", ".join(map(str, key)), "first": earlier}
            faults.append(Fault("row_twice", file, row, ", ".join(KEY), values))
    return table, [*faults, *_rank_faults(table, file)]


def _changed(row, base: float, change: float) -> float:
    """Reckon what a change of the baseline comes to."""
    if row.measure == RANK_CHANGE:  # three places up from the 62nd is the 59th
        return base - change
    return float(difference(base, -base * change / 100 if row.relative else -change))


def _comparison_faults(table: pd.DataFrame, own: pd.Series, file: str) -> Iterator[Fault]:
    """Find ranges without two ends in order, and comparisons that call the worse side met."""
    for row in table.itertuples():
        upper = {"got": f"{row.target_upper:g}"}
        if row.measure == RANK_CHANGE and row.target < 0:
            values = {"got": f"{row.target:g}"}
            yield Fault("target.rank_fall", file, row.Index, "target", values)
        if row.comparison == WITHIN and pd.isna(row.target_upper):
            yield Fault("target.range_open", file, row.Index, "target_upper")
        elif row.comparison == WITHIN and row.target_upper <= row.target:
            values = upper | {"low": f"{row.target:g}"}
            yield Fault("target.range_reversed", file, row.Index, "target_upper", values)
        elif row.comparison != WITHIN and pd.notna(row.target_upper):
            yield Fault("target.range_unsaid", file, row.Index, "target_upper", upper)
        elif row.comparison not in (WITHIN, own[row.Index]):
            rule = "comparison_rank" if row.measure in (RANK, RANK_CHANGE) else "comparison"
            values = {"got": row.comparison, "own": own[row.Index]}
            yield Fault(f"target.{rule}", file, row.Index, "comparison", values)


def _per_cent_faults(
    table: pd.DataFrame, signed: pd.DataFrame, known: pd.DataFrame, file: str
) -> Iterator[Fault]:
    """Find per cents of a figure in per cent, which may be meant as points, and ranges half so."""
    names = [f"unit_{code}" for code in LANGUAGES]
    for row in table[table["relative"]].itertuples():
        if pd.notna(row.change_upper) and not signed.loc[row.Index].all():
            values = {"got": f"{row.change:g}", "upper": f"{row.change_upper:g}"}
            yield Fault("target.half_per_cent", file, row.Index, "target_upper", values)
        if row.indicator in known.index and "%" in set(known.loc[row.indicator, names]):
            values = {"got": f"{row.change:g}%"}
            yield Fault("target.per_cent", file, row.Index, "target", values)


def _rank_faults(table: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Find ranks that are none: a fraction, or before the first."""
    for row in table[table["measure"] == RANK].itertuples():
        for column in ("baseline", "target", "target_upper"):
            value = getattr(row, column)
            if pd.notna(value) and (value < 1 or value % 1):
                written = {"target": row.change, "target_upper": row.change_upper}.get(column)
                got = value if pd.isna(written) else written
                yield Fault("target.rank", file, row.Index, column, {"got": f"{got:g}"})

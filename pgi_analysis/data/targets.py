"""Targets as plans write them, resolved to a value: a score or a rank, to be met or to lie within.

A plan may state the value itself, or a change from a baseline: «30 % less than in 2020», «three
places up». What it comes to is reckoned once, at the door, and the words of the plan are kept
beside it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pgi_analysis.data.cells import COMPARISONS, MEASURES, in_per_cent, parse_measure
from pgi_analysis.data.composites import difference
from pgi_analysis.faults import Fault
from pgi_analysis.language import LANGUAGES

SCORE, RANK, RANK_CHANGE, CHANGE = MEASURES
AT_LEAST, AT_MOST, WITHIN = COMPARISONS

ENDS = ["target", "target_upper"]
KEY = ["indicator", "measure", "target_period"]
#: a change as plans word it: «giảm một nửa», «reduce by 30% against 2015», «tăng 10 điểm»
_FALLS = "giảm|hạ|reduce|decrease|cut|lower"
_RISES = "tăng|nâng|increase|raise"
_PARTS = {"một nửa": 50, "nửa": 50, "half": 50, "gấp đôi": 100, "gấp ba": 200, "threefold": 200}
_WORDED = re.compile(
    rf"(?P<way>{_FALLS}|{_RISES})( by| thêm)?( at least| ít nhất| tối thiểu)? "
    rf"(?:(?P<part>{'|'.join(_PARTS)})|(?P<size>\d+(?:[.,]\d+)?)"
    r" ?(?P<unit>%|per ?cent|phần trăm|points?|điểm))"
    r"(?:,? (?:so với|against|from|compared (?:with|to))(?: năm)? (?P<since>\d{4}))?"
)
_WHOLE = {"halve": -50, "double": 100, "gấp đôi": 100, "triple": 200, "gấp ba": 200}
#: what makes «-30%» of an indicator in per cent a part of the baseline, beyond doubt
OF_BASELINE = "% of baseline"
_PER_CENT = re.compile(
    r" *%(?P<of_baseline> *of (?:the )?baseline| *(?:của |so với )?(?:giá trị|mức|năm|kỳ) gốc)?$",
    re.IGNORECASE,
)
#: by measure: figures by area, indicator and period
Baselines = Mapping[str, Mapping[tuple, float]]


def as_change(text: str, since: str = "") -> str | None:
    """Read a change that is put in words, as a number or per cent; None where it is none.

    The year that it is said to be against must be `since`.

    Examples
    --------
    >>> as_change("Giảm một nửa"), as_change("increase by 10 points"), as_change("double")
    ('-50% of baseline', '10', '100% of baseline')
    >>> as_change("giảm 30% so với năm 2020", "2020"), as_change("giảm 30% so với 2020", "2015")
    ('-30%', None)
    """
    plain = " ".join(str(text).casefold().split()).rstrip(".")
    if plain in _WHOLE:
        return f"{_WHOLE[plain]}{OF_BASELINE}"
    said = _WORDED.fullmatch(plain)
    if said is None or said["since"] not in (None, since.strip()):
        return None
    sign = "-" if said["way"] in _FALLS.split("|") else ""
    if said["part"]:
        multiple = _PARTS[said["part"]] > 50
        # «reduce threefold» has no meaning, «increase by half» has
        return None if sign and multiple else f"{sign}{_PARTS[said['part']]}{OF_BASELINE}"
    return sign + said["size"] + ("" if said["unit"][:2] in ("po", "đi") else "%")


def worded(table: pd.DataFrame) -> pd.DataFrame:
    """Write changes that are put in words as numbers, under the measure ``change``."""
    if "target" not in table or not table.columns.is_unique:
        return table
    nothing = pd.Series("", table.index)
    start = table.get("baseline_period", nothing)
    read = [
        as_change(cell, str(since)) if isinstance(cell, str) else None
        for cell, since in zip(table["target"], start, strict=True)
    ]
    found = pd.Series(read, table.index, dtype=object)
    measure = table.get("measure", nothing.mask(nothing.eq("")))
    change = measure.map(lambda cell: parse_measure(str(cell)) == CHANGE).astype(bool)
    found[measure.notna() & ~change] = None
    if found.isna().all():
        return table
    measure = measure.astype(object).mask(found.notna(), CHANGE)
    return table.assign(measure=measure, target=table["target"].mask(found.notna(), found))


def plus_faults(table: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Find values with a plus sign, as changes have, of which it is not said what they are."""
    if not table.columns.is_unique:
        return
    unsaid = table.get("measure", pd.Series(None, table.index, dtype=object)).isna()
    for column in [name for name in table.columns if name in ENDS]:  # of several levels: none
        for row, cell, of_value in zip(table.index, table[column], unsaid, strict=True):
            if of_value and isinstance(cell, str) and cell.strip().startswith("+"):
                yield Fault("target.plus", file, row, column, {"got": cell.strip()})


def below_zero(targets: pd.DataFrame, scores: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Find values below 0 of indicators that never had one: they are changes, most likely.

    Parameters
    ----------
    targets : DataFrame
        Values of indicators whose scale is not said to begin below 0.
    scores : DataFrame
    file : str
    """
    least = targets["indicator"].map(scores.groupby("indicator")["value"].min())
    for column in ENDS:
        for row, value in targets.loc[(least >= 0) & (targets[column] < 0), column].items():
            yield Fault("target.below_zero", file, row, column, {"got": f"{value:g}"})


def per_cents(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Take the «%» from the changes of a table of targets, and tell which ends had one.

    «−30 %» beside scores is no mixture of units: it is a part of the baseline. The column
    ``of_baseline`` tells where that is said, and not just meant; ``level`` where it is a value
    that has one, which fits an indicator in per cent alone.
    """
    signed = pd.DataFrame(False, table.index, [*ENDS, "of_baseline", "level"])
    if "target" not in table or not table.columns.is_unique:
        return table, signed
    given, nothing = table, pd.Series("", table.index)
    table = table.reindex(columns=[*table.columns, *set(ENDS) - set(table.columns)])
    change = table.get("measure", nothing).map(lambda cell: parse_measure(str(cell)) == CHANGE)
    change = change.astype(bool)
    ends = table[ENDS].astype(object)
    found = ends.map(lambda cell: _PER_CENT.search(str(cell).strip()))
    bare = ends.map(lambda cell: _PER_CENT.sub("", str(cell).strip()))
    said = found.map(lambda end: isinstance(end, re.Match) and end["of_baseline"] is not None)
    signed[ENDS] = found.notna().mul(change, axis=0)
    signed["of_baseline"] = said.any(axis=1) & change
    signed["level"] = found.notna().any(axis=1) & ~change
    if not change.any():
        return given, signed
    return table.assign(**ends.mask(signed[ENDS], bare)), signed


def resolve(
    targets: pd.DataFrame,
    signed: pd.DataFrame,
    indicators: pd.DataFrame,
    baselines: Baselines,
) -> tuple[pd.DataFrame, list[Fault]]:
    """Return the targets with the value that each comes to, and what cannot be resolved.

    Parameters
    ----------
    targets : DataFrame
        Of the contract ``targets``, each row with the key of its ``area``.
    signed : DataFrame of bool
        Which ends of changes are per cent of the baseline, and where that is said: `per_cents`.
    indicators : DataFrame
    baselines : mapping
        For a ``change`` the scores by area, indicator and period, for a ``rank_change`` the
        ranks: they stand in where the plan leaves the baseline out.

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
    table["relative"] = signed[ENDS].any(axis=1)
    changes = table["measure"].isin([CHANGE, RANK_CHANGE])
    table["change"] = table["target"].where(changes)
    table["change_upper"] = table["target_upper"].where(changes)
    faults = [*_comparison_faults(table, own, file), *_per_cent_faults(table, signed, known, file)]
    reckoned: dict[int, list[float]] = {}
    for row in table[table["change"].notna()].itertuples():
        base = row.baseline
        if pd.isna(base):
            at = row.area, row.indicator, row.baseline_period
            base = baselines[row.measure].get(at, math.nan)
        if pd.isna(base):
            faults.append(Fault("target.baseline", file, row.Index, "baseline"))
            reckoned[row.Index] = [math.nan] * 3
            continue
        if row.relative and base == 0:
            values = {"got": f"{row.change:g}%"}
            faults.append(Fault("target.of_nothing", file, row.Index, "target", values))
        ends = [_changed(row, float(base), end) for end in (row.target, row.target_upper)]
        # more places up is the better rank, and a part of a negative figure goes the other way
        reckoned[row.Index] = [float(base), *(ends if pd.isna(ends[1]) else sorted(ends))]
    if reckoned:
        table.loc[list(reckoned), ["baseline", *ENDS]] = list(reckoned.values())
    table["measure"] = np.where(ranked, RANK, SCORE)
    first: dict[tuple, int] = {}
    for row, area, *key in table.dropna(subset=KEY)[["area", *KEY]].itertuples(name=None):
        earlier = first.setdefault((area, *key), row)
        if earlier == row:
            continue
        if not targets.loc[[earlier, row], KEY].astype(str).duplicated().any():  # else it is said
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
    units = known[[f"unit_{code}" for code in LANGUAGES]].map(in_per_cent).any(axis=1)
    doubtful, whole = set(units.index[units]), signed[ENDS].all(axis=1)
    told = known["unit_vi"].fillna(known["unit_en"])
    for row in table[signed["level"]].itertuples():
        unit = told.get(row.indicator)
        if pd.notna(unit) and row.indicator not in doubtful:
            values = {"got": f"{row.target:g}%", "unit": unit}
            yield Fault("target.per_cent_unit", file, row.Index, "target", values)
    for row in table[table["relative"]].itertuples():
        if pd.notna(row.change_upper) and not whole[row.Index]:
            values = {"got": f"{row.change:g}", "upper": f"{row.change_upper:g}"}
            yield Fault("target.half_per_cent", file, row.Index, "target_upper", values)
        if row.indicator in doubtful and not signed.at[row.Index, "of_baseline"]:
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

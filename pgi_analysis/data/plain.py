"""The door for plain tables: checked, one name an area, each target with its direction.

What is accepted but may be wrong comes back as notices: faults that do not stop the work.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from contextlib import suppress

import pandas as pd

from pgi_analysis.data.areas import apart, area_notices, one_name
from pgi_analysis.data.cells import parse_measure
from pgi_analysis.data.consistency import ends_of, scale_faults, too_far
from pgi_analysis.data.directions import (
    Directions,
    contradictions,
    met_at_once,
    with_directions,
)
from pgi_analysis.data.plausibility import size_doubts
from pgi_analysis.data.schema import require
from pgi_analysis.data.suspects import suspect_notices
from pgi_analysis.data.targets import SCORE, as_change, below_zero, plus_faults
from pgi_analysis.data.unfolding import of_all
from pgi_analysis.faults import Fault, InputError, did_you_mean, gather, refuse

Notices = tuple[Fault, ...]


class DataWarning(UserWarning):
    """Something accepted that may be wrong, said where no result can carry it."""


def panel(data: pd.DataFrame) -> tuple[pd.DataFrame, Notices]:
    """Check a panel that a caller passed in, and give each area one name.

    Scores from before a break of an area's indicator go to an area of their own, see `areas.apart`.

    Raises
    ------
    InputError
        Naming every fault; rows are counted from 0 as in the table's index order.
    """
    table, renamed = one_name(require("panel", data), "panel", ["indicator", "period"])
    return apart(table), tuple(renamed)


def targets(
    data: pd.DataFrame, scores: pd.DataFrame, direction: Directions | None
) -> tuple[pd.DataFrame, Notices]:
    """Check the targets of a panel, its areas under the panel's names, each with its direction.

    Raises
    ------
    InputError
        Naming every fault; a direction that is missing or contradicts a target is one.
    """
    if wrong := list(rule_faults(data, "targets")):
        raise InputError(gather(wrong))
    table = require("panel_targets", data, like=scores)
    key = ["indicator", "target_period"]
    table, renamed = one_name(table, "targets", key, scores["area"].unique())
    table = with_directions(table, direction, "targets")
    wrong = list(contradictions(table, table["direction"], "targets"))
    for row in table[table["target_upper"] <= table["target"]].itertuples():
        values = {"got": f"{row.target_upper:g}", "low": f"{row.target:g}"}
        wrong.append(Fault("target.range_reversed", "targets", row.Index, "target_upper", values))
    wrong += too_far(table, scores, "targets")
    wrong += below_zero(table[~(table["lower"] < 0)], scores, "targets")
    wrong += _reversed(table)
    if table[["lower", "upper"]].notna().any(axis=None):
        for rows, file in ((scores, "panel"), (table, "targets")):
            columns = rows.columns.intersection(["value", "target", "target_upper", "baseline"])
            wrong += scale_faults(rows.rename_axis(file), columns, *ends_of(rows, table))
    if wrong:
        raise InputError(gather(wrong))
    return table, tuple(renamed)


def rule_faults(targets: pd.DataFrame, file: str) -> Iterator[Fault]:
    """Find rows that state a rule, for all areas or as a change, which the plan of a folder may."""
    targets = targets.loc[:, ~targets.columns.duplicated()]  # refused after, by `require`
    yield from plus_faults(targets, file)
    blank = pd.Series(None, targets.index, dtype=object)
    areas, aims = targets.get("area", blank), targets.get("target", blank)
    named = (name for name in targets if str(name).strip().casefold() == "measure")
    measure = targets.get(next(named, None), blank)
    for row, area, cell, said in zip(targets.index, areas, aims, measure, strict=True):
        if isinstance(area, str) and of_all(area):  # by zip, since labels may repeat
            yield Fault("target.rule_for_all", file, row, "area", {"got": area})
        asked = str(said).strip() if pd.notna(said) else ""
        with suppress(ValueError):  # what is no measure is a rule as well
            asked = parse_measure(asked) if asked else SCORE
        if asked != SCORE or (isinstance(cell, str) and as_change(cell)):
            values = {"got": cell if asked == SCORE else f"{asked}: {cell}"}
            yield Fault("target.rule_of_change", file, row, "target", values)


def both(
    data: pd.DataFrame, aims: pd.DataFrame | None, direction: Directions | None
) -> tuple[pd.DataFrame, pd.DataFrame, Notices]:
    """Check a panel and its targets, and point at what may be wrong with them together.

    Raises
    ------
    InputError
        Naming every fault; no targets, a panel without a score, and a target whose area or
        indicator the panel has nowhere, so that it is misspelt, are such.
    """
    if aims is None:
        raise refuse("targets_needed")
    scores, renamed = panel(data)
    aims, more = targets(aims, scores, direction)
    if scores["value"].isna().all():
        raise refuse("panel_empty")
    faults = []
    for column in ("area", "indicator"):
        known = set(scores[column].unique())
        for row, name in aims.loc[~aims[column].isin(known), column].items():
            values = {"got": name, "hint": did_you_mean(str(name), known)}
            faults.append(Fault("target_unknown", "targets", row, column, values))
    if faults:
        raise InputError(gather(faults))
    return scores, aims, (*renamed, *more, *panel_notices(scores, aims=aims))


def _reversed(targets: pd.DataFrame) -> Iterator[Fault]:
    """Find scales that end before they begin."""
    for row in targets[targets["lower"] >= targets["upper"]].itertuples():
        values = {"got": f"{row.upper:g}", "low": f"{row.lower:g}"}
        yield Fault("scale_reversed", "targets", row.Index, "upper", values)


def panel_notices(
    scores: pd.DataFrame, file: str = "panel", *, aims: pd.DataFrame | None = None
) -> Notices:
    """Point at what may be wrong: names that are no areas, scores that stand out, targets met."""
    early = []
    if aims is not None:
        early += [*met_at_once(aims, scores), *size_doubts(aims, scores, "targets")]
    return (*early, *area_notices(scores, file), *suspect_notices(scores, file))


def warn(notices: Iterable[Fault]) -> None:
    """Say notices as Python says warnings."""
    if lines := [notice.text() for notice in gather(notices)]:
        warnings.warn("\n".join(lines), DataWarning, stacklevel=3)

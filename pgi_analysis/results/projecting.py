"""Whether a target will be met: the distribution of the score to come, held against it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from pgi_analysis.data import (
    FAMILIES,
    Dataset,
    Directions,
    before_break,
    calendar_of,
    checked,
    plain,
    with_composites,
)
from pgi_analysis.faults import refuse
from pgi_analysis.kept import of_dataset
from pgi_analysis.panel import family_named
from pgi_analysis.results import background
from pgi_analysis.results.attainment import enter_outcomes, hold
from pgi_analysis.results.forecasting import MODELS, IndicatorForecast, forecast_all
from pgi_analysis.results.gaps import gap, own_baselines
from pgi_analysis.results.projection import Projection
from pgi_analysis.results.totals import with_totals

#: an area that was formed anew is new until it has more scores than this
FEW_SCORES = 2

COLUMNS = (
    "area indicator origin target_period value median lower upper target target_upper direction "
    "gap p_met p_met_by expected_change common_part own_part n_obs n_areas prior_only cautions "
    "state stated"
).split()


@checked
@of_dataset
def project(
    data: Dataset | pd.DataFrame,
    targets: pd.DataFrame | None = None,
    *,
    level: float = 0.8,
    model: str = "panel",
    family: str | None = None,
    direction: Directions | None = None,
    cutoffs: Mapping[tuple[str, object], float] | None = None,
) -> Projection:
    """Project each target's indicator to its period, and tell how likely the target is to be met.

    Variances are learned from all areas of the panel, since the few scores of one area cannot tell
    a trend from noise; where the panel itself is too short they are those of a prior family. How
    common moves go is learned from all indicators of the panel, so that a row does not depend on
    which other targets are asked for. Indicators of a dataset that have the same ends lend each
    other the size of the differences between areas; those of a plain panel, whose scales are not
    known, do not. An indicator without two areas in any period is projected from its own history,
    which its ``cautions`` say.

    Parameters
    ----------
    data : Dataset or DataFrame
        A dataset with a plan, or a panel with the columns area, indicator, period, value and where
        there are such status (``interim`` for self-assessments), released, and series_break
        (``yes`` where the area's indicator begins anew). Periods are years,
        or half-years, quarters, months or financial years, in equal steps: the result shows them as
        they were written, and they count as numbers (`data.periods`).
    targets : DataFrame, optional
        With a panel: area, indicator, target, target_period, direction (1: higher is better, −1:
        lower is better) and where there are such target_upper (the target is the range up to it),
        baseline, baseline_period, lower and upper (the ends of the scale).
    level : float
        Of the prediction interval, in (0, 1).
    model : {"panel", "ar1", "random_walk"}
        The panel model, or one of the simple ones to compare with: a return to the panel mean, or
        no change. See the modules of `panel`.
    family : {"subnational_survey", "country_index", "generic", "smooth"}, optional
        The kind of panel, for what the data cannot tell; see ``panel/families.toml``. By default
        that of the dataset's ``index.toml``, else the first.
    direction : {1, -1} or mapping from an indicator to it, optional
        Of targets that have no column ``direction``, which is never guessed. A plan has its own.
    cutoffs : mapping from (indicator, period) to points, optional
        Editions that show the best areas only: the score beyond which all areas without one lie,
        those included that the panel has with empty values alone. A dataset has them in
        ``national.csv`` (``statistic`` ``cutoff``).

    Returns
    -------
    Projection
        Its table has, a target a row (``area``, ``indicator``, ``target``, ``target_upper``,
        ``target_period``, ``direction``): ``origin`` (period of the last score), ``value`` (that
        score), ``median``, ``lower``, ``upper`` of the score to be published for the target period,
        ``gap`` (as in `gap`), ``p_met`` (probability that the target is met at its
        period), ``p_met_by`` (in any period after the baseline's up to it; without a baseline
        period, from the newest score on), ``expected_change`` from value to median and its parts,
        ``common_part`` (the move of all areas) and ``own_part`` (return to the area's usual place),
        ``n_obs`` (scores of this area), ``n_areas``, ``prior_only``, ``cautions`` (keys, separated
        by spaces: those of `panel.cautions`, ``own_history``, ``beyond_zero``, an interval that
        reaches beyond zero though no score does, and ``new_area``, one formed so lately that it has
        two scores at most), ``stated`` as in `gap`, and
        ``state``: ``open`` or ``reached`` (the newest score meets the target already) where it is
        projected; ``nowcast`` (that edition is out without this area's score, which is told from
        the others' and its own past); ``met`` or ``missed`` (the score of the target period is
        known; the interval is that score); ``unpublished`` (as ``nowcast``, but there is no edition
        before),
        ``no_observation``, ``not_comparable`` (a series break lies between baseline and newest
        edition, or the area ends before the target's), ``too_few_areas`` (no period has two areas,
        and there are fewer than three scores)
        or ``constant``, with which the numbers are NaN.

    Raises
    ------
    InputError
        Faulty tables, targets whose area or indicator the panel has nowhere, a direction that is
        missing or contradicts a target and its baseline, an unknown model or family, or a level
        outside (0, 1).

    Examples
    --------
    >>> import pandas as pd
    >>> panel = pd.DataFrame({"area": list("ABCDE"), "indicator": "x", "period": 2023,
    ...                       "value": [4.0, 5.0, 6.0, 7.0, 8.0]})
    >>> targets = pd.DataFrame({"area": ["A"], "indicator": ["x"],
    ...                         "target": [4.0], "target_period": [2024]})
    >>> row = project(panel, targets, model="random_walk", direction=1).table.iloc[0]
    >>> float(row["median"]), float(row["p_met"]), bool(row["prior_only"])
    (4.0, 0.5, True)
    """
    if model not in MODELS:
        raise refuse("model_unknown", got=model, known=", ".join(MODELS))
    family = family or (data.family if isinstance(data, Dataset) else FAMILIES[0])
    prior = family_named(family)
    vintage, weights, ds = None, {}, None
    if isinstance(data, Dataset):
        if targets is not None:
            raise refuse("targets_unused")
        panel, targets, vintage = data.panel(), plan_targets(data), data.vintage
        weights, ds, notices = data.weights(), data, data.notices
        if cutoffs is not None:
            raise refuse("cutoffs.unused")
        if direction is not None:
            raise refuse("direction.unused")
    else:
        panel, targets, notices = plain.both(data, targets, direction)
        targets = targets.assign(comparable=~before_break(targets, panel), stated=True)
    calendar = calendar_of(panel) if ds is None else ds.calendar
    panel, targets = calendar.count(panel), calendar.count(targets)
    known = (
        background.of_panel(panel, targets, cutoffs, calendar)
        if ds is None
        else background.of_dataset(ds)
    )
    panel = panel.dropna(subset=["value"])
    until = targets.groupby("indicator", sort=False)["target_period"].max().to_dict()
    lacking = background.lacking(panel, targets)
    made = forecast_all(panel, until, model=model, family=prior, known=known, lacking=lacking)
    made = made if ds is None else with_totals(made, ds)
    parts = [
        hold(made[name], rows, level) for name, rows in targets.groupby("indicator", sort=False)
    ]
    table = pd.concat(parts).loc[targets.index] if parts else targets
    table = table.reindex(columns=COLUMNS)
    if isinstance(data, Dataset):
        table = enter_outcomes(_with_new_areas(table, data), calendar.count(gap(data).table))
    whole = dict.fromkeys(["origin", "target_period", "direction", "n_obs", "n_areas"], "Int64")
    table = table.astype(whole | {"prior_only": "boolean"})
    table, targets = (calendar.write(one).rename_axis(index=None) for one in (table, targets))
    return Projection(table, targets, made, level, model, family, vintage, weights, ds, notices)


def forecasts(ds: Dataset, until: Mapping[str, int]) -> dict[str, IndicatorForecast]:
    """Forecast indicators of a dataset up to a period each, by the panel model."""
    family = family_named(ds.family)
    known = background.of_dataset(ds)
    return forecast_all(ds.panel(), until, model="panel", family=family, known=known)


def plan_targets(ds: Dataset) -> pd.DataFrame:
    """Return the plan's targets with area, direction, ends of the scale, and comparability."""
    plan = ds.require_plan()
    targets = with_composites(plan.targets, ds.indicators).assign(area=plan.area)
    scale = ds.indicators.set_index("indicator")
    for column in ("direction", "lower", "upper"):
        targets[column] = targets["indicator"].map(scale[column])
    start = own_baselines(ds, plan.area, targets)
    comparable = []
    for row, since in zip(targets.itertuples(), start, strict=True):
        runs = ds.segments(plan.area, row.indicator).dropna()
        same = pd.isna(since) or (since in runs.index and runs[since] == runs.iloc[-1])
        comparable.append(same and not ds.beyond(row.target_period))
    return targets.assign(comparable=comparable)


def _with_new_areas(table: pd.DataFrame, ds: Dataset) -> pd.DataFrame:
    """Add a caution where the plan's area was formed so lately that little of it is known."""
    if not ds.descent.parts(ds.require_plan().area):
        return table
    added = (table["cautions"].astype(str) + " new_area").str.strip()
    return table.assign(cautions=table["cautions"].mask(table["n_obs"] <= FEW_SCORES, added))

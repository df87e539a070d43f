"""Units do not matter, and a row does not depend on what else is asked for: laws."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import decimals

KEYS = ["area", "indicator", "target_period"]
POINTS = ["value", "median", "lower", "upper", "gap", "expected_change", "common_part", "own_part"]
CHANCES = ["p_met", "p_met_by"]
SAID = ["origin", "n_obs", "n_areas", "prior_only", "cautions", "state"]


def panel(seed, areas=7, periods=4, indicators=3):
    """Lasting differences, passing noise and common moves, from 0 to 100, some scores missing."""
    rng = np.random.default_rng(seed)
    index = product(range(indicators), range(areas), range(periods))
    y = 50 + 10 * rng.normal(size=(indicators, areas, 1))
    y = y + 5 * rng.normal(size=(indicators, areas, periods))
    y += 4 * np.cumsum(rng.normal(size=(indicators, 1, periods)), axis=2)
    rows = [(f"a{i}", f"x{k}", 2020 + t, y[k, i, t]) for k, i, t in index]
    table = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    return table[(table["period"] == 2020 + periods - 1) | (rng.random(len(table)) < 0.9)]


def targets(table, direction=1, ahead=(1, 3)):
    last = int(table["period"].max())
    aims = table[table["period"] == last].drop(columns="period").rename(columns={"value": "target"})
    aims["target"] += direction * 3.0
    aims = pd.concat([aims.assign(target_period=last + h) for h in ahead], ignore_index=True)
    return aims.assign(direction=direction)


def other(table, factor, shift, columns=("value",)):
    """Return a table in another unit, from another zero."""
    return table.assign(**{name: table[name] * factor + shift for name in columns})


factors = st.floats(-9, 9).map(lambda power: 10.0**power)
seeds = st.integers(0, 5)


def same(found, expected, rtol=1e-6):
    """Hold numbers against each other, to rounding in terms of the largest."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * np.nanmax(np.abs(expected)))


@settings(max_examples=15)
@given(seeds, factors, st.sampled_from(pgi.results.forecasting.MODELS))
def test_a_projection_does_not_depend_on_the_unit(seed, factor, model):
    scores = panel(seed)
    here = pgi.project(scores, targets(scores), model=model, family="generic").table
    aims = other(targets(scores), factor, 0.0, ["target"])
    there = pgi.project(other(scores, factor, 0.0), aims, model=model, family="generic").table
    pd.testing.assert_frame_equal(there[SAID], here[SAID])
    same(there[CHANCES], here[CHANCES])
    same(there[POINTS] / factor, here[POINTS])


@settings(max_examples=10)
@given(seeds, st.sampled_from([-1.0, 1.0]), st.sampled_from(pgi.results.forecasting.MODELS))
def test_a_projection_does_not_depend_on_the_zero(seed, sign, model):
    """A thousand ranges up or down."""
    scores = panel(seed)
    shift = sign * 1000 * np.ptp(scores["value"])
    here = pgi.project(scores, targets(scores), model=model, family="generic").table
    aims = other(targets(scores), 1.0, shift, ["target"])
    there = pgi.project(other(scores, 1.0, shift), aims, model=model, family="generic").table
    pd.testing.assert_frame_equal(there[SAID], here[SAID])
    same(there[CHANCES], here[CHANCES])
    moved = ["value", "median", "lower", "upper"]
    same(there[moved] - shift, here[moved])
    rest = [name for name in POINTS if name not in moved]
    same(there[rest], here[rest])


@settings(max_examples=10)
@given(seeds, st.sampled_from(pgi.results.forecasting.MODELS))
def test_a_projection_does_not_depend_on_the_direction(seed, model):
    scores = panel(seed)
    here = pgi.project(scores, targets(scores), model=model, family="generic").table
    aims = targets(scores).assign(direction=-1, target=-targets(scores)["target"])
    mirrored = scores.assign(value=-scores["value"])
    there = pgi.project(mirrored, aims, model=model, family="generic").table
    pd.testing.assert_frame_equal(there[SAID], here[SAID])
    same(there[CHANCES], here[CHANCES])
    same(there["gap"], here["gap"])
    same(-there[["median", "upper", "lower"]], here[["median", "lower", "upper"]])


@settings(max_examples=10)
@given(seeds, factors)
def test_assumptions_do_not_depend_on_the_unit(seed, factor):
    scores, aims = panel(seed), targets(panel(seed))
    here = pgi.project(scores, aims, family="generic")
    there = pgi.project(
        other(scores, factor, 0.0), other(aims, factor, 0.0, ["target"]), family="generic"
    )
    for assumed in ({"own_rise": 4.0, "success": 0.6}, {"common_move": -3.0}, {"target": 60.0}):
        one = pgi.what_if(here, **assumed).table
        scaled = {k: v if k == "success" else v * factor for k, v in assumed.items()}
        two = pgi.what_if(there, **scaled).table
        same(two[["p_met", "p_met_now"]], one[["p_met", "p_met_now"]])
        points = ["median", "lower", "upper"]
        same(two[points] / factor, one[points])
    rises = pgi.results.needed_rise(there)["needed_rise"] / factor
    same(rises, pgi.results.needed_rise(here)["needed_rise"])


@settings(max_examples=10)
@given(seeds, factors, st.sampled_from([-1e5, 0.0, 1e5]))
def test_a_trend_does_not_depend_on_the_unit(seed, factor, shift):
    scores = panel(seed)
    here = pgi.trend(scores, area="a1").table
    there = pgi.trend(other(scores, factor, factor * shift), area="a1").table
    points = ["pace", "pace_lower", "pace_upper", "common_move", "own_move"]
    same(there[points] / factor, here[points])
    same(there["value"] / factor - shift, here["value"])
    rest = ["indicator", "first_period", "last_period", "n_obs", "n_areas", "place", "n_known"]
    pd.testing.assert_frame_equal(there[rest], here[rest])


@settings(max_examples=6)
@given(seeds, factors, st.sampled_from([1, 3, 8]))
def test_a_back_test_does_not_depend_on_the_unit(seed, factor, history):
    scores = panel(seed, periods=9, indicators=2)
    here = pgi.backtest(scores, history=history, horizons=1).table
    there = pgi.backtest(other(scores, factor, 0.0), history=history, horizons=1).table
    same(there["crps"] / factor, here["crps"])
    rest = here.columns.drop(["model", "crps"])
    assert there["model"].equals(here["model"])
    same(there[rest], here[rest])


def test_dollars_and_thousand_dollars_give_the_same_probability():
    """A standard deviation of thousands of units was cut before."""
    scores = other(panel(3), 2000.0, 0.0)
    here = pgi.project(scores, targets(scores), family="country_index").table
    there = pgi.project(
        other(scores, 1e-3, 0.0), other(targets(scores), 1e-3, 0.0, ["target"]),
        family="country_index",
    ).table  # fmt: skip
    same(there["p_met"], here["p_met"])
    assert here["p_met"].between(0.01, 0.99).mean() > 0.5


@pytest.mark.parametrize(
    ("figures", "digits"),
    [
        ([70, 73, 75], 0),
        ([535, 1035], 0),
        ([4, 5, 6], 0),
        ([70.5, 73.0], 1),
        ([4.84, 5.1], 2),
        ([0.0, 1.0], 0),
    ],
)
def test_no_more_decimals_are_shown_than_the_figures_have(figures, digits):
    assert decimals(map(float, figures)) == digits


def test_small_figures_are_not_called_constant():
    scores = other(panel(1), 1e-9, 0.0)
    assert set(pgi.project(scores, targets(scores)).table["state"]) <= {"open", "reached"}


@settings(max_examples=15)
@given(seeds, st.data(), st.sampled_from(pgi.results.forecasting.MODELS))
def test_a_row_does_not_depend_on_the_other_targets(seed, data, model):
    """Any targets in any order give the rows that all of them together give."""
    scores = panel(seed)
    aims = targets(scores).assign(lower=0.0, upper=100.0)
    whole = pgi.project(scores, aims, model=model).table
    chosen = data.draw(st.lists(st.sampled_from(range(len(aims))), min_size=1, unique=True))
    part = pgi.project(scores, aims.iloc[chosen], model=model).table
    expected = whole.iloc[chosen].reset_index(drop=True)
    pd.testing.assert_frame_equal(part.reset_index(drop=True), expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("plan", ["lang-son-transport-2024", "gia-lai-2024"])
def test_a_plan_of_one_target_gives_the_row_of_the_whole_plan(data_dir, plan):
    from dataclasses import replace

    ds = pgi.load(data_dir, plan=plan).at("2024Q4")
    whole = pgi.project(ds).table.set_index(KEYS)
    for _, target in ds.plan.targets.iterrows():
        alone = replace(
            ds, plan=replace(ds.plan, targets=target.to_frame().T.astype(ds.plan.targets.dtypes))
        )
        part = pgi.project(alone).table.set_index(KEYS)
        pd.testing.assert_frame_equal(part, whole.loc[part.index], rtol=1e-9)

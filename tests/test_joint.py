"""Several targets together, ranks, first years: laws, and hand-checkable limits."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.panel.forecast import Forecast
from pgi_analysis.results.joint import draw_together, own_correlation


@pytest.fixture(scope="module")
def panel():
    rng = np.random.default_rng(4)
    areas = [f"area {i}" for i in range(20)]
    rows = []
    for indicator in ("x", "y", "z"):
        level = rng.normal(6, 1, 20)
        for period in (2021, 2022, 2023):
            level = level + rng.normal(0, 0.2) + rng.normal(0, 0.4, 20)
            rows += zip(areas, [indicator] * 20, [period] * 20, level, strict=True)
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


@pytest.fixture(scope="module")
def projection(panel):
    last = panel[panel["period"] == 2023].groupby("indicator")["value"].first()
    targets = pd.DataFrame(
        {
            "area": "area 0",
            "indicator": ["x", "y", "z"],
            "target": last.to_numpy() + np.array([0.2, 0.0, -0.5]),
            "target_period": 2025,
            "direction": 1,
            "lower": 1.0,
            "upper": 10.0,
        }
    )
    return pgi.project(panel, targets)


def test_all_met_is_no_likelier_than_each(projection):
    together = projection.joint()
    row = together.table.iloc[0]
    p = projection.table["p_met"]
    assert row["p_all"] <= p.min() + 0.01
    assert row["p_none"] <= (1 - p).min() + 0.01
    np.testing.assert_allclose(together.counts["probability"].sum(), 1.0)
    np.testing.assert_allclose(row["expected"], p.sum(), atol=0.02)


def test_going_together_spreads_the_number_met(projection):
    """Independent targets would have the variance Σ p(1 − p)."""
    counts, p = projection.joint().counts, projection.table["p_met"]
    mean = (counts["k"] * counts["probability"]).sum()
    variance = ((counts["k"] - mean) ** 2 * counts["probability"]).sum()
    assert variance > (p * (1 - p)).sum()


def test_decided_targets_count_as_they_ended(ds):
    table = pgi.project(ds.at("2025Q2")).joint().table.iloc[0]
    assert (table["p_all"], table["p_none"], table["expected"]) == (0.0, 0.0, 2.0)


def test_the_composite_of_its_parts_is_wider_than_each_and_near_the_sum(ds):
    projection = pgi.project(ds.at("2024Q4"))
    whole = projection.joint().composites.iloc[0]
    parts = projection.table.iloc[:4]
    np.testing.assert_allclose(whole["median"], parts["median"].sum(), atol=0.1)
    width = parts["upper"] - parts["lower"]
    assert width.max() < whole["upper"] - whole["lower"] < width.sum()


def single(location, variance):
    return Forecast(
        location=np.array([[location]]),
        own_unit=np.array([[[variance]]]),
        pattern=np.array([0]),
        variance=np.ones(1),
        common=np.zeros((1, 1)),
        df=np.array([1e6]),
        doubt=np.zeros(1),
    )


def test_independent_normals_add_their_variances():
    x, y = draw_together([single(1.0, 4.0), single(2.0, 9.0)], np.eye(2), seed=3)
    np.testing.assert_allclose(np.var(x + y), 13.0, rtol=0.05)
    np.testing.assert_allclose(np.mean(x + y), 3.0, atol=0.1)


def test_full_correlation_adds_standard_deviations():
    own = np.array([[1.0, 0.999999], [0.999999, 1.0]])
    x, y = draw_together([single(0.0, 4.0), single(0.0, 9.0)], own, seed=3)
    np.testing.assert_allclose(np.std(x + y), 5.0, rtol=0.05)


def both_pass(own, common, which):
    """The chance that two scores, each as likely as not above its centre, both are."""
    part = replace(single(0.0, own), common=np.array([[common]]))
    x, y = draw_together([part, part], which, seed=3)
    return ((x > 0) & (y > 0)).mean()


def test_common_moves_of_two_indicators_correlate_by_three_tenths():
    """P(both) = 1/4 + asin(rho)/(2π), Sheppard 1899: .2985 for .3, .3333 for ½."""
    np.testing.assert_allclose(both_pass(1e-9, 1.0, np.eye(2)), 0.2985, atol=0.01)
    half = np.array([[1.0, 0.5], [0.5, 1.0]])
    np.testing.assert_allclose(both_pass(1.0, 1e-9, half), 1 / 3, atol=0.01)


def test_own_correlation_of_a_short_panel_is_that_of_the_pci(panel):
    """Twenty areas and one change are too few pairs to tell; with two changes there are enough."""
    targets = pd.DataFrame({"area": "area 0", "indicator": ["x", "y"], "target": 6.0})
    short = panel[panel["period"] > 2021]
    made = pgi.project(short, targets.assign(target_period=2024), direction=1).forecasts
    found = own_correlation([made["x"], made["y"]])
    np.testing.assert_allclose(found, [[1.0, 0.06], [0.06, 1.0]])
    long = pgi.project(panel, targets.assign(target_period=2024), direction=1).forecasts
    assert abs(own_correlation([long["x"], long["y"]])[0, 1] - 0.06) > 1e-3


def test_own_correlation_finds_what_is_there(panel):
    twin = panel[panel["indicator"] == "x"].assign(indicator="twin")
    both = pd.concat([panel[panel["indicator"] != "z"], twin])
    targets = pd.DataFrame({"area": "area 0", "indicator": ["x", "twin", "y"]})
    made = pgi.project(both, targets.assign(target=6.0, target_period=2024), direction=1).forecasts
    found = own_correlation([made[name] for name in ("x", "twin", "y")])
    np.testing.assert_allclose(np.diag(found), 1.0)
    assert found[0, 1] > 0.7
    assert abs(found[0, 2]) < 0.45


def test_ranks_lie_within_the_areas_ranked(projection):
    ranks = projection.rank()
    assert (ranks["n_ranked"] == 20).all()
    assert ((ranks["lower"] >= 1) & (ranks["upper"] <= 20)).all()
    assert ((ranks["lower"] <= ranks["median"]) & (ranks["median"] <= ranks["upper"])).all()


def test_the_best_area_by_far_ranks_first():
    rows = product([f"a{i}" for i in range(10)], [2021, 2022, 2023])
    panel = pd.DataFrame(rows, columns=["area", "period"]).assign(indicator="x")
    rng = np.random.default_rng(0)
    panel["value"] = np.where(panel["area"] == "a0", 9.0, 5.0) + rng.normal(0, 0.1, len(panel))
    targets = pd.DataFrame({"area": ["a0"], "indicator": "x", "target": 9.0})
    up = pgi.project(panel, targets.assign(target_period=2024), direction=1).rank().iloc[0]
    down = pgi.project(panel, targets.assign(target_period=2024), direction=-1).rank().iloc[0]
    assert (up["median"], down["median"]) == (1, 10)


def test_first_years_sum_to_one_and_agree_with_p_met_by(projection):
    first = projection.first_met()
    sums = first.groupby("indicator")["probability"].sum()
    np.testing.assert_allclose(sums, 1.0)
    by = first[first["period"].notna()].groupby("indicator")["probability"].sum()
    expected = projection.table.set_index("indicator")["p_met_by"]
    open_ = expected[expected < 1]
    np.testing.assert_allclose(by[open_.index], open_, atol=1e-9)


def test_a_target_met_before_has_its_year(panel):
    start = panel[(panel["area"] == "area 0") & (panel["indicator"] == "x")]
    met = start[start["period"] == 2022]["value"].iloc[0]
    targets = pd.DataFrame({"area": ["area 0"], "indicator": "x", "target": met - 1e-6})
    targets = targets.assign(target_period=2025, baseline_period=2020)
    first = pgi.project(panel, targets, direction=1).first_met()
    assert first["probability"].tolist() == [1.0]
    assert first["period"].iloc[0] in (2021, 2022)


def test_what_could_be_promised_is_reached_with_that_probability(projection, panel):
    could = projection.attainable(0.8)
    targets = projection.targets.assign(target=could["attainable"].to_numpy())
    again = pgi.project(panel, targets).table
    np.testing.assert_allclose(again["p_met"], 0.8, atol=1e-6)


def test_quantiles_widen_with_time_and_level(projection):
    found = projection.quantiles([0.1, 0.5, 0.9]).pivot_table(
        index=["indicator", "period"], columns="quantile", values="value"
    )
    assert (found[0.1] < found[0.5]).all()
    width = (found[0.9] - found[0.1]).unstack()
    assert (width[2025] > width[2024]).all()


def test_a_target_is_told_the_same_alone_and_among_others(panel):
    """What is read off for all targets at once, indicators and periods mixed, belongs to each."""
    rows = [
        ("area 3", "y", 6.5, np.nan, 2025, 1),
        ("area 1", "x", 6.0, np.nan, 2024, -1),
        ("area 0", "y", 5.0, 7.0, 2027, 1),
        ("area 1", "x", 4.0, np.nan, 2026, -1),
        ("area 7", "z", 9.0, np.nan, 2025, 1),
    ]
    columns = ["area", "indicator", "target", "target_upper", "target_period", "direction"]
    targets = pd.DataFrame(rows, columns=columns).assign(lower=1.0, upper=10.0)
    made = pgi.project(panel, targets)
    tellers = (
        lambda one: one.quantiles([0.1, 0.7]),
        lambda one: one.attainable(0.7),
        lambda one: one.rank(),
        lambda one: one.first_met(),
        lambda one: pgi.results.needed_rise(one, success=0.9, common_move=0.2),
        lambda one: pgi.results.own_rises(one, success=0.6),
        lambda one: pgi.what_if(one, own_rise=0.4, success=0.6).table,
        lambda one: pgi.what_if(one, own_rise=0.4, success=0.6, target=6.0).quantiles(),
    )
    for tell in tellers:
        alone = [tell(made.only([label])) for label in made.table.index]
        pd.testing.assert_frame_equal(tell(made), pd.concat(alone, ignore_index=True))

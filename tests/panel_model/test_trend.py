"""Changes that go on, and scales other than the scores' own: gates, laws, and simulated truth."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from budget import often
from simulate import draw_panel

import pgi_analysis as pgi
from pgi_analysis.panel import Scores, family_named, fit_siblings, pool, predict
from pgi_analysis.panel.components import Cell, objective, trend_covariance
from pgi_analysis.panel.patterns import patterns_of
from pgi_analysis.panel.transforms import OWN, Transform, choose
from pgi_analysis.panel.trend import goes_on

GENERIC, SMOOTH = family_named("generic"), family_named("smooth")


def steady(rng, areas=60, periods=8, lasting=0.95):
    """Draw scores whose changes go on: a velocity that fades, areas of unequal size."""
    size = np.exp(rng.normal(0, 0.4, (areas, 1)))
    velocity = np.empty((areas, periods))
    velocity[:, 0] = rng.standard_normal(areas)
    for t in range(1, periods):
        fresh = np.sqrt(1 - lasting**2) * rng.standard_normal(areas)
        velocity[:, t] = lasting * velocity[:, t - 1] + fresh
    path = 0.1 * size * velocity.cumsum(axis=1) + 0.15 * np.arange(periods)
    return rng.normal(0, 1.5, (areas, 1)) + path + rng.normal(0, 0.01, (areas, periods))


def fitted(y, family=GENERIC, **more):
    return fit_siblings([Scores(y, np.arange(float(y.shape[1])), **more)], family)[0]


def test_the_kernel_of_a_trend_by_hand():
    """Nil at the anchor; a change over one period has variance 1, over two 4 where it all lasts."""
    times = np.arange(5.0)
    cov = trend_covariance(times, times, 0.999999, 2.0)
    assert cov[2] == pytest.approx(0, abs=1e-6)
    over = np.array([[0, -1, 1, 0, 0], [-1, 0, 1, 0, 0]])
    assert np.diag(over @ cov @ over.T) == pytest.approx([1, 4], rel=1e-3)
    fading = trend_covariance(times, times, 0.5, 2.0)
    assert np.linalg.eigvalsh(fading).min() > -1e-9
    assert over[1] @ fading @ over[1] < 4


@pytest.mark.parametrize("cell", [Cell(0.0, 0.9), Cell(0.8, 0.8), Cell(0.95, 0.95)])
def test_the_objective_is_the_prototypes_and_its_gradient_its_slope(second_prototype, rng, cell):
    y = draw_panel(rng, theta=(0, -1, 0.5), areas=30, periods=5)
    y[rng.random(y.shape) < 0.2] = np.nan
    data = patterns_of(y, rng.integers(-2, 3, len(y)))
    times, theta = np.arange(5.0), np.array([0.2, -0.8, 0.1])

    def value(x):
        return objective(x, data, times, np.ones(5), GENERIC, cell=cell)

    theirs = second_prototype.nlp(theta, data, data.size, times, GENERIC, cell)
    assert value(theta)[0] == pytest.approx(theirs, rel=1e-9)
    slope = [(value(theta + 1e-5 * e)[0] - value(theta - 1e-5 * e)[0]) / 2e-5 for e in np.eye(3)]
    np.testing.assert_allclose(value(theta)[1], slope, rtol=1e-5, atol=1e-5)


def test_the_gate_opens_where_changes_go_on_and_nowhere_else(rng):
    times = np.arange(5.0)
    smooth = [goes_on(steady(rng)[:, :5], times) for _ in range(20)]
    survey = [
        goes_on(draw_panel(rng, theta=(0, 0, 1.0), areas=63, periods=5, common=0.5), times)
        for _ in range(20)
    ]
    assert all(smooth)
    assert not any(survey)
    assert not goes_on(steady(rng)[:, :2], times[:2])


def test_behind_a_closed_gate_nothing_changes(rng):
    y = draw_panel(rng, theta=(0, 0, 1.0), areas=63, periods=5, common=0.5)
    fit = fitted(y)
    assert (fit.cells, fit.trend, fit.transform) == ((), 0.0, OWN)
    np.testing.assert_array_equal(fit.patterns.size, 1.0)


def test_one_catastrophe_does_not_close_the_gate_for_all(rng):
    y = steady(rng)
    hit = y.copy()
    hit[0, 4] -= 40
    found = fitted(hit)
    assert found.trend > 0.9
    plain, at = fitted(y), np.array([8.0, 10.0])
    low, high = predict(found, at), predict(plain, at)
    rest = slice(1, None)
    np.testing.assert_allclose(low.location[rest], high.location[rest], atol=0.15)
    assert np.median(low.scale[rest] / high.scale[rest]) < 1.5


def test_what_goes_on_is_carried_on_and_covered():
    """On simulated truth: the error of a random walk is halved, and 80 % is about 80 %."""
    rng, ours, walk, inside = np.random.default_rng(3), [], [], []
    for _ in range(often(12)):
        y = steady(rng)
        fit = fitted(y[:, :5])
        found = predict(fit, np.array([5.0, 7.0]), common=pool([fit]))
        future = y[:, [5, 7]]
        ours.append(np.abs(found.location - future).mean())
        walk.append(np.abs(y[:, [4]] + 0.15 * np.array([1, 3]) - future).mean())
        inside.append(((found.quantile(0.1) <= future) & (future <= found.quantile(0.9))).mean())
    assert np.mean(ours) < 0.6 * np.mean(walk)
    assert 0.75 < np.mean(inside) < 0.92


def test_two_periods_show_no_trend_unless_a_family_declares_it(rng):
    y = steady(rng)
    assert fitted(y[:, :2]).trend == 0
    declared = fitted(y[:, :2], SMOOTH)
    assert declared.trend == pytest.approx(0.9, abs=0.02)
    at = np.array([2.0, 4.0])
    error = [
        np.abs(predict(fit, at).location - y[:, [2, 4]]).mean()
        for fit in (declared, fitted(y[:, :2]))
    ]
    assert error[0] < 0.8 * error[1]


@pytest.mark.parametrize("unit", [1e-6, 1e9])
def test_a_trend_is_the_same_in_any_unit(rng, unit):
    y, at = steady(rng), np.array([8.0, 9.0])
    here, there = predict(fitted(y), at), predict(fitted(y * unit), at)
    np.testing.assert_allclose(there.location, here.location * unit, rtol=1e-4, atol=1e-3 * unit)
    goal = y[:, [-1]] + 0.3
    np.testing.assert_allclose(there.prob_at(goal * unit), here.prob_at(goal), atol=2e-3)


def test_the_scale_is_that_of_the_changes(rng):
    y = draw_panel(rng, theta=(0, -1, 0.5), areas=60, periods=5)
    share = Transform("odds", 0.0, 100.0).back(1.5 * (y - y.mean()))
    assert choose(np.exp(1.5 * y)) == Transform("log")
    assert choose(share, (0.0, 100.0)) == Transform("odds", 0.0, 100.0)
    assert choose(share).kind in ("own", "log")  # no odds without ends
    ends = Transform("odds", 0.0, 100.0).back(1.5 * y + 1)  # nearly all at one end: odds of the end
    assert choose(ends, (0.0, 100.0)) == OWN
    rare = np.where(rng.random(share.shape) < 0.7, share[:, [0]], share)  # most not measured anew
    assert choose(rare, (0.0, 100.0)).kind in ("odds", "own")
    assert choose(5 + 0.2 * y) == OWN
    assert choose(np.exp(y)[:, :1]) == OWN  # one period has no changes


@pytest.mark.parametrize("kind", ["log", "odds"])
def test_on_another_scale_everything_asked_and_told_is_in_points(rng, kind):
    """The forecast of g⁻¹(y), modelled on g, is g⁻¹ of the forecast of y."""
    z = 1.5 * (draw_panel(rng, theta=(0, -1, 0.5), areas=60, periods=5) - 5)
    one = Transform("odds", 0.0, 100.0) if kind == "odds" else Transform("log")
    y = np.clip(one.back(z), 0.6, 99.4) if kind == "odds" else one.back(z)
    z, at = one.to(y), np.array([5.0, 7.0])
    there, here = fitted(y, ends=(0.0, 100.0) if kind == "odds" else None), fitted(z)
    assert (there.transform, here.transform) == (one, OWN)
    common = pool([here])
    there, here = predict(there, at, common=common), predict(here, at, common=common)
    np.testing.assert_allclose(there.quantile(0.3), one.back(here.quantile(0.3)), rtol=1e-9)
    np.testing.assert_allclose(there.median, one.back(here.location), rtol=1e-9)
    goal = y[:, -1] * 0.9
    same = {"target": one.to(goal), "direction": -1}
    np.testing.assert_allclose(there.prob_at(goal, direction=-1), here.prob_at(**same), atol=1e-9)
    np.testing.assert_allclose(there.prob_by(goal, direction=-1), here.prob_by(**same), atol=1e-3)
    draws = [f.paths(np.random.default_rng(0), 50) for f in (there, here)]
    np.testing.assert_allclose(draws[0], one.back(draws[1]), rtol=1e-9)
    np.testing.assert_allclose(there.shifted(0.1).median, there.median + 0.1, rtol=1e-6)


def test_from_one_period_a_figure_does_not_depend_on_the_horizons_asked_for(rng):
    fit = fitted(draw_panel(rng, theta=(0, -1, 0.5), areas=30, periods=1))
    alone, among = predict(fit, np.array([3.0])), predict(fit, np.array([1.0, 2.0, 3.0]))
    np.testing.assert_allclose(alone.location[:, 0], among.location[:, 2])
    np.testing.assert_allclose(alone.scale[:, 0], among.scale[:, 2])


def test_a_projection_says_that_it_carries_a_trend_on_and_on_which_scale(rng):
    y = np.exp(steady(rng, areas=40, periods=7))
    rows = [(f"a{i}", "x", 2018 + t, y[i, t]) for i in range(40) for t in range(7)]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    targets = pd.DataFrame({"area": ["a0"], "indicator": "x", "target": [y[0, -1] * 1.2]})
    made = pgi.project(panel, targets.assign(target_period=2027), direction=1, family="generic")
    row = made.table.iloc[0]
    assert {"trend", "log_scale"} <= set(row["cautions"].split())
    assert row["lower"] > 0
    assert row["value"] + row["common_part"] + row["own_part"] == pytest.approx(row["median"])
    assert 0.5 < made.forecasts["x"].damping < 1
    rise = pgi.results.needed_rise(made, p=0.95)["needed_rise"].iloc[0]
    assert pgi.what_if(made, own_rise=rise).table["p_met"].iloc[0] == pytest.approx(0.95)
    drawn = made.joint().table.iloc[0]
    assert drawn["p_all"] == pytest.approx(row["p_met"], abs=0.02)


def test_a_declared_trend_is_told_by_its_family_alone():
    assert replace(GENERIC, trend=0.0) == GENERIC
    assert SMOOTH.trend == 0.9


def _still(rng, y):
    y[0] = 3.0
    return y


@pytest.mark.parametrize(
    "make",
    [
        lambda rng, a, b, t: a + b * t,
        lambda rng, a, b, t: a + b * t**2,
        lambda rng, a, b, t: np.exp(a + b * t),
        lambda rng, a, b, t: np.round(a + b * t, 1),
        lambda rng, a, b, t: (a + b * t)[:4],
        lambda rng, a, b, t: np.where(rng.random((40, 8)) < 0.3, np.nan, a + b * t),
        lambda rng, a, b, t: _still(rng, a + b * t + rng.normal(0, 0.01, (40, 8))),
    ],
    ids=["straight", "curved", "grown", "rounded", "few", "gaps", "one that stays"],
)
def test_however_smooth_the_series_the_fit_holds(rng, make):
    """Without any noise the covariance is nearly singular: no crash, no nil interval."""
    y = make(rng, rng.normal(0, 1, (40, 1)), rng.normal(0, 0.1, (40, 1)), np.arange(8.0))
    fit = fitted(y)
    made = predict(fit, np.array([8.0, 12.0]), common=pool([fit]))
    assert fit.trend > 0.9
    width = made.quantile(0.9) - made.quantile(0.1)
    assert np.isfinite(width).all()
    assert (width > 0).all()

"""Variances and forecasts: by hand, by law, and by calibration on simulated truth."""

from dataclasses import replace

import numpy as np
import pytest

from pgi_analysis.panel.families import families
from pgi_analysis.panel.simple import MODELS, Variances, ar1, forecast, random_walk, variances

SURVEY = families()["subnational_survey"]


def known(**changes) -> Variances:
    base = {"between": 1.0, "change": 1.0, "common": 0.25, "change_log_sd": 0.0, "tail_df": 1e9}
    return Variances(**(base | changes), n_areas=10**6, n_changes=10)


AREA = {"last": np.array([4.0]), "centre": np.array([6.0]), "centre_n": np.array([10.0])}
TWO = np.array([[1.0, 2.0]])


def test_random_walk_by_hand():
    mean, cov = random_walk(last=np.array([5.0]), steps=TWO, known=known())
    np.testing.assert_allclose(mean, [[5, 5]])
    np.testing.assert_allclose(cov, [[[1.25, 1.25], [1.25, 2.5]]])


def test_ar1_by_hand():
    """φ = 1 − 1/(2·1) = 1/2; the own variance after one step is 1·(1 − 1/4)."""
    mean, cov = ar1(**AREA, steps=TWO, known=known())
    np.testing.assert_allclose(mean, [[5.0, 5.5]])
    of_mean = np.outer([0.5, 0.75], [0.5, 0.75]) / 10
    common = 0.25 * np.array([[1, 1], [1, 2]])
    own = np.array([[0.75, 0.375], [0.375, 0.9375]])
    np.testing.assert_allclose(cov[0], own + of_mean + common)


@pytest.mark.parametrize("model", MODELS)
def test_known_variances_give_the_normal(model):
    found = forecast(model, known(), **AREA, steps=TWO)
    mean, cov = MODELS[model](**AREA, steps=TWO, known=known())
    np.testing.assert_allclose(found.location, mean)
    np.testing.assert_allclose(found.own, cov, rtol=1e-4)
    upper = mean[0, 0] + 1.959964 * np.sqrt(cov[0, 0, 0])
    np.testing.assert_allclose(found.quantile(0.975)[0, 0], upper, rtol=1e-4)


@pytest.mark.parametrize("model", MODELS)
def test_few_areas_and_short_histories_widen(model):
    sure = forecast(model, known(), **AREA, steps=TWO)
    unsure = forecast(model, replace(known(change_log_sd=0.7), n_areas=5), **AREA, steps=TWO)
    assert unsure.tail[0, 0] < 10 < sure.tail[0, 0]
    assert (unsure.quantile(0.95) > sure.quantile(0.95)).all()


def test_paths_agree_with_the_marginals():
    steps = np.array([[1.0, 2.0, 3.0]])
    found = forecast("ar1", known(change_log_sd=0.5), **AREA, steps=steps)
    paths = found.paths(np.random.default_rng(1), 40_000)[:, 0]
    for level in (0.1, 0.9):
        drawn = np.quantile(paths, level, axis=0)
        np.testing.assert_allclose(drawn, found.quantile(level)[0], atol=0.03)


def test_with_one_period_the_changes_are_the_family_s():
    found = variances(np.array([[4.0], [5.0], [6.0]]), SURVEY)
    assert found.prior_only
    np.testing.assert_allclose(found.between, 1.0)
    np.testing.assert_allclose(found.change, np.exp(SURVEY.change_log_mean))
    np.testing.assert_allclose(found.common, SURVEY.common_ratio * found.change)


def test_with_many_areas_the_data_outweigh_the_family():
    rng = np.random.default_rng(2)
    y = rng.normal(0, 1, (2000, 1)) + np.cumsum(rng.normal(0, 0.3, (2000, 6)), axis=1)
    found = variances(y, SURVEY)
    np.testing.assert_allclose(found.change, 0.09, rtol=0.05)
    assert found.change_log_sd < 0.02


def test_missing_scores_are_left_out_not_filled():
    y = np.array([[4.0, 5.0], [6.0, np.nan], [5.0, 5.5], [np.nan, 4.0]])
    found = variances(y, SURVEY)
    assert (found.n_areas, found.n_changes) == (4, 2)


@pytest.mark.parametrize("factor", [0.01, 3.0, 1000.0])
def test_scale_equivariance(factor):
    y = np.random.default_rng(3).normal(size=(8, 4))
    one, other = variances(y, SURVEY), variances(factor * y + 7, SURVEY)
    np.testing.assert_allclose(other.between, factor**2 * one.between)
    np.testing.assert_allclose(other.change, factor**2 * one.change)
    np.testing.assert_allclose(other.change_log_sd, one.change_log_sd)


def simulated(rng: np.random.Generator, areas: int, periods: int):
    """Draw a panel from the family: AR(1) deviations round a common random walk."""
    ratio = np.exp(rng.normal(SURVEY.change_log_mean, SURVEY.change_log_sd))
    phi = np.clip(1 - ratio / 2, 0, 0.999)
    between = 1.0
    change = 2 * between * (1 - phi)
    deviation = [rng.normal(0, 1, areas)]
    for _ in range(periods):
        shock = rng.normal(0, np.sqrt(between * (1 - phi**2)), areas)
        deviation.append(phi * deviation[-1] + shock)
    common = np.cumsum(rng.normal(0, np.sqrt(SURVEY.common_ratio * change), periods + 1))
    return np.column_stack(deviation) + common


def covered(model: str, past: np.ndarray, future: float, level: float) -> bool:
    column = past[:, -1]
    found = forecast(
        model,
        variances(past, SURVEY),
        last=column[:1],
        steps=np.ones((1, 1)),
        centre=column.mean(keepdims=True),
        centre_n=np.array([float(len(column))]),
    )
    low, high = (found.quantile(q)[0, 0] for q in ((1 - level) / 2, (1 + level) / 2))
    return low <= future <= high


@pytest.mark.parametrize(("periods", "areas"), [(1, 3), (1, 7), (1, 40), (2, 7), (2, 40), (5, 40)])
def test_ar1_intervals_cover_what_they_say(periods, areas):
    """80 % intervals on 1500 panels drawn from the family, each scored on one area.

    A binomial of 1500 draws stays within ±.027 of .8 with probability .99; .035 leaves room for
    matching a mixture by one Student's t.
    """
    rng = np.random.default_rng(100 * periods + areas)
    draws = 1500
    panels = (simulated(rng, areas, periods) for _ in range(draws))
    inside = sum(covered("ar1", y[:, :periods], y[0, periods], 0.8) for y in panels)
    assert abs(inside / draws - 0.8) < 0.035, inside / draws


def test_random_walk_intervals_cover_a_random_walk():
    rng = np.random.default_rng(5)
    draws, inside = 1500, 0
    for _ in range(draws):
        y = np.cumsum(rng.normal(0, 0.5, (30, 5)), axis=1) + np.cumsum(rng.normal(0, 0.36, 5))
        inside += covered("random_walk", y[:, :4], y[0, 4], 0.8)
    assert abs(inside / draws - 0.8) < 0.035, inside / draws


def test_every_model_has_a_name():
    assert set(MODELS) == {"ar1", "random_walk"}

"""The predictive distribution: laws, ends of the scale, and paths against the marginals."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from pgi_analysis.panel.forecast import Forecast

TWO = Forecast(
    location=np.array([[5.0, 5.5], [7.0, 7.0]]),
    own_unit=np.array([[[1.0, 0.5], [0.5, 1.5]]]),
    pattern=np.array([0, 0]),
    variance=np.array([1.0, 2.0]),
    common=np.array([[0.3, 0.3], [0.3, 0.6]]),
    df=np.array([10.0, 20.0]),
    doubt=np.zeros(2),
)
DOUBTED = replace(TWO, doubt=np.array([0.2, 0.2]))


def test_by_hand():
    """Area 2 at horizon 1: variance 1·2 + .3, as a t of 20 degrees of freedom."""
    np.testing.assert_allclose(TWO.total_variance[1, 0], 2.3)
    expected = stats.t(20, 7, np.sqrt(2.3 * 18 / 20))
    np.testing.assert_allclose(TWO.prob_at(8.0)[1, 0], expected.sf(8.0))
    np.testing.assert_allclose(TWO.quantile(0.9)[1, 0], expected.ppf(0.9))


def test_doubt_of_the_variance_fattens_the_tails():
    """2/.2 = 10 degrees of freedom and the area's 10 are worth 5 together."""
    np.testing.assert_allclose(DOUBTED.tail[0], 5)
    np.testing.assert_allclose(DOUBTED.scale, TWO.scale)
    paths = DOUBTED.paths(np.random.default_rng(0), 200_000)
    far = (paths >= DOUBTED.quantile(0.975)).mean(axis=0)
    np.testing.assert_allclose(far, 0.025, atol=0.004)
    np.testing.assert_allclose((paths <= DOUBTED.quantile(0.2)).mean(axis=0), 0.2, atol=0.01)


@given(st.floats(-5, 15), st.floats(0, 5))
def test_a_higher_target_is_less_likely(target, more):
    assert (TWO.prob_at(target + more) <= TWO.prob_at(target) + 1e-12).all()


@given(st.floats(-5, 15))
def test_directions_mirror(target):
    np.testing.assert_allclose(TWO.prob_at(target) + TWO.prob_at(target, direction=-1), 1)


@given(st.floats(0.01, 0.98), st.floats(0.001, 0.01))
def test_quantiles_rise(level, more):
    assert (TWO.quantile(level + more) > TWO.quantile(level)).all()


@given(st.floats(0.02, 0.98))
def test_quantile_and_probability_undo_each_other(level):
    np.testing.assert_allclose(TWO.prob_at(TWO.quantile(level)), 1 - level, atol=1e-9)


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [(1.0, 1, 1.0), (0.5, 1, 1.0), (10.1, 1, 0.0), (10.0, -1, 1.0), (0.9, -1, 0.0)],
)
def test_at_the_ends_of_the_scale(target, direction, expected):
    p = TWO.prob_at(target, direction=direction, lower=1, upper=10)
    np.testing.assert_array_equal(p, expected)


def test_the_end_itself_can_be_reached():
    p = TWO.prob_at(10.0, lower=1, upper=10)
    assert ((p > 0) & (p < 1)).all()


def test_paths_have_the_stated_moments():
    paths = TWO.paths(np.random.default_rng(0), 200_000)
    np.testing.assert_allclose(paths.mean(axis=0), TWO.location, atol=0.02)
    np.testing.assert_allclose(paths.var(axis=0), TWO.total_variance, rtol=0.03)
    across = np.cov(paths[:, 0, 0], paths[:, 1, 0])[0, 1]
    np.testing.assert_allclose(across, 0.3, atol=0.02)  # the common move alone
    along = np.cov(paths[:, 1, 0], paths[:, 1, 1])[0, 1]
    np.testing.assert_allclose(along, 2 * 0.5 + 0.3, atol=0.03)


@pytest.mark.parametrize("forecast", [TWO, DOUBTED])
def test_by_is_at_plus_what_was_met_on_the_way(forecast):
    target = np.array([6.0, 8.0])
    by, at = forecast.prob_by(target, size=50_000), forecast.prob_at(target)
    np.testing.assert_allclose(by[:, 0], at[:, 0], rtol=1e-12)  # nothing lies before
    assert (by >= at).all()
    assert (np.diff(by, axis=1) >= 0).all()
    paths = forecast.paths(np.random.default_rng(1), 100_000) >= target[:, None]
    on_the_way = (paths[:, :, 0] & ~paths[:, :, 1]).mean(axis=0)
    np.testing.assert_allclose(by[:, 1] - at[:, 1], on_the_way, atol=0.008)


def test_by_repeats_with_its_seed_and_does_not_depend_on_the_company():
    one = TWO.prob_by(6.0, seed=3)
    np.testing.assert_array_equal(one, TWO.prob_by(6.0, seed=3))
    assert (one[:, 1] != TWO.prob_by(6.0, seed=4)[:, 1]).any()
    np.testing.assert_allclose(TWO.take(np.array([1])).prob_by(6.0, seed=3), one[[1]])


@pytest.mark.parametrize("unit", [1e-15, 1e18, 1e60])
def test_by_is_the_same_in_any_unit(unit):
    there = replace(
        DOUBTED,
        location=DOUBTED.location * unit,
        variance=DOUBTED.variance * unit**2,
        common=DOUBTED.common * unit**2,
    )
    goal = np.array([6.0, 8.0])
    expected = DOUBTED.prob_by(goal, until=goal + 1)
    np.testing.assert_allclose(
        there.prob_by(goal * unit, until=(goal + 1) * unit), expected, atol=0.002
    )


def test_by_agrees_with_the_prototype(prototype):
    model = prototype.EBPanel("generic")
    names = {"loc": "location", "C": "common", "s2": "variance", "df": "df"}
    as_theirs = {theirs: getattr(TWO, ours) for theirs, ours in names.items()}
    as_theirs["U"] = TWO.own_unit[[0, 0]]
    expected = model.prob_by(as_theirs, np.array([6.0, 8.0]), nsim=100_000)
    ours = TWO.prob_by(np.array([6.0, 8.0]), seed=3, size=100_000)
    np.testing.assert_allclose(ours, expected, atol=0.008)


def test_paths_repeat_with_the_generator():
    one, other = (TWO.paths(np.random.default_rng(4), 3) for _ in range(2))
    np.testing.assert_array_equal(one, other)

"""The common path, by hand and by its parts."""

import numpy as np
import pytest

from pgi_analysis.panel.common import GRID, CommonPrior, Grid, Moves, common_forecast, pool_moves
from pgi_analysis.panel.families import family_named

SURVEY = family_named("subnational_survey")
STAY = Grid((0.0,), (1.0,), (0.0,), (1.0,))
PASS = Grid((0.0,), (1.0,), (1.0,), (1.0,))


def yearly(*size, change=1.0):
    return Moves(np.array(size), np.ones(len(size)), change)


def test_a_walk_stays_and_its_variance_grows():
    """c² = (4·0.5·1 + 0²+1²)/(4 + 2) = 1/2."""
    mean, cov = common_forecast(
        yearly(0.0, 1.0), CommonPrior(0.5, np.ones(1), STAY), np.arange(1, 4.0)
    )
    np.testing.assert_allclose(mean, 0.0)
    np.testing.assert_allclose(cov, 0.5 * np.minimum.outer([1, 2, 3], [1, 2, 3]))


def test_half_of_one_passing_move_comes_back():
    """Two scores of pure noise around one level: the best guess is their mean."""
    mean, _ = common_forecast(yearly(1.0), CommonPrior(0.5, np.ones(1), PASS), np.array([1.0, 5.0]))
    np.testing.assert_allclose(mean, -0.5)


def test_ratio_without_moves_is_the_familys():
    assert pool_moves([], SURVEY).ratio == SURVEY.common_ratio
    assert pool_moves([yearly()], SURVEY).ratio == SURVEY.common_ratio


def test_ratio_by_hand():
    """(4·g0 + ½·(1 + 4))/(4 + ½·2) with one move of 1 and of 2 and no passing share."""
    grid = Grid(passing=(0.0,), passing_probability=(1.0,))
    found = pool_moves([yearly(1.0), yearly(2.0)], SURVEY, grid=grid)
    np.testing.assert_allclose(found.ratio, (4 * SURVEY.common_ratio + 2.5) / 5)


def test_what_moves_to_and_fro_is_seen_to_pass():
    to_and_fro = pool_moves([yearly(1.0, -1, 1, -1, 1, -1)] * 3, SURVEY)
    onwards = pool_moves([yearly(1.0, 1, 1, 1, 1, 1.0)] * 3, SURVEY)
    assert to_and_fro.passing > 0.6 > 0.4 > onwards.passing
    drift = onwards.probability @ (GRID.cells()[:, 0] > 0)
    assert drift > 0.9


def test_no_drift_from_one_move():
    found = pool_moves([yearly(3.0)] * 8, SURVEY)
    assert found.probability[GRID.cells()[:, 0] > 0].sum() == 0


def test_grid_is_a_distribution():
    np.testing.assert_allclose(GRID.prior(drifting=True).sum(), 1)
    np.testing.assert_allclose(GRID.prior(drifting=False).sum(), 1)


@pytest.mark.parametrize(
    "moves", [yearly(0.4, -1.0, 0.3), Moves(np.array([1.0, 2.0]), np.array([1.0, 5.0]), 1.0)]
)
def test_covariance_is_one(moves):
    _, cov = common_forecast(moves, pool_moves([moves], SURVEY), np.array([0.5, 1, 2, 7]))
    np.testing.assert_allclose(cov, cov.T)
    assert (np.linalg.eigvalsh(cov) > 0).all()

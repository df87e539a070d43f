"""Scores against integration, against other packages, and by hand."""

import numpy as np
import pytest
from scipy import integrate, stats

from pgi_analysis.evaluation import scores


@pytest.mark.parametrize("df", [1.5, 3.0, 7.0, 30.0, 1e4])
@pytest.mark.parametrize("observed", [-4.0, 0.0, 0.7, 9.0])
def test_student_crps_is_the_integral(df, observed):
    """∫ (F(x) − [x ≥ y])² dx, by quadrature."""
    law = stats.t(df, 0.5, 1.7)
    below = integrate.quad(lambda x: law.cdf(x) ** 2, -np.inf, observed, limit=500)[0]
    above = integrate.quad(lambda x: law.sf(x) ** 2, observed, np.inf, limit=500)[0]
    np.testing.assert_allclose(
        scores.crps_student(observed, 0.5, 1.7, df), below + above, rtol=1e-6
    )


@pytest.mark.parametrize(
    ("observed", "df", "location", "scale", "expected"),
    [
        (0.7, 3.0, 0.5, 1.7, 0.47726459424687645),
        (-4.0, 2.5, 0.0, 1.0, 3.19284056556219),
        (9.0, 30.0, 0.5, 2.0, 7.337534246006323),
    ],
)
def test_student_crps_is_that_of_scoringrules(observed, df, location, scale, expected):
    """``crps_t`` of the Python package scoringrules 0.10.0."""
    found = scores.crps_student(observed, location, scale, df)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(
    ("observed", "location", "scale", "expected"),
    [(0.7, 0.5, 1.7, 0.4066575266383943), (-4.0, 0.0, 1.0, 3.435824706969109)],
)
def test_student_crps_nears_the_normal_of_properscoring(observed, location, scale, expected):
    """``crps_gaussian`` of the Python package properscoring 0.1."""
    found = scores.crps_student(observed, location, scale, 1e6)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_sample_crps_of_two_draws():
    """Draws 0 and 2, outcome 1: mean distance 1 less half the fair spread 2/2."""
    np.testing.assert_allclose(scores.crps_sample(np.array([1.0]), np.array([[0.0], [2.0]])), 0.0)


def test_sample_crps_nears_the_closed_form(rng):
    draws = rng.standard_normal((200_000, 1))
    np.testing.assert_allclose(
        scores.crps_sample(np.array([0.4]), draws),
        scores.crps_student(0.4, 0.0, 1.0, 1e6),
        atol=2e-3,
    )


def test_brier_by_hand():
    """P = .25 for four, one met: .1875 in all, reliable, nothing resolved."""
    parts = scores.brier([0.25] * 4, [1, 0, 0, 0])
    assert parts["brier"] == parts["uncertainty"] == 0.1875
    assert parts["reliability"] == parts["resolution"] == parts["within"] == 0


def test_murphy_parts_add_up(rng):
    p = rng.uniform(size=500)
    met = rng.uniform(size=500) < p**1.5
    b = scores.brier(p, met)
    total = b["reliability"] - b["resolution"] + b["uncertainty"] + b["within"]
    np.testing.assert_allclose(total, np.mean((p - met) ** 2))
    assert abs(b["within"]) < 0.01


def test_coverage_and_histogram():
    pit = np.array([0.05, 0.2, 0.5, 0.8, 0.95])
    assert scores.coverage(pit, 0.8) == 0.6
    np.testing.assert_allclose(scores.pit_histogram(pit, bins=2)["share"], [0.4, 0.6])


def test_reliability_counts_the_last_bin():
    table = scores.reliability([1.0, 0.0], [1, 0], bins=2)
    np.testing.assert_array_equal(table["n"], [1, 1])


def test_ratio_interval_knows_clusters(rng):
    """Repeating every score a hundred times in its cluster tells nothing new."""
    score, reference = rng.uniform(0.5, 1, 30), np.ones(30)
    few = scores.ratio_interval(score, reference, np.arange(30), np.random.default_rng(0))
    many = scores.ratio_interval(
        np.repeat(score, 100), np.repeat(reference, 100), np.repeat(np.arange(30), 100),
        np.random.default_rng(0),
    )  # fmt: skip
    np.testing.assert_allclose(few, many)
    assert few[0] < score.mean() < few[1]

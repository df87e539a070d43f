"""The fit: against the prototype, by hand, and what must not change it."""

from dataclasses import replace

import numpy as np
import pytest
from simulate import PERMANENT, draw_panel

from pgi_analysis.panel.cautions import cautions, persistence
from pgi_analysis.panel.common import Grid
from pgi_analysis.panel.components import components, objective
from pgi_analysis.panel.families import families, family_named
from pgi_analysis.panel.fitting import fit_panel, pool
from pgi_analysis.panel.patterns import patterns_of
from pgi_analysis.panel.prediction import predict
from pgi_analysis.panel.siblings import fit_siblings, sibling_between, sibling_family

SURVEY = family_named("subnational_survey")
NO_PASSING = Grid(passing=(0.0,), passing_probability=(1.0,))


def matching(prototype, name):
    """The family with the prototype's own figures of what is rounded, or was learned again."""
    return replace(
        family_named(name), tail_df=prototype.PRIOR[name]["nu"], permanent=prototype.PERM
    )


def cut(panel, indicator, n, missing=0.0, seed=0):
    rows = panel[panel["indicator"] == indicator]
    wide = rows.pivot(index="area", columns="period", values="value").iloc[:, -n:]
    y = wide.to_numpy()
    if missing:
        y = np.where(np.random.default_rng(seed).random(y.shape) < missing, np.nan, y)
    return y, wide.columns.to_numpy(float)


CASES = [
    ("pci", "pci_legal", 1, 0.0),
    ("pci", "pci_legal", 2, 0.0),
    ("pci", "pci_land", 5, 0.0),
    ("pci", "pci_time", 8, 0.0),
    ("pci", "pci_time", 4, 0.25),
    ("hfi", "ef_trade", 3, 0.0),
    ("hfi", "ef_money", 8, 0.1),
    ("cpi", "cpi", 12, 0.0),
]


@pytest.mark.parametrize("name", ["subnational_survey", "country_index", "generic"])
@pytest.mark.parametrize(("data", "indicator", "n", "missing"), CASES)
def test_same_forecast_as_the_prototype_at_its_theta(
    prototype, real_panels, monkeypatch, name, data, indicator, n, missing
):
    """Without its two additions (passing moves, doubt of the variances) it is the prototype."""
    monkeypatch.setattr(prototype, "PSI", 0.0)
    y, times = cut(real_panels[data], indicator, n, missing)
    family = matching(prototype, name)
    theirs = prototype.EBPanel(name).fit(y, times)
    ratio, drift = prototype.pool_common([theirs])
    theirs.set_common(ratio, drift)
    at = times[-1] + np.arange(1, 6.0)
    expected = theirs.predict(at)

    fit = fit_panel(y, times, family, theta=theirs.th, mean=theirs.mu, restricted=False)
    common = pool([fit], grid=NO_PASSING)
    ours = predict(fit, at, common=common, doubt=False)
    targets = np.linspace(0, 11, len(y))
    np.testing.assert_allclose(common.ratio, ratio, atol=1e-6)
    np.testing.assert_allclose(common.probability, drift, atol=1e-6)
    np.testing.assert_allclose(ours.location, expected["loc"], atol=1e-6)
    np.testing.assert_allclose(ours.own, expected["U"] * expected["s2"][:, None, None], atol=1e-6)
    np.testing.assert_allclose(ours.common, expected["C"], atol=1e-6)
    np.testing.assert_allclose(ours.df, expected["df"], atol=1e-6)
    np.testing.assert_allclose(
        ours.prob_at(targets, lower=1.0, upper=10.0),
        theirs.prob_at(expected, targets),
        atol=1e-6,
    )


@pytest.mark.parametrize("name", ["subnational_survey", "country_index", "generic"])
@pytest.mark.parametrize(("data", "indicator", "n", "missing"), CASES)
def test_optimum_is_no_worse_than_the_prototypes(
    prototype, real_panels, name, data, indicator, n, missing
):
    y, times = cut(real_panels[data], indicator, n, missing)
    family = matching(prototype, name)
    theirs = prototype.EBPanel(name).fit(y, times)
    fit = fit_panel(y, times, family, restricted=False)
    at_theirs, _ = objective(
        theirs.th, fit.patterns, times, np.ones(len(times)), family,
        restricted=False, mean=theirs.mu - fit.patterns.centre,
    )  # fmt: skip
    assert fit.value <= at_theirs + 1e-7
    if n > 1 and not missing and not np.isnan(y).any():
        np.testing.assert_allclose(at_theirs, theirs.nll, atol=1e-6)


@pytest.mark.parametrize("restricted", [True, False])
def test_gradient_is_the_slope_of_the_objective(rng, restricted):
    y = draw_panel(rng, theta=(0, -1, 0.5), areas=20, periods=5)
    y[rng.random(y.shape) < 0.2] = np.nan
    data, times, noise = patterns_of(y), np.arange(5.0), np.array([1, 1, 1, 1, 4.0])
    theta = np.array([0.2, -0.8, 0.1])

    def value(x):
        return objective(x, data, times, noise, SURVEY, restricted=restricted, between=(0.3, 0.5))

    slope = [(value(theta + 1e-5 * e)[0] - value(theta - 1e-5 * e)[0]) / 2e-5 for e in np.eye(3)]
    np.testing.assert_allclose(value(theta)[1], slope, rtol=1e-5, atol=1e-5)


def test_components_by_hand():
    """V0 = 4, v = 2, q = 1/2: noise 1/2, .4·(4 − 1/2) permanent, 1 − e^−rate = 1/(2·2.1)."""
    level, wander, rate, noise, trend = components(np.array([np.log(4), np.log(0.5), 0.0]), 0.4)
    assert trend == 0
    np.testing.assert_allclose([level, wander, noise, 1 - np.exp(-rate)], [1.4, 2.1, 0.5, 1 / 4.2])


def test_restricted_variance_of_one_period_is_the_sample_variance():
    y = np.array([[3.0], [4.0], [8.0]])
    fit = fit_panel(y, np.array([0.0]), SURVEY)
    np.testing.assert_allclose(np.exp(fit.theta[0]), 7.0, rtol=1e-5)
    assert fit.prior_only


def test_theta_is_found_again():
    rng = np.random.default_rng(3)
    theta = np.array([0.0, -0.5, 0.8])
    y = draw_panel(rng, theta=theta, areas=4000, periods=6)
    y[rng.random(y.shape) < 0.1] = np.nan
    fit = fit_panel(y, np.arange(6.0), SURVEY)
    off = (fit.theta - theta) / np.sqrt(np.diag(fit.theta_cov))
    assert np.abs(off).max() < 3


def test_row_order_does_not_matter(rng):
    y = draw_panel(rng, theta=(0, 0, 1), areas=30, periods=4)
    y[rng.random(y.shape) < 0.2] = np.nan
    order = rng.permutation(30)
    at = np.array([4.0, 5.0])
    one = predict(fit_panel(y, np.arange(4.0), SURVEY), at)
    other = predict(fit_panel(y[order], np.arange(4.0), SURVEY), at)
    np.testing.assert_allclose(other.location, one.location[order], atol=1e-5)
    np.testing.assert_allclose(other.scale, one.scale[order], atol=1e-5)


def test_an_area_without_scores_changes_nobody_else(rng):
    y = draw_panel(rng, theta=(0, 0, 1), areas=30, periods=4)
    more = np.vstack([y, np.full((1, 4), np.nan)])
    at = np.array([4.0, 5.0])
    one = predict(fit_panel(y, np.arange(4.0), SURVEY), at)
    other = predict(fit_panel(more, np.arange(4.0), SURVEY), at)
    np.testing.assert_allclose(other.location[:-1], one.location, atol=1e-6)
    np.testing.assert_allclose(other.scale[:-1], one.scale, atol=1e-6)
    # it gets the panel's mean and at least the spread between areas
    fit = fit_panel(more, np.arange(4.0), SURVEY)
    assert (other.total_variance[-1] > np.exp(fit.theta[0])).all()


def test_shift_and_scale(rng):
    """In other units the same forecast: 100 − ten times the score."""
    y = draw_panel(rng, theta=(0, 0, 1), areas=30, periods=4)
    at = np.array([4.0, 5.0, 6.0])
    one = predict(fit_panel(y, np.arange(4.0), SURVEY), at)
    other = predict(fit_panel(100 - 10 * y, np.arange(4.0), SURVEY), at)
    np.testing.assert_allclose(other.location, 100 - 10 * one.location, atol=1e-3)
    np.testing.assert_allclose(other.scale, 10 * one.scale, rtol=1e-4)


def test_irregular_periods(rng):
    """A gap of years is bridged by the kernel: leaving an empty column in or out is the same."""
    y = draw_panel(rng, theta=(0, 0, 1), areas=40, periods=6)
    short = predict(fit_panel(y[:, [0, 1, 5]], np.array([0.0, 1, 5]), SURVEY), np.array([6.0]))
    assert np.isfinite(short.scale).all()
    y_gap = y.copy()
    y_gap[1:, 2:5] = np.nan  # one area keeps the columns alive
    long = predict(fit_panel(y_gap, np.arange(6.0), SURVEY), np.array([6.0]))
    np.testing.assert_allclose(short.location[1:], long.location[1:], atol=0.15)


def test_carried_editions_are_left_out(rng):
    y = draw_panel(rng, theta=(0, 0, 1), areas=20, periods=3)
    repeated = np.column_stack([y[:, 0], y[:, 0], y[:, 1], y[:, 1], y[:, 2]])
    fit = fit_panel(repeated, np.arange(5.0), SURVEY)
    assert fit.carried == (1.0, 3.0)
    np.testing.assert_allclose(fit.times, [0, 2, 4])


def test_interim_noise_is_told_from_data():
    rng = np.random.default_rng(5)
    theta = np.array([0.0, 0.0, 1.0])
    y = draw_panel(rng, theta=theta, areas=600, periods=5)
    interim = np.array([False] * 5 + [True])
    now = y[:, 4] + rng.standard_normal(600) * np.sqrt(8 * components(theta, PERMANENT).noise)
    times = np.array([0.0, 1, 2, 3, 4, 4.5])
    fit = fit_panel(np.column_stack([y, now]), times, SURVEY, interim=interim)
    assert fit.noise[-1] in (4.0, 8.0, 16.0)
    without = predict(fit_panel(y, times[:5], SURVEY), np.array([5.0]))
    with_it = predict(fit, np.array([5.0]))
    assert with_it.own_unit[0, 0, 0] < without.own_unit[0, 0, 0]


def test_siblings_lend_their_variance(rng):
    fits = [
        fit_panel(draw_panel(rng, theta=(0, 0, 1), areas=5, periods=1), np.array([0.0]), SURVEY)
        for _ in range(4)
    ]
    prior = sibling_between(fits[1:])
    lent = fit_panel(fits[0].y, fits[0].times, SURVEY, between=prior)
    low, high = sorted([fits[0].theta[0], prior[0]])
    assert low - 1e-6 <= lent.theta[0] <= high + 1e-6
    assert lent.theta_cov[0, 0] < fits[0].theta_cov[0, 0]
    assert sibling_between(fits[1:2]) is None


def test_an_unseen_change_is_taken_from_siblings(rng):
    wide = [draw_panel(rng, theta=(0, -2.5, 0), areas=40, periods=4) for _ in range(3)]
    panels = [(y, np.arange(4.0)) for y in wide[:2]] + [(wide[2][:, -1:], np.array([3.0]))]
    alone = [fit_panel(y, times, SURVEY) for y, times in panels]
    assert sibling_family(alone[0], alone[1:]) is SURVEY
    assert sibling_family(alone[2], alone[:2]).change_log_mean < -2
    fits = fit_siblings(panels, SURVEY)
    assert fits[2].theta[1] < -1.5 < alone[2].theta[1]


def test_cautions(rng):
    one = fit_panel(np.array([[1.0], [2.0], [4.0]]), np.array([0.0]), SURVEY)
    assert cautions(one) == ("prior_only", "few_areas", "few_periods")
    lines = 5 + rng.normal(size=(30, 1)) * np.arange(6.0) + rng.normal(size=(30, 6)) / 10
    smooth = fit_panel(lines, np.arange(6.0), SURVEY)
    assert cautions(smooth) == ("trending",)
    shock = draw_panel(rng, theta=(0, 0, 1), areas=40, periods=3) + np.array([0.0, 5, 0])
    assert "shock_driven" in cautions(fit_panel(shock, np.arange(3.0), SURVEY))
    noisy = fit_panel(draw_panel(rng, theta=(0, 0, 1), areas=40, periods=6), np.arange(6.0), SURVEY)
    assert -0.6 < persistence(noisy) < -0.2
    assert cautions(noisy) == ()


@pytest.mark.parametrize(("middle", "due"), [(0.11, True), (0.09, False)])
def test_own_changes_that_go_on_by_a_fifth_are_trending(middle, due):
    """Changes 1, x, 1 and their mirror: they correlate by 2x/(1 + x²), .217 and .179."""
    path = np.cumsum([0.0, 1.0, middle, 1.0])
    y = np.array([[4.0], [5.0], [6.0], [7.0], [8.0], [9.0]]) + np.outer([1, -1] * 3, path)
    fit = fit_panel(y, np.arange(4.0), SURVEY)
    np.testing.assert_allclose(persistence(fit), 2 * middle / (1 + middle**2), rtol=1e-4)
    assert ("trending" in cautions(fit)) is due


def test_families_are_read():
    assert set(families()) == {"subnational_survey", "country_index", "generic", "smooth"}
    with pytest.raises(ValueError, match="no prior family «x»"):
        family_named("x")


@pytest.mark.parametrize(
    ("y", "times", "message"),
    [
        (np.zeros((2, 2)), [0.0, 1, 2], "y must have the shape"),
        ([[1.0, 2], [2, 3]], [1.0, 1.0], "times must increase"),
        ([[1.0, np.nan], [2, np.nan]], [0.0, 1], "every period needs a score"),
        ([[1.0, np.nan], [np.nan, 2]], [0.0, 1], "two areas in some period"),
        ([[1.0], [1.0]], [0.0], "must differ"),
    ],
)
def test_faulty_arrays_are_refused(y, times, message):
    with pytest.raises(ValueError, match=message):
        fit_panel(np.asarray(y), np.asarray(times), SURVEY)


def test_only_the_future_is_forecast(rng):
    fit = fit_panel(draw_panel(rng, theta=(0, 0, 1), areas=9, periods=2), np.arange(2.0), SURVEY)
    with pytest.raises(ValueError, match="at must increase from after 1"):
        predict(fit, np.array([1.0, 2.0]))

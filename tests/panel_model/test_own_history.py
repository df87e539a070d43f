"""Series without areas to compare them with: by hand, by law, and by calibration."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import pgi_analysis as pgi
from pgi_analysis.evaluation import evidence
from pgi_analysis.panel import own_history
from pgi_analysis.results.joint import own_correlation


def tracker(**series):
    """One country, an indicator a series, from 2010 on."""
    rows = [("A", k, 2010 + t, v) for k, vs in series.items() for t, v in enumerate(vs)]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def aim(indicator="x", target=2.0, year=2014, direction=1):
    return pd.DataFrame(
        {"area": ["A"], "indicator": indicator, "target": target, "target_period": year}
    ).assign(direction=direction)


def shown(panel, targets, **options):
    return pgi.project(panel, targets, **options).table.iloc[0]


def test_no_change_by_hand():
    """Changes 2, −2 and 2: a variance of 4 a year, told from three changes."""
    found = shown(tracker(x=[0.0, 2, 0, 2]), aim(year=2017), model="random_walk", level=0.8)
    half = 2 * np.sqrt(4) * stats.t.ppf(0.9, 3)  # four years ahead
    np.testing.assert_allclose(
        found[["median", "lower", "upper"]].astype(float), [2, 2 - half, 2 + half]
    )
    assert found["state"] in ("open", "reached")
    assert found["cautions"].split()[0] == "own_history"
    assert (found["median"], found["p_met"]) == (2.0, 0.5)


def test_years_between_scores_count():
    """Changes of 2 over two years each are √2 a year."""
    panel = tracker(x=[0.0, 2, 0, 2]).assign(period=[2010, 2012, 2014, 2016])
    found = shown(panel, aim(year=2018), model="random_walk")
    np.testing.assert_allclose(found["upper"] - 2, 2 * stats.t.ppf(0.9, 3))


def test_a_steady_trend_is_followed_and_damped():
    """Ten years of one point a year and little else; what moves to and fro is not."""
    rng = np.random.default_rng(0)
    steady = np.arange(11.0) + 0.1 * rng.normal(size=11)
    found = shown(tracker(x=steady), aim(year=2025))
    assert 2.0 < found["median"] - found["value"] < 4.5
    restless = shown(tracker(x=5 + np.tile([1.0, -1.0], 6)[:11]), aim(year=2022))
    assert restless["median"] < restless["value"] - 0.5


def test_siblings_tell_whether_moves_pass():
    rng = np.random.default_rng(1)
    noise = {f"n{k}": 5 + rng.normal(size=9) for k in range(6)}
    alone = shown(tracker(x=[5.0, 6, 5.5, 6.5]), aim(year=2015))
    among = shown(tracker(x=[5.0, 6, 5.5, 6.5], **noise), aim(year=2015))
    assert among["median"] < alone["median"] < 6.5


def test_the_unit_and_the_other_targets_do_not_matter():
    rng = np.random.default_rng(2)
    panel = tracker(**{f"x{k}": 50 + np.cumsum(rng.normal(size=8)) for k in range(3)})
    targets = pd.concat([aim(f"x{k}", 51.0, 2019 + k) for k in range(3)], ignore_index=True)
    here = pgi.project(panel, targets).table
    for factor in (1e-9, 1e9):
        there = pgi.project(
            panel.assign(value=panel["value"] * factor), targets.assign(target=51.0 * factor)
        ).table
        np.testing.assert_allclose(there["p_met"], here["p_met"], rtol=1e-9)
        np.testing.assert_allclose(there["upper"] / factor, here["upper"], rtol=1e-9)
    for k in range(3):
        one = pgi.project(panel, targets.iloc[[k]]).table
        pd.testing.assert_frame_equal(
            one.reset_index(drop=True), here.iloc[[k]].reset_index(drop=True)
        )


def test_a_tracker_is_no_burden_on_a_panel_beside_it():
    """An indicator of twelve areas is projected as if the national one were not there."""
    rng = np.random.default_rng(3)
    rows = [(f"a{i}", "y", 2010 + t, rng.normal()) for i in range(12) for t in range(4)]
    areas = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    aims = aim("y", 0.5, 2015).assign(area="a3")
    bare = pgi.project(areas, aims).table
    beside = pgi.project(pd.concat([areas, tracker(x=[0.0, 2, 0, 2])]), aims).table
    pd.testing.assert_frame_equal(bare, beside)


@pytest.mark.parametrize(
    ("series", "model", "state"),
    [
        ([3.0, 4.0], "panel", "too_few_areas"),
        ([3.0, 3.0, 3.0, 3.0], "panel", "constant"),
        ([3.0, 4.0, 3.0, 4.0], "ar1", "too_few_areas"),  # no mean of areas to return to
    ],
)
def test_what_tells_nothing_is_not_projected(series, model, state):
    found = shown(tracker(x=series), aim(year=2020), model=model)
    assert found["state"] == state
    assert np.isnan(found["p_met"])


def test_targets_of_long_trackers_are_put_together():
    rng = np.random.default_rng(4)
    panel = tracker(x=np.cumsum(rng.normal(size=40)), y=np.cumsum(rng.normal(size=40)))
    targets = pd.concat([aim("x", 0.0, 2051), aim("y", 0.0, 2051)], ignore_index=True)
    made = pgi.project(panel, targets)
    np.testing.assert_allclose(own_correlation(list(made.forecasts.values()))[0, 1], 0.06)
    np.testing.assert_allclose(made.joint().counts["probability"].sum(), 1.0)


@pytest.mark.parametrize("scores", [4, 9])
def test_random_walks_are_covered(scores):
    """80 % intervals of 600 walks, two years ahead; a binomial stays within ±.04 with .99."""
    rng = np.random.default_rng(scores)
    walks = np.cumsum(rng.normal(size=(600, scores + 2)), axis=1)
    times, at = np.arange(float(scores)), np.array([scores, scores + 1.0])
    inside = 0
    for walk in walks:
        seen = walk[None, :scores]
        prior = own_history.pool_series([(seen, times)])
        made = own_history.forecast_series(seen, times, at, prior)
        inside += made.quantile(0.1)[0, 1] <= walk[-1] <= made.quantile(0.9)[0, 1]
    assert abs(inside / 600 - 0.8) < 0.06, inside / 600


def test_the_national_series_of_the_reference_is_projected(reference):
    """Emissions of Canada every two years, 490 aimed at in 2030 from 699 in 2014."""
    folder = reference("cases/inputs/18-one-national-series")
    panel, targets = pgi.read_panel(folder / "panel.csv"), pgi.read_targets(folder / "targets.csv")
    found = shown(panel, targets)
    assert found["state"] in ("open", "reached")
    assert found["cautions"].split()[0] == "own_history"
    assert found["p_met"] < 0.01
    assert found["lower"] < 666.6 < found["upper"]


@pytest.mark.slow
def test_the_record_of_single_series_comes_out_again(reference):
    stored = next(r for r in evidence.series_records() if (r.panel, r.history) == ("pci", 8))
    panel = pgi.read_panel(reference(evidence.panels()["pci"]["file"]))
    made = evidence.repeat_series(panel, "pci", 8)
    assert made.n == stored.n
    for name in ("ratio", "coverage_50", "coverage_80", "coverage_95"):
        np.testing.assert_allclose(getattr(made, name), getattr(stored, name), atol=0.01)

"""The back-test: it never looks ahead, scores what it says, and finds the right model better."""

import numpy as np
import pandas as pd
import pytest
from simulate import draw_panel

from pgi_analysis.evaluation import references, rolling, verification
from pgi_analysis.evaluation.predictive import Student
from pgi_analysis.panel.families import family_named

SURVEY = family_named("subnational_survey")
WALK = references.simple_model("random_walk", SURVEY)


def tidy(y, indicator="x"):
    areas, periods = y.shape
    return pd.DataFrame(
        {
            "area": np.repeat([f"a{i:04d}" for i in range(areas)], periods),
            "indicator": indicator,
            "period": np.tile(2000 + np.arange(periods), areas),
            "value": y.ravel(),
        }
    ).dropna()


def stays(histories, at):
    """Each area stays where it is, give or take 1."""
    one = np.ones((1, len(at)))
    return [Student(h.y[:, -1:] * one, one, np.array(1e6)) for h in histories]


def test_two_periods_by_hand():
    y = np.array([[1.0, 2, 4], [2, 3, 3], [3, 4, 4], [4, 5, 6], [5, 6, 8]])
    found = rolling.roll(tidy(y), {"stays": stays}, history=2, horizons=(1,)).table
    assert found["origin"].eq(2001).all()
    np.testing.assert_allclose(found["centre"], y[:, 1])
    np.testing.assert_allclose(found["observed"], y[:, 2])
    np.testing.assert_allclose(found["pit"].iloc[0], 0.9772, atol=1e-4)  # Φ(2)
    np.testing.assert_allclose(found["crps"].iloc[1], 0.2337, atol=1e-4)  # √(2/π) − 1/√π


def test_nothing_is_seen_ahead(rng):
    y = draw_panel(rng, theta=(0, 0, 1), areas=8, periods=6)
    seen = []

    def spy(histories, at):
        seen.append((histories[0].times.copy(), histories[0].y.copy(), at.copy()))
        return WALK(histories, at)

    rolling.roll(tidy(y), {"spy": spy}, history=3, horizons=(1, 2))
    assert len(seen) == 3
    for times, past, at in seen:
        assert times.max() < at.min()
        assert len(times) == 3
        start = int(times[0] - 2000)
        np.testing.assert_allclose(past, y[:, start : start + 3])


def test_the_true_model_is_calibrated_and_better(rng):
    panel = pd.concat(
        tidy(draw_panel(rng, theta=(0, 0, 1.0), areas=60, periods=10), f"i{k}") for k in range(4)
    )
    models = {"walk": WALK, "panel": rolling.panel_model(SURVEY)}
    test = rolling.roll(panel, models, history=3, horizons=(1, 2, 3), steps=(0.5,))
    summed = verification.summary(test, reference="walk").set_index("model")
    assert summed.loc["panel", "ratio_upper"] < 1
    assert 0.72 < summed.loc["panel", "coverage_80"] < 0.88
    assert summed.loc["walk", "ratio"] == 1
    words = verification.verdict(summed.reset_index()).set_index("model")
    assert words.loc["panel", "accuracy"] == "better"
    assert words.loc["panel", "calibration"] == "fits"
    events = verification.event_summary(test)
    assert (events["reliability"] < events["uncertainty"]).all()
    by, at = (events.loc[events["event"] == e, "observed"].mean() for e in ("met_by", "met"))
    assert by > at


def test_row_order_does_not_matter(rng):
    panel = tidy(draw_panel(rng, theta=(0, 0, 1), areas=10, periods=5))
    models = {"panel": rolling.panel_model(SURVEY), "ar1": references.simple_model("ar1", SURVEY)}
    keys = ["model", "indicator", "area", "origin", "period"]
    one = rolling.roll(panel, models, history=2).table
    other = rolling.roll(panel.sample(frac=1, random_state=0), models, history=2).table
    pd.testing.assert_frame_equal(
        one.sort_values(keys, ignore_index=True), other.sort_values(keys, ignore_index=True)
    )


def test_models_are_scored_on_the_same_rows(rng):
    y = draw_panel(rng, theta=(0, 0, 1), areas=30, periods=7)
    y[rng.random(y.shape) < 0.2] = np.nan
    models = {"walk": WALK, "panel": rolling.panel_model(SURVEY)}
    table = rolling.roll(tidy(y), models, history=3).table
    counts = table["model"].value_counts()
    assert counts["walk"] == counts["panel"]
    assert table.notna().all().all()


def test_too_long_a_history_is_refused(rng):
    panel = tidy(draw_panel(rng, theta=(0, 0, 1), areas=10, periods=3))
    with pytest.raises(ValueError, match="With history 3 no indicator can be forecast anywhere"):
        rolling.roll(panel, {"walk": WALK}, history=3)


def test_any_forecaster_can_be_tested(rng):
    """A function of the histories; here one that says 5, give or take 1."""
    panel = tidy(draw_panel(rng, theta=(0, 0, 1), areas=10, periods=3))

    def five(histories, at):
        shape = (len(histories[0].y), len(at))
        return [Student(np.full(shape, 5.0), np.ones(shape), np.full(shape, 1e6))]

    test = rolling.roll(panel, {"five": five}, history=1, horizons=(1,))
    assert (test.table["centre"] == 5).all()


HISTORY = rolling.History("x", np.array([[1.0, 2.0, 4.0], [3.0, 3.0, 3.0]]), np.arange(3.0))


def test_reference_models_by_hand():
    at = np.array([3.0, 4.0])
    climate = references.climatology([HISTORY], at)[0]
    np.testing.assert_allclose(climate.location, 3.5)
    np.testing.assert_allclose(climate.scale, np.sqrt(0.5 * 1.5))
    drawn = references.change_bootstrap([HISTORY], at, rng=np.random.default_rng(0), size=4000)[0]
    np.testing.assert_allclose(drawn.draws.mean(axis=0)[0], [4.75, 5.5], atol=0.06)
    assert set(np.unique(drawn.draws[:, 1, 0])) == {3.0, 4.0, 5.0}


def test_own_drift_wants_eight_periods():
    with pytest.raises(ValueError, match="own_drift needs 8 periods, got 3"):
        references.own_drift([HISTORY], np.array([3.0]))
    line = rolling.History("x", np.arange(9.0)[None] * 2, np.arange(9.0))
    found = references.own_drift([line], np.array([10.0]))[0]
    np.testing.assert_allclose(found.location, 20)

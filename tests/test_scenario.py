"""What if, and what it would take: each the inverse of the other, and both sound at the limits."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.results import own_rises

PANEL = pd.DataFrame(
    {
        "area": [f"a{i}" for i in range(12)] * 3,
        "indicator": "x",
        "period": np.repeat([2021, 2022, 2023], 12),
        "value": 5 + np.random.default_rng(1).normal(0, 1, 36).round(2),
    }
)


def projection(direction=1, target=6.5, **scale):
    targets = pd.DataFrame({"area": ["a3"], "indicator": "x", "target": target})
    return pgi.project(PANEL, targets.assign(target_period=2025, direction=direction, **scale))


NOW = projection()


def p(scenario):
    return float(scenario.table["p_met"].iloc[0])


def test_no_assumption_changes_nothing():
    found = pgi.what_if(NOW).table.iloc[0]
    np.testing.assert_allclose(found["p_met"], NOW.table["p_met"].iloc[0])
    np.testing.assert_allclose(
        found[["median", "lower", "upper"]].astype(float),
        NOW.table.iloc[0][["median", "lower", "upper"]].astype(float),
    )


@given(st.floats(-3, 3), st.floats(0.01, 2), st.floats(0, 1))
def test_a_larger_rise_never_hurts(rise, more, success):
    low = pgi.what_if(NOW, own_rise=rise, success=success)
    high = pgi.what_if(NOW, own_rise=rise + more, success=success)
    assert p(high) >= p(low) - 1e-12


@given(st.floats(0, 3), st.floats(0, 1))
def test_an_uncertain_rise_lies_between_none_and_a_sure_one(rise, success):
    found = pgi.what_if(NOW, own_rise=rise, success=success)
    sure = pgi.what_if(NOW, own_rise=rise)
    assert p(pgi.what_if(NOW)) - 1e-12 <= p(found) <= p(sure) + 1e-12
    expected = success * p(sure) + (1 - success) * p(pgi.what_if(NOW))
    np.testing.assert_allclose(p(found), expected)


@given(st.floats(0.05, 0.95), st.floats(0.5, 1))
def test_the_rise_needed_is_the_rise_that_does_it(wanted, success):
    found = pgi.needed_rise(NOW, p=wanted, success=success)["needed_rise"].iloc[0]
    now = p(pgi.what_if(NOW))
    if np.isnan(found):
        assert success + (1 - success) * now <= wanted + 1e-9
    elif found == 0:
        assert now >= wanted
    else:
        reached = pgi.what_if(NOW, own_rise=found, success=success)
        np.testing.assert_allclose(p(reached), wanted, atol=1e-6)


def test_where_lower_is_better_a_fall_is_needed():
    found = pgi.needed_rise(projection(direction=-1, target=3.5), p=0.8)["needed_rise"].iloc[0]
    assert found < 0


def test_the_common_move_shifts_and_narrows():
    up, down = (pgi.what_if(NOW, common_move=x).table.iloc[0] for x in (1.0, -1.0))
    np.testing.assert_allclose(up["median"] - down["median"], 2.0)
    assert up["upper"] - up["lower"] < NOW.table["upper"].iloc[0] - NOW.table["lower"].iloc[0]


def test_moving_the_target_is_projecting_the_other_target():
    moved = pgi.what_if(NOW, target=5.0)
    np.testing.assert_allclose(p(moved), projection(target=5.0).table["p_met"].iloc[0])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"success": 70}, "success must lie between 0 and 1, got 70"),
        ({"own_rise": np.nan}, "own_rise must be a finite number, got nan"),
        ({"common_move": np.inf}, "common_move must be a finite number, got inf"),
    ],
)
def test_wrong_assumptions(change, message):
    with pytest.raises(pgi.InputError, match=message):
        pgi.what_if(NOW, **change)


@pytest.mark.parametrize(
    ("change", "message"),
    [({"p": 80}, r"level must lie in \(0, 1\), got 80"), ({"success": 0}, "success must lie")],
)
def test_wrong_wishes(change, message):
    with pytest.raises(pgi.InputError, match=message):
        pgi.needed_rise(NOW, **change)


@pytest.mark.parametrize(
    ("assumption", "message"),
    [
        ({"success": "0,6"}, "success must lie between 0 and 1, got 0,6. Did you mean 0.6?"),
        ({"success": 60}, "success must lie between 0 and 1, got 60. Did you mean 0.6?"),
        ({"success": None}, "success must lie between 0 and 1, got None."),
        ({"own_rise": "0,5"}, "own_rise must be a finite number, got 0,5. Did you mean 0.5?"),
        ({"own_rise": "a lot"}, "own_rise must be a finite number, got a lot."),
        ({"common_move": [1, 2]}, "common_move must be a finite number, got [1, 2]."),
        ({"target": np.inf}, "target must be a finite number, got inf."),
    ],
)
def test_an_assumption_that_is_no_number_gets_one_line(assumption, message):
    with pytest.raises(pgi.InputError, match=f"^{re.escape(message)}$"):
        pgi.what_if(NOW, **assumption)


def test_the_rise_needed_asks_for_numbers_too():
    with pytest.raises(pgi.InputError, match=r"^success .* got 0,6\. Did you mean 0\.6\?$"):
        pgi.needed_rise(NOW, success="0,6")
    with pytest.raises(pgi.InputError, match=r"^common_move .* Did you mean 0\.5\?$"):
        pgi.needed_rise(NOW, common_move="0,5")
    with pytest.raises(pgi.InputError, match=r"^success .* got 0,6\. Did you mean 0\.6\?$"):
        own_rises(NOW, success="0,6")

"""Paces and moves, by hand and against other people's numbers."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.text import tell
from pgi_analysis.text.trend import sentences
from pgi_analysis.voice import Voice


def panel(values: dict[str, list[float]], start: int = 2021) -> pd.DataFrame:
    rows = [
        (area, "x", start + i, value)
        for area, series in values.items()
        for i, value in enumerate(series)
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"]).dropna()


def test_moves_by_hand():
    found = pgi.trend(panel({"A": [4, 5, 4.5], "B": [6, 6.4, 7], "C": [5, 5.1, np.nan]}), area="A")
    moves = found.moves.set_index("to_period")
    np.testing.assert_allclose(moves["change"], [1.0, -0.5])
    np.testing.assert_allclose(moves["common_move"], [0.5, 0.05])
    np.testing.assert_allclose(moves["own_move"], [0.5, -0.55])
    assert moves["n_areas"].tolist() == [3, 2]


def test_the_pace_and_its_interval_by_hand():
    """y = 1, 2, 2 at x = 1, 2, 3.

    The slope is Sxy/Sxx = 1/2; the residuals −1/6, 1/3, −1/6 give s² = 1/6 with one degree of
    freedom, so the standard error is √(1/6 / 2) = .288675; t(.9; 1) = tan(.4 π) = 3.077684.
    """
    found = pgi.trend(panel({"A": [1, 2, 2], "B": [3, 1, 4]}), area="A", level=0.8).table.iloc[0]
    np.testing.assert_allclose(found["pace"], 0.5, rtol=1e-12)
    np.testing.assert_allclose(found["pace_lower"], 0.5 - 3.077684 * 0.288675, rtol=1e-6)
    np.testing.assert_allclose(found["pace_upper"], 0.5 + 3.077684 * 0.288675, rtol=1e-6)


def test_two_points_have_no_interval():
    found = pgi.trend(panel({"A": [4, 5], "B": [1, 2]}), area="A").table.iloc[0]
    assert found["pace"] == 1
    assert np.isnan(found[["pace_lower", "pace_upper"]].astype(float)).all()


def test_one_edition_tells_the_standing_instead(ds):
    found = pgi.trend(ds.at("2024Q4"))
    table = found.table.set_index("indicator")
    assert found.moves.empty
    assert table["pace"].isna().all()
    assert (table.loc["total", "place"], table.loc["total", "n_known"]) == (21, 21)


def test_the_country_s_move_is_told_from_the_province_s_own(ds):
    moves = pgi.trend(ds.at("2025Q2")).moves.set_index("indicator")
    np.testing.assert_allclose(moves["change"], [0.11, 0.81, 3.11, 1.27, 5.30], atol=1e-9)
    np.testing.assert_allclose(moves["common_move"] + moves["own_move"], moves["change"])
    assert moves.loc["total", "n_areas"] == 15


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_rank_among_a_group_is_not_said_of_the_country(ds, language):
    """Long An in 2023: 12th of 63 by its total, 26th of the best 30 by its third sub-index."""
    known = replace(ds.at("2024Q4"), plan=replace(ds.plan, area="Long An"))
    gaps = pgi.gap(known).table.set_index("indicator")["rank"]
    assert gaps["total"] == 12
    assert gaps.drop("total").isna().all()
    voice = Voice(known, language)
    said = [*sentences(pgi.trend(known), voice), *tell(pgi.gap(known), "sentences", voice)]
    assert not [line for line in said if "26" in line.replace("26,", "").replace("26.", "")]
    assert [line for line in said if ("12/63" if language == "vi" else "12 of 63") in line]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"level": 80}, r"level must lie in \(0, 1\), got 80. Did you mean 0.8\?"),
        ({"level": 0}, r"level must lie in \(0, 1\), got 0."),
        ({"area": "Z"}, "The panel has no area «Z»"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(pgi.InputError, match=message):
        pgi.trend(panel({"A": [4, 5], "B": [1, 2]}), **({"area": "A"} | arguments))

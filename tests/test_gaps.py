"""The arithmetic of a target, by hand and by law."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data.composites import with_composites
from pgi_analysis.results.gaps import measure
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

LANG_SON = "lang-son-transport-2024"


def row(**changes):
    base = {"value": 5.0, "period": 2023, "baseline": 4.0, "target": 6.0, "target_period": 2025}
    return pd.DataFrame([base | {"direction": 1} | changes])


@pytest.mark.parametrize(
    ("changes", "gap", "progress", "pace", "state"),
    [
        ({}, 1.0, 0.5, 0.5, "open"),
        ({"value": 6.0}, 0.0, 1.0, 0.0, "reached"),
        ({"value": 7.0}, -1.0, 1.5, 0.0, "reached"),
        ({"value": 3.0}, 3.0, -0.5, 1.5, "open"),
        ({"period": 2025}, 1.0, 0.5, np.nan, "missed"),
        ({"period": 2025, "value": 6.0}, 0.0, 1.0, np.nan, "met"),
        ({"target": 4.0}, -1.0, np.nan, 0.0, "reached"),
        ({"target": 4.0, "value": 3.5}, 0.5, np.nan, 0.25, "open"),
        ({"value": np.nan, "period": pd.NA}, np.nan, np.nan, np.nan, "no_observation"),
        ({"direction": -1, "baseline": 10.0, "value": 8.0}, 2.0, 0.5, -1.0, "open"),
        ({"direction": -1, "value": 6.5, "target": 7.0}, -0.5, 2.5 / 3, 0.0, "reached"),
        ({"baseline": np.nan}, 1.0, np.nan, 0.5, "open"),
    ],
)
def test_every_edge_case_by_hand(changes, gap, progress, pace, state):
    table = row(**changes).astype({"period": "Int64"})
    found = measure(table).iloc[0]
    expected = [gap, progress, pace]
    np.testing.assert_allclose(
        found[["gap", "progress", "required_pace"]].astype(float), expected, atol=1e-9
    )
    assert found["state"] == state


@pytest.mark.parametrize(
    ("quarter", "gaps", "states"),
    [
        ("2024Q4", [1.74, 1.97, 0.78, 0.55, 5.04], ["open"] * 5),
        ("2025Q2", [1.63, 1.16, -2.33, -0.72, -0.26], ["missed", "missed", "met", "met", "met"]),
        ("2024Q1", [np.nan] * 5, ["no_observation"] * 5),
    ],
)
def test_lang_son(data_dir, quarter, gaps, states):
    table = pgi.gap(pgi.load(data_dir, plan=LANG_SON).at(quarter)).table
    np.testing.assert_allclose(table["gap"], gaps, atol=1e-9)
    assert table["state"].tolist() == states


def test_a_score_missing_from_a_published_edition_is_not_called_open(data_dir):
    table = pgi.gap(pgi.load(data_dir, plan="gia-lai-2024").at("2025Q2")).table
    assert table["state"].tolist() == ["unpublished"] * 4 + ["met"]


def test_the_rank_is_shown_where_it_was_published(ds):
    table = pgi.gap(ds.at("2024Q4")).table.set_index("indicator")
    assert table.loc["total", "rank"] == 62
    assert table["rank"].isna().sum() == 4


def test_a_stated_composite_target_is_kept(data_dir):
    ds = pgi.load(data_dir, plan="gia-lai-2024")
    table = with_composites(ds.plan.targets, ds.indicators)
    assert table["indicator"].tolist() == ["s1", "s2", "s3", "s4", "total"]
    assert table["target"].iloc[-1] == 21.95


def test_no_composite_from_some_of_its_parts(ds):
    table = with_composites(ds.plan.targets.iloc[:3], ds.indicators)
    assert table["indicator"].tolist() == ["s1", "s2", "s3"]


points = st.integers(-1000, 1000).map(lambda cents: cents / 100)


@given(value=points, baseline=points, target=points)
def test_mirror_of_direction(value, baseline, target):
    up = measure(row(value=value, baseline=baseline, target=target)).iloc[0]
    down = measure(row(value=-value, baseline=-baseline, target=-target, direction=-1)).iloc[0]
    assert up["gap"] == down["gap"]
    assert up["state"] == down["state"]
    np.testing.assert_allclose(up["progress"], down["progress"])
    np.testing.assert_allclose(up["required_pace"], -down["required_pace"], atol=1e-12)


@given(value=points, baseline=points, target=points, unit=st.sampled_from([0.1, 2, 10, 100]))
def test_change_of_unit(value, baseline, target, unit):
    one = measure(row(value=value, baseline=baseline, target=target)).iloc[0]
    other = measure(row(value=unit * value, baseline=unit * baseline, target=unit * target)).iloc[0]
    np.testing.assert_allclose(other["gap"], unit * one["gap"], atol=1e-6)
    np.testing.assert_allclose(other["progress"], one["progress"], atol=1e-6)


def several_years(ds):
    """A plan for two years that states a total for the first one only."""
    first = ds.plan.targets
    total = first.iloc[[0]].assign(indicator="total", baseline=17.33, target=22.0)
    later = first.assign(target_period=2025, target=first["target"] + 0.5)
    both = pd.concat([first, total, later], ignore_index=True)
    return replace(ds, plan=replace(ds.plan, targets=both)).at("2024Q4")


def test_a_total_stated_for_one_year_is_not_stated_for_another(ds):
    """By its indicator alone it was: «very unlikely to meet its target for 2025», which none is."""
    then = several_years(ds)
    for table in (pgi.gap(then).table, pgi.project(then).table, pgi.assess(then).table):
        total = table[table["indicator"] == "total"].drop_duplicates("target_period")
        assert total.set_index("target_period")["stated"].to_dict() == {2024: True, 2025: False}
    said = tell(pgi.project(then), "sentences", Voice(then, "en"))
    (promised, summed) = [line for line in said if line.startswith("Total PGI score")]
    assert "to meet the target of 22.00 points in 2024" in promised
    assert "to reach 24.37, the sum of the sub-index targets for 2025" in summed

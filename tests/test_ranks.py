"""Ranks aimed at: what bounds them, and how likely they are."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.panel import family_named
from pgi_analysis.results.forecasting import forecast_all
from pgi_analysis.results.rank_targets import by_paths, by_score_at_rank, known_rank

AREAS = 24


@pytest.fixture(scope="module")
def example():
    return pgi.load("examples/three-year-plan", plan="song-xanh-2024-2026")


def only(ds: pgi.Dataset, *, scores=None, ranks=None, national=None) -> pgi.Dataset:
    """The dataset with less of what was published on the total."""
    kept = {"scores": scores, "ranks": ranks, "national": national}
    return replace(ds, **{name: table for name, table in kept.items() if table is not None})


@given(known=st.sets(st.integers(0, AREAS - 1)), ranked=st.sets(st.integers(0, AREAS - 1)))
def test_the_true_rank_lies_between_its_bounds(example, known, ranked):
    """Whatever part of the scores and ranks was published, the bounds hold; all of it decides."""
    names = list(example.areas["name_vi"])
    keep, named = ({names[i] for i in some} for some in (known, ranked))
    me = example.plan.area
    true = int(example.official_ranks().query("area == @me and period == 2024")["rank"].iloc[0])
    scores = example.scores[example.scores["area"].isin(keep | {me})]
    ranks = example.ranks[example.ranks["area"].isin(named - {me})]
    best, worst = known_rank(only(example, scores=scores, ranks=ranks), "total", 2024)
    assert best <= true <= worst
    if len(keep | {me}) == AREAS:
        assert best == worst == true


@pytest.mark.parametrize(("at_rank", "bounds"), [(16.7, (1, 9)), (16.8, (1, 10)), (17.0, (11, 24))])
def test_a_score_published_for_a_rank_decides_on_which_side_of_it_one_is(example, at_rank, bounds):
    """A score of 16.80, and that of the tenth; a tie is inside."""
    national = pd.DataFrame(
        {"indicator": "total", "period": 2024, "statistic": "value_at_rank", "rank": 10}
        | {"value": at_rank, "status": "published", "released": pd.Timestamp("2025-05-06")},
        index=[0],
    )
    scores = example.scores[example.scores["area"] == example.plan.area]
    ds = only(example, scores=scores, ranks=example.ranks.iloc[:0], national=national)
    assert known_rank(ds, "total", 2024) == bounds


def test_who_is_not_on_a_whole_list_of_the_best_is_behind_them(example):
    """Neither a score nor a rank is published of the area, but the ten best all are named."""
    me = example.plan.area
    listed = example.ranks[example.ranks["rank"] <= 10]
    few = example.releases.assign(ranked_areas=10)
    ds = replace(
        only(example, scores=example.scores[example.scores["area"] != me], ranks=listed),
        releases=few,
    )
    assert known_rank(ds, "total", 2024) == (11, AREAS)
    assert known_rank(replace(ds, ranks=listed.iloc[:-7]), "total", 2024) is None


def test_a_rank_within_a_group_is_none_among_all(example):
    ranks = example.ranks.assign(ranked_areas=10)
    mine = ranks["area"] == example.plan.area
    ds = only(example, ranks=ranks.assign(rank=ranks["rank"].mask(mine, 3)))
    assert known_rank(ds, "total", 2024) == (17, 17)  # by the scores of all


def test_targets_on_ranks_are_held_against_the_ranks_that_come(example):
    found = pgi.ranks(example.at("2025Q3")).table.set_index("target_period")
    assert found["target"].to_dict() == {2024: 18, 2025: 10, 2026: 8}  # the 20th, two places up
    assert found["state"].to_dict() == {2024: "met", 2025: "open", 2026: "open"}
    assert found.loc[2024, "change"] == 2
    assert found["p_met"].between(0, 1).all()


def test_an_area_that_cannot_be_ranked_is_said_to_be_so(ds):
    """Before the edition of 2023 no score at rank 30 was comparable, and few areas were known."""
    (row,) = pgi.ranks(ds.at("2024Q1").of_parent()).table.itertuples()
    assert (row.state, row.rank) == ("too_few_areas", 2)
    assert np.isnan(row.p_met)


def panel_of(seed: int) -> pd.DataFrame:
    """Thirty areas around usual places of their own, five editions."""
    rng = np.random.default_rng(seed)
    places = rng.normal(5, 1, 30)
    rows = [
        (f"a{i:02d}", "x", 2019 + t, places[i] + 0.3 * t + rng.normal(0, 0.4))
        for i, t in product(range(30), range(6))
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


def test_the_probability_of_a_rank_comes_true_as_often_as_it_says():
    """Simulated truth: 40 panels of thirty areas, the best ten, one edition ahead."""
    said, came, by_score = [], [], []
    for seed in range(40):
        panel = panel_of(seed)
        known, next_ = panel[panel["period"] < 2024], panel[panel["period"] == 2024]
        made = forecast_all(known, {"x": 2024}, model="panel", family=family_named("generic"))["x"]
        ranks = next_.set_index("area")["value"].rank(ascending=False)
        tenth = made.scores.iloc[:, -1].sort_values(ascending=False).iloc[9]
        for place in range(0, 30, 6):
            said.append(by_paths(made.forecast, place, 1, 10, 30))
            move = made.common[place, 0]
            by_score.append(by_score_at_rank(made.forecast, place, 1, tenth + move, 1 / 3, 30))
            came.append(ranks[made.scores.index[place]] <= 10)
    said, came, by_score = (np.array(one, float) for one in (said, came, by_score))
    assert abs(said.mean() - came.mean()) < 0.05
    for low, high in ((0, 0.2), (0.2, 1.01)):
        some = (said >= low) & (said < high)
        assert abs(said[some].mean() - came[some].mean()) < 0.1
    # where only the score at the rank is known, nearly as well
    assert abs(by_score.mean() - came.mean()) < 0.06
    assert np.mean((by_score - came) ** 2) < 1.1 * np.mean((said - came) ** 2)


def test_an_own_assessment_moves_the_forecast_of_its_area_alone():
    """Towards it, less than all the way, with less spread; where lower is better just so."""
    panel = panel_of(1)
    known = panel[panel["period"] < 2024].assign(status="published", released=pd.NaT)
    aims = pd.DataFrame({"area": ["a00", "a01"], "indicator": "x", "target": 9.0}).assign(
        target_period=2024
    )
    plain = pgi.project(known, aims, direction=1).table
    for shift in (2.0, -2.0):
        own = plain.loc[0, "median"] + shift
        early = known.iloc[:1].assign(period=2024, value=own, status="interim")
        early["released"] = pd.Timestamp("2024-09-10")
        moved = pgi.project(pd.concat([known, early]), aims, direction=1).table
        step = (moved.loc[0, "median"] - plain.loc[0, "median"]) / shift
        assert 0.1 < step < 0.9
        width = [table.loc[0, "upper"] - table.loc[0, "lower"] for table in (moved, plain)]
        assert width[0] < width[1]
        pd.testing.assert_series_equal(moved.loc[1], plain.loc[1])
        assert "self_assessed" in moved.loc[0, "cautions"]


def test_a_mark_counts_from_its_own_edition(example):
    """The own score of an edition is late: that of the rank aimed at is of a newer one."""
    me, rank = example.plan.area, 10
    early = example.as_of("2025-12-31")
    marks = early.official_ranks().query("indicator == 'total' and rank == @rank")
    marks = marks.merge(early.official(), on=["area", "indicator", "period"])
    national = marks[["indicator", "period", "value"]].assign(
        statistic="value_at_rank", rank=rank, status="published", released=early.vintage
    )
    some = list(example.areas["name_vi"])[:9]
    known = early.scores[early.scores["area"].isin([*some, me])]
    late = known[~((known["area"] == me) & (known["period"] == 2024))]
    aims = example.plan.rank_targets.iloc[:1].assign(target=rank, target_period=2025)
    plan = replace(early.plan, rank_targets=aims, parent=None)
    none = early.ranks.iloc[:0]
    there, not_there = (
        pgi.ranks(replace(only(early, scores=s, ranks=none, national=national), plan=plan))
        for s in (known, late)
    )
    at = not_there.table.iloc[0]
    old = national[national["period"] < 2024]
    older = only(early, scores=late, ranks=none, national=old)
    of_old = pgi.ranks(replace(older, plan=plan)).table.iloc[0]
    # the mark of 2024, and that of 2023 with the common move since, tell about the same
    assert abs(at["p_met"] - of_old["p_met"]) < 0.15
    assert abs(at["p_met"] - there.table["p_met"].iloc[0]) < 0.3


@pytest.mark.parametrize("turned", [False, True])
def test_of_a_corrected_mark_the_newest_version_counts(example, turned):
    mark = {"indicator": "total", "period": 2024, "statistic": "value_at_rank", "rank": 10}
    mark |= {"status": "published"}
    days = pd.to_datetime(["2025-05-06", "2025-06-01"])
    national = pd.DataFrame([mark | {"value": 16.7}, mark | {"value": 17.0}]).assign(released=days)
    national = national[::-1] if turned else national
    scores = example.scores[example.scores["area"] == example.plan.area]
    ds = only(example, scores=scores, ranks=example.ranks.iloc[:0], national=national)
    assert known_rank(ds, "total", 2024) == (11, 24)


def test_figures_that_contradict_each_other_decide_nothing(example):
    """The tenth scores less than the area, the ninth's place is behind it all the same."""
    marks = [(9, 16.0), (10, 17.0)]
    national = pd.DataFrame(
        [
            {"indicator": "total", "period": 2024, "statistic": "value_at_rank", "rank": rank}
            | {"value": value, "status": "published", "released": pd.Timestamp("2025-06-01")}
            for rank, value in marks
        ]
    )
    scores = example.scores[example.scores["area"] == example.plan.area]
    ds = only(example, scores=scores, ranks=example.ranks.iloc[:0], national=national)
    assert known_rank(ds, "total", 2024) is None

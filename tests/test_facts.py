"""The shipped data against the facts they were taken from, and against each other."""

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.names import AreaNames


@pytest.fixture
def facts(reference, ds):
    table = pd.read_csv(reference("data/pgi_facts.csv.gz"))
    names = AreaNames(ds.provinces)
    national = table["province"] == "NATIONAL"
    area = table.loc[~national, "province"].map(names.find)
    assert area.notna().all()
    return table.assign(area=area)


def test_every_published_score_is_here(ds, facts):
    wanted = facts[facts["indicator"].isin(["s1", "s2", "s3", "s4", "total"])]
    wanted = wanted.set_index(["area", "indicator", "year"])["value"].astype(float)
    have = ds.scores.set_index(["area", "indicator", "period"])["value"]
    assert len(have) == len(wanted) == 253
    pd.testing.assert_series_equal(
        have.sort_index(), wanted.sort_index(), check_names=False, check_index=False
    )
    assert set(have.index) == set(wanted.index)


def test_every_rank_and_national_figure_is_here(ds, facts):
    ranks = facts[facts["indicator"].isin(["rank", "s3_rank"])]
    indicator = ranks["indicator"].map({"rank": "total", "s3_rank": "s3"})
    keys = zip(ranks["area"], indicator, ranks["year"], strict=True)
    have = ds.ranks.set_index(["area", "indicator", "period"])["rank"]
    for key, rank in zip(keys, ranks["value"].astype(int), strict=True):
        assert have[key] == rank
    national = facts[facts["province"] == "NATIONAL"]
    assert sorted(national["value"].astype(float)) == sorted(ds.national["value"])


def test_plan_targets_are_those_of_the_plans(data_dir, reference):
    wanted = pd.read_csv(reference("data/pgi_plan_targets.csv.gz"))
    plans = {"Gia Lai": "gia-lai-2024", "Lang Son": "lang-son-transport-2024"}
    plans["Ninh Thuan"] = "ninh-thuan-2024"
    for province, plan in plans.items():
        gaps = pgi.gap(pgi.load(data_dir, plan=plan).at("2024Q4")).table
        own = wanted[wanted["province"] == province].set_index("indicator")["target"]
        assert gaps.set_index("indicator")["target"].to_dict() == own.to_dict()


def test_the_seed_plan_is_complete(ds):
    plan = ds.plan
    assert plan.text("carries_out.number", "vi") == "163/KH-UBND"
    assert plan.text("signed_by", "vi") == "Dương Công Vĩ"
    assert plan.actions.groupby("indicator").size().to_dict() == {
        "s1": 3,
        "s2": 1,
        "s3": 1,
        "s4": 1,
    }
    rise = (plan.targets["target"] - plan.targets["baseline"]).round(2)
    assert rise.tolist() == plan.targets["planned_rise"].tolist() == [1.74, 1.97, 0.78, 0.55]


def test_doubtful_figures_are_marked_with_their_reason(ds):
    doubtful = ds.scores[ds.scores["status"] == "doubtful"]
    pairs = set(zip(doubtful["area"], doubtful["period"], strict=True))
    assert pairs == {("Lạng Sơn", 2024), ("Yên Bái", 2024), ("Hải Dương", 2022)}
    assert doubtful["note_vi"].notna().all()
    assert doubtful["note_en"].notna().all()


def test_totals_are_the_sums_of_their_parts(ds):
    wide = ds.scores.pivot(index=["area", "period"], columns="indicator", values="value").dropna()
    off = (wide[["s1", "s2", "s3", "s4"]].sum(axis=1) - wide["total"]).abs()
    assert set(off[off > 0.02].index) == {("Hải Dương", 2022), ("Hồ Chí Minh", 2022)}


def test_every_row_names_its_source(ds):
    for table in (ds.scores, ds.ranks, ds.national, ds.releases, ds.indicators, ds.plan.targets):
        assert table["source"].str.len().gt(5).all()


def test_vietnamese_names_are_composed(ds):
    import unicodedata

    for name in [*ds.provinces["name_vi"], *ds.plan.actions["task_vi"]]:
        assert unicodedata.is_normalized("NFC", name)

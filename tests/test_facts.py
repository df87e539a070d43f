"""The shipped data against the facts they were taken from, and against each other."""

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.names import AreaNames

#: scores that were found after the first collection
LATER = {
    ("Quảng Ninh", "total", 2022): 17.12,
    ("Quảng Ninh", "s2", 2023): 6.18,
    ("Quảng Ninh", "s3", 2023): 6.68,
    ("Quảng Ninh", "s4", 2023): 5.73,
    ("Vĩnh Phúc", "s1", 2022): 4.35,
    ("Vĩnh Phúc", "s2", 2022): 5.51,
    ("Vĩnh Phúc", "s3", 2022): 4.48,
    ("Vĩnh Phúc", "s4", 2022): 2.02,
    ("Vĩnh Phúc", "total", 2022): 16.35,
    ("Vĩnh Phúc", "s1", 2023): 7.46,
    ("Vĩnh Phúc", "s2", 2023): 6.07,
    ("Vĩnh Phúc", "s3", 2023): 3.28,
    ("Vĩnh Phúc", "s4", 2023): 5.48,
    ("Bà Rịa - Vũng Tàu", "s1", 2023): 7.66,
    ("Bà Rịa - Vũng Tàu", "s2", 2023): 6.28,
    ("Bà Rịa - Vũng Tàu", "s3", 2023): 4.44,
    ("Bà Rịa - Vũng Tàu", "s4", 2023): 5.09,
    ("Bà Rịa - Vũng Tàu", "s1", 2024): 7.75,
    ("Bà Rịa - Vũng Tàu", "s2", 2024): 7.56,
    ("Bà Rịa - Vũng Tàu", "s3", 2024): 4.65,
    ("Bà Rịa - Vũng Tàu", "s4", 2024): 6.3,
    ("Bà Rịa - Vũng Tàu", "total", 2024): 26.26,
}

#: ranks that the first collection read from the order of a list, and later sources contradict
CORRECTED = {("Vĩnh Phúc", "total", 2022): 9, ("Bắc Giang", "total", 2022): 10}


@pytest.fixture
def facts(reference, ds):
    table = pd.read_csv(reference("data/pgi_facts.csv.gz"))
    names = AreaNames(ds.areas)
    national = table["province"] == "NATIONAL"
    area = table.loc[~national, "province"].map(names.find)
    assert area.notna().all()
    return table.assign(area=area)


def test_every_published_score_is_here(ds, facts):
    wanted = facts[facts["indicator"].isin(["s1", "s2", "s3", "s4", "total"])]
    wanted = wanted.set_index(["area", "indicator", "year"])["value"].astype(float)
    have = ds.scores.set_index(["area", "indicator", "period"])["value"]
    assert len(wanted) == 253
    assert len(have) == len(wanted) + len(LATER)
    pd.testing.assert_series_equal(have[wanted.index], wanted, check_names=False)
    assert have[have.index.difference(wanted.index)].to_dict() == LATER


def test_every_rank_and_national_figure_is_here(ds, facts):
    ranks = facts[facts["indicator"].isin(["rank", "s3_rank"])]
    indicator = ranks["indicator"].map({"rank": "total", "s3_rank": "s3"})
    keys = zip(ranks["area"], indicator, ranks["year"], strict=True)
    have = ds.ranks.set_index(["area", "indicator", "period"])["rank"]
    for key, rank in zip(keys, ranks["value"].astype(int), strict=True):
        assert have[key] == CORRECTED.get(key, rank)
    national = facts[facts["province"] == "NATIONAL"]["value"].astype(float)
    means = ds.national["statistic"] == "mean"
    assert sorted(national) == sorted(ds.national.loc[~means, "value"])
    assert ds.national.loc[means, "value"].tolist() == [21.0, 25.39]


def test_a_rank_stated_by_a_source_is_published(ds):
    status = ds.ranks.set_index(["area", "indicator", "period"])["status"]
    assert status["Vĩnh Phúc", "total", 2022] == status["Quảng Ninh", "total", 2022] == "published"
    assert status["Bắc Giang", "total", 2022] == "doubtful"
    among = ds.ranks.dropna(subset=["ranked_areas"])
    assert set(among["area"]) == {"Long An"}  # «26/30 provinces and cities with the highest score»
    assert among["ranked_areas"].eq(30).all()


def test_ranks_fall_with_the_scores(ds):
    """A rank in the country that a better score lies behind is wrong, or one of the scores is."""
    key = ["area", "indicator", "period"]
    ranks = ds.ranks[ds.ranks["ranked_areas"].isna()]
    both = ds.scores.merge(ranks, on=key).sort_values("rank")
    for _, edition in both.groupby(["indicator", "period"]):
        assert edition["value"].is_monotonic_decreasing


def test_the_mean_of_2023_was_known_with_the_edition_of_2024_only(ds):
    def means(day):
        return ds.as_of(day).national.query("statistic == 'mean'")["period"].tolist()

    assert means("2024-12-05") == means("2025-05-05") == []
    assert means("2025-05-06") == [2023, 2024]


def test_the_mean_of_2024_is_outside_what_scores_and_ranks_allow(ds):
    """The note of the doubtful mean, reckoned anew: areas not known stand between known ranks."""
    score = ds.scores[ds.scores["period"].eq(2024) & ds.scores["indicator"].eq("total")]
    score = score.set_index("area")["value"]
    rank = ds.ranks[ds.ranks["period"].eq(2024) & ds.ranks["indicator"].eq("total")]
    rank = rank.set_index("area")["rank"]
    assert len(score) == 50
    at = score[rank.index.intersection(score.index)].set_axis(rank[rank.index.isin(score.index)])
    # of the 13, three are before rank 13, Đồng Tháp (7th) before Nam Định; ten between 14 and 29
    low = score.sum() + score["Nam Định"] + 2 * at[13] + 10 * at[29]
    high = score.sum() + 3 * at[6] + 10 * at[14]
    assert (round(low / 63, 2), round(high / 63, 2)) == (24.97, 25.18)


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

    for name in [*ds.areas["name_vi"], *ds.plan.actions["task_vi"]]:
        assert unicodedata.is_normalized("NFC", name)

"""Other people's verdicts: published outcomes with their inputs, reproduced row by row.

The cases lie in ``tests/reference``; each row there names the repository and commit it is from.
"""

import numpy as np
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.assessment import statcan
from pgi_analysis.data.plain import DataWarning

RENAMED = {
    "base_value": "baseline",
    "base_year": "baseline_period",
    "current_value": "value",
    "current_year": "period",
    "target_year": "target_period",
}


def cases_of(reference, name):
    return pd.read_csv(reference(f"cases/{name}.csv.gz")).rename(columns=RENAMED)


def columns(table):
    wanted = "value period baseline baseline_period target target_period direction limit".split()
    return table[wanted]


def assessed(table, **options):
    with pytest.warns(DataWarning, match="is worse than its own baseline"):
        return pgi.assess(columns(table), **options).table


@pytest.fixture
def canada(reference):
    return cases_of(reference, "statcan_opensdg_series_cases")


def test_statistics_canada_s_series(canada):
    """191 of 191: status, progress value to 1e-9, score; four had met their target at the base."""
    found = assessed(canada, method="statcan")
    assert len(canada) == 191
    published = canada["exp_status"].replace("not_available", "not_assessed")
    assert found["verdict"].astype(str).tolist() == published.tolist()
    known = canada["exp_progress_value"].notna()
    # where the target equals the baseline the publisher gives no value
    assert (known | found["measure"].isna()).all()
    np.testing.assert_allclose(
        found["measure"][known], canada["exp_progress_value"][known], rtol=0, atol=1e-9
    )
    np.testing.assert_allclose(found["score"], canada["exp_score"], rtol=0, atol=1e-9)


def indicators(canada, reference):
    """The scores published by indicator, beside those of our series."""
    found = assessed(canada, method="statcan")
    found["key"] = canada["framework"] + " " + canada["indicator"]
    parts = canada["series"].str.split(" / ", expand=True)
    found["part"] = parts[1].fillna("")
    published = cases_of(reference, "statcan_opensdg_indicator_aggregate_cases")
    published.index = published["framework"] + " " + published["indicator"]
    listed = found.groupby("key").size()
    whole = published["n_series"] == listed.reindex(published.index)
    return found, published[whole].dropna(subset=["score"])


def test_statistics_canada_s_indicators(canada, reference):
    """Every score that is a flat mean, of the indicators whose series are all in the cases.

    Four of 92 are means of groups; the groups are settings that the cases do not hold.
    """
    found, published = indicators(canada, reference)
    flat = published.drop(["gif 1-4-1", "gif 16-3-1", "gif 4-5-1", "gif 4-a-1"])
    ours = statcan.overall(found, ["key"]).loc[flat.index]
    assert len(flat) == 88
    np.testing.assert_allclose(ours["score"], flat["score"], rtol=0, atol=1e-9)
    assert ours["verdict"].astype(str).tolist() == flat["progress_status"].tolist()


@pytest.mark.parametrize("key", ["gif 16-3-1", "gif 4-a-1"])
def test_a_group_of_series_counts_once(canada, reference, key):
    """Violence by kind, schools by equipment: the groups that the names of the series tell."""
    found, published = indicators(canada, reference)
    ours = statcan.overall(found[found["key"] == key], ["key", "part"])
    assert ours["score"].item() == pytest.approx(published.loc[key, "score"], abs=1e-9)
    assert ours["verdict"].item() == published.loc[key, "progress_status"]


def test_eustat_s_series(reference):
    """32 of 32 of the Basque office's variant: status, score, progress value."""
    table = cases_of(reference, "eustat_eurostat_variant_cases")
    found = assessed(table, method="eurostat", variant="eustat")
    assert len(table) == 32
    assert found["verdict"].astype(str).tolist() == table["exp_status"].tolist()
    np.testing.assert_allclose(found["score"], table["exp_score"], rtol=0, atol=1e-9)
    known = table["exp_progress_value"].notna()
    np.testing.assert_allclose(
        found["measure"][known], table["exp_progress_value"][known], rtol=0, atol=1e-9
    )


def test_the_variant_s_known_defect_is_not_ours():
    """EUSTAT 5-5-1, government: 50 to 46.7 at a limit of 50 scored +5 and «deterioration»."""
    fell = pd.DataFrame(
        {"baseline": [50.0], "baseline_period": 2015, "value": 46.7, "period": 2025, "limit": 50.0}
    ).assign(direction=1)
    as_published = pgi.assess(fell, method="eurostat", variant="eustat").table
    assert as_published[["verdict", "score"]].to_numpy().tolist() == [
        ["significant_deterioration", 5.0]
    ]
    for default in (
        pgi.assess(fell, method="eurostat", window=None).table,
        pgi.assess(fell, method="statcan").table,
    ):
        assert default["signal"].item() == "away"
        assert default["score"].item() < 0


STATUS = {"on_track": "On-track", "slow_progress": "Slow progress", "regression": "Regression"}
ANTICIPATED = {
    "on_track": "Will meet target",
    "slow_progress": "Need to accelerate",
    "regression": "No progress expected",
}


@pytest.mark.parametrize(
    ("value", "index", "words"), [("I_2025", "CS", STATUS), ("I_2030", "AP", ANTICIPATED)]
)
def test_unicef_s_indices(reference, value, index, words):
    """253 rows: the current status, and the same formula on the score anticipated for 2030.

    One country (Kuwait, wasting) had its target as base, so that the index is −∞, as published.
    One row, Qatar's, had a single observation on its target; the cases do not hold it.
    """
    table = cases_of(reference, "unicef_menaro_escap_style_cases")
    assert len(table) == 253
    table = table[~((table["iso3"] == "QAT") & (table["points"] == 1))]
    case = pd.DataFrame(
        {
            "value": table[value],
            "period": 2025,
            "baseline": table["I_2015"],
            "baseline_period": 2015,
            "target": table["target"],
            "target_period": 2030,
            "direction": table["direction"].map({"increasing": 1, "decreasing": -1}),
        }
    )
    with pytest.warns(DataWarning, match="more, target: the target is worse than its own"):
        found = pgi.assess(case, method="escap_status").table
    labels = found["verdict"].astype(str).map(words).fillna("Insufficient data")
    assert labels.tolist() == table[f"exp_{index}_label"].tolist()
    assessed = (found["verdict"] != "not_assessed").to_numpy()
    assert assessed.sum() == 238
    np.testing.assert_allclose(
        found["measure"][assessed], table.loc[assessed, f"exp_{index}"], rtol=1e-9
    )


GERMAN = {
    "Sonne": "sun",
    "Leicht bewölkt": "light_cloud",
    "Wolke": "cloud",
    "Blitz": "thunderstorm",
}
#: symbols that the rule does not give, and what the data allow to say of it
MISSES = {
    # misses by 17.6 %: light cloud; the symbol was set before the data were revised, or its judges
    # took the plateau of 2018 to 2020 for the trend
    ("12.4", 2021): ("light_cloud", "Wolke"),
    # fell in four of five years: thunderstorm; the published cloud fits the last change only, +3.7
    ("15.1", 2012): ("thunderstorm", "Wolke"),
    # misses by 20.2 %: cloud, a tenth of a point from the edge; later revisions are enough
    ("7.2.b", 2020): ("cloud", "Leicht bewölkt"),
    # would reach 83.36 where 83 is wanted; 80.8 may have been lower when the symbol was set
    ("8.5.a", 2022): ("sun", "Leicht bewölkt"),
}


def test_the_german_strategy_s_symbols(reference):
    """117 of 121 (96.7 %; the commonest symbol alone would be 57 %), each miss listed."""
    table = cases_of(reference, "germany_dns_curated_numeric_cases")
    panel, targets = german_panel(table)
    found = pgi.assess(panel, targets, method="weather").table
    official = table["official"].map(GERMAN)
    same = found["verdict"].astype(str) == official
    assert (len(same), int(same.sum())) == (121, 117)
    missed = zip(
        table.loc[~same, "indicator"],
        table.loc[~same, "assess_year"],
        found.loc[~same, "verdict"],
        table.loc[~same, "official"],
        strict=True,
    )
    assert {(name, year): (ours, theirs) for name, year, ours, theirs in missed} == MISSES


#: surveys of Germany's indicators 3.1.c and d, smoking of adolescents and adults in per cent
ADOLESCENTS = {2001: 27.5, 2003: 22.5, 2004: 23.5, 2005: 20.0, 2007: 17.7, 2008: 15.4, 2010: 12.9}
ADOLESCENTS |= {2011: 11.7, 2012: 12.0, 2014: 9.7, 2015: 7.8, 2016: 7.4, 2018: 6.6, 2019: 5.6}
ADULTS = {1999: 28.3, 2003: 27.4, 2005: 27.2, 2009: 25.7, 2013: 24.5, 2017: 22.0}
REVISED = {2010: 12.9, 2011: 11.7, 2012: 12.0, 2014: 9.7, 2015: 9.6, 2016: 8.3, 2018: 8.7}
REVISED |= {2019: 7.2, 2021: 6.1, 2023: 6.8}
SURVEYS = [
    *((ADOLESCENTS, 7, year) for year in (2011, 2012, 2014, 2015, 2016, 2018, 2019)),
    *((REVISED, 7, year) for year in (2016, 2023)),
    (ADULTS, 19, 2017),
]


@pytest.mark.parametrize(("surveys", "target", "year"), SURVEYS)
def test_the_german_strategy_s_symbols_where_years_are_missing(surveys, target, year):
    """A sun each, for a target of 2030, though no six surveys are of six years in a row.

    Nachhaltige-Entwicklung-Deutschland/open-sdg-data-starter: data/3-1-cd.csv (commit 0bbca728)
    with the symbols of the report of 2021 in meta/3-1-cd.md (00dd9ccb). The revised series and its
    two symbols are the platform's later figures, whose commit was not recorded.
    """
    known = pd.DataFrame({"period": surveys.keys(), "value": surveys.values()})
    where = {"area": "Deutschland", "indicator": "3.1"}
    wanted = pd.DataFrame([where | {"target": target, "target_period": 2030, "direction": -1}])
    panel = known[known["period"] <= year].assign(**where)
    found = pgi.assess(panel, wanted, method="weather").table.iloc[0]
    assert (found["verdict"], found["period"]) == ("sun", year)
    last = sorted(panel["period"])[-6:]
    assert last[-1] - last[0] > 5


def german_panel(table):
    """Each case as an area of its own: its last six scores, and its target."""
    area = table.index.astype(str)
    series = [
        pd.DataFrame(
            {
                "area": one,
                "period": [int(year) for year in row.last6_years.split("|")],
                "value": [float(value) for value in row.last6_values.split("|")],
            }
        )
        for one, row in zip(area, table.itertuples(), strict=True)
    ]
    panel = pd.concat(series).assign(indicator="x")
    targets = table[["target", "target_period", "direction"]].assign(area=area, indicator="x")
    return panel, targets

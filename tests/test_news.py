"""What changed since the report before: nothing missed, nothing from later."""

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"


def test_an_edition_and_its_scores_are_new(ds):
    found = pgi.changes(ds.at("2025Q2"))
    assert found.releases["period"].tolist() == [2024]
    assert set(found.scores["indicator"]) == {"s1", "s2", "s3", "s4", "total"}
    assert found.scores["before"].isna().all()
    assert found.scores.set_index("indicator")["after"]["s3"] == 6.71


def test_targets_carry_both_quarters(ds):
    found = pgi.changes(ds.at("2025Q2")).table.set_index("indicator")
    assert found.loc["s1", ["gap_before", "gap_after"]].tolist() == [1.74, 1.63]
    assert found.loc["s1", ["state_before", "state_after"]].tolist() == ["open", "missed"]
    assert found["p_after"].isin([0.0, 1.0]).all()
    earlier = pgi.project(ds.at("2025Q1")).table.set_index("indicator")["p_met"]
    pd.testing.assert_series_equal(
        found["p_before"].astype(float), earlier.astype(float), check_names=False
    )


def test_a_quarter_without_news_says_so(ds):
    found = pgi.changes(ds.at("2025Q1"))
    assert found.nothing
    assert tell(found, "answer", Voice(ds.at("2025Q1"), "en")) == [
        "Nothing is new since 4 December 2024, the cut-off of the report on Q4 and the year 2024: "
        "no edition, score or task report."
    ]


def test_task_reports_and_revisions_are_news(data_copy):
    """Synthetic reports and a synthetic correction, in a copy of the data."""
    progress = data_copy / "plans" / PLAN / "progress.csv"
    header = progress.read_text("utf-8").splitlines()[0]
    names = header.split(",")
    actions = pd.read_csv(data_copy / "plans" / PLAN / "actions.csv")["action"]
    rows = [
        {"action": actions[0], "quarter": "2024Q4", "reported": "2024-11-20", "status": "done"},
        {
            "action": actions[1],
            "quarter": "2024Q4",
            "reported": "2024-11-21",
            "status": "blocked",
            "interim_value": "5,1",  # of an index that scores itself
        },
    ]
    lines = [",".join(f'"{row.get(name, "")}"' for name in names) for row in rows]
    progress.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    scores = pd.read_csv(data_copy / "scores.csv", dtype=str)
    mine = scores[(scores["area"] == "Lạng Sơn") & (scores["indicator"] == "s3")]
    fixed = mine[mine["period"] == "2023"].assign(value="3.80", released="2024-10-01")
    pd.concat([scores, fixed]).to_csv(data_copy / "scores.csv", index=False)
    own = pd.read_csv(data_copy / "indicators.csv", dtype=str).assign(self_assessed="yes")
    own.to_csv(data_copy / "indicators.csv", index=False)
    ds = pgi.load(data_copy, plan=PLAN).at("2024Q4")
    found = pgi.changes(ds)
    said = tell(found, "answer", Voice(ds, "en"))
    assert said[0] == (
        "Compared with what was known on 13 September 2024, the cut-off of the report on Q3 2024."
    )
    assert "Promoting green practices of 2023 was corrected from 3.60 to 3.80 points." in said
    assert "2 new task reports: 1 done, 1 in difficulties." in said
    assert "1 reports carry a self-assessed score." in said
    moved = [line for line in said if line.startswith("Promoting green practices: ")]
    assert (
        "0.58 points below target (last report: 0.78 points below target); probability" in moved[0]
    )


def test_a_dataset_at_no_quarter_is_refused(ds):
    with pytest.raises(pgi.InputError, match="A quarter is needed here"):
        pgi.changes(ds)

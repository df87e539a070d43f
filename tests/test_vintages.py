"""What was known when: nothing computed for a day sees a later release."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest
from budget import often
from hypothesis import given, settings
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data.quarters import Quarter
from pgi_analysis.data.writing import to_csv
from pgi_analysis.results.workplan import late_reports

FULL = pgi.load("data", plan="lang-son-transport-2024")
days = st.dates(date(2022, 1, 1), date(2027, 12, 31))


@given(day=days)
def test_as_of_never_sees_a_later_release(day):
    then = FULL.as_of(day)
    for table in (then.scores, then.ranks, then.national, then.releases):
        assert (table["released"].dt.date <= day).all()


@given(day=days, later=st.integers(0, 1000))
def test_a_detour_over_a_later_day_changes_nothing(day, later):
    direct = FULL.as_of(day)
    detour = FULL.as_of(day + timedelta(later)).as_of(day)
    pd.testing.assert_frame_equal(direct.official(), detour.official())


@settings(max_examples=often(10))
@given(order=st.permutations(range(len(FULL.scores))))
def test_row_order_does_not_matter(order):
    shuffled = replace(FULL, scores=FULL.scores.iloc[list(order)].reset_index(drop=True))
    for quarter in ("2024Q4", "2025Q2"):
        one, other = FULL.at(quarter), shuffled.at(quarter)
        pd.testing.assert_frame_equal(pgi.gap(one).table, pgi.gap(other).table)
        pd.testing.assert_frame_equal(pgi.trend(one).table, pgi.trend(other).table, rtol=1e-12)
        pd.testing.assert_frame_equal(pgi.project(one).table, pgi.project(other).table, rtol=1e-9)


def test_a_quarter_is_the_same_whatever_came_later(data_copy):
    """The tables of 2024Q4 are equal byte for byte before and after the 2024 edition is added."""
    scores = pd.read_csv(data_copy / "scores.csv", dtype=str, keep_default_na=False)
    with_2024 = pgi.load(data_copy, plan="lang-son-transport-2024").at("2024Q4")
    for name in ("scores", "releases", "ranks", "national"):
        table = pd.read_csv(data_copy / f"{name}.csv", dtype=str, keep_default_na=False)
        table[table["period"] != "2024"].to_csv(data_copy / f"{name}.csv", index=False)
    without = pgi.load(data_copy, plan="lang-son-transport-2024").at("2024Q4")
    assert (scores["period"] == "2024").any()
    for compute in (pgi.gap, pgi.trend, pgi.project):
        assert to_csv(compute(with_2024).table) == to_csv(compute(without).table)


def test_a_revised_figure_counts_from_its_own_release(data_copy):
    scores = pd.read_csv(data_copy / "scores.csv", dtype=str, keep_default_na=False)
    own = (
        (scores["area"] == "Lạng Sơn")
        & (scores["period"] == "2024")
        & (scores["indicator"] == "s1")
    )
    revised = scores[own].assign(value="5.95", released="2025-09-01", status="published")
    pd.concat([revised, scores]).to_csv(data_copy / "scores.csv", index=False)
    ds = pgi.load(data_copy, plan="lang-son-transport-2024")
    value = {
        q: pgi.gap(ds.at(q)).table.set_index("indicator").loc["s1", "value"]
        for q in ("2025Q2", "2025Q3")
    }
    assert value == {"2025Q2": 4.95, "2025Q3": 5.95}


def test_no_pair_across_the_series_break(ds):
    panel = ds.as_of("2025-06-15").panel()
    assert sorted(set(panel["period"])) == [2023, 2024]
    assert sorted(set(ds.as_of("2023-12-31").panel()["period"])) == [2022]


@given(year=st.integers(1990, 2100), number=st.integers(1, 4))
def test_quarters_read_back(year, number):
    quarter = Quarter(year, number)
    assert Quarter.parse(str(quarter)) == quarter
    assert quarter.after.before == quarter
    roman = ("I", "II", "III", "IV")[number - 1]
    assert Quarter.parse(f"quý {roman}/{year}") == quarter


@pytest.mark.parametrize(
    "text", ["", "24", "2024Q5", "Q42024Q4", "24Q4", "2024-12-05", "quý V/2024"]
)
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(pgi.InputError, match=r"is not a quarter\. Write it like 2024Q4"):
        Quarter.parse(text)


def test_the_calendar_of_a_year(ds):
    table = pgi.calendar(ds.as_of("2025-01-01"), quarters=4).table
    assert table["agency_due"].isna().all()
    assert table.drop(columns="agency_due").astype(str).to_numpy().tolist() == [
        ["2025-03-15", "quarter", "2025Q1"],
        ["2025-06-15", "quarter", "2025Q2"],
        ["2025-09-15", "quarter", "2025Q3"],
        ["2025-12-05", "quarter_and_year", "2025Q4"],
    ]


def test_tasks_show_the_newest_report_known(data_copy):
    folder = data_copy / "plans" / "lang-son-transport-2024"
    header = (folder / "progress.csv").read_text("utf-8")
    (folder / "progress.csv").write_text(
        header
        + "n1,2024Q3,2024-09-10,in_progress,40,,,\nn1,2024Q4,2024-12-01,done,100,Quyết định 12,,\n"
        + "n2,2024Q4,2024-12-20,done,100,,,\n",
        "utf-8",
    )
    ds = pgi.load(data_copy, plan="lang-son-transport-2024")
    third, fourth = (pgi.tasks(ds.at(q)).table.set_index("action") for q in ("2024Q3", "2024Q4"))
    assert third["status"].tolist() == ["in_progress"] + ["none"] * 5
    assert fourth["status"].tolist() == ["done"] + ["none"] * 5
    np.testing.assert_allclose(fourth.loc["n1", "percent"], 100)


def with_edition(ds, **row):
    """Add an edition to the releases."""
    last = ds.releases.tail(1).assign(**row)
    return replace(ds, releases=pd.concat([ds.releases, last], ignore_index=True))


def test_a_later_series_break_does_not_undo_what_was_decided(ds):
    released = pd.Timestamp("2026-05-10")
    later = with_edition(ds, period=2025, released=released, series_break=True).at("2026Q2")
    before = ds.at("2025Q2")
    assert pgi.gap(later).table["state"].tolist() == pgi.gap(before).table["state"].tolist()
    found = pgi.project(later).table
    assert found["state"].isin(["met", "missed"]).all()
    assert found["origin"].eq(found["target_period"]).all()
    pd.testing.assert_frame_equal(pgi.scorecard(later).table, pgi.scorecard(before).table)


def test_a_break_at_the_target_leaves_it_open_to_no_conclusion(ds):
    broken = replace(ds, releases=ds.releases.assign(series_break=[False, True, True]))
    then = broken.at("2025Q2")
    assert set(pgi.gap(then).table["state"]) == {"not_comparable"}
    assert set(pgi.project(then).table["state"]) == {"not_comparable"}


def test_a_total_nobody_published_is_summed_once_for_all(ds):
    own = (ds.scores["area"] == "Lạng Sơn") & (ds.scores["indicator"] == "total")
    without = replace(ds, scores=ds.scores[~(own & (ds.scores["period"] == 2024))]).at("2025Q2")
    total = pgi.gap(without).table.set_index("indicator").loc["total"]
    assert (total["value"], total["status"], total["state"]) == (22.63, "doubtful", "met")
    assert pgi.project(without).table["value"].iloc[-1] == 22.63
    moved = pgi.trend(without).moves.set_index("indicator").loc["total", "change"]
    np.testing.assert_allclose(moved, 5.30)


def test_a_report_after_the_cut_off_is_pointed_out(data_copy):
    file = data_copy / "plans" / "lang-son-transport-2024" / "progress.csv"
    rows = "n1,2024Q4,2024-12-12,Hoàn thành,100,,,\nn2,2024Q4,2024-12-04,đang thực hiện,,,,\n"
    file.write_text(file.read_text("utf-8") + rows, "utf-8")
    plan = pgi.load(data_copy, plan="lang-son-transport-2024").plan
    assert plan.progress["status"].tolist() == ["done", "in_progress"]
    late = late_reports(plan)
    assert late["action"].tolist() == ["n1"]
    assert str(late["cut_off"].iloc[0].date()) == "2024-12-04"


def test_what_is_kept_between_calls_is_computed_once_and_no_caller_can_change_it(monkeypatch):
    from pgi_analysis.data import dataset

    runs = []
    count = dataset.with_composite_scores
    monkeypatch.setattr(
        dataset, "with_composite_scores", lambda *tables: runs.append(1) or count(*tables)
    )
    at = pgi.load("data", plan="lang-son-transport-2024").at("2025Q2")
    for compute in (pgi.gap, pgi.trend, pgi.project, pgi.assess):
        compute(at)
    assert len(runs) == 1
    for kept in (at.official, at.official_ranks, at.segments):
        before = kept().copy()
        taken = kept()
        taken.loc[taken.index[0]] = taken.iloc[-1]
        same = pd.testing.assert_frame_equal if before.ndim > 1 else pd.testing.assert_series_equal
        same(kept(), before)
    assert at.as_of("2024-06-30").official()["period"].max() == 2023

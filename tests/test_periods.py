"""Periods of one kind: read, counted in equal steps, and shown as they were written."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import calendar_of, read_panel, schema, to_csv, to_json
from pgi_analysis.data.period_columns import read_periods
from pgi_analysis.data.periods import STEPS, Calendar, Period

FORMS = {
    ("quarter", "{year}Q{part}"): ["2023Q3", "2023Q4", "2024Q1"],
    ("quarter", "{year}-Q{part}"): ["2023-Q3", "2023-Q4", "2024-Q1"],
    ("quarter", "Q{part} {year}"): ["Q3 2023", "Q4 2023", "Q1 2024"],
    ("quarter", "Quý {roman}/{year}"): ["Quý III/2023", "Quý IV/2023", "Quý I/2024"],
    ("quarter", "quý {part} năm {year}"): ["quý 3 năm 2023", "quý 4 năm 2023", "quý 1 năm 2024"],
    ("month", "{year}-{part:02}"): ["2023-11", "2023-12", "2024-01"],
    ("month", "{part:02}/{year}"): ["11/2023", "12/2023", "01/2024"],
    ("month", "{part}/{year}"): ["11/2023", "12/2023", "1/2024"],
    ("month", "{year}M{part:02}"): ["2023M11", "2023M12", "2024M01"],
    ("month", "Tháng {part}/{year}"): ["Tháng 11/2023", "Tháng 12/2023", "Tháng 1/2024"],
    ("month", "{Month} {year}"): ["Nov 2023", "Dec 2023", "Jan 2024"],
    ("month", "{year} {MONTH}"): ["2023 NOV", "2023 DEC", "2024 JAN"],
    ("half", "{year}H{part}"): ["2023H1", "2023H2", "2024H1"],
    ("financial", "{year}/{short:02}"): ["2013/14", "2014/15", "2015/16"],
    ("financial", "{year}-{short:02}"): ["1998-99", "1999-00", "2000-01"],
    ("financial", "{year}/{next}"): ["2013/2014", "2014/2015", "2015/2016"],
    ("financial", "FY {year}/{short:02}"): ["FY 2013/14", "FY 2014/15", "FY 2015/16"],
    ("fiscal", "FY{year}"): ["FY2013", "FY2014", "FY2015"],
}


@pytest.mark.parametrize(("kind", "form"), FORMS)
def test_periods_are_equal_steps_and_shown_as_written(kind, form):
    texts = FORMS[kind, form]
    read, refused = read_periods({"period": texts})
    assert refused == {}
    periods = read["period"]
    assert np.diff([int(one) for one in periods]).tolist() == [1, 1]
    assert [str(one) for one in periods] == texts
    assert periods[0].calendar == Calendar(kind, form)


@given(
    st.sampled_from(list(FORMS)), st.integers(2012, 2050), st.sets(st.integers(0, 40), min_size=1)
)
def test_what_a_calendar_writes_reads_back(kind_and_form, year, steps):
    kind, form = kind_and_form
    written = Calendar(kind, form)
    numbers = [year * STEPS[kind] + step for step in sorted(steps)]
    texts = [written.label(number) for number in numbers]
    read, refused = read_periods({"period": texts})
    assert refused == {}
    assert read["period"] == numbers
    assert read["period"][0].calendar.kind == kind


@pytest.mark.parametrize(
    ("periods", "years"),
    [
        ([2023, 2024.0, None], [2023, 2024, None]),
        (["2023", "2024.0"], [2023, 2024]),
        ([1, 2, 3], [1, 2, 3]),
        (["2023-01-01", "2024-01-01"], [2023, 2024]),
        (["31/12/2023", "31/12/2024"], [2023, 2024]),
    ],
)
def test_years_are_whole_numbers(periods, years):
    assert read_periods({"period": periods}) == ({"period": years}, {})


@pytest.mark.parametrize(
    ("days", "labels"),
    [
        (["2024-01-01", "2024-02-01"], ["2024-01", "2024-02"]),
        (["2024-01-31", "2024-02-29"], ["2024-01", "2024-02"]),
        (["2026-12-01"], ["2026-12"]),
    ],
)
def test_days_that_begin_or_end_months_are_months(days, labels):
    read, refused = read_periods({"period": days})
    assert refused == {}
    assert [str(one) for one in read["period"]] == labels


def test_the_table_decides_between_months_and_financial_years():
    assert calendar_of(panel(["2010-11", "2011-12"])).kind == "financial"
    assert calendar_of(panel(["2010-10", "2010-11"])).kind == "month"
    months = panel(["2010-10", "2010-11"])
    targets = pd.DataFrame({"period": ["2010-12", "2011-12"]})["period"]
    read = read_periods({"target_period": list(targets)}, calendar_of(months))[0]
    assert [str(one) for one in read["target_period"]] == ["2010-12", "2011-12"]
    assert int(read["target_period"][1]) - int(read["target_period"][0]) == 12


@pytest.mark.parametrize(
    ("periods", "message"),
    [
        (
            ["2013/14", "2014"],
            "row 1, period: «2014» and «2013/14» are periods of two kinds, so that they cannot be "
            "counted together. Write all as one kind.",
        ),
        (
            [2023, 24],
            "row 1, period: «24» and «2023» are periods of two kinds, so that they cannot be "
            "counted together. Write all as one kind.",
        ),
        (
            ["2003-05", "2004-06"],
            "rows 0, 1, period: «2003-05» spans several years, so that periods overlap and are no "
            "equal steps. Write one year for each, throughout the first or the last, and keep in "
            "mind that they share data; or use yearly figures.",
        ),
        (
            ["2003-05", "2003-05"],
            "rows 0, 1, period: «2003-05» may be a month or a span of years, and the column does "
            "not tell which. Write 2003M05, or 2003/2004.",
        ),
        (
            [202312, 202401],
            "rows 0, 1, period: «202312» is a year and a month run together. "
            "Write it like 2023-12.",
        ),
        (
            [44197, 44562],
            "rows 0, 1, period: «44197» is the number by which a spreadsheet counts days, "
            "2021-01-01. Write the period itself: the year, or like 2021-01.",
        ),
        (
            ["2024-01-15", "2024-02-15"],
            "rows 0, 1, period: «2024-01-15» is a day, and days do not make equal steps here. "
            "Write the year, or the quarter like 2024Q1, or the month like 2024-01.",
        ),
        (
            ["2024-01-01", "2024-04-01"],
            "rows 0, 1, period: «2024-01-01» is a day, and days do not make equal steps here. "
            "Write the year, or the quarter like 2024Q1, or the month like 2024-01.",
        ),
        (
            ["2024W01", "2024Q1"],
            "row 0, period: «2024W01» is no period. Write years (2024), half-years (2024H1), "
            "quarters (2024Q1), months (2024-01) or financial years (2014/15), all of one kind.",
        ),
    ],
)
def test_what_is_not_of_one_kind_is_refused(periods, message):
    with pytest.raises(pgi.InputError) as caught:
        panel(periods)
    assert caught.value.text("en") == f"panel {message}"
    assert caught.value.text("vi") != caught.value.text("en")


def test_targets_are_of_the_panels_kind():
    scores, targets = months_panel()
    message = (
        r"panel_targets rows 0, 1, target_period: «2025» is another kind of period than the panel "
        r"has\. Write it as there, like 2024-01\."
    )
    with pytest.raises(pgi.InputError, match=message):
        pgi.project(scores, targets.assign(target_period=2025))


@pytest.mark.parametrize(
    ("dtype", "labels"),
    [
        (pd.period_range("2023Q4", periods=2, freq="Q"), ["2023Q4", "2024Q1"]),
        (pd.period_range("2003-05", periods=2, freq="M"), ["2003-05", "2003-06"]),
        (pd.period_range("2003-05", periods=1, freq="M"), ["2003-05"]),
        (pd.period_range("2023", periods=2, freq="Y"), ["2023", "2024"]),
        (pd.date_range("2023-12-01", periods=2, freq="MS"), ["2023-12", "2024-01"]),
        (pd.date_range("2023-12-31", periods=2, freq="YE"), ["2023", "2024"]),
        (pd.Categorical(["2023Q4", "2024Q1"]), ["2023Q4", "2024Q1"]),
    ],
)
def test_periods_of_pandas(dtype, labels):
    checked = panel(pd.Series(dtype))
    assert checked["period"].astype(str).tolist() == labels


def panel(periods):
    table = {"area": range(len(periods)), "indicator": "x", "period": periods, "value": 1.0}
    return schema.require("panel", pd.DataFrame(table))


def months_panel():
    """Make the same panel twice over: by months, and by years that count the same steps."""
    rng = np.random.default_rng(1)
    rows = [
        (f"a{i}", "x", f"{2023 + t // 12}-{t % 12 + 1:02}", 5 + i + t / 9 + rng.normal(0, 0.4))
        for i in range(7)
        for t in range(15)
    ]
    scores = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    targets = {"area": ["a0", "a6"], "indicator": "x", "target": [8.0, 13.5], "direction": 1}
    times = {"target_period": "2024-06", "baseline_period": "2024-01", "baseline": 6.0}
    return scores, pd.DataFrame(targets | times)


def as_years(table):
    """Count months from 2000 as if they were years, so that the steps stay as they are."""
    return table.assign(
        **{
            name: [2000 + 12 * int(text[:4]) + int(text[5:]) - 12 * 2023 for text in table[name]]
            for name in ("period", "target_period", "baseline_period")
            if name in table
        }
    )


def test_months_give_what_years_with_the_same_steps_give():
    scores, targets = months_panel()
    by_month = pgi.project(scores, targets)
    by_year = pgi.project(as_years(scores), as_years(targets))
    names = ["median", "lower", "upper", "p_met", "p_met_by", "gap", "n_obs"]
    pd.testing.assert_frame_equal(by_month.table[names], by_year.table[names])
    pd.testing.assert_frame_equal(
        by_month.quantiles()[["quantile", "value"]], by_year.quantiles()[["quantile", "value"]]
    )
    assert by_month.table["origin"].astype(str).tolist() == ["2024-03", "2024-03"]
    assert by_month.table["target_period"].astype(str).unique().tolist() == ["2024-06"]
    steps = by_month.quantiles()["period"].astype(str).unique().tolist()
    assert steps == ["2024-04", "2024-05", "2024-06"]
    assert set(by_month.first_met()["period"].dropna().astype(str)) <= {*steps, "2024-02"} | {
        "2024-03"
    }
    scenario = pgi.what_if(by_month, own_rise=0.5)
    np.testing.assert_allclose(
        scenario.table["p_met"], pgi.what_if(by_year, own_rise=0.5).table["p_met"]
    )
    assert scenario.quantiles()["period"].astype(str).unique().tolist() == steps
    assert scenario.table["target_period"].astype(str).unique().tolist() == ["2024-06"]
    assert by_month.joint().table["target_period"].astype(str).tolist() == ["2024-06", "2024-06"]


def test_trend_and_backtest_by_month():
    scores, _ = months_panel()
    found, plain = (pgi.trend(one, area="a0") for one in (scores, as_years(scores)))
    np.testing.assert_allclose(found.table["pace"], plain.table["pace"])
    assert found.table["last_period"].astype(str).tolist() == ["2024-03"]
    assert found.moves["from_period"].astype(str).tolist()[:2] == ["2023-01", "2023-02"]
    settings = {"history": 3, "horizons": [1], "models": ["ar1"]}
    tested, plain = (pgi.backtest(one, **settings) for one in (scores, as_years(scores)))
    pd.testing.assert_frame_equal(tested.table, plain.table)
    assert str(tested.forecasts["origin"].iloc[0]) == "2023-03"
    assert str(tested.events["period"].iloc[0]) == "2023-04"


def test_published_methods_are_for_years():
    with pytest.raises(pgi.InputError, match="The published methods are made for years"):
        pgi.assess(*months_panel())


def test_financial_years_are_assessed_as_years():
    rows = [("a", "x", f"{y}/{y % 100 + 1}", y - 2000.0) for y in range(2012, 2020)]
    scores = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    targets = pd.DataFrame({"area": ["a"], "indicator": "x", "target": 30.0, "direction": 1})
    times = {"target_period": "2029/30", "baseline_period": "2012/13"}
    found = pgi.assess(scores, targets.assign(**times), method="statcan").table
    assert found["period"].astype(str).tolist() == ["2019/20"]
    years = pgi.assess(
        scores.assign(period=range(2012, 2020)),
        targets.assign(target_period=2029, baseline_period=2012),
        method="statcan",
    ).table
    pd.testing.assert_frame_equal(found[["verdict", "measure"]], years[["verdict", "measure"]])


def test_the_fan_names_its_months():
    found = pgi.project(*months_panel())
    ax = found.plot("x", area="a0")
    labels = [tick.get_text() for tick in ax.get_xticklabels() if tick.get_text()]
    assert "2024-03" in labels  # the last score
    assert labels[-1] == "2024-06"


def test_tables_with_months_are_written_as_shown():
    table = pgi.project(*months_panel()).table[["area", "target_period"]]
    assert to_csv(table) == "area,target_period\na0,2024-06\na6,2024-06\n"
    assert '"target_period":"2024-06"' in to_json(table).replace(" ", "")


def test_a_file_by_quarter_reads_and_projects(tmp_path):
    scores, targets = months_panel()
    path = tmp_path / "panel.csv"
    scores.to_csv(path, index=False)
    read = read_panel(path)
    assert read["period"].tolist() == scores["period"].tolist()
    pd.testing.assert_frame_equal(
        pgi.project(read, targets).table, pgi.project(scores, targets).table
    )


def test_a_period_counts_and_shows():
    one = Period(8096, Calendar("quarter", "{year}Q{part}"))
    assert (one == 8096, one < 8097, one - 1, 1 + one, 8100 - one) == (True, True, 8095, 8097, 4)
    assert one == Period(8096, Calendar("quarter", "Q{part} {year}"))
    assert {one: "x"}[8096] == "x"
    assert f"{one}" == "2024Q1"
    assert list(range(one, 8098)) == [8096, 8097]


@given(st.lists(st.dates(dt.date(1990, 1, 1), dt.date(2040, 1, 1)).map(str), max_size=4))
def test_any_days_are_read_or_refused(days):
    values, refused = read_periods({"period": days})
    assert [place for _, place in refused] == [
        place for place, value in enumerate(values["period"]) if value is None
    ]

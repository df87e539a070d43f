"""Deadlines of both levels, the cut-off before them, and the reports that a plan asks for."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import openpyxl
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data.plan_file import reporting
from pgi_analysis.data.quarters import ANNUAL_MONTHS, YEAR_REPORTS, Quarter, Reporting
from pgi_analysis.excel import write_form
from pgi_analysis.results.workplan import late_reports
from pgi_analysis.text import report, tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"
days = st.integers(1, 28)
months = st.sampled_from(ANNUAL_MONTHS)
years = st.integers(1990, 2100)


@st.composite
def rules(draw) -> Reporting:
    """Draw any rule that `pgi validate` accepts."""
    own = draw(st.none() | st.tuples(months, days))
    rule = Reporting(
        quarter_day=draw(days),
        annual_month=draw(months),
        annual_day=draw(days),
        agency_quarter_day=draw(st.none() | days),
        agency_annual_month=own and own[0],
        agency_annual_day=own and own[1],
        year_report=draw(st.sampled_from(YEAR_REPORTS)),
    )
    assume(all(rule.final_deadline(one) >= rule.deadline(one) for one in rule.reports(2024)))
    return rule


@given(rule=rules(), year=years)
def test_the_cut_off_is_the_last_weekday_before_the_deadline(rule, year):
    for one in rule.reports(year):
        deadline, cut_off = rule.final_deadline(one), rule.cut_off(one)
        assert type(cut_off) is date
        assert cut_off < deadline
        assert cut_off.weekday() < 5
        between = [cut_off + timedelta(n) for n in range(1, (deadline - cut_off).days)]
        assert len(between) <= 2
        assert all(day.weekday() >= 5 for day in between)


@given(rule=rules(), year=years)
def test_a_later_quarter_knows_no_less(rule, year):
    quarters = [Quarter(y, n) for y in (year, year + 1) for n in (1, 2, 3, 4)]
    for earlier, later in pairwise(quarters):
        assert rule.final_deadline(earlier) < rule.final_deadline(later)
        assert rule.cut_off(earlier) <= rule.cut_off(later)
    if rule.year_report == "separate":
        assert rule.cut_off(Quarter(year, 5)) < rule.cut_off(Quarter(year + 1, 5))


@given(rule=rules(), on=st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_what_is_due_is_the_next_report(rule, on):
    found = rule.due(on)
    near = [one for year in range(on.year - 1, on.year + 2) for one in rule.reports(year)]
    assert found in near
    assert on < rule.final_deadline(found)
    ahead = [rule.final_deadline(one) for one in near if on < rule.final_deadline(one)]
    assert rule.final_deadline(found) == min(ahead)


@given(rule=rules(), year=years)
def test_a_year_has_one_report_a_quarter_and_the_year_is_in_one_of_them(rule, year):
    kinds = [rule.kind(one) for one in rule.reports(year)]
    apart = rule.year_report == "separate"
    assert sorted(kinds) == sorted(["quarter"] * 3 + (["quarter", "year"] if apart else kinds[3:]))
    assert apart or kinds[3:] == ["quarter_and_year"]


def test_days_of_the_seed_plan_by_hand(ds):
    """Units report before the 15th, for the year before 5 December; 15 June 2025 is a Sunday."""
    rule = ds.plan.reporting
    quarters = ("2024Q3", "2024Q4", "2025Q1", "2025Q2")
    assert [str(rule.deadline(Quarter.parse(one))) for one in quarters] == [
        *("2024-09-15", "2024-12-05", "2025-03-15", "2025-06-15")
    ]
    assert [str(ds.at(one).vintage) for one in quarters] == [
        *("2024-09-13", "2024-12-04", "2025-03-14", "2025-06-13")
    ]
    assert {rule.agency_deadline(Quarter.parse(one)) for one in quarters} == {None}
    assert str(rule.due(date(2024, 12, 4))) == "2024Q4"
    assert str(rule.due(date(2024, 12, 5))) == "2025Q1"


def test_the_agency_s_own_deadline_moves_the_cut_off():
    """20 June 2025 is a Friday, 15 January 2025 a Wednesday of the year after."""
    rule = Reporting(agency_quarter_day=20, agency_annual_month=1, agency_annual_day=15)
    second, fourth = Quarter(2025, 2), Quarter(2024, 4)
    assert (rule.deadline(second), rule.cut_off(second)) == (date(2025, 6, 15), date(2025, 6, 19))
    assert (rule.deadline(fourth), rule.cut_off(fourth)) == (date(2024, 12, 5), date(2025, 1, 14))
    assert str(rule.due(date(2025, 1, 14))) == "2024Q4"
    assert str(rule.due(date(2025, 1, 15))) == "2025Q1"


def with_rule(ds, **entries):
    """Add entries to the group `reporting` of a plan."""
    about = {**ds.plan.about, "reporting": {**ds.plan.about.get("reporting", {}), **entries}}
    return replace(ds, plan=replace(ds.plan, about=about, reporting=reporting(about)))


def test_both_levels_are_told_apart(ds):
    at = with_rule(ds, agency_quarter_day=20).at("2025Q2")
    found, voice = pgi.calendar(at, quarters=2), Voice(at, "vi")
    own, later, flow = tell(found, "answer", voice)
    assert own == (
        "Hạn các đơn vị gửi Phòng Kế hoạch - Tài chính: trước ngày 15/6/2025. Hạn cơ quan kế "
        "tục Sở Giao thông vận tải tỉnh Lạng Sơn gửi UBND tỉnh Lạng Sơn: trước ngày 20/6/2025."
    )
    assert later.endswith(
        "các đơn vị gửi Phòng Kế hoạch - Tài chính trước ngày 15/9/2025, cơ quan kế tục Sở Giao "
        "thông vận tải tỉnh Lạng Sơn gửi UBND tỉnh Lạng Sơn trước ngày 20/9/2025."
    )
    assert (
        "tham mưu cơ quan kế tục Sở Giao thông vận tải tỉnh Lạng Sơn báo cáo UBND tỉnh Lạng Sơn"
        in flow
    )
    assert tell(found, "table", voice).to_numpy().tolist() == [
        ["Báo cáo quý III năm 2025", "15/9/2025", "20/9/2025"],
        ["Báo cáo quý IV và năm 2025", "05/12/2025", "kế hoạch không quy định"],
    ]


def test_the_form_asks_the_units_by_their_own_deadline(ds, tmp_path):
    write_form(with_rule(ds, agency_quarter_day=20), "2025Q2", tmp_path / "f.xlsx", language="en")
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx").active
    assert sheet["A3"].value == "Send it to Planning and Finance Division before 15 June 2025."


def test_borrowed_days_say_whose_they_are(data_dir):
    ds = pgi.load(data_dir, plan="gia-lai-2024").at("2024Q4")
    voice, found = Voice(ds, "vi"), pgi.calendar(ds)
    whose = "theo kế hoạch của Sở Giao thông vận tải tỉnh Lạng Sơn"
    assert tell(found, "answer", voice)[0].endswith(
        f"tạm lấy {whose} (ngày 15 tháng cuối quý; ngày 05/12); cần thay bằng quy định của đơn vị."
    )
    assert len(tell(found, "table", voice).columns) == 2  # nothing is known of a level above
    quarterly = with_rule(ds, quarter_day=20)
    said = tell(pgi.calendar(quarterly), "answer", Voice(quarterly, "vi"))
    assert f"{whose} (ngày 05/12)" in said[0]
    own = with_rule(quarterly, annual_month=12, annual_day=10)
    assert not [
        line for line in tell(pgi.calendar(own), "answer", Voice(own, "vi")) if whose in line
    ]


def test_a_year_without_a_report_of_its_own_is_refused(ds, tmp_path):
    for asked in (ds, pgi.load("data")):
        with pytest.raises(pgi.InputError, match=r"no report on the year alone.* Write 2024Q4"):
            asked.at("2024")
    with pytest.raises(pgi.InputError, match="no report on the year alone"):
        write_form(ds, "năm 2024", tmp_path / "form.xlsx")


def test_the_fourth_quarter_and_the_year_are_one_report(ds):
    at = ds.at("2024Q4")
    assert report.title("quarterly_report", Voice(at, "vi")) == (
        "Báo cáo kết quả thực hiện Kế hoạch cải thiện, nâng cao chỉ số xanh cấp tỉnh (PGI) "
        "quý IV và năm 2024"
    )
    covers = pgi.calendar(ds.at("2024Q3"), quarters=2)["covers"].tolist()
    assert covers == ["2024Q4", "2025Q1"]


def test_a_separate_report_of_the_year(ds):
    """The year's is due before 5 December, the fourth quarter's before Sunday 15 December."""
    apart = with_rule(ds, year_report="separate")
    listed = pgi.calendar(apart.at("2024Q3"), quarters=2).table
    assert listed[["kind", "covers"]].to_numpy().tolist() == [
        ["year", "2024"],
        ["quarter", "2024Q4"],
        ["quarter", "2025Q1"],
    ]
    # whatever the calendar announces can be made
    assert [str(apart.at(one).vintage) for one in listed["covers"]] == [
        *("2024-12-04", "2024-12-13", "2025-03-14")
    ]
    year = apart.at("năm 2024")
    assert report.title("gap", Voice(year, "en")).endswith("the year 2024")
    assert report.title("gap", Voice(apart.at("2024Q4"), "en")).endswith("Q4 2024")
    assert pgi.calendar(year)["covers"].tolist()[0] == "2024Q4"
    found = pgi.changes(year)
    assert (str(found.before), str(found.since)) == ("2023", "2023-12-04")
    assert str(apart.plan.reporting.due(date(2024, 12, 1))) == "2024"


def test_task_reports_on_the_year_need_such_a_report(data_copy):
    folder = data_copy / "plans" / PLAN
    rows = "n1,năm 2024,2024-12-02,done,100,,,\nn2,2024,2024-12-20,done,100,,,\n"
    progress, about = folder / "progress.csv", folder / "plan.toml"
    progress.write_text(progress.read_text("utf-8") + rows, "utf-8")
    with pytest.raises(
        pgi.InputError, match=r"progress\.csv rows 2, 3, quarter: «2024»: the plan has"
    ):
        pgi.load(data_copy, plan=PLAN)
    separate = '[reporting]\nyear_report = "separate"'
    about.write_text(about.read_text("utf-8").replace("[reporting]", separate), "utf-8")
    ds = pgi.load(data_copy, plan=PLAN)
    assert late_reports(ds.plan)["action"].tolist() == ["n2"]
    found = pgi.tasks(ds.at("2024")).table.set_index("action")
    assert found.loc["n1", ["status", "quarter"]].tolist() == ["done", "2024"]
    assert pd.isna(found.loc["n2", "quarter"])

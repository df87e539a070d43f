"""Tasks: their states against deadlines, reports of now and of before, and what is to decide."""

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.text import tasks as tasks_text
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"
REPORT = ("action", "quarter", "reported", "status")


@pytest.fixture
def plan(data_copy):
    """Write a plan's tasks and reports: ``plan(actions={"n1": {...}}, reports=[{...}])``."""
    home = data_copy / "plans" / PLAN

    def written(actions=None, reports=(), scored=()):
        table = pd.read_csv(home / "actions.csv", dtype=str).set_index("action")
        for action, cells in (actions or {}).items():
            for name, value in cells.items():
                table.loc[action, name] = value
        table.reset_index().to_csv(home / "actions.csv", index=False)
        names = dict.fromkeys([*REPORT, "percent", *(name for row in reports for name in row)])
        pd.DataFrame(list(reports), columns=list(names)).to_csv(home / "progress.csv", index=False)
        indicators = pd.read_csv(data_copy / "indicators.csv", dtype=str)
        if scored:
            own = indicators["indicator"].isin(scored).map({True: "yes", False: None})
            indicators.assign(self_assessed=own).to_csv(data_copy / "indicators.csv", index=False)
        return pgi.load(data_copy, plan=PLAN)

    return written


def report(action, status, reported, quarter="2024Q4", **more):
    return {"action": action, "quarter": quarter, "reported": reported, "status": status, **more}


def states(ds, quarter="2024Q4", language="vi"):
    found = pgi.tasks(ds.at(quarter))
    shown = tell(found, "states_table", Voice(found.ds, language))
    return [text.partition(" (ngày")[0] for text in shown.iloc[:, -1]]


# --- states ---


def test_a_deadline_tells_what_is_in_time_and_what_is_not(plan):
    due = {action: {"deadline": "2024-11-30"} for action in ("n1", "n2", "n3", "n4", "n5")}
    reports = [
        report("n1", "done", "2024-11-30"),
        report("n2", "done", "2024-12-01"),
        report("n3", "in_progress", "2024-12-01"),
        report("n4", "blocked", "2024-12-01"),
    ]
    ds = plan(due, reports)
    assert states(ds) == [
        "đã hoàn thành đúng hạn",
        "đã hoàn thành quá hạn",
        "đang triển khai quá hạn",
        "có khó khăn, vướng mắc (quá hạn)",
        "chưa báo cáo (quá hạn)",
        "chưa báo cáo",  # it has no deadline
    ]
    assert pgi.tasks(ds.at("2024Q4"))["timing"].dropna().tolist() == ["on_time"] + ["late"] * 4


def test_before_the_deadline_and_without_one_nothing_is_late(plan):
    due = {action: {"start": "2024-07-01", "deadline": "2024-12-31"} for action in ("n1", "n2")}
    reports = [
        report("n1", "in_progress", "2024-12-02"),
        report("n2", "not_started", "2024-12-02"),
        report("n3", "in_progress", "2024-12-02"),
    ]
    assert states(plan(due, reports))[:4] == [
        "đang triển khai trong hạn",
        "chưa triển khai",
        "đang triển khai",
        "chưa báo cáo",
    ]


def test_a_deadline_counts_from_the_day_whose_knowledge_it_is(plan):
    """The last day is still in time."""
    ds = plan({"n1": {"deadline": "2024-12-05"}}, [report("n1", "in_progress", "2024-12-01")])
    at = {day: pgi.tasks(ds.as_of(day))["timing"].iloc[0] for day in ("2024-12-05", "2024-12-06")}
    assert at == {"2024-12-05": "on_time", "2024-12-06": "late"}


def test_work_is_done_on_the_day_of_the_first_report_that_says_so(plan):
    reports = [
        report("n1", "in_progress", "2024-08-20", "2024Q3"),
        report("n1", "done", "2024-09-10", "2024Q3"),
        report("n1", "done", "2024-12-02"),
    ]
    ds = plan({"n1": {"deadline": "2024-09-30"}}, reports)
    assert states(ds)[0] == "đã hoàn thành đúng hạn"


def test_what_older_files_call_a_state_is_read(plan):
    old = ["Chưa bắt đầu", "đang thực hiện", "hoàn thành", "đang vướng mắc", "blocked"]
    ds = plan(reports=[report(f"n{i}", said, "2024-12-01") for i, said in enumerate(old, 1)])
    assert pgi.tasks(ds.at("2024Q4"))["status"].tolist() == [
        *("not_started", "in_progress", "done", "blocked", "blocked", "none")
    ]


# --- reports of now and of before ---


THEN = [
    report("n1", "in_progress", "2024-12-02", percent="40"),
    report("n2", "blocked", "2024-12-02", obstacle="Thiếu kinh phí"),
    report("n3", "done", "2024-12-03", percent="100"),
]


def test_the_standard_sentence_counts_this_quarter_s_reports(plan):
    ds = plan(reports=THEN).at("2024Q4")
    found = pgi.tasks(ds)
    assert tell(found, "answer", Voice(ds, "vi")) == [
        f"Kế hoạch giao 06 nhiệm vụ cho 05 đơn vị chủ trì; đến ngày {Voice(ds).day(ds.vintage)} "
        "đã hoàn thành 01, đang triển khai 01, có khó khăn, vướng mắc 01, chưa báo cáo 03."
    ]
    assert tasks_text.counted(found, Voice(ds, "en")) == (
        "Tasks: 1 of 6 done; 2 of the other 5 are reported on for Q4 and the year 2024."
    )


def test_a_quarter_without_reports_says_so_whatever_was_reported_before(plan):
    ds = plan(reports=THEN).at("2025Q2")
    found = pgi.tasks(ds)
    assert found["current"].sum() == 0
    assert repr(found) == "Tasks(6 tasks, 0 reported on for 2025Q2)"
    first, second = tell(found, "answer", Voice(ds, "vi"))
    assert first.endswith(" đã hoàn thành 01, chỉ có báo cáo của kỳ trước 02, chưa báo cáo 03.")
    assert second == (
        "Quý II năm 2025 chưa nhận được báo cáo nào; báo cáo gần nhất là của quý IV/2024 (ngày "
        "03/12/2024)."
    )
    assert tasks_text.counted(found, Voice(ds, "vi")) == (
        "Nhiệm vụ: đã hoàn thành 01/06; chưa nhận được báo cáo nào của quý II năm 2025, báo cáo "
        "gần nhất là của quý IV/2024 (ngày 03/12/2024)."
    )
    assert states(ds, "2025Q2")[0] == (
        "đang triển khai; 40% (báo cáo cũ, quý IV/2024, ngày 02/12/2024)"
    )


def test_old_reports_stand_beside_new_ones_as_old(plan):
    now = report("n1", "in_progress", "2025-06-02", "2025Q2", percent="60")
    ds = plan(reports=[*THEN, now]).at("2025Q2")
    said = tell(pgi.tasks(ds), "answer", Voice(ds, "en"))
    assert said == [
        "The plan gives 6 tasks to 5 lead units; by 13 June 2025: 1 done, 1 in progress, 1 with an "
        "older report alone, 3 not reported on."
    ]
    shown = tell(pgi.tasks(ds), "states_table", Voice(ds, "en"))["Status"].tolist()
    assert shown[:2] == [
        "in progress; 60% (2 June 2025)",
        "in difficulties (older report, Q4 2024, 2 December 2024)",
    ]


def test_a_late_report_on_an_earlier_quarter_does_not_undo_the_newest(plan):
    late = report("n1", "not_started", "2024-12-03", "2024Q3")
    ds = plan(reports=[*THEN, late])
    assert pgi.tasks(ds.at("2024Q4"))["status"].iloc[0] == "in_progress"


def test_without_any_report_what_is_overdue_is_told_all_the_same(plan):
    ds = plan({"n1": {"deadline": "2024-11-30"}}).at("2024Q4")
    said = tell(pgi.tasks(ds), "answer", Voice(ds, "vi"))
    assert said[2:] == ["Số nhiệm vụ đã quá hạn: 01."]


def test_without_reports_no_unit_has_reported(ds):
    at = ds.at("2024Q4")
    assert tell(pgi.tasks(at), "answer", Voice(at, "vi"))[1].endswith(
        "chưa nhận được báo cáo kết quả thực hiện của đơn vị nào."
    )
    assert tell(pgi.tasks(at), "decisions", Voice(at, "vi")) == [
        "Đến ngày 04/12/2024 chưa có đơn vị nào báo cáo khó khăn, vướng mắc hoặc kiến nghị."
    ]


# --- what is to decide ---


def test_what_is_in_the_way_of_any_task_is_told(plan):
    reports = [
        report("n1", "in_progress", "2024-12-02", obstacle="- Chậm giao vốn.\n- Mưa lũ.",
               cause="Chưa phân bổ", proposal="Giao vốn trong quý I."),
        report("n3", "done", "2024-09-04", "2024Q3", proposal="Nhân rộng"),
        report("n4", "blocked", "2024-12-02"),
        report("n6", "in_progress", "2024-12-02"),
    ]  # fmt: skip
    ds = plan(reports=reports).at("2024Q4")
    assert tell(pgi.tasks(ds), "decisions", Voice(ds, "vi")) == [
        "Triển khai thực hiện Quy hoạch tỉnh Lạng Sơn thời kỳ 2021-2030, tầm nhìn đến năm "
        "2050… (Phòng Kế hoạch - Tài chính): Chậm giao vốn; Mưa lũ; nguyên nhân: Chưa phân bổ; "
        "kiến nghị: Giao vốn trong quý I.",
        "Tổ chức quản lý, bảo trì kết cấu hạ tầng bảo đảm tiêu chuẩn, quy chuẩn kỹ thuật (Phòng "
        "Quản lý kết cấu hạ tầng và An toàn giao thông): kiến nghị: Nhân rộng (báo cáo cũ, quý "
        "III/2024, ngày "
        f"{Voice(ds).day('2024-09-04')}).",
        "Tăng cường công tác phổ biến, tuyên truyền các quy định của Luật Bảo vệ môi trường và "
        "các… (Văn phòng Sở): có khó khăn, vướng mắc nhưng đơn vị chưa nêu nội dung.",
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Phòng A chủ trì, phối hợp với các xã rà soát quy hoạch.", "Rà soát quy hoạch."),
        ("Giao phòng A chủ trì rà soát.", "Rà soát."),
        ("Giao phòng A chỉ đạo các đội rà soát.", "Chỉ đạo các đội rà soát."),
        ("Phòng A chủ trì, phối hợp với Công an rà soát.", "Phối hợp với Công an rà soát."),
        ("Phòng A chủ trì và Phòng B phối hợp.", "Phòng A chủ trì và Phòng B phối hợp."),
        ("Phòng A, Phòng B chủ trì rà soát.", "Phòng A, Phòng B chủ trì rà soát."),
        ("Phòng A tự rà soát.", "Phòng A tự rà soát."),
        ("Rà soát.", "Rà soát."),
    ],
)
def test_the_lead_unit_is_left_out_of_a_task_where_that_is_safe(plan, text, shown):
    cells = {"task_vi": text, "lead_unit_vi": "Phòng A", "cooperating_units_vi": "các xã"}
    ds = plan({"n1": cells}).at("2024Q4")
    found = pgi.tasks(ds)
    assert found["task_vi"].iloc[0] == text
    assert tell(found, "table", Voice(ds, "vi"))["Nhiệm vụ"].iloc[0] == shown


def test_the_table_has_what_the_plan_and_its_reports_have(plan, ds):
    bare = tell(pgi.tasks(ds.at("2024Q4")), "table", Voice(ds.at("2024Q4"), "vi"))
    assert list(bare) == ["Đơn vị chủ trì", "Chỉ số", "Nhiệm vụ", "Phối hợp", "Tình hình"]
    cells = {"start": "2024-10-01", "deadline": "2024-12-31", "deliverable_vi": "Báo cáo rà soát"}
    cells |= {"quantity": "12,5", "unit_vi": "km"}
    done = report("n1", "in_progress", "2024-12-02", quantity="5", proposal="Giao vốn")
    full = plan({"n1": cells}, [done]).at("2024Q4")
    for language, row in {
        "vi": ["Báo cáo rà soát; 12,50 km (đã đạt 5)", "kiến nghị: Giao vốn"],
        "en": ["Báo cáo rà soát; 12.50 km (5 so far)", "proposal: Giao vốn"],
    }.items():
        shown = tell(pgi.tasks(full), "table", Voice(full, language))
        assert shown.iloc[0, [5, 7]].tolist() == row
        assert shown.iloc[1, [4, 5, 7]].tolist() == ["–"] * 3
    assert list(shown)[4:] == [
        *("Deadline", "Deliverable, quantity", "Status", "Obstacles, causes, proposals")
    ]


# --- scores that units give themselves ---


OWN = [
    report("n1", "in_progress", "2024-12-02", interim_value="5,2"),
    report("n2", "in_progress", "2024-12-01", interim_value="5,6"),
    report("n4", "in_progress", "2024-12-03", interim_value="4,9"),
    report("n4", "in_progress", "2024-09-03", "2024Q3", interim_value="4,5"),
]


def test_a_self_assessed_score_stands_for_a_year_without_an_official_one(plan):
    ds = plan(reports=OWN, scored=["s1", "s2"])
    panel = ds.at("2024Q4").panel()
    own = panel[panel["status"] == "interim"].set_index("indicator")
    assert own["value"].to_dict() == {"s1": 5.2, "s2": 4.9}
    assert set(own["area"]) == {"Lạng Sơn"}
    assert set(own["period"]) == {2024}
    assert str(own.loc["s1", "released"].date()) == "2024-12-02"
    assert not panel.duplicated(["area", "indicator", "period"]).any()
    later = ds.at("2025Q2").panel()  # the scores of 2024 are out
    assert not (later["status"] == "interim").any()


def test_a_self_assessed_score_is_neither_a_result_nor_a_trend(plan, ds):
    own = plan(reports=OWN, scored=["s1", "s2"]).at("2024Q4")
    plain = ds.at("2024Q4")
    columns = ["indicator", "value", "state"]
    pd.testing.assert_frame_equal(pgi.gap(own).table[columns], pgi.gap(plain).table[columns])
    pd.testing.assert_frame_equal(pgi.trend(own).table, pgi.trend(plain).table)


def test_units_that_score_an_indicator_differently_are_named(plan):
    ds = plan(reports=OWN, scored=["s1", "s2"]).at("2024Q4")
    assert tell(pgi.tasks(ds), "caveats", Voice(ds, "vi")) == [
        "Giảm thiểu ô nhiễm và thiên tai: các đơn vị tự chấm khác nhau cho quý IV/2024: 5,60 "
        "(Phòng Quản lý chất lượng công trình giao thông, ngày 01/12/2024); 5,20 (Phòng Kế hoạch "
        "- Tài chính, ngày 02/12/2024); lấy điểm báo cáo sau cùng là 5,20 điểm."
    ]


def test_a_plan_without_self_assessments_has_none(ds):
    assert ds.self_assessments().empty
    assert pgi.load("data").self_assessments().empty
    at = ds.at("2024Q4")
    assert tell(pgi.tasks(at), "caveats", Voice(at, "vi")) == []


# --- a report on the year comes after that on its fourth quarter ---


@pytest.fixture
def separate(plan, data_copy):
    """A plan whose year has a report of its own."""
    file = data_copy / "plans" / PLAN / "plan.toml"
    text = file.read_text("utf-8")
    key = "[reporting]\n"
    assert key in text
    file.write_text(text.replace(key, f'{key}year_report = "separate"\n'), "utf-8")
    return plan


def test_a_report_on_the_year_counts_after_that_on_its_fourth_quarter(separate):
    reports = [
        report("n1", "in_progress", "2024-12-01", percent=50),
        report("n1", "done", "2024-12-03", "2024", percent=100),
    ]
    ds = separate(reports=reports)
    of_year = pgi.tasks(ds.at("2024")).table.set_index("action").loc["n1"]
    assert (of_year["status"], bool(of_year["current"])) == ("done", True)
    after = pgi.tasks(ds.at("2025Q1")).table.set_index("action").loc["n1"]
    assert after["status"] == "done"


def test_a_score_of_the_year_counts_after_that_of_a_quarter(separate):
    reports = [
        report("n1", "in_progress", "2025-09-01", "2025Q3", interim_value=4.0),
        report("n1", "in_progress", "2025-12-01", "2025", interim_value=7.0),
    ]
    ds = separate(reports=reports, scored=["s1"])
    assert ds.self_assessments()["value"].tolist() == [4.0, 7.0]


def test_done_that_was_taken_back_was_not_done_in_time(plan):
    reports = [
        report("n1", "done", "2025-03-10", "2025Q1"),
        report("n1", "in_progress", "2025-06-10", "2025Q2", percent=90),
        report("n1", "done", "2025-09-10", "2025Q3"),
    ]
    ds = plan(actions={"n1": {"deadline": "2025-03-31"}}, reports=reports)
    timed = [pgi.tasks(ds.at(q)).table.set_index("action")["timing"]["n1"] for q in
             ("2025Q1", "2025Q2", "2025Q3")]  # fmt: skip
    assert timed == ["on_time", "late", "late"]


def test_units_that_score_differently_in_different_quarters_are_all_named(plan):
    reports = [
        report("n1", "in_progress", "2025-06-01", "2025Q2", interim_value=6.0),
        report("n2", "in_progress", "2025-09-01", "2025Q3", interim_value=4.0),
    ]
    ds = plan(actions={"n2": {"indicator": "s1"}}, reports=reports, scored=["s1"]).at("2025Q3")
    said = " ".join(tell(pgi.tasks(ds), "caveats", Voice(ds, "en")))
    assert "6.00" in said
    assert "4.00" in said

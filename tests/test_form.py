"""The form that lead units fill in: written, filled in as clerks do, and taken in, or refused."""

import datetime
import shlex
import shutil
from functools import partial
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data.reading import csv_style
from pgi_analysis.excel.form import COLUMNS, write_form
from pgi_analysis.excel.intake import compare_forms, content, save
from pgi_analysis.excel.returned import read_forms

PLAN = "lang-son-transport-2024"
PLAIN = [column for column in COLUMNS if not column.optional]
PLACE = {column.name: place for place, column in enumerate(PLAIN, start=1)}
TOP, FIRST = 8, 9
LOCKED = Path(__file__).parent / "forms" / "locked.xlsx"


@pytest.fixture
def progress(data_copy):
    return data_copy / "plans" / PLAN / "progress.csv"


@pytest.fixture
def form(data_copy, tmp_path):
    """An empty form for the fourth quarter of 2024."""
    path = tmp_path / "form.xlsx"
    write_form(pgi.load(data_copy, plan=PLAN), "2024Q4", path, language="vi")
    return path


@pytest.fixture
def command(pgi_command, data_copy):
    """Run ``pgi import`` in Vietnamese; give its exit code, output and messages."""
    return partial(pgi_command, "import", "--data", data_copy, "--lang", "vi")


def fill(path, rows, *, to=None):
    """Type entries into a form as a clerk does: row by row, by column name."""
    book = openpyxl.load_workbook(path)
    for row, entries in rows.items():
        for name, value in entries.items():
            book.active.cell(row, PLACE[name]).value = value
    book.save(to or path)
    return to or path


SOUND = {
    9: {
        "status": "Đang triển khai",
        "percent": 40,
        "evidence": "Tờ trình số 12/TTr-SGTVT",
        "reported": datetime.date(2024, 12, 2),
    },
    10: {
        "status": "đang vướng mắc",
        "percent": "25,5",
        "obstacle": "- Thiếu kinh phí",
        "cause": "Chưa giao dự toán",
        "proposal": "Bổ sung dự toán",
        "reported": "03/12/2024",
    },
}


# --- the form itself ---


def test_the_form_has_a_row_a_task(form, ds):
    sheet = openpyxl.load_workbook(form).active
    assert [sheet.cell(TOP, PLACE[name]).value for name in ("action", "status", "percent")] == [
        "Mã nhiệm vụ",
        "Tiến độ",
        "Tỷ lệ hoàn thành (%)",
    ]
    actions = ds.plan.actions
    shown = [
        [sheet.cell(FIRST + i, PLACE[name]).value for name in ("action", "task", "lead_unit")]
        for i in range(len(actions))
    ]
    assert shown == actions[["action", "task_vi", "lead_unit_vi"]].to_numpy().tolist()
    assert sheet.max_row == TOP + len(actions)
    assert (sheet["A1"].value, sheet["C5"].value, sheet["C6"].value) == (
        "BIỂU BÁO CÁO KẾT QUẢ THỰC HIỆN NHIỆM VỤ CẢI THIỆN, NÂNG CAO CHỈ SỐ PGI QUÝ IV VÀ NĂM 2024",
        PLAN,
        "2024Q4",
    )
    assert sheet["A3"].value == "Gửi Phòng Kế hoạch - Tài chính trước ngày 05/12/2024."
    assert sheet.freeze_panes == "C9"
    assert [cell.value for cell in sheet[TOP]] == [
        *("STT", "Mã nhiệm vụ", "Chỉ số thành phần", "Nhiệm vụ", "Đơn vị chủ trì"),
        *("Đơn vị phối hợp", "Thời hạn", "Kết quả đã báo cáo kỳ trước", "Tiến độ"),
        *("Tỷ lệ hoàn thành (%)", "Kết quả, sản phẩm, văn bản", "Khó khăn, vướng mắc"),
        *("Nguyên nhân", "Đề xuất, kiến nghị", "Ngày lập biểu"),
    ]


def test_entries_are_checked_while_they_are_typed(form):
    sheet = openpyxl.load_workbook(form).active
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    status = checks["I9:I14"]
    assert status.formula1 == (
        '"Chưa triển khai,Đang triển khai,Đã hoàn thành,Có khó khăn vướng mắc"'
    )
    assert (status.type, status.showErrorMessage) == ("list", True)
    percent = checks["J9:J14"]
    assert (percent.type, percent.formula1, percent.formula2) == ("decimal", "0", "100")
    assert percent.error == "Hãy nhập một số từ 0 đến 100, ví dụ 40."
    # Excel refuses to open a workbook with longer texts
    assert all(len(check.prompt) <= 255 and len(check.error) <= 225 for check in checks.values())
    assert all(len(check.promptTitle) <= 32 for check in checks.values())


def test_only_entries_can_be_changed(form):
    sheet = openpyxl.load_workbook(form).active
    assert sheet.protection.sheet
    open_ = {cell.column for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert open_ == {PLACE[column.name] for column in PLAIN if column.entry}


def test_a_form_is_never_replaced(form, ds):
    before = form.read_bytes()
    with pytest.raises(pgi.InputError, match="exists and may have been filled in"):
        write_form(ds, "2024Q4", form)
    assert form.read_bytes() == before


@pytest.mark.parametrize(("words", "title"), [((), "Mã nhiệm vụ"), (("--lang", "en"), "Code")])
def test_the_command_writes_the_form(pgi_command, data_dir, tmp_path, monkeypatch, words, title):
    monkeypatch.chdir(tmp_path)
    given = ["template", "--plan", PLAN, "--quarter", "Q4/2024", "--data", data_dir, *words]
    assert pgi_command(*given) == (0, f"{PLAN}-2024Q4.xlsx\n", "")
    assert openpyxl.load_workbook(f"{PLAN}-2024Q4.xlsx").active.cell(TOP, 2).value == title
    code, _, err = pgi_command(*given)
    assert (code, "exists and may have been filled in" in err) == (1, True)


def test_a_plan_without_tasks_has_no_form(data_dir, tmp_path):
    ds = pgi.load(data_dir, plan="gia-lai-2024")
    with pytest.raises(pgi.InputError, match=r"has no tasks in actions\.csv"):
        write_form(ds, "2024Q4", tmp_path / "form.xlsx")


def test_the_next_form_recalls_the_last_report_even_a_late_one(form, command, data_copy, tmp_path):
    late = {11: {"status": "Hoàn thành", "reported": datetime.date(2024, 12, 20)}}
    assert command(fill(form, SOUND | late), "--yes")[0] == 0
    after = tmp_path / "next.xlsx"
    write_form(pgi.load(data_copy, plan=PLAN), "2025Q1", after, language="vi")
    sheet = openpyxl.load_workbook(after).active
    before = [sheet.cell(FIRST + i, PLACE["before"]).value for i in range(4)]
    assert before == [
        "đang triển khai; 40%; kết quả: Tờ trình số 12/TTr-SGTVT (quý IV/2024)",
        "có khó khăn, vướng mắc; 26%; khó khăn, vướng mắc: - Thiếu kinh phí; nguyên nhân: "
        "Chưa giao dự toán; kiến nghị: Bổ sung dự toán (quý IV/2024)",
        "đã hoàn thành (quý IV/2024)",
        None,
    ]
    assert sheet.cell(FIRST, PLACE["status"]).value is None


# --- taken in ---


def test_a_filled_form_becomes_task_reports(form, command, progress):
    code, out, err = command(fill(form, SOUND), "--yes")
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        "Báo cáo mới: 2; sửa báo cáo đã có: 0; đã có, không đổi: 0; nhiệm vụ để trống: 4 "
        "(báo cáo cũ, nếu có, giữ nguyên).",
        "  + n1 (Phòng Kế hoạch - Tài chính), quý IV/2024, ngày 02/12/2024: "
        "Tiến độ: đang triển khai; Tỷ lệ hoàn thành (%): 40; "
        "Kết quả, sản phẩm, văn bản: “Tờ trình số 12/TTr-SGTVT”",
        "  + n2 (Phòng Quản lý chất lượng công trình giao thông), quý IV/2024, ngày 03/12/2024: "
        "Tiến độ: có khó khăn, vướng mắc; Tỷ lệ hoàn thành (%): 25,5; "
        "Khó khăn, vướng mắc: “- Thiếu kinh phí”; Nguyên nhân: “Chưa giao dự toán”; "
        "Đề xuất, kiến nghị: “Bổ sung dự toán”",
    ]
    assert progress.read_text("utf-8").splitlines()[1:] == [
        "n1,2024Q4,2024-12-02,in_progress,40,Tờ trình số 12/TTr-SGTVT,,,,",
        "n2,2024Q4,2024-12-03,blocked,25.5,,'- Thiếu kinh phí,,Chưa giao dự toán,Bổ sung dự toán",
    ]
    ds = pgi.load(progress.parents[2], plan=PLAN).at("2024Q4")
    assert ds.plan.progress["obstacle"].tolist()[1] == "- Thiếu kinh phí"
    assert pgi.tasks(ds).table["status"].tolist() == ["in_progress", "blocked", *["none"] * 4]


def test_taking_in_twice_changes_nothing(form, command, progress):
    fill(form, SOUND)
    command(form, "--yes")
    once = progress.read_bytes()
    code, out, _ = command(form, "--yes")
    assert code == 0
    assert "Báo cáo mới: 0; sửa báo cáo đã có: 0; đã có, không đổi: 2" in out
    assert out.splitlines()[-1] == "Không có gì thay đổi."
    assert progress.read_bytes() == once


def test_a_later_report_keeps_the_earlier_one(form, command, progress):
    command(fill(form, SOUND), "--yes")
    later = {9: {"status": "Hoàn thành", "percent": 100, "reported": datetime.date(2024, 12, 4)}}
    command(fill(form, later), "--yes")
    reports = pd.read_csv(progress)
    assert reports.query("action == 'n1'")["status"].tolist() == ["in_progress", "done"]


def test_a_report_of_the_same_day_replaces_and_the_file_as_it_was_stays(form, command, progress):
    command(fill(form, SOUND), "--yes")
    before = progress.read_bytes()
    code, out, _ = command(fill(form, {9: {"percent": 45}}), "--yes")
    assert code == 0
    assert "Tỷ lệ hoàn thành (%): 40 → 45" in out
    kept = progress.parent / "history" / "progress-1.csv"
    assert f"Bản trước khi sửa được giữ ở {kept}." in out
    assert kept.read_bytes() == before
    assert pd.read_csv(progress)["percent"].tolist() == [45, 25.5]


@pytest.mark.parametrize(("answer", "code", "rows"), [("c", 0, 2), ("k", 1, 0), (None, 1, 0)])
def test_it_asks_before_it_writes(form, command, progress, answer, code, rows):
    found, out, err = command(fill(form, SOUND), answer=answer)
    assert found == code
    assert f"Ghi vào {progress}? (c = có, k = không)" in out
    assert len(pd.read_csv(progress)) == rows
    if answer is None:
        assert "thêm --yes" in err


def test_forms_of_several_units_are_taken_in_together(form, command, progress, tmp_path):
    one = fill(form, {9: SOUND[9]}, to=tmp_path / "one.xlsx")
    two = fill(form, {10: SOUND[10]}, to=tmp_path / "two.xlsx")
    assert command(one, two, "--yes")[0] == 0
    assert pd.read_csv(progress)["action"].tolist() == ["n1", "n2"]


def test_two_forms_that_disagree_change_nothing(form, command, progress, tmp_path):
    one = fill(form, {9: SOUND[9]}, to=tmp_path / "one.xlsx")
    two = fill(form, {9: SOUND[9] | {"percent": 60}}, to=tmp_path / "two.xlsx")
    code, _, err = command(one, two, "--yes")
    assert code == 1
    assert err == (
        "two.xlsx dòng 9: nhiệm vụ n1 được báo cáo khác đi ở dòng 9 của one.xlsx, cùng một ngày. "
        "Hãy bỏ một trong hai, hoặc sửa ngày.\n"
    )
    assert len(pd.read_csv(progress)) == 0


def test_the_file_keeps_its_separator_decimal_comma_and_mark(form, command, progress):
    header = "action;quarter;reported;status;percent;evidence;obstacle;interim_value\n"
    row = "n4;2024Q3;10/09/2024;đang thực hiện;62,5;;;\n"
    progress.write_text(header + row, "utf-8-sig")
    assert command(fill(form, {9: SOUND[9]}), "--yes")[0] == 0
    assert csv_style(progress) == (";", ",", "utf-8-sig", "\n")
    lines = progress.read_text("utf-8-sig").splitlines()
    assert lines[1:3] == [
        "n4;2024Q3;2024-09-10;in_progress;62,5;;;",
        "n1;2024Q4;2024-12-02;in_progress;40;Tờ trình số 12/TTr-SGTVT;;",
    ]


def test_a_per_cent_typed_with_its_sign_counts_as_shown(form, ds):
    book = openpyxl.load_workbook(fill(form, SOUND))
    cell = book.active.cell(9, PLACE["percent"])
    cell.value, cell.number_format = 0.4, "0%"  # what a spreadsheet makes of a typed 40%
    book.save(form)
    assert compare_forms(read_forms([form]), ds).added["percent"].tolist() == [40, 25.5]


def test_a_late_report_is_taken_in_when_asked_for(form, command, progress):
    fill(form, {9: SOUND[9] | {"reported": datetime.date(2025, 1, 10)}})
    code, _, err = command(form, "--yes")
    assert (code, "thêm --quarter 2024Q4" in err) == (1, True)
    code, _, err = command(form, "--yes", "--quarter", "quý IV/2024")
    assert code == 0
    assert "sau ngày chốt số liệu 04/12/2024" in err
    assert len(pd.read_csv(progress)) == 1


def test_a_form_of_the_same_quarter_begins_empty_beside_the_last_report(
    form, command, data_copy, tmp_path
):
    command(fill(form, SOUND), "--yes")
    again = tmp_path / "again.xlsx"
    write_form(pgi.load(data_copy, plan=PLAN), "2024Q4", again, language="vi")
    row = openpyxl.load_workbook(again).active[FIRST]
    assert row[PLACE["before"] - 1].value == (
        "đang triển khai; 40%; kết quả: Tờ trình số 12/TTr-SGTVT (quý IV/2024)"
    )
    assert [row[place - 1].value for name, place in PLACE.items() if name in SOUND[9]] == [None] * 4


def test_what_changed_meanwhile_is_not_overwritten(form, progress, ds):
    found = compare_forms(read_forms([fill(form, SOUND)]), ds)
    seen = content(progress)
    other = "n6,2024Q4,2024-12-01,done,100,,,\n"
    progress.write_text(progress.read_text("utf-8") + other, "utf-8")
    before = progress.read_bytes()
    with pytest.raises(pgi.InputError, match="Somebody changed"):
        save(found, progress, seen=seen)
    assert progress.read_bytes() == before
    assert sorted(path.name for path in progress.parent.iterdir()) == [
        *("actions.csv", "plan.toml", "progress.csv", "targets.csv")
    ]


def test_a_failed_write_leaves_everything_as_it_was(form, progress, ds, monkeypatch):
    found = compare_forms(read_forms([fill(form, SOUND)]), ds)
    before = progress.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(pgi.InputError, match="cannot be written"):
        save(found, progress)
    assert progress.read_bytes() == before
    assert not list(progress.parent.glob(".progress-*"))


def test_a_missing_file_of_reports_is_made(form, command, progress):
    progress.unlink()
    assert command(fill(form, SOUND), "--yes")[0] == 0
    assert len(pd.read_csv(progress)) == 2


def test_line_ends_of_windows_stay(form, command, progress):
    text = progress.read_text("utf-8")
    progress.write_bytes(text.replace("\n", "\r\n").encode())
    command(fill(form, SOUND), "--yes")
    assert progress.read_bytes().count(b"\r\n") == progress.read_bytes().count(b"\n") == 3


# --- what only some plans ask for ---


@pytest.fixture
def asking(data_copy, tmp_path):
    """A form of a plan that sets a quantity, and whose indicator s2 scores itself."""
    home = data_copy / "plans" / PLAN
    actions = pd.read_csv(home / "actions.csv", dtype=str)
    first = actions["action"] == "n1"
    for name, cell in {"deadline": "2024-12-31", "quantity": "12", "unit_vi": "km"}.items():
        actions[name] = first.map({True: cell, False: None})
    actions.to_csv(home / "actions.csv", index=False)
    indicators = pd.read_csv(data_copy / "indicators.csv", dtype=str)
    own = (indicators["indicator"] == "s2").map({True: "yes", False: "no"})
    indicators.assign(self_assessed=own).to_csv(data_copy / "indicators.csv", index=False)
    path = tmp_path / "asking.xlsx"
    write_form(pgi.load(data_copy, plan=PLAN), "2024Q4", path, language="vi")
    return path


ASKED = {column.name: place for place, column in enumerate(COLUMNS, start=1)}


def enter(path, **cells):
    """Type entries by cell: ``n1_quantity=5``."""
    book = openpyxl.load_workbook(path)
    for where, value in cells.items():
        action, _, name = where.partition("_")
        row = FIRST + int(action[1:]) - 1
        book.active.cell(row, ASKED[name]).value = value
        book.active.cell(row, ASKED["status"]).value = "Có khó khăn vướng mắc"
        book.active.cell(row, ASKED["reported"]).value = datetime.date(2024, 12, 2)
    book.save(path)
    return path


def test_quantities_and_own_scores_are_asked_for_where_there_are_such(asking):
    sheet = openpyxl.load_workbook(asking).active
    head = [sheet.cell(TOP, ASKED[n]).value for n in ("planned", "quantity", "interim_value")]
    assert head == [
        *("Sản phẩm, khối lượng theo kế hoạch", "Khối lượng đạt được", "Điểm tự đánh giá")
    ]
    assert sheet.cell(FIRST, ASKED["planned"]).value == "12 km"
    assert sheet.cell(FIRST, ASKED["deadline"]).value == "31/12/2024"
    open_ = {
        (sheet.cell(row, ASKED["action"]).value, name)
        for row in range(FIRST, FIRST + 6)
        for name in ("quantity", "interim_value")
        if not sheet.cell(row, ASKED[name]).protection.locked
    }
    assert open_ == {("n1", "quantity"), ("n4", "interim_value")}
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    quantity, score = checks["L9"], checks["Q12"]
    assert quantity.prompt.endswith("kế hoạch giao 12 km. Có thể để trống.")
    assert (quantity.operator, quantity.formula1) == ("greaterThanOrEqual", "0")
    assert (score.formula1, score.formula2) == ("1", "10")
    assert score.prompt.endswith("từ 1,00 đến 10,00. Có thể để trống.")


def test_quantities_and_own_scores_come_back(asking, command, progress):
    enter(asking, n1_quantity="4,5", n4_interim_value=5.4)
    code, out, err = command(asking, "--yes")
    assert (code, err) == (0, "")
    assert "Tiến độ: có khó khăn, vướng mắc; Khối lượng đạt được: 4,50" in out
    assert "Điểm tự đánh giá: 5,40" in out
    assert progress.read_text("utf-8").splitlines() == [
        "action,quarter,reported,status,percent,evidence,obstacle,interim_value,quantity",
        "n1,2024Q4,2024-12-02,blocked,,,,,4.5",
        "n4,2024Q4,2024-12-02,blocked,,,,5.4,",
    ]


def test_what_a_plan_does_not_ask_for_is_refused(asking, command, progress):
    before = progress.read_bytes()
    enter(asking, n2_quantity=3, n1_interim_value=5.4)
    code, _, err = command(asking, "--yes")
    assert code == 1
    assert err == (
        "asking.xlsx dòng 9, Điểm tự đánh giá: 5.4 là điểm tự chấm của “Giảm thiểu ô nhiễm và "
        "thiên tai”, trong khi đơn vị không tự chấm điểm chỉ số này. Hãy để trống ô này; nếu đúng "
        "là chỉ số được tự chấm điểm thì ghi yes ở cột self_assessed của indicators.csv.\n"
        "asking.xlsx dòng 10, Khối lượng đạt được: kế hoạch không giao khối lượng cho nhiệm vụ n2, "
        "nên không thể đối chiếu với 3. Hãy ghi khối lượng và đơn vị tính của nhiệm vụ trong "
        "actions.csv, hoặc để trống ô này.\n"
    )
    assert progress.read_bytes() == before


def test_a_form_without_a_column_that_its_plan_asks_for_is_refused(asking, command):
    edit(lambda sheet: sheet.delete_cols(ASKED["quantity"]))(enter(asking, n1_evidence="x"))
    code, _, err = command(asking, "--yes")
    assert code == 1
    assert "mẫu thiếu các cột: “Khối lượng đạt được”." in err


# --- refused, and nothing changed ---


def edit(change):
    """Damage the sheet of a form in some way."""

    def damage(path):
        book = openpyxl.load_workbook(path)
        change(book.active)
        book.save(path)

    return damage


def cell(row, name, value):
    return edit(lambda sheet: setattr(sheet.cell(row, PLACE[name]), "value", value))


def swap(sheet):
    for row in range(TOP, sheet.max_row + 1):
        one, two = sheet.cell(row, PLACE["status"]), sheet.cell(row, PLACE["percent"])
        one.value, two.value = two.value, one.value


def many_rows(sheet):
    for row in range(15, 10_015):
        sheet.cell(row, PLACE["action"]).value = f"x{row}"
        sheet.cell(row, PLACE["status"]).value = "Hoàn thành"


def second_sheet(sheet):
    sheet.parent.copy_worksheet(sheet)


def same_task_twice(sheet):
    for place in range(1, len(PLAIN) + 1):
        sheet.cell(15, place).value = sheet.cell(9, place).value


DAMAGE = [
    (
        "a column deleted",
        edit(lambda sheet: sheet.delete_cols(PLACE["before"])),
        "form.xlsx dòng 8: mẫu thiếu các cột: “Kết quả đã báo cáo kỳ trước”. Hãy chép nội dung "
        "sang một mẫu mới do lệnh pgi template lập.",
    ),
    (
        "day and month swapped",
        cell(9, "reported", datetime.date(2024, 2, 12)),
        "form.xlsx dòng 9, Ngày lập biểu: ngày 12/02/2024 là trước quý 2024Q4, quý mà mẫu này dùng "
        "để báo cáo. Hãy sửa ngày. Có phải là 02/12/2024 (ngày và tháng bị đảo)?",
    ),
    (
        "two sheets",
        edit(second_sheet),
        "form.xlsx: tệp Excel có nhiều trang là mẫu báo cáo (Báo cáo nhiệm vụ, Báo cáo nhiệm vụ "
        "Copy). Hãy để mỗi tệp một trang mẫu.",
    ),
    (
        "a formula never calculated",
        cell(9, "percent", "=50/2"),
        "form.xlsx dòng 9: có công thức chưa được tính nên không biết giá trị. Hãy mở bằng Excel "
        "rồi lưu lại, hoặc ghi thẳng giá trị.",
    ),
    (
        "a note beside the form",
        edit(lambda sheet: setattr(sheet.cell(9, 16), "value", "gửi bổ sung sau")),
        "form.xlsx dòng 9: có nội dung nằm bên phải cột cuối của mẫu. Hãy chuyển vào các cột có "
        "sẵn, hoặc xóa.",
    ),
    (
        "a signature",
        cell(16, "evidence", "Trưởng phòng"),
        "form.xlsx dòng 16, Mã nhiệm vụ: dòng này không có mã nhiệm vụ. Hãy ghi mã như trong "
        "mẫu, hoặc xóa dòng; mỗi nhiệm vụ chỉ một dòng.",
    ),
    (
        "a task twice",
        edit(same_task_twice),
        "form.xlsx dòng 15, Mã nhiệm vụ: n1 đã có ở dòng 9. Hãy xóa một trong hai dòng.",
    ),
    (
        "too long",
        cell(9, "evidence", "a" * 32_500),
        "form.xlsx dòng 9, Kết quả, sản phẩm, văn bản: nội dung dài hơn 32000 ký tự. Hãy rút gọn.",
    ),
    (
        "renamed",
        cell(TOP, "status", "Trạng thái"),
        "form.xlsx dòng 8: cột I phải tên là “Tiến độ”, ở đây là “Trạng thái”. Hãy sửa lại tên "
        "cột như trong mẫu.",
    ),
    (
        "reordered",
        edit(swap),
        "form.xlsx dòng 8: các cột đã bị đổi chỗ (Tỷ lệ hoàn thành (%), Tiến độ). Hãy đưa về "
        "đúng thứ tự, hoặc chép nội dung sang một mẫu mới do lệnh pgi template lập.",
    ),
    (
        "added",
        edit(lambda sheet: setattr(sheet.cell(TOP, 16), "value", "Ghi chú")),
        "form.xlsx dòng 8: cột P (“Ghi chú”) không có trong mẫu. Hãy xóa cột này; nội dung thêm "
        "thì ghi vào các cột có sẵn.",
    ),
    (
        "merged",
        edit(lambda sheet: sheet.merge_cells("H9:H10")),
        "form.xlsx dòng 9: các ô H9:H10 bị gộp. Hãy bỏ gộp ô (unmerge) và điền từng ô.",
    ),
    (
        "text in a number",
        cell(9, "percent", "khoảng 40"),
        "form.xlsx dòng 9, Tỷ lệ hoàn thành (%): «khoảng 40» không phải là tỷ lệ phần trăm. Hãy "
        "viết như 40.",
    ),
    (
        "share",
        cell(9, "percent", 0.4),
        "form.xlsx dòng 9, Tỷ lệ hoàn thành (%): 0.4 là dưới 1%. Có phải là 40? Hãy ghi số "
        "phần trăm, ví dụ 40.",
    ),
    (
        "too much",
        cell(9, "percent", 140),
        "form.xlsx dòng 9, Tỷ lệ hoàn thành (%): nhận được 140; hãy ghi một số từ 0 đến 100.",
    ),
    (
        "another status",
        cell(9, "status", "Xong"),
        "form.xlsx dòng 9, Tiến độ: không chấp nhận «Xong». Hãy chọn một mục trong danh sách: "
        "Chưa triển khai, Đang triển khai, Đã hoàn thành, Có khó khăn vướng mắc.",
    ),
    (
        "done by half",
        cell(9, "status", "Hoàn thành"),
        "form.xlsx dòng 9, Tỷ lệ hoàn thành (%): công việc đã hoàn thành mà tỷ lệ là 40%. Hãy ghi "
        "100, hoặc sửa tình trạng.",
    ),
    (
        "no day",
        cell(9, "reported", None),
        "form.xlsx dòng 9, Ngày lập biểu: ô này không được để trống. Hãy điền vào.",
    ),
    (
        "no date",
        cell(9, "reported", "hôm qua"),
        "form.xlsx dòng 9, Ngày lập biểu: «hôm qua» không phải là ngày tháng từ năm 1900 đến 2200. "
        "Hãy viết như 06/05/2025 (ngày trước) hoặc 2025-05-06.",
    ),
    (
        "before the quarter",
        cell(9, "reported", datetime.date(2024, 9, 30)),
        "form.xlsx dòng 9, Ngày lập biểu: ngày 30/09/2024 là trước quý 2024Q4, quý mà mẫu này dùng "
        "để báo cáo. Hãy sửa ngày.",
    ),
    (
        "another task",
        cell(9, "action", "n9"),
        "form.xlsx dòng 9, Mã nhiệm vụ: «n9» không phải mã nhiệm vụ nào của kế hoạch (hiện có: n1, "
        "n2, n3, n4, n5, n6). Có phải mẫu cũ không? Hãy dùng mẫu mới do lệnh pgi template lập.",
    ),
    (
        "old wording",
        cell(9, "task", "Nội dung của kế hoạch năm trước"),
        "form.xlsx dòng 9, Nhiệm vụ: nội dung nhiệm vụ n1 khác với kế hoạch hiện nay. Có phải mẫu "
        "cũ không? Hãy dùng mẫu mới do lệnh pgi template lập.",
    ),
    (
        "no code",
        cell(9, "action", None),
        "form.xlsx dòng 9, Mã nhiệm vụ: dòng này không có mã nhiệm vụ. Hãy ghi mã như trong "
        "mẫu, hoặc xóa dòng; mỗi nhiệm vụ chỉ một dòng.",
    ),
    (
        "wrong plan",
        edit(lambda sheet: setattr(sheet["C5"], "value", "gia-lai-2024")),
        f"form.xlsx: đây là mẫu của kế hoạch «gia-lai-2024», không phải của «{PLAN}». Hãy dùng "
        "đúng mẫu, hoặc chỉ đúng kế hoạch bằng --plan.",
    ),
    (
        "no plan",
        edit(lambda sheet: setattr(sheet["C5"], "value", None)),
        "form.xlsx: ô bên phải “Mã kế hoạch” ở đầu mẫu đã bị xóa. Hãy chép nội dung sang một mẫu "
        "mới do lệnh pgi template lập.",
    ),
    (
        "old quarter",
        edit(lambda sheet: setattr(sheet["C6"], "value", "2024Q3")),
        "\n".join(
            f"form.xlsx dòng {row}, Ngày lập biểu: ngày {day}/12/2024 đã sang quý sau, trong khi "
            "mẫu này của quý 2024Q3. Nếu là mẫu cũ, hãy dùng mẫu mới do lệnh pgi template lập; nếu "
            "đúng là báo cáo muộn cho quý 2024Q3, hãy thêm --quarter 2024Q3."
            for row, day in ((9, "02"), (10, "03"))
        ),
    ),
    (
        "no quarter",
        edit(lambda sheet: setattr(sheet["C6"], "value", "năm nay")),
        "form.xlsx: «năm nay» ở đầu mẫu không phải là quý. Hãy ghi lại như trong mẫu ban đầu, ví "
        "dụ 2024Q4.",
    ),
    (
        "10,000 rows",
        edit(many_rows),
        "form.xlsx: có 10006 dòng, trong khi kế hoạch chỉ có 6 nhiệm vụ. Có dán nhầm dữ liệu của "
        "tệp khác vào không? Hãy xóa các dòng thừa.",
    ),
    (
        "a password",
        lambda path: shutil.copy(LOCKED, path),
        "form.xlsx: tệp được đặt mật khẩu nên không đọc được. Hãy mở bằng Excel, vào File (Tệp) > "
        "Info (Thông tin) > Protect Workbook (Bảo vệ sổ làm việc) > Encrypt with Password (Mã hóa "
        "bằng mật khẩu), xóa mật khẩu rồi lưu lại.",
    ),
    (
        "an old Excel",
        lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        "form.xlsx: đây là tệp Excel đời cũ (.xls), không đọc được ở đây. Hãy mở bằng Excel hoặc "
        "LibreOffice rồi lưu lại dạng «Excel Workbook (.xlsx)», không chọn «Strict Open XML».",
    ),
    (
        "torn",
        lambda path: path.write_bytes(path.read_bytes()[:2000]),
        "form.xlsx: không đọc được tệp .xlsx; tệp có thể bị hỏng. Hãy mở bằng Excel rồi lưu lại "
        "dạng «Excel Workbook (.xlsx)».",
    ),
    (
        "a form of the version before, filled in",
        lambda path: shutil.copy(LOCKED.with_name("previous.xlsx"), path),
        "form.xlsx dòng 8: mẫu thiếu các cột: “STT”, “Mã nhiệm vụ”, “Đơn vị phối hợp”, “Thời hạn”, "
        "“Kết quả đã báo cáo kỳ trước”, “Tiến độ”, “Kết quả, sản phẩm, văn bản”, “Nguyên nhân”, "
        "“Đề xuất, kiến nghị”, “Ngày lập biểu”. Hãy chép nội dung sang một mẫu mới do lệnh pgi "
        "template lập.",
    ),
    (
        "another workbook",
        lambda path: openpyxl.Workbook().save(path),
        "form.xlsx: đây không phải mẫu báo cáo nhiệm vụ, hoặc dòng tên cột đã bị xóa hay đổi tên. "
        "Hãy dùng đúng tệp do lệnh pgi template lập.",
    ),
]


@pytest.mark.parametrize(("damage", "message"), [d[1:] for d in DAMAGE], ids=[d[0] for d in DAMAGE])
def test_a_broken_form_is_refused_and_changes_nothing(form, command, data_copy, damage, message):
    fill(form, SOUND)
    damage(form)
    before = {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()}
    code, out, err = command(form, "--yes", "--plan", PLAN)
    assert (code, out) == (1, "")
    assert err == f"{message}\n"
    assert {path: path.read_bytes() for path in data_copy.rglob("*") if path.is_file()} == before


def test_every_fault_is_named_at_once(form, command):
    fill(form, SOUND | {9: {"status": "Xong", "percent": "nhiều"}})
    _, _, err = command(form, "--yes")
    assert {line.split(":")[0] for line in err.splitlines()} == {
        "form.xlsx dòng 9, Ngày lập biểu",
        "form.xlsx dòng 9, Tiến độ",
        "form.xlsx dòng 9, Tỷ lệ hoàn thành (%)",
    }


def test_an_empty_form_says_so(form, command):
    code, _, err = command(form)
    assert code == 1
    assert err == (
        "form.xlsx: các ô nền vàng đều trống: chưa có báo cáo nào. Hãy điền rồi gửi lại.\n"
    )


def test_a_report_of_tomorrow_is_refused(form, ds):
    fill(form, SOUND)
    with pytest.raises(pgi.InputError, match="03/12/2024 is later than today"):
        compare_forms(read_forms([form]), ds, today=datetime.date(2024, 12, 2))


def test_a_workbook_of_data_is_not_written_to(form, workbook, pgi_command):
    code, _, err = pgi_command("import", form, "--data", workbook)
    assert code == 1
    assert "add the reports to its sheet progress" in err


@pytest.mark.parametrize("folder", ["data", "số liệu"])
def test_the_next_command_runs_as_typed(pgi_command, data_dir, form, tmp_path, monkeypatch, folder):
    """With the folder that was named, in quotes where its name has a space."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(data_dir, folder, dirs_exist_ok=True)
    fill(form, SOUND)
    code, out, _ = pgi_command("import", form, "--data", folder, "--lang", "en", "--yes")
    assert code == 0
    named = {"data": "", "số liệu": " --data 'số liệu'"}[folder]
    line = out.splitlines()[-1]
    assert line == f"Next: pgi report --plan {PLAN} --quarter 2024Q4{named}"
    assert pgi_command("gap", *shlex.split(line)[3:])[0] == 0

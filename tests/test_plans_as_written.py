"""Plans in the shapes that departments write: what is read is right, or marked, or told.

The plans in ``tests/plans`` are made up; ``targets.csv`` holds what a person reads in them.
"""

import csv
import re
import unicodedata
from pathlib import Path

import pytest

import pgi_analysis as pgi
from pgi_analysis.documents import lines_of, read_plan

FOLDER = Path("tests/plans")
PLANS = sorted(path.stem for path in FOLDER.glob("*.txt"))
KEY = ("indicator", "measure", "target_period")
#: of what a person reads, so much is read as well; the rest is told as not understood
READ = 0.85


@pytest.fixture(scope="module")
def index():
    return pgi.load("data")


def truth(plan=None):
    with (FOLDER / "targets.csv").open(encoding="utf-8") as lines:
        return [row for row in csv.DictReader(lines) if plan in (None, row["plan"])]


def read(path, index):
    return read_plan(lines_of(path), index)


def same(one, other):
    """Tell whether two entries are the same figure or word."""
    try:
        return float(one) == float(other)
    except ValueError:
        return one == other


def unmarked(found):
    """Give the targets' values without a doubt: (key of the row, column, value)."""
    for row in found.rows("targets"):
        told = {one.column: one for one in found.values if one.row == row}
        if not told["indicator"].doubt:
            key = tuple(told[part].value if part in told else "" for part in KEY)
            yield from ((key, one.column, one.value) for one in told.values() if not one.doubt)


@pytest.mark.parametrize("plan", PLANS)
def test_what_is_not_marked_is_right(plan, index):
    true = {tuple(row[part] for part in KEY): row for row in truth(plan)}
    for key, column, value in unmarked(read(FOLDER / f"{plan}.txt", index)):
        assert key in true, (key, column, value)
        assert same(value, true[key][column]), (key, column, value)


@pytest.mark.parametrize("plan", PLANS)
def test_no_figure_is_passed_over(plan, index):
    """Each figure with decimals is a value, is told, or stands in a task."""
    found = read(FOLDER / f"{plan}.txt", index)
    told = [text for _, _, figures in found.left for text in re.findall(r"\d+[.,]\d+", figures)]
    values = {float(one.value) for one in found.values if re.fullmatch(r"-?\d+(\.\d+)?", one.value)}
    tasks = " ".join(row["task_vi"] for row in found.rows("actions").values())
    for line in lines_of(FOLDER / f"{plan}.txt"):
        for text in re.findall(r"(?<![\d.,/])\d{1,2},\d{1,4}(?![\d.,])", line.text):
            value = float(text.replace(",", "."))
            assert value in values or text in told or text in tasks, (line.text, text)


def test_most_of_what_a_person_reads_is_read(index):
    seen = 0
    for plan in PLANS:
        rows = list(read(FOLDER / f"{plan}.txt", index).rows("targets").values())
        for true in truth(plan):
            seen += any(
                same(row["target"], true["target"]) and row.get("measure", "") == true["measure"]
                for row in rows
            )
    assert seen >= READ * len(truth())


@pytest.mark.parametrize("plan", ["letters", "results-first"])
def test_marks_of_their_own_change_nothing(plan, index, tmp_path):
    path = tmp_path / "plan.txt"
    text = (FOLDER / f"{plan}.txt").read_text("utf-8")
    path.write_text(unicodedata.normalize("NFD", text), "utf-8")
    assert read(path, index).rows("targets") == read(FOLDER / f"{plan}.txt", index).rows("targets")


HEAD = """UBND TỈNH LẠNG SƠN
SỞ XÂY DỰNG
Số: 70/KH-SXD
Lạng Sơn, ngày 12 tháng 6 năm 2024
KẾ HOẠCH
Nâng cao Chỉ số xanh cấp tỉnh (PGI) năm 2024 của Sở Xây dựng tỉnh Lạng Sơn

- Chỉ số “Đảm bảo tuân thủ” """

#: ends of a sentence on «Đảm bảo tuân thủ»: what is read of the target, and the doubt of it
ENDS = {
    "tăng 1,97 điểm lên 6,11 điểm.": ({"target": 6.11, "planned_rise": 1.97}, ""),
    "thêm 1,97 điểm, lên mức 6,11 điểm.": ({"target": 6.11, "planned_rise": 1.97}, ""),
    "đạt từ 5,5 đến 6,0 điểm.": ({"target": 5.5, "target_upper": 6}, ""),
    "tăng từ 1,5 đến 2,5 điểm so với năm 2023.": ({"baseline": 1.5, "target": 2.5}, "published"),
    "đạt 6,11đ (tăng 1,97đ so với 2023).": ({"target": 6.11, "planned_rise": 1.97}, ""),
    "xếp hạng từ 20 đến 25/63.": ({"target": 25}, "range"),
    "thuộc 10 tỉnh dẫn đầu cả nước.": ({"target": 10}, ""),
    "thoát khỏi nhóm 10 tỉnh đứng cuối cả nước.": ({"target": 10}, "role"),
    "xếp thứ 3/14 tỉnh trung du và miền núi phía Bắc.": ({"target": 3}, "role"),
    "tăng gấp 1,5 lần so với năm 2023.": ({"target": 1.5}, "role"),
    "đạt 6,111 điểm.": ({"target": 6.111}, "role"),
    "đạt 6 điểm 11.": ({"target": 6}, "part"),
    "từ 4,14 xuống 3,11 điểm.": ({"baseline": 4.14, "target": 3.11}, "role"),
    "đạt 6,11 điểm và cải tạo hạ tầng.": ({"target": 6.11}, ""),
    "vượt mức 6,5 điểm, cao hơn 0,3 điểm so với trung bình cả nước.": ({"target": 6.5}, "role"),
    "nâng hạng từ 45 lên 30.": ({"baseline": 45, "target": 30}, ""),
    "nâng từ nhóm 40 lên nhóm 30.": ({"baseline": 40, "target": 30}, ""),
    "từ hạng 20 xuống hạng 25.": ({"baseline": 20, "target": 25}, "role"),
    "tăng 05 hạng so với năm 2023.": ({"target": 5}, ""),
    "đạt 6,11điểm.": ({"target": 6.11}, ""),
    "không thấp hơn bình quân của 10 tỉnh dẫn đầu.": ({"target": 10}, "role"),
    "đạt 6,11 điểm, hệ số 1,5.": ({"target": 6.11}, "part"),
}


@pytest.mark.parametrize("end", ENDS)
def test_ends_of_a_sentence_are_read_or_marked(end, index, tmp_path):
    wanted, doubt = ENDS[end]
    (tmp_path / "plan.txt").write_text(f"{HEAD}{end}\n", "utf-8")
    found = read(tmp_path / "plan.txt", index)
    (row,) = found.rows("targets").values()
    assert row["indicator"] == "s2"
    assert {key: float(row[key]) for key in wanted} == wanted
    if "baseline" not in wanted:
        assert "baseline" not in row
    assert {one.doubt for one in found.values if one.column == "target"} == {doubt}


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("đạt 61,1 điểm.", "61,1"),  # the scale ends at ten
        ("tăng từ 2 đến 3 bậc so với năm 2023.", "2; 3"),
        ("thay đổi: -0,5 điểm.", "-0,5"),
        ("tăng điểm và hạng (6,11 điểm).", "6,11 điểm"),
        ("tăng bình quân 0,5 điểm/năm; trồng rừng.", "0,5 điểm"),
    ],
)
def test_what_is_no_target_is_told(end, told, index, tmp_path):
    (tmp_path / "plan.txt").write_text(f"{HEAD}{end}\n", "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert found.rows("targets") == {}
    assert [figures for _, _, figures in found.left] == [told]


def test_two_indicators_in_a_sentence_keep_their_own_figures(index, tmp_path):
    text = "đạt 6,11 điểm và Chỉ số “Thúc đẩy thực hành xanh” đạt 4,38 điểm."
    (tmp_path / "plan.txt").write_text(f"{HEAD}{text}\n", "utf-8")
    rows = read(tmp_path / "plan.txt", index).rows("targets").values()
    assert {row["indicator"]: row["target"] for row in rows} == {"s2": "6.11", "s3": "4.38"}


def test_a_level_after_a_level_is_no_baseline(index, tmp_path):
    text = "năm 2024 tăng lên 6,11 điểm, năm 2025 tăng lên 6,5 điểm."
    (tmp_path / "plan.txt").write_text(f"{HEAD}{text}\n", "utf-8")
    rows = read(tmp_path / "plan.txt", index).rows("targets").values()
    assert {row["target_period"]: row["target"] for row in rows} == {"2024": "6.11", "2025": "6.5"}
    assert not any("baseline" in row for row in rows)


def test_a_year_goes_for_the_clauses_after_it(index, tmp_path):
    text = "đến năm 2030 thuộc nhóm 15 tỉnh; đạt 8,5 điểm trở lên."
    (tmp_path / "plan.txt").write_text(f"{HEAD}{text}\n", "utf-8")
    rows = read(tmp_path / "plan.txt", index).rows("targets").values()
    assert {(row["target"], row["target_period"]) for row in rows} == {
        ("15", "2030"),
        ("8.5", "2030"),
    }


@pytest.mark.parametrize(
    ("plan", "agency", "doubt"),
    [
        (
            "papi",
            "UBND tỉnh Điện Biên",
            "",
        ),  # its number ends in UBND, though others are named more
        ("stage", "UBND tỉnh Lạng Sơn", ""),
        ("prose", "Sở Tài chính tỉnh Ninh Thuận", ""),
        ("body-first", "Sở Xây dựng tỉnh Lạng Sơn", "agency"),
    ],
)
def test_who_issues_a_plan_stands_in_its_head(plan, agency, doubt, index):
    found = read(FOLDER / f"{plan}.txt", index)
    (one,) = [one for one in found.values if one.row == "" and one.column == "agency_vi"]
    assert (one.value, one.doubt) == (agency, doubt)


def test_a_name_of_an_area_is_never_made_another(index):
    """The scan's words are put right, but «Thanh Hóa» is not «Khánh Hòa»."""
    from pgi_analysis.documents.diacritics import Letters

    letters = Letters(index.areas["name_vi"].dropna())
    for name in index.areas["name_vi"].dropna():
        text, unsure = letters.restored(f"Kế hoạch của tỉnh {name} năm 2024")
        assert name in text or unsure, (name, text)


def table(path, rows, merged=()):
    import docx

    document = docx.Document()
    for line in HEAD.splitlines()[:6]:
        document.add_paragraph(line)
    grid = document.add_table(len(rows), len(rows[0]))
    for place, row in enumerate(rows):
        for column, text in enumerate(row):
            grid.cell(place, column).text = text
    for (top, left), (foot, right) in merged:
        text = rows[top][left]
        grid.cell(top, left).merge(grid.cell(foot, right)).text = text
    document.save(path)
    return path


def test_a_table_with_two_rows_of_heads_is_read(index, tmp_path):
    rows = [
        ["Chỉ số thành phần", "Điểm số", "Điểm số", "Thứ hạng", "Thứ hạng"],
        ["Chỉ số thành phần", "2023", "Phấn đấu 2024", "2023", "Phấn đấu 2024"],
        ["Đảm bảo tuân thủ", "4,14", "≥ 6,11", "45", "Nhóm 25"],
        ["Thúc đẩy thực hành xanh", "3,89", "4,38 - 4,50", "-", "15/63"],
    ]
    merged = [((0, 0), (1, 0)), ((0, 1), (0, 2)), ((0, 3), (0, 4))]
    found = read(table(tmp_path / "plan.docx", rows, merged), index)
    got = {
        key: tuple(row.get(name, "") for name in ("baseline", "target", "target_upper"))
        for key, row in found.rows("targets").items()
    }
    assert got == {
        "s2/score/2024": ("4.14", "6.11", ""),
        "s2/rank/2024": ("45", "25", ""),
        "s3/score/2024": ("3.89", "4.38", "4.5"),
        "s3/rank/2024": ("", "15", ""),
    }


def test_a_row_with_a_missing_cell_is_told(index, tmp_path):
    text = "Chỉ số\tNăm 2023\tNăm 2024\nĐảm bảo tuân thủ\t6,11\n"
    more = "Thúc đẩy thực hành xanh\tghi chú\t3,89\t4,38\n"
    (tmp_path / "plan.txt").write_text(f"{HEAD[:-28]}\n{text}{more}", "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert found.rows("targets") == {}
    assert "3,89; 4,38" in [figures for _, _, figures in found.left]


def test_a_table_in_a_pdf_is_read_by_where_its_words_stand(index, tmp_path):
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    rows = [
        ("TT", "Chỉ số", "Thực hiện 2023", "Mục tiêu 2024"),
        ("1", "Đảm bảo\ntuân thủ", "4,14", "6,11"),
        ("2", "Thúc đẩy\nthực hành xanh", "3,89", "4,38"),
    ]
    figure = Figure(figsize=(8.27, 11.69))
    for place, line in enumerate(HEAD.splitlines()[:6]):
        figure.text(0.1, 0.95 - 0.03 * place, line, family="DejaVu Serif")
    for place, row in enumerate(rows):
        for left, cell in zip((0.1, 0.2, 0.45, 0.7), row, strict=True):
            for below, line in enumerate(cell.split("\n")):
                height = 0.7 - 0.06 * place - 0.02 * below
                figure.text(left, height, line, family="DejaVu Serif")
    with rc_context({"pdf.fonttype": 42}):
        figure.savefig(tmp_path / "plan.pdf")
    found = read(tmp_path / "plan.pdf", index).rows("targets")
    assert {key: (row["baseline"], row["target"]) for key, row in found.items()} == {
        "s2/score/2024": ("4.14", "6.11"),
        "s3/score/2024": ("3.89", "4.38"),
    }


def test_a_raised_number_in_word_is_no_part_of_a_figure(index, tmp_path):
    import docx

    path = table(tmp_path / "plan.docx", [["-"]])
    document = docx.Document(path)
    paragraph = document.add_paragraph("Chỉ số “Đảm bảo tuân thủ” đạt 6,11")
    paragraph.add_run("1").font.superscript = True
    paragraph.add_run(" điểm.")
    document.save(path)
    (row,) = read(path, index).rows("targets").values()
    assert row["target"] == "6.11"


@pytest.mark.parametrize(
    "heading",
    [
        "I. ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN KẾ HOẠCH NĂM 2023",
        "KẾT QUẢ NĂM 2023",
        "1. Tình hình thực hiện",
    ],
)
def test_what_was_reached_is_no_target(heading, index, tmp_path):
    rows = "Chỉ số\tMục tiêu\tKết quả\nĐảm bảo tuân thủ\t4,50\t4,14\n"
    text = f"{heading}\n\nChỉ số “Đảm bảo tuân thủ” đạt 4,14 điểm, xếp thứ 55.\n\n{rows}"
    (tmp_path / "plan.txt").write_text(f"{HEAD[:-28]}\n{text}", "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert found.rows("targets") == {}
    assert [figures for _, _, figures in found.left] == ["55; 4,14", "4,50; 4,14"]


def test_a_column_of_a_year_before_is_no_target(index, tmp_path):
    heads = ["Chỉ số", "Kế hoạch 2023", "Thực hiện 2023", "Kế hoạch 2024"]
    rows = [heads, ["Đảm bảo tuân thủ", "4,50", "4,14", "6,11"]]
    found = read(table(tmp_path / "plan.docx", rows), index)
    (row,) = found.rows("targets").values()
    assert (row["baseline"], row["target"], row["target_period"]) == ("4.14", "6.11", "2024")


def test_a_district_is_not_its_province(index, tmp_path):
    text = HEAD.replace("UBND TỈNH LẠNG SƠN", "UBND HUYỆN CAO LỘC").replace("KH-SXD", "KH-UBND")
    (tmp_path / "plan.txt").write_text(f"{text}đạt 6,11 điểm.\n", "utf-8")
    values = read(tmp_path / "plan.txt", index).values
    (one,) = [one for one in values if one.row == "" and one.column == "agency_vi"]
    assert one.doubt == "agency"


def test_tracked_changes_are_refused(tmp_path, pgi_command):
    import docx
    from docx.oxml import OxmlElement

    path = table(tmp_path / "plan.docx", [["-"]])
    document = docx.Document(path)
    document.paragraphs[0]._p.append(OxmlElement("w:ins"))
    document.save(path)
    words = ("read-plan", path, "--out", tmp_path / "plans" / "x", "--lang", "en", "--yes")
    code, _, err = pgi_command(*words)
    assert code == 1
    assert "tracked changes" in err

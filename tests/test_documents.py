"""A plan as it was sent (text, Word, PDF, scan) becomes a draft: right, or marked.

All plans here but the first user's are made up.
"""

import csv
import difflib
import io
import re
import shutil
import unicodedata
import zipfile
import zlib
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

import pgi_analysis as pgi
from pgi_analysis.documents import files_of, lines_of, read_plan, told
from pgi_analysis.documents.diacritics import Letters, is_broken, plain

PLAN = Path("data/plans/lang-son-transport-2024")
FIGURES = ["indicator", "baseline", "baseline_period", "target", "target_period", "planned_rise"]
HEAD = [
    "UBND TỈNH {AREA}",
    "SỞ GIAO THÔNG VẬN TẢI",
    "Số: 99/KH-SGTVT",
    "{Area}, ngày 22 tháng 7 năm 2024",
    "KẾ HOẠCH",
    "Cải thiện, nâng cao Chỉ số xanh cấp tỉnh (PGI) năm 2024 của Sở Giao thông vận tải",
    "Thực hiện Kế hoạch số 163/KH-UBND ngày 12/7/2024 của UBND tỉnh về cải thiện, nâng cao chỉ số "
    "PGI năm 2024 trên địa bàn tỉnh {Area}, Sở Giao thông vận tải xây dựng Kế hoạch như sau:",
]


@pytest.fixture(scope="module")
def index():
    return pgi.load("data")


def rows(name):
    with (PLAN / name).open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def comma(figure):
    return f"{float(figure):.2f}".replace(".", ",")


def typed_anew():
    """The first user's plan, as somebody types it from its folder."""
    names = {}
    with Path("data/indicators.csv").open(encoding="utf-8") as lines:
        names = {row["indicator"]: row["name_vi"] for row in csv.DictReader(lines)}
    text = [line.format(AREA="LẠNG SƠN", Area="Lạng Sơn") for line in HEAD]
    text.append("B. NHIỆM VỤ, GIẢI PHÁP THỰC HIỆN")
    for place, row in enumerate(rows("targets.csv"), start=1):
        text.append(f"{place}. Chỉ số “{names[row['indicator']]}”")
        text.append(
            f"- Chỉ tiêu: Phấn đấu đạt từ {comma(row['target'])} điểm trở lên (tăng "
            f"{comma(row['planned_rise'])} điểm so với năm 2023 đạt {comma(row['baseline'])} điểm)."
        )
        text.append("- Nhiệm vụ:")
        own = [one for one in rows("actions.csv") if one["indicator"] == row["indicator"]]
        text += [f"+ {one['task_vi']}" for one in own]
    text += [
        "III. TỔ CHỨC THỰC HIỆN",
        "1. Các phòng, ban định kỳ tổng hợp, báo cáo kết quả thực hiện qua phòng Kế hoạch - Tài "
        "chính trước ngày 15 tháng cuối quý và báo cáo năm trước ngày 05/12.",
        "Nơi nhận:",
        *("- UBND tỉnh (b/c);", "- Lãnh đạo Sở;", "- Lưu: VT.", "Dương Công Vĩ"),
    ]
    return text


def wrapped(text, width=78):
    """Break paragraphs as a page does."""
    import textwrap

    return [line for one in text for line in textwrap.wrap(one, width)]


def pages_of(text, path, **options):
    """Print lines on A4 pages, by matplotlib."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    figures, lines = [], wrapped(text)
    for start in range(0, len(lines), 38):
        figure = Figure(figsize=(8.27, 11.69))
        for place, line in enumerate(lines[start : start + 38]):
            figure.text(0.09, 0.94 - 0.024 * place, line, family="DejaVu Serif", fontsize=11)
        figures.append(figure)
    if path.suffix == ".pdf":
        with rc_context({"pdf.fonttype": 42}), PdfPages(path) as pdf:
            for figure in figures:
                pdf.savefig(figure)
        return path
    from PIL import Image

    rng, pictures = np.random.default_rng(0), []
    for figure in figures:
        kept = io.BytesIO()
        figure.savefig(kept, format="png", dpi=150)
        picture = Image.open(kept).convert("L").rotate(0.6, fillcolor=255, resample=Image.BICUBIC)
        noisy = np.asarray(picture) + rng.normal(0, 15, picture.size[::-1])
        pictures.append(Image.fromarray(noisy.clip(0, 255).astype("uint8")))
    pictures[0].save(path, save_all=True, append_images=pictures[1:], **options)
    return path


def read(path, index):
    return read_plan(lines_of(path), index)


def figures(found):
    told = [{key: row.get(key, "") for key in FIGURES} for row in found.rows("targets").values()]
    return [
        {key: cell if key == "indicator" or not cell else float(cell) for key, cell in row.items()}
        for row in told
    ]


def expected():
    return [
        {key: row[key] if key == "indicator" else float(row[key]) for key in FIGURES}
        for row in rows("targets.csv")
    ]


def words_right(true, got):
    """Count the words of a text that stand in another, in order."""
    one, other = (re.findall(r"[^\W_]+", text.lower()) for text in (true, got))
    blocks = difflib.SequenceMatcher(None, other, one, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks), len(one)


def test_the_first_users_scan_is_read(reference, index):
    found = read(reference("seed/plan-lang-son-transport-2024.txt"), index)
    assert figures(found) == expected()
    assert not any(one.doubt for one in found.values if one.table == "targets")  # sums agree
    about = {(one.row, one.column): one.value for one in found.values if one.table == "plan"}
    plan = pgi.load("data", plan=PLAN.name).plan
    assert about["", "area"] == "Lạng Sơn"
    assert about["", "title_vi"] == plan.text("title", "vi")
    assert about["", "agency_vi"] == plan.text("agency", "vi")
    assert about["carries_out", "number"] == "163/KH-UBND"
    assert about["carries_out", "issued"] == "2024-07-12"
    assert about["carries_out", "agency_vi"] == "UBND tỉnh Lạng Sơn"
    days = ("quarter_day", "annual_day", "annual_month")
    assert [about["reporting", day] for day in days] == ["15", "5", "12"]
    tasks = found.rows("actions")
    true = {row["action"]: row for row in rows("actions.csv")}
    assert {key: row["indicator"] for key, row in tasks.items()} == {
        key: row["indicator"] for key, row in true.items()
    }
    right = [words_right(row["task_vi"], tasks[key]["task_vi"]) for key, row in true.items()]
    assert sum(a for a, _ in right) / sum(b for _, b in right) >= 0.95
    told = "".join(one.doubt + one.value for one in found.values if one.column == "signed_by")
    assert told.startswith("name")  # a name is never put right


@pytest.mark.parametrize("kind", ["docx", "pdf", "txt"])
def test_a_plan_typed_anew_is_read_without_a_doubt(kind, index, tmp_path):
    path = tmp_path / f"plan.{kind}"
    if kind == "docx":
        import docx

        document = docx.Document()
        for line in typed_anew():
            document.add_paragraph(line)
        document.save(path)
    elif kind == "pdf":
        pages_of(typed_anew(), path)
    else:
        path.write_text("\n".join(wrapped(typed_anew())), "utf-8")
    found = read(path, index)
    assert figures(found) == expected()
    assert [one for one in found.values if one.doubt] == []
    assert found.left == ()
    tasks = found.rows("actions")
    for row in rows("actions.csv"):
        own = tasks[row["action"]]
        assert own["task_vi"].rstrip(".") == row["task_vi"].rstrip(".")
        assert own["lead_unit_vi"] == row["lead_unit_vi"]
        assert own.get("cooperating_units_vi", "") == row["cooperating_units_vi"]


@pytest.mark.skipif(not shutil.which("tesseract"), reason="Tesseract is not installed")
@pytest.mark.parametrize("kind", ["tif", "pdf"])
def test_a_noisy_scan_is_right_or_marked(kind, index, tmp_path):
    options = {"resolution": 150} if kind == "pdf" else {}
    path = tmp_path / f"scan.{kind}"
    if kind == "pdf":
        pages_of(typed_anew(), tmp_path / "scan.tif")
        from PIL import Image, ImageSequence

        with Image.open(tmp_path / "scan.tif") as told:
            first, *rest = [page.convert("L") for page in ImageSequence.Iterator(told)]
        first.save(path, save_all=True, append_images=rest, **options)
    else:
        pages_of(typed_anew(), path)
    found = read(path, index)
    true = {row["indicator"]: row for row in expected()}
    seen = 0
    for one in found.values:
        if one.table == "targets" and one.column in FIGURES[1:] and not one.doubt:
            assert float(one.value) == true[one.row.split("/")[0]][one.column], one
            seen += 1
    assert seen >= 15  # most of the twenty figures are right beyond doubt


#: sentences of plans in other shapes: (text, rows as indicator, measure, baseline, target, year)
SHAPES = {
    "from and to": (
        "Nâng điểm Chỉ số “Đảm bảo tuân thủ” từ 4,14 điểm năm 2023 lên 6,11 điểm năm 2024.",
        [("s2", "", 4.14, 6.11, 2024)],
    ),
    "two years": (
        "Chỉ số “Đảm bảo tuân thủ”: phấn đấu năm 2024 đạt 6,11 điểm; năm 2025 đạt 6,50 điểm.",
        [("s2", "", "", 6.11, 2024), ("s2", "", "", 6.5, 2025)],
    ),
    "a group of the best": (
        "Phấn đấu năm 2024 tổng điểm PGI nằm trong nhóm 30 tỉnh, thành phố đứng đầu cả nước.",
        [("total", "rank", "", 30, 2024)],
    ),
    "places up": (
        "Phấn đấu thứ hạng PGI năm 2025 tăng ít nhất 03 bậc so với năm 2023.",
        [("total", "rank_change", "", 3, 2025)],
    ),
    "a sum and a rank": (
        "Tổng điểm PGI năm 2024 đạt từ 22,24 điểm trở lên và xếp thứ 20 trở lên.",
        [("total", "rank", "", 20, 2024), ("total", "", "", 22.24, 2024)],
    ),
    "what was reached, and what is aimed at": (
        "Chỉ số “Đảm bảo tuân thủ”: năm 2023 đạt 4,14 điểm, xếp thứ 45/63; phấn đấu năm 2024 đạt "
        "6,11 điểm, xếp thứ 30/63.",
        [("s2", "rank", 45, 30, 2024), ("s2", "", 4.14, 6.11, 2024)],
    ),
    "an arrow": (
        "Chỉ số “Đảm bảo tuân thủ”: 4,14 điểm (2023) → 6,11 điểm (2024).",
        [("s2", "", 4.14, 6.11, 2024)],
    ),
    "a scale to ten": (
        "Chỉ số “Thúc đẩy thực hành xanh” đạt 4,38/10 điểm.",
        [("s3", "", "", 4.38, 2024)],
    ),
    "an indicator of another index": (
        "Chỉ số “Tính minh bạch” (PCI): phấn đấu đạt từ 6,90 điểm trở lên, xếp hạng từ 25 trở lên.",
        [("tinh_minh_bach", "rank", "", 25, 2024), ("tinh_minh_bach", "", "", 6.9, 2024)],
    ),
    "a level to be kept": (
        "Duy trì Chỉ số “Đảm bảo tuân thủ” không thấp hơn 4,14 điểm.",
        [("s2", "", "", 4.14, 2024)],
    ),
    "years to come": (
        "Đến hết năm 2024: 6,58 điểm; đến hết năm 2025: 7,00 điểm đối với Chỉ số “Giảm thiểu ô "
        "nhiễm và thiên tai” (năm 2023 là 4,84 điểm).",
        [("s1", "", 4.84, 6.58, 2024), ("s1", "", "", 7.0, 2025)],
    ),
    "from a place to a place": (
        "Nâng Chỉ số “Đảm bảo tuân thủ” từ vị trí 45 lên vị trí 43.",
        [("s2", "rank", 45, 43, 2024)],
    ),
    "two past years": (
        "Chỉ số “Đảm bảo tuân thủ” đạt 6,11 điểm (năm 2022: 4,00 điểm; năm 2023: 4,14 điểm).",
        [("s2", "", 4.14, 6.11, 2024)],
    ),
    "an arrow alone": (
        "Chỉ số “Đảm bảo tuân thủ”: 4,14 → 6,11.",
        [("s2", "", 4.14, 6.11, 2024)],
    ),
    "a name that sounds like a fall": (
        "Giảm thiểu ô nhiễm và thiên tai: 6,58 điểm.",
        [("s1", "", "", 6.58, 2024)],
    ),
    "a rise alone": (
        "Phấn đấu tăng 0,50 điểm Chỉ số “Thúc đẩy thực hành xanh” so với năm 2023.",
        [("s3", "change", "", 0.5, 2024)],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_sentences_of_other_shapes_are_read(shape, index, tmp_path):
    text, wanted = SHAPES[shape]
    path = tmp_path / "plan.txt"
    head = "\n\n".join(line.format(AREA="LẠNG SƠN", Area="Lạng Sơn") for line in HEAD)
    path.write_text(f"{head}\n\n- {text}\n", "utf-8")
    found = read(path, index)
    got = [
        (
            row["indicator"],
            row.get("measure", ""),
            float(row["baseline"]) if "baseline" in row else "",
            float(row["target"]),
            int(row["target_period"]),
        )
        for row in found.rows("targets").values()
    ]
    assert sorted(got, key=str) == sorted(wanted, key=str)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Hằng năm tăng từ 0,2 điểm trở lên đối với Chỉ số “Đảm bảo tuân thủ”.", "0,2 điểm"),
        ("Giảm tỷ lệ hộ nghèo bình quân 1,5%/năm.", "1,5%"),
        ("1 Giảm thiểu ô nhiễm và thiên tai 4,94 6,68 1,74", "4,94; 6,68; 1,74"),
        ("Năm 2022 Chỉ số “Đảm bảo tuân thủ” đạt 4,02 điểm.", "4,02"),
    ],
)
def test_figures_that_are_no_target_of_a_year_are_told(text, told, index, tmp_path):
    (tmp_path / "plan.txt").write_text("\n\n".join([*typed_anew(), f"- {text}"]), "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert told in [figures for _, _, figures in found.left]
    assert len(found.rows("targets")) == 4


def test_a_table_of_targets_is_read(index, tmp_path):
    import docx

    document = docx.Document()
    for line in HEAD:
        document.add_paragraph(line.format(AREA="LẠNG SƠN", Area="Lạng Sơn"))
    table = document.add_table(rows=1, cols=5)
    heads = ["TT", "Chỉ số thành phần", "Kết quả năm 2023", "Mục tiêu năm 2024", "Tăng"]
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        cell.text = text
    names = {row.indicator: row.name_vi for row in index.indicators.itertuples()}
    for place, row in enumerate(rows("targets.csv"), start=1):
        cells = [str(place), names[row["indicator"]]]
        cells += [comma(row[key]) for key in ("baseline", "target", "planned_rise")]
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    document.save(tmp_path / "plan.docx")
    found = read(tmp_path / "plan.docx", index)
    assert figures(found) == expected()
    assert not any(one.doubt for one in found.values if one.table == "targets")


def test_figures_that_contradict_each_other_or_what_was_published_are_marked(index, tmp_path):
    text = "\n\n".join(typed_anew()).replace("4,84", "4,48").replace("1,97 điểm", "1,79 điểm")
    (tmp_path / "plan.txt").write_text(text, "utf-8")
    found = read(tmp_path / "plan.txt", index)
    doubts = {
        one.row.split("/")[0]: (one.doubt, one.note)
        for one in found.values
        if one.table == "targets" and one.column == "baseline"
    }
    assert doubts["s1"][0] == "sum_published"
    assert doubts["s1"][1]["published"] == "4.84"
    assert doubts["s2"][0] == "sum"
    assert doubts["s3"][0] == ""


def test_marks_may_be_letters_of_their_own(index, tmp_path):
    """As some PDF programs and macOS write them."""
    text = unicodedata.normalize("NFD", "\n\n".join(typed_anew()))
    (tmp_path / "plan.txt").write_text(text, "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert figures(found) == expected()
    assert not any(one.doubt for one in found.values if one.table == "targets")


def test_another_figure_for_the_same_target_makes_both_doubtful(index, tmp_path):
    more = "- Chỉ số “Đảm bảo tuân thủ”: phấn đấu năm 2024 đạt 6,50 điểm."
    (tmp_path / "plan.txt").write_text("\n\n".join([*typed_anew(), more]), "utf-8")
    found = read(tmp_path / "plan.txt", index)
    doubts = {one.doubt for one in found.values if one.row == "s2/score/2024"}
    assert doubts == {"twice"}
    assert "6,50" in [figures for _, _, figures in found.left]


def test_a_damaged_figure_is_told_and_not_guessed(index, tmp_path):
    text = "\n\n".join(typed_anew()).replace("6,58", "6,S8")
    (tmp_path / "plan.txt").write_text(text, "utf-8")
    found = read(tmp_path / "plan.txt", index)
    assert any("6,s8" in figures for _, _, figures in found.left)
    assert "s1/score/2024" not in found.rows("targets")


def test_a_draft_is_no_plan_before_somebody_has_looked(index, tmp_path, pgi_command):
    shutil.copytree("data", tmp_path / "data")
    (tmp_path / "plan.txt").write_text("\n\n".join(typed_anew()), "utf-8")
    out = tmp_path / "data" / "plans" / "anew"
    words = ("read-plan", tmp_path / "plan.txt", "--out", out, "--lang", "en")
    code, said, _ = pgi_command(*words, "--yes")
    assert code == 0
    assert "4 target(s), 6 task(s)" in said
    assert {path.name for path in out.iterdir()} == {
        *("plan.toml", "targets.csv", "actions.csv", "reading.csv")
    }
    code, _, err = pgi_command("validate", "--data", tmp_path / "data", "--plan", "anew")
    assert code == 1
    assert "nobody has looked at it yet" in err
    about = out / "plan.toml"
    about.write_text(
        about.read_text("utf-8").replace('reviewed = "no"', 'reviewed = "yes"'), "utf-8"
    )
    code, _, err = pgi_command("validate", "--data", tmp_path / "data", "--plan", "anew")
    assert (code, err) == (0, "")
    assert len(pgi.project(pgi.load(tmp_path / "data", plan="anew").at("2024Q4")).table) >= 4
    code, _, err = pgi_command(*words, "--yes")
    assert code == 1  # nothing that is there is replaced


def test_every_value_says_where_it_was_read(index, tmp_path):
    (tmp_path / "plan.txt").write_text("\n".join(wrapped(typed_anew())), "utf-8")
    lines = (tmp_path / "plan.txt").read_text("utf-8").splitlines()
    found = read(tmp_path / "plan.txt", index)
    for one in found.values:
        assert lines[one.line.number - 1].strip()[:20] in one.words
    table = list(csv.reader(io.StringIO(files_of(found, "x", "plan.txt")["reading.csv"])))
    assert len(table) == 1 + len(found.values) + len(found.left)


def macros(path):
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<x/>")
        packed.writestr("word/vbaProject.bin", b"x")


def cat(path):
    from PIL import Image, ImageDraw

    picture = Image.new("L", (600, 600), 240)
    draw = ImageDraw.Draw(picture)
    draw.ellipse((150, 200, 450, 500), 120)
    draw.polygon([(170, 250), (200, 120), (270, 220)], 120)
    picture.save(path)


def many_pages(path):
    from PIL import Image

    page = Image.new("1", (60, 80), 1)
    page.save(path, save_all=True, append_images=[page] * 499)


def broken(path):
    path.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 40)


def huge(path):
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(path)


def bomb(path):
    """A page whose content is 2 GB of blanks, packed into 2 MB."""
    packer = zlib.compressobj(9)
    first = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = first + again * 2000 + packer.flush()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed),
    ]
    raw, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(raw))
        raw += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%btrailer << /Size 5 /Root 1 0 R >>\n" % table
    path.write_bytes(raw + end + b"startxref\n%d\n%%%%EOF" % len(raw))


def letter(path):
    path.write_text("Kính gửi quý cơ quan, xin trân trọng cảm ơn sự phối hợp. " * 9, "utf-8")


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("a.docx", macros, "has macros"),
        ("a.docx", letter, "cannot be opened"),
        ("cat.png", cat, "hardly a word"),
        ("a.pdf", many_pages, "more than 60 pages"),
        ("a.pdf", broken, "cannot be opened"),
        ("a.pdf", bomb, "too much memory"),
        ("a.png", huge, "too much memory"),
        ("a.txt", letter, "no target"),
        ("a.doc", letter, "not read"),
    ],
)
def test_what_is_no_plan_is_refused(name, make, said, tmp_path, pgi_command):
    if name.endswith(".png") and make is cat and not shutil.which("tesseract"):
        said = "takes Tesseract"
    make(tmp_path / name)
    words = ("read-plan", tmp_path / name, "--out", tmp_path / "plans" / "x", "--lang", "en")
    code, _, err = pgi_command(*words, "--yes")
    assert code == 1
    assert said in err
    assert err.count(name) == 1  # one refusal, not one inside of another
    assert "Traceback" not in err
    assert not (tmp_path / "plans").exists()


def test_without_tesseract_a_scan_says_how_to_get_it(tmp_path, monkeypatch, pgi_command):
    monkeypatch.setenv("PATH", str(tmp_path))
    cat(tmp_path / "scan.png")
    words = ("read-plan", tmp_path / "scan.png", "--out", tmp_path / "x", "--lang", "en")
    code, _, err = pgi_command(*words, "--yes")
    assert code == 1
    assert "tesseract-ocr-vie" in err


def test_marks_are_put_right_and_figures_never_change():
    letters = Letters(["Lạng Sơn"])
    text, _ = letters.restored(
        "Phan dau dat tir 6,58 diém trg 1én so véi nam 2023 cia tinh Lang Son"
    )
    assert text == "Phấn đấu đạt từ 6,58 điểm trở lên so với năm 2023 của tỉnh Lạng Sơn"
    assert not is_broken(typed_anew())
    for line in typed_anew():
        mended, _ = letters.restored(plain(line))
        assert re.findall(r"\d+", mended) == re.findall(r"\d+", line)


def test_a_task_below_no_indicator_is_kept_under_the_one_it_names_and_marked_or_told(
    index, tmp_path
):
    text = """\
    SỞ XÂY DỰNG
    Số: 45/KH-SXD                    Lạng Sơn, ngày 12 tháng 3 năm 2025
    KẾ HOẠCH
    Nâng cao Chỉ số xanh cấp tỉnh (PGI) năm 2025
    I. MỤC TIÊU
    Phấn đấu chỉ số thành phần “Đảm bảo tuân thủ” đạt từ 6,50 điểm trở lên trong năm 2025.
    II. NHIỆM VỤ, GIẢI PHÁP
    1. Tăng cường kiểm tra việc chấp hành pháp luật tại các công trình. Thanh tra Sở chủ trì.
    2. Tuyên truyền về “Đảm bảo tuân thủ” cho doanh nghiệp. Văn phòng Sở chủ trì, phối hợp Phòng
    Quản lý nhà thực hiện; thời hạn: quý III năm 2025.
    - Rà soát, công khai thủ tục hành chính về xây dựng trên cổng thông tin điện tử của Sở.
    III. TỔ CHỨC THỰC HIỆN
    - Các phòng thuộc Sở có trách nhiệm triển khai thực hiện Kế hoạch này theo nhiệm vụ được giao.
    """
    path = tmp_path / "plan.txt"
    path.write_text(dedent(text), "utf-8")
    found = read(path, index)
    (task,) = found.rows("actions").values()
    assert task["indicator"] == "s2"
    assert task["lead_unit_vi"] == "Văn phòng Sở"
    assert task["deadline"] == "2025-09-30"
    assert {one.doubt for one in found.values if one.column == "indicator"} == {"", "indicator"}
    listed = told(found, "vi")
    untied = listed[listed["cần kiểm tra"].str.startswith("nhiệm vụ này chưa rõ")]
    assert untied["nguyên văn"].str[:12].tolist() == ["1. Tăng cườn", "- Rà soát, c"]

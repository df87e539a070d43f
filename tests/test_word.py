"""The draft in Word says what the pages say, has the Decree's form, and marks what it lacks."""

import io
import json
import re
import shutil
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.shared import Pt

import pgi_analysis as pgi
from pgi_analysis.data.writing import save_timeless
from pgi_analysis.faults import Fault
from pgi_analysis.language import DASH, LANGUAGES
from pgi_analysis.report.batch import Order, build_all
from pgi_analysis.report.building import build, draft_in, why
from pgi_analysis.text import draft, tell
from pgi_analysis.text.gap import only_baseline
from pgi_analysis.voice import Voice
from pgi_analysis.word import save_draft, to_fill

PLAN = "lang-son-transport-2024"
#: plans with much and with little, in the languages that their names are in
CASES = [
    ("data", PLAN, "2024Q4", LANGUAGES),
    ("data", PLAN, "2025Q2", LANGUAGES),
    ("data", "gia-lai-2024", "2024Q4", ("vi",)),
    ("examples/three-year-plan", "song-xanh-2024-2026", "2025Q3", LANGUAGES),
    ("examples/thirty-four-provinces", "tuyen-quang-2024", "2025Q4", ("vi",)),
    ("examples/twelve-countries", "drovia-2030", "2025", ("en",)),
    ("examples/kpi-thang", "so-noi-vu-2025", "2025Q2", ("vi",)),
]
EACH = [(*case, language) for *case, languages in CASES for language in languages]


def written(ds, language, path, **options):
    save_draft(path, Voice(ds, language), **options)
    return docx.Document(str(path))


def paragraphs(document):
    """List all texts, those in tables as well."""
    every = document.element.body.iter(qn("w:p"))
    return ["".join(t.text or "" for t in one.iter(qn("w:t"))) for one in every]


def cells(table):
    return [[cell.text for cell in row.cells] for row in table.rows]


def bordered(document):
    return [cells(one) for one in document.tables if one.style.name == "Table Grid"]


@pytest.fixture(scope="module")
def letter(loaded, tmp_path_factory):
    """The draft of the first user's plan: in Vietnamese, before the outcome."""
    path = tmp_path_factory.mktemp("draft") / "draft.docx"
    return written(loaded.at("2024Q4"), "vi", path)


def test_the_page_is_the_decree_s(letter):
    """Decree 30/2020/NĐ-CP, Annex I.I: A4, margins, page numbers in the middle of the top one."""
    body, annex = letter.sections
    for section, width, height in ((body, 210, 297), (annex, 297, 210)):
        assert [round(one.mm) for one in (section.page_width, section.page_height)] == [
            width,
            height,
        ]
        edges = [section.top_margin, section.bottom_margin]
        edges += [section.left_margin, section.right_margin]
        assert [round(one.mm, 1) for one in edges] == [20, 20, 30, 15]
        assert section.different_first_page_header_footer
        assert not section.first_page_header.paragraphs[0].text
        (number,) = section.header.paragraphs
        assert "PAGE" in number._p.xml
        assert number.style.paragraph_format.alignment == 1
    assert annex.header.is_linked_to_previous
    assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
    assert body._sectPr.find(qn("w:pgNumType")) is None


def test_letters_are_times_new_roman_14_and_black(letter):
    styles = {one.style.name for one in letter.paragraphs}
    for name in styles:
        font = letter.styles[name].font
        assert (font.name, str(font.color.rgb)) == ("Times New Roman", "000000")
    assert letter.styles["Body Text"].font.size == Pt(14)
    fonts = {value for one in letter.styles.element.iter(qn("w:rFonts")) for value in one.values()}
    assert fonts == {"Times New Roman"}  # no theme's font goes before it


def test_the_head_has_its_lines(letter):
    left, right = letter.tables[0].rows[0].cells
    assert [one.text for one in left.paragraphs if one.text] == [
        "UBND TỈNH LẠNG SƠN",
        "SỞ GIAO THÔNG VẬN TẢI",
        "Số: [số]/BC-SGTVT",
    ]
    assert [one.text for one in right.paragraphs if one.text] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Lạng Sơn, ngày [ngày ký] tháng [tháng ký] năm 2024",
    ]
    texts = [one.text for one in letter.paragraphs if one.text][:3]
    assert texts == [
        "BÁO CÁO",
        "Kết quả thực hiện Kế hoạch cải thiện, nâng cao chỉ số xanh cấp tỉnh (PGI) "
        "quý IV và năm 2024",
        "Kính gửi: UBND tỉnh Lạng Sơn",
    ]
    chapters = [one.text for one in letter.paragraphs if one.style.name == "Heading 1"]
    assert [one.split(".")[0] for one in chapters] == ["I", "II", "III", "IV", "V"]
    assert chapters[3] == "IV. PHƯƠNG HƯỚNG, NHIỆM VỤ TRỌNG TÂM QUÝ I NĂM 2025"


def test_the_foot_has_its_lines(letter):
    left, right = letter.tables[-2].rows[0].cells
    assert [one.text for one in left.paragraphs] == [
        "Nơi nhận:",
        "- Như trên;",
        "- Sở TNMT (để tổng hợp);",
        "- Sở KH và ĐT;",
        "- Lãnh đạo Sở;",
        "- Các phòng, ban thuộc Sở;",
        "- Lưu: VT, QLKCHT&ATGT.",
    ]
    signer = [one.text for one in right.paragraphs if one.text]
    assert signer == ["[chức vụ người ký]", "[họ và tên người ký]"]


@pytest.fixture(scope="module")
def drafted(tmp_path_factory):
    """Write a case's draft once: its dataset, and where the draft is."""
    folder = tmp_path_factory.mktemp("drafts")
    at = cache(lambda data, plan, quarter: pgi.load(data, plan=plan).at(quarter))

    @cache
    def made(data, plan, quarter, language):
        ds, path = at(data, plan, quarter), folder / f"{plan}-{quarter}-{language}.docx"
        save_draft(path, Voice(ds, language))
        return ds, path

    return made


@pytest.mark.parametrize(("data", "plan", "quarter", "language"), EACH)
def test_figures_are_those_of_the_pages_cell_by_cell(data, plan, quarter, language, drafted):
    ds, path = drafted(data, plan, quarter, language)
    voice, found = Voice(ds, language), pgi.gap(ds)
    shown = bordered(docx.Document(str(path)))
    shown = [rows for rows in shown if rows[0][1] == voice.column("indicator")]
    same = {name: voice.column(name) for name in ("target", "gap", "rank", "state", "baseline")}
    checked = 0
    for year, rows in zip(years(found, pgi.ranks(ds)), shown, strict=True):
        aims = found.of_year(year)
        page = tell(aims, "table", voice)
        assert len(rows) - 1 == len(page) + len(pgi.ranks(ds).of_year(year).table)
        for place, row in enumerate(aims.table.itertuples(), start=1):
            drafted, paged = rows[place], page.iloc[place - 1]
            assert drafted[0] == str(place)
            heads = rows[0]
            for column, head in same.items():
                at = [n for n, one in enumerate(heads) if one.startswith(head)]
                at = at or [3 - 1] * (column == "baseline" and heads[2] != voice.column("target"))
                if head not in page or not at or (column == "baseline" and pd.isna(row.baseline)):
                    continue
                said = drafted[at[0]].replace(f" ({row.baseline_period})", "").casefold()
                assert said == paged[head].replace("\u00a0", " ").casefold(), (column, place)
                checked += 1
            newest = paged[voice.column("value")]
            told = re.sub(r" \(\S+\)", "", drafted[column_of(heads, voice, year)])
            assert told in (newest, DASH)
            assert (told == DASH) == (
                pd.isna(row.value) or (only_baseline(row) and row.period != row.target_period)
            )
    assert checked >= 3 * len(found.table)


def years(*found):
    ahead, over = pgi.results.base.years_of(*found)
    return [*ahead, *over]


def column_of(heads, voice, year):
    known = {voice.say(f"draft.column.{key}", year=year) for key in ("outcome", "latest")}
    (place,) = [n for n, head in enumerate(heads) if head in known]
    return place


@pytest.mark.parametrize(("data", "plan", "quarter", "language"), EACH)
def test_nothing_is_left_open_but_what_is_yellow(data, plan, quarter, language, drafted):
    _, path = drafted(data, plan, quarter, language)
    document, yellow = docx.Document(str(path)), "".join(to_fill(path))
    for text in paragraphs(document):
        assert not re.search(
            r"\(\s*\)|[{}]|\bnan\b|\bNone\b(?!\.”)|<NA>|  |\s[;,.]|[\ufdd0\ufdd1]", text
        )
        for bracket in re.findall(r"\[[^]]*\]", text):
            assert bracket in yellow
    styles = [one.style.name for one in document.paragraphs if one.text]
    headings = [n for n, style in enumerate(styles) if style.startswith("Heading")]
    for n in headings:  # what a heading is of follows it, and no higher one
        assert not (styles[n + 1].startswith("Heading") and styles[n + 1] <= styles[n])


def test_what_is_yellow_is_listed(letter, tmp_path):
    letter.save(tmp_path / "draft.docx")
    assert to_fill(tmp_path / "draft.docx") == {
        "[số]": 2,
        "[ngày ký]": 2,
        "[tháng ký]": 2,
        "[số, ngày của kế hoạch]": 1,
        "[đơn vị bổ sung]": 1,
        "[đơn vị bổ sung khó khăn, vướng mắc và nguyên nhân, nếu có]": 1,
        "[đơn vị bổ sung đề xuất, kiến nghị, hoặc ghi “Không.”]": 1,
        "[chức vụ người ký]": 1,
        "[họ và tên người ký]": 1,
    }


def test_what_a_person_has_filled_in_is_listed_no_more(letter, tmp_path):
    copy = io.BytesIO()
    letter.save(copy)
    edited = docx.Document(copy)
    for paragraph in [*edited.paragraphs, *edited.tables[0].rows[0].cells[0].paragraphs]:
        for run in paragraph.runs:
            if run.font.highlight_color == WD_COLOR_INDEX.YELLOW:
                run.text, run.font.highlight_color = "12", None
    edited.save(tmp_path / "draft.docx")
    assert "[đơn vị bổ sung]" not in to_fill(tmp_path / "draft.docx")
    assert to_fill(tmp_path / "draft.docx")["[họ và tên người ký]"] == 1


def test_what_is_doubtful_is_said_to_be(loaded, data_copy, tmp_path):
    """Also of a score that is the baseline, and what cannot be vouched for, to be looked at."""
    scores = data_copy / "scores.csv"
    table = pd.read_csv(scores, dtype=str)
    own = (table["area"] == "Lạng Sơn") & (table["indicator"] == "s1") & (table["period"] == "2023")
    table.loc[own, "status"] = "doubtful"
    table.to_csv(scores, index=False)
    ds = pgi.load(data_copy, plan=PLAN).at("2024Q4")
    document = written(ds, "vi", tmp_path / "draft.docx")
    assert bordered(document)[0][1][2:5] == ["4,84 *", "6,58", DASH]
    assert "* Số liệu cần đối chiếu lại với VCCI" in "\n".join(paragraphs(document))
    values = {"got": "Lạng Sơn", "end": "2025-06-30", "others": "x"}
    notice = Fault("area.which", "plan.toml", None, "area", values)
    ds = replace(loaded, plan=replace(loaded.plan, notices=(notice,))).at("2024Q4")
    written(ds, "vi", tmp_path / "draft.docx")
    assert f"[{notice.text('vi')}]" in to_fill(tmp_path / "draft.docx")


def test_chances_can_be_left_out(loaded, tmp_path):
    ds = loaded.at("2024Q4")
    said = {}
    for options in ({}, {"probabilities": False}):
        document = written(ds, "vi", tmp_path / "draft.docx", **options)
        said[bool(options)] = "\n".join(paragraphs(document))
    for word in ("khả năng", "dự báo", "%"):
        assert word in said[False].casefold()
        assert word not in said[True].replace("80%", "").casefold()
    assert "mục tiêu năm 2024 trong nhóm 30 tỉnh, thành phố đứng đầu" in said[True]
    assert "2. Kết quả thực hiện nhiệm vụ" in said[True]
    assert "3. Khả năng đạt mục tiêu (ước tính, để tham khảo)" in said[False]


def test_every_task_is_told_of(tmp_path):
    """Also those that nothing was reported on, and hindrances whatever the state of the work."""
    plan = "song-xanh-2024-2026"
    ds = pgi.load("examples/three-year-plan", plan=plan).at("2025Q2")
    document = written(ds, "vi", tmp_path / "draft.docx")
    text = "\n".join(paragraphs(document))
    for units in ds.plan.actions["lead_unit_vi"]:
        assert f"- {units}: " in text
    assert len(bordered(document)[-1]) == len(ds.plan.actions) + 1
    obstacles = text.split("III. KHÓ KHĂN")[1].split("IV. PHƯƠNG HƯỚNG")[0]
    assert "Chậm bàn giao mặt bằng; nguyên nhân: Thay đổi đơn giá bồi thường" in obstacles
    assert "kiến nghị" not in obstacles
    proposals = text.split("V. ĐỀ XUẤT, KIẾN NGHỊ")[1]
    assert "kiến nghị: UBND tỉnh chỉ đạo bàn giao trước ngày 31/8/2025" in proposals


def test_an_agency_with_another_name_by_now_has_another_head_too(loaded, tmp_path):
    document = written(loaded.at("2025Q2"), "vi", tmp_path / "draft.docx")
    text = "\n".join(paragraphs(document))
    assert "[tên mới của Sở Giao thông vận tải tỉnh Lạng Sơn]" in to_fill(tmp_path / "draft.docx")
    assert "cơ quan kế tục" not in text
    assert "SGTVT" not in text
    assert "QLKCHT" not in text


def test_what_a_plan_says_of_its_letter_is_used(loaded, tmp_path):
    own = {
        "parent_vi": "UBND tỉnh X",
        "place_vi": "Đồng Đăng",
        "signer": "Nguyễn Văn A",
        "signer_title_vi": "KT. GIÁM ĐỐC; PHÓ GIÁM ĐỐC;",
        "recipients_vi": "Sở A; Sở B (b/c);",
        "short": "SGTVT",
        "file_as": "VT",
    }
    plan = replace(loaded.plan, about={**loaded.plan.about, "letter": own})
    document = written(replace(loaded, plan=plan).at("2024Q4"), "vi", tmp_path / "draft.docx")
    head, foot = document.tables[0].rows[0].cells, document.tables[-2].rows[0].cells
    assert head[0].text.startswith("UBND TỈNH X\nSỞ GIAO THÔNG VẬN TẢI TỈNH LẠNG SƠN")
    assert head[1].text.endswith("Đồng Đăng, ngày [ngày ký] tháng [tháng ký] năm 2024")
    assert foot[0].text.split("\n")[1:] == ["- Như trên;", "- Sở A;", "- Sở B (b/c);", "- Lưu: VT."]
    assert [line for line in foot[1].text.split("\n") if line] == [
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Văn A",
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('signer_vi = "A"', "plan.toml, letter.signer_vi: an entry of this name is not known"),
        ('recipients_vi = ["A"]', "plan.toml, letter.recipients_vi: "),
    ],
)
def test_a_letter_s_entries_are_checked(data_copy, line, said):
    about = data_copy / "plans" / "gia-lai-2024" / "plan.toml"
    about.write_text(about.read_text("utf-8") + f"\n[letter]\n{line}\n", "utf-8")
    with pytest.raises(pgi.InputError, match=re.escape(said)):
        pgi.load(data_copy, plan="gia-lai-2024")


def test_what_a_clerk_writes_comes_through(data_copy, tmp_path):
    """Markup, brackets, lines and letters that XML does not have: as text, and none yellow."""
    progress = data_copy / "plans" / PLAN / "progress.csv"
    evidence = '"<w:p/> & [xem phụ lục]\n=1+1 \x0b\x01\ufdd0x\ufdd1"'
    row = f'n1,2024Q4,2024-12-01,blocked,40,{evidence},"- Thiếu kinh phí\n- Mưa",\n'
    progress.write_text(progress.read_text("utf-8") + row, "utf-8")
    ds = pgi.load(data_copy, plan=PLAN).at("2024Q4")
    document = written(ds, "vi", tmp_path / "draft.docx")
    text = "\n".join(paragraphs(document))
    assert "<w:p/> & [xem phụ lục]; =1+1" in text
    assert "Thiếu kinh phí; Mưa" in text
    assert "40%" in text
    assert not [one for one in to_fill(tmp_path / "draft.docx") if "xem" in one or one == "[x]"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_the_same_bytes_and_tells_of_nobody(loaded, language, tmp_path):
    voice = Voice(loaded.at("2024Q4"), language)
    first, second = tmp_path / "a.docx", tmp_path / "b.docx"
    save_draft(first, voice)
    save_draft(second, voice)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as parts:
        assert {one.date_time for one in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        names = parts.namelist()
        links = [parts.read(name).decode() for name in names if name.endswith(".rels")]
    assert not [name for name in names if re.search(r"vba|macro|thumbnail|comments|embed", name)]
    assert not re.search('TargetMode="External"', "".join(links))
    about = docx.Document(str(first)).core_properties
    assert about.author == voice.agency()
    assert (about.last_modified_by, about.comments, about.keywords) == ("", "", "")
    assert about.created.year == about.modified.year == 1980
    assert about.language == {"vi": "vi-VN", "en": "en-GB"}[language]


def test_a_draft_that_fails_leaves_the_one_before(letter, tmp_path):
    path = tmp_path / "draft.docx"
    save_timeless(letter, path)
    before = path.read_bytes()

    class Failing:
        def save(self, stream):
            stream.write(b"half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        save_timeless(Failing(), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_report_has_its_draft(report):
    name = f"{PLAN}-{report.folder.name}-draft.docx"
    assert report.draft == report.folder / name
    assert f'href="{name}"' in (report.folder / "index.html").read_text("utf-8")
    manifest = json.loads((report.folder / "manifest.json").read_text("utf-8"))
    assert manifest["word"] == {"probabilities": True}
    assert name in manifest["files"]
    page = (report.folder / "quarterly_report.html").read_text("utf-8")
    rows = bordered(docx.Document(str(report.draft)))[0]
    figures = {cell for row in rows[1:] for cell in row if re.fullmatch(r"\d+,\d\d", cell)}
    assert len(figures) == 10
    assert {one for one in figures if one in page} >= {row[3] for row in rows[1:]}


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A report of one page with a draft, of which each test takes a copy."""
    out = tmp_path_factory.mktemp("small")
    about = {"plan": PLAN, "quarter": "2024Q4", "notebooks": ["gap"], "archive": False}
    build(**about, out=out, jobs=0, docx=True)

    def again(to, **options):
        shutil.copytree(out, to, dirs_exist_ok=True)
        edit = options.pop("edit", b"")
        if edit:
            draft_in(to / PLAN / "2024Q4").write_bytes(edit)
        return build(**about, out=to, jobs=0, **options)

    return again


def test_an_edited_draft_is_kept(small, tmp_path):
    built = small(tmp_path, edit=b"edited", docx=True)
    assert built.kept == tmp_path / PLAN / f"{PLAN}-2024Q4-draft-1.docx"
    assert built.kept.read_bytes() == b"edited"
    assert zipfile.is_zipfile(built.draft)
    built.draft.write_bytes(b"edited again")
    shutil.rmtree(tmp_path / PLAN / "2024Q4" / "tables")
    again = small(tmp_path, edit=b"edited again")  # no draft is asked for: none is lost either
    assert again.kept.name == f"{PLAN}-2024Q4-draft-2.docx"
    assert again.kept.read_bytes() == b"edited again"
    assert built.kept.read_bytes() == b"edited"
    assert again.draft is None


def test_a_draft_as_it_was_made_is_not_kept(small, tmp_path):
    built = small(tmp_path, docx=True, probabilities=False)
    assert built.kept is None
    assert [path.name for path in built.folder.parent.iterdir()] == ["2024Q4"]
    manifest = json.loads((built.folder / "manifest.json").read_text("utf-8"))
    assert manifest["word"] == {"probabilities": False}
    about, page = manifest["parameters"], [Path("notebooks/gap.ipynb")]
    assert why(built.folder, about, page) == ""  # it may stay where none is asked for
    assert why(built.folder, about, page, {"probabilities": False}) == ""
    assert why(built.folder, about, page, {"probabilities": True}) == "word"


def test_what_is_not_complete_has_no_draft(tmp_path):
    broken = json.loads(Path("notebooks/gap.ipynb").read_text("utf-8"))
    broken["cells"][-1]["source"] = "1 / 0"
    (tmp_path / "broken.ipynb").write_text(json.dumps(broken), "utf-8")
    pages = [tmp_path / "broken.ipynb"]
    about = {"plan": PLAN, "quarter": "2024Q4", "notebooks": pages, "archive": False}
    built = build(**about, out=tmp_path / "out", jobs=0, docx=True)
    assert built.failed
    assert built.draft is None


def test_a_batch_makes_drafts(tmp_path):
    asked = [Order("ninh-thuan-2024", "2025Q2", "vi", "2025Q2", docx=True)]
    (done,) = build_all(asked, out=tmp_path)
    assert (done.state, done.error) == ("built", "")
    assert to_fill(draft_in(tmp_path / "ninh-thuan-2024" / "2025Q2"))
    (again,) = build_all(asked, out=tmp_path)
    assert again.state == "unchanged"
    (other,) = build_all([replace(asked[0], probabilities=False)], out=tmp_path, plan_only=True)
    assert (other.state, other.reason) == ("planned", "word")


def test_the_command_lists_what_is_to_be_filled_in(report, pgi_command, tmp_path):
    out = tmp_path / "reports"
    shutil.copytree(report.folder.parent, out / PLAN)
    about = ("report", "--plan", PLAN, "--quarter", "2024Q4", "--lang", "vi", "--out", out)
    code, said, err = pgi_command(*about, "--docx")
    assert code == 0
    assert said == f"{out / PLAN / '2024Q4' / 'index.html'}\n"
    assert f"{PLAN}-2024Q4-draft.docx: còn 12 chỗ nền vàng phải điền: [số] (2 chỗ)" in err
    assert "[họ và tên người ký]" in err
    code, said, err = pgi_command(*about, "--docx", "--no-probabilities", "--dry-run")
    assert (code, "cần dự thảo Word" in said) == (0, True)
    assert "nền vàng" not in err
    code, said, err = pgi_command(*about, "--no-probabilities")
    assert (code, said) == (1, "")
    assert "Add --docx, or leave the option out." in err or "Hãy thêm --docx" in err


def test_blanks_are_no_letters_of_any_text(loaded):
    assert draft.blank("number", Voice(loaded, "vi")) == "\ufdd0số\ufdd1"

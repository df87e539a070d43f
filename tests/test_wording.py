"""Every sentence, in both languages, as it must read."""

import re
from dataclasses import replace

import pytest

import pgi_analysis as pgi
from pgi_analysis import footnotes, headlines, tables, wording
from pgi_analysis.language import day, number, percent, words
from pgi_analysis.voice import Voice, likelihood


def keys(table: dict, prefix: str = "") -> dict[str, str]:
    found = {}
    for name, entry in table.items():
        deeper = isinstance(entry, dict)
        found |= keys(entry, f"{prefix}{name}.") if deeper else {prefix + name: entry}
    return found


VI, EN = keys(words("vi")), keys(words("en"))


def test_both_languages_have_the_same_texts_with_the_same_blanks():
    assert VI.keys() == EN.keys()
    may_differ = {"page.quarter"}  # Vietnamese counts quarters in Roman numerals

    def blanks(text: str) -> set[str]:
        return set(re.findall(r"{(\w+)}", text))

    differing = {key for key in VI if blanks(VI[key]) != blanks(EN[key])} - may_differ
    assert not differing


def test_every_text_is_used():
    from pathlib import Path

    code = "\n".join(path.read_text("utf-8") for path in Path("pgi_analysis").rglob("*.py"))
    code += "\n".join(path.read_text("utf-8") for path in Path("notebooks").glob("*.ipynb"))
    code += "\n".join(path.read_text("utf-8") for path in Path("pgi_analysis").rglob("*.j2"))
    unused = [
        key
        for key in EN
        if not re.search(rf"\b{re.escape(key.split('.')[-1])}\b", code)
        and not re.search(rf"{key.split('.')[0]}\.{{", code)
        and not re.search(rf"{key.rpartition('_')[0]}_{{", code)
    ]
    assert not unused


GOLDEN = {
    ("2024Q4", "vi"): {
        "title": "Báo cáo PGI quý IV/2024: Lạng Sơn",
        "opening": [
            "Sở Giao thông vận tải tỉnh Lạng Sơn. Kế hoạch cải thiện, nâng cao chỉ số xanh cấp "
            "tỉnh (PGI) năm 2024 và những năm tiếp theo của Sở Giao thông vận tải. Kế hoạch này "
            "thực hiện Kế hoạch số 163/KH-UBND ngày 12/07/2024 của UBND tỉnh Lạng Sơn.",
            "Số liệu tính đến ngày 05/12/2024, hạn báo cáo quý IV/2024. Những gì công bố sau ngày "
            "này không được sử dụng.",
        ],
        "headline": [
            "Chưa có điểm năm 2024. So với điểm mới nhất (2023), cả 4 mục tiêu chỉ số thành phần "
            "đều chưa đạt; xa mục tiêu nhất là «Đảm bảo tuân thủ», còn thiếu 1,97 điểm."
        ],
        "gap": "Đảm bảo tuân thủ: 4,14 điểm năm 2023, còn thiếu 1,97 điểm so với mục tiêu 6,11 "
        "điểm của năm 2024.",
        "trend": "Đảm bảo tuân thủ: 4,14 điểm năm 2023, đứng thứ 6 trong 6 địa phương biết được "
        "điểm.",
        "projection": "Đảm bảo tuân thủ: ít khả năng đạt mục tiêu 6,11 điểm năm 2024 (xác suất "
        "11 %). Điểm dự báo 4,96; khoảng dự báo 80 %: 3,76 đến 6,17.",
        "tasks": [
            "Kế hoạch giao 6 nhiệm vụ cho 5 đơn vị chủ trì.",
            "Tính đến ngày 05/12/2024 chưa có báo cáo thực hiện nào được ghi nhận.",
        ],
        "calendar": [
            "Hạn gần nhất sau quý IV/2024: báo cáo quý IV/2024 trước ngày 15/12/2024.",
            "Các đơn vị gửi báo cáo cho Phòng Kế hoạch - Tài chính; Phòng Kế hoạch - Tài chính "
            "tổng hợp, báo cáo UBND tỉnh Lạng Sơn.",
        ],
    },
    ("2025Q2", "en"): {
        "title": "PGI report for Q2 2025: Lạng Sơn",
        "opening": [
            "Department of Transport of Lạng Sơn Province. Plan of the Department of Transport to "
            "improve and raise the Provincial Green Index (PGI) in 2024 and the following years. "
            "The plan carries out plan 163/KH-UBND of 12 July 2024 of the People's Committee of "
            "Lạng Sơn Province.",
            "Figures as of 15 June 2025, the reporting deadline of Q2 2025. Nothing published "
            "later is used.",
        ],
        "headline": [
            "In 2024, Lạng Sơn met 2 of 4 sub-index targets.",
            "The total met its target: 22.63 against 22.37 points.",
            "3 of the 5 scores used here are doubtful (marked * in the table); the conclusion may "
            "change once they are corrected.",
        ],
        "gap": "Ensuring compliance: target missed. The score of 2024 is 4.95, 1.16 points short "
        "of the target of 6.11; 41% of the way from the baseline of 4.14 was covered.",
        "trend": "Ensuring compliance: from 2023 to 2024 it rose by 0.81 points. Of this, the "
        "common move of the 3 areas with scores in both editions is +1.19 (80% confidence "
        "interval +0.66 to +1.71), Lạng Sơn's own move is −0.38.",
        "projection": "Ensuring compliance: decided, target missed (4.95 against 6.11 points).",
        "tasks": [
            "The plan gives 6 tasks to 5 lead units.",
            "By 15 June 2025 no report on any of them is on file.",
        ],
        "calendar": [
            "The next deadline after Q2 2025: report for Q3 2025, before 15 September 2025.",
            "Units report to the Planning and Finance Division, which consolidates and reports to "
            "the People's Committee of Lạng Sơn Province.",
        ],
    },
}


@pytest.mark.parametrize(("quarter", "language"), GOLDEN)
def test_sentences(ds, quarter, language):
    then = ds.at(quarter)
    voice = Voice(then, language)
    gaps = pgi.gap(then)
    said = {
        "title": headlines.title("quarterly_report", voice),
        "opening": headlines.opening(voice),
        "headline": headlines.gap_answer(gaps, voice),
        "gap": wording.gap_sentences(gaps, voice)[1],
        "trend": wording.trend_sentences(pgi.trend(then), voice)[1],
        "projection": wording.projection_sentences(pgi.project(then), voice)[1],
        "tasks": wording.task_sentences(pgi.tasks(then), voice),
        "calendar": wording.calendar_sentences(pgi.calendar(then), voice),
    }
    assert said == GOLDEN[quarter, language]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("plan", ["lang-son-transport-2024", "gia-lai-2024", "ninh-thuan-2024"])
@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q1", "2024Q4", "2025Q2", "2026Q4"])
def test_nothing_is_left_blank_whatever_the_quarter(data_dir, plan, quarter, language):
    ds = pgi.load(data_dir, plan=plan).at(quarter)
    voice = Voice(ds, language)
    gaps, trend, projection, score = (
        f(ds) for f in (pgi.gap, pgi.trend, pgi.project, pgi.scorecard)
    )
    sentences = [
        *headlines.gap_answer(gaps, voice),
        *wording.gap_sentences(gaps, voice),
        *headlines.trend_answer(trend, voice),
        *wording.trend_sentences(trend, voice),
        *wording.national_sentences(voice),
        *headlines.projection_answer(projection, voice),
        *wording.projection_sentences(projection, voice),
        *wording.scorecard_sentences(score, voice),
        *wording.task_sentences(pgi.tasks(ds), voice),
        *wording.calendar_sentences(pgi.calendar(ds), voice),
        *footnotes.caveats(gaps, voice, projection),
        *footnotes.methods(voice, "gap", "trend", "ar1", "random_walk", "interval", "scale"),
        *footnotes.sources(voice),
    ]
    for text in sentences:
        assert text.strip() == text
        assert not re.search(r"\bnan\b|NaN|None|<NA>|\{|\}|  ", text), text
    shown = [
        tables.gap_table(gaps, voice),
        tables.answer_table(gaps, projection, voice),
        tables.trend_table(trend, voice),
        tables.projection_table(projection, voice),
        tables.scorecard_table(score, voice),
        tables.calendar_table(pgi.calendar(ds), voice),
    ]
    for table in shown:
        cells = " ".join(map(str, table.to_numpy().ravel()))
        assert not re.search(r"\bnan\b|NaN|None|<NA>|NaT", cells), cells


@pytest.mark.parametrize(
    ("probability", "vi", "en"),
    [
        (1.0, "chắc chắn", "certain"),
        (0.995, "gần như chắc chắn", "virtually certain"),
        (0.9, "rất có khả năng", "very likely"),
        (0.66, "nhiều khả năng", "likely"),
        (0.5, "có thể đạt hoặc không", "about as likely as not"),
        (0.33, "có thể đạt hoặc không", "about as likely as not"),
        (0.32, "ít khả năng", "unlikely"),
        (0.08, "rất ít khả năng", "very unlikely"),
        (0.005, "gần như không thể", "exceptionally unlikely"),
        (0.0, "không thể", "impossible"),
    ],
)
def test_the_likelihood_scale_is_the_ipcc_s(probability, vi, en):
    assert likelihood(probability, Voice(None, "vi")) == vi
    assert likelihood(probability, Voice(None, "en")) == en


def test_numbers_and_dates_follow_the_language():
    from datetime import date

    assert [number(6.58, lang) for lang in ("vi", "en")] == ["6,58", "6.58"]
    assert [number(-1234.5, lang) for lang in ("vi", "en")] == ["−1.234,50", "−1,234.50"]
    assert number(-0.001, "vi") == "0,00"
    assert [percent(p, "vi") for p in (0, 0.004, 0.5, 0.996, 1)] == [
        *("0 %", "< 1 %", "50 %"),
        *("> 99 %", "100 %"),
    ]
    assert [day(date(2024, 12, 5), lang) for lang in ("vi", "en")] == [
        "05/12/2024",
        "5 December 2024",
    ]


def test_an_unknown_language_is_refused(ds):
    with pytest.raises(pgi.InputError, match=r"no language «fr»\. Known are: vi, en"):
        Voice(ds, "fr")


def test_a_deadline_before_the_plan_says_so(ds):
    voice = Voice(ds.at("2024Q1"), "vi")
    assert "sớm hơn ngày ban hành kế hoạch (12/07/2024)" in headlines.opening(voice)[1]


def test_several_years_ahead_the_pace_and_the_way_there_are_told(ds):
    longer = ds.plan.targets.assign(target_period=2026)
    later = replace(ds, plan=replace(ds.plan, targets=longer)).at("2024Q4")
    voice = Voice(later, "vi")
    gap = wording.gap_sentences(pgi.gap(later), voice)[0]
    assert gap.endswith("của năm 2026, tức cần tăng 0,58 điểm mỗi năm.")
    projected = wording.projection_sentences(pgi.project(later), voice)[0]
    assert re.search(r"Xác suất đạt vào một năm nào đó đến hết năm 2026 là \d+ %\.$", projected)

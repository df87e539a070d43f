"""Every sentence, in both languages, as it must read."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest

import pgi_analysis as pgi
from pgi_analysis import assessment, evaluation
from pgi_analysis.language import day, number, percent, words
from pgi_analysis.text import captions, footnotes, headlines, tables, wording
from pgi_analysis.text import work as work_wording
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


GOLDEN = Path(__file__).parent / "golden"


def everything_said(ds, language: str) -> list[str]:
    """Say all that the pages say, a sentence a line."""
    voice = Voice(ds, language)
    gaps, trend, projection, score = (
        compute(ds) for compute in (pgi.gap, pgi.trend, pgi.project, pgi.scorecard)
    )
    gaps = gaps.table
    titles = (headlines.title(page, voice) for page in ("quarterly_report", "gap", "trend"))
    chapters = {
        "title": [*titles, headlines.title("projection", voice), *headlines.opening(voice)],
        "report": headlines.report_answer(gaps, projection, voice),
        "answers": [
            *headlines.gap_answer(gaps, voice),
            *headlines.trend_answer(trend, voice),
            *headlines.projection_answer(projection, voice),
        ],
        "gap": wording.gap_sentences(gaps, voice),
        "trend": [*wording.trend_sentences(trend, voice), *wording.national_sentences(voice)],
        "projection": wording.projection_sentences(projection, voice),
        "reasons": wording.reason_sentences(projection, voice),
        "joint": wording.joint_sentences(projection, voice),
        "scorecard": wording.scorecard_sentences(score, voice),
        "assessment": assessment_said(ds, projection.table, voice),
        "changes": work_wording.change_sentences(pgi.changes(ds, projection=projection), voice),
        "tasks": work_wording.task_sentences(pgi.tasks(ds), voice),
        "calendar": work_wording.calendar_sentences(pgi.calendar(ds), voice),
        "captions": [
            captions.gap(gaps, voice)[0],
            captions.trend(trend, voice)[0],
            captions.projection(projection, voice)[0],
        ],
        "caveats": [
            *footnotes.caveats(gaps, voice, projection),
            *footnotes.trend_caveats(trend, voice),
        ],
        "methods": footnotes.methods(
            voice, "gap", "trend", "panel", "ar1", "random_walk", "interval", "scale"
        ),
    }
    return [line for name, lines in chapters.items() for line in (f"[{name}]", *lines, "")]


def assessment_said(ds, projected, voice) -> list[str]:
    verdicts = pgi.assess(ds)
    return [
        headlines.title("assessment", voice),
        *assessment.answer(verdicts, voice, projected),
        *assessment.sentences(verdicts, voice, projected),
        *assessment.special_sentences(verdicts, voice),
        *evaluation.label_record(voice),
    ]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("plan", "quarter"),
    [
        ("lang-son-transport-2024", "2024Q1"),
        ("lang-son-transport-2024", "2024Q4"),
        ("lang-son-transport-2024", "2025Q2"),
        ("gia-lai-2024", "2025Q2"),
        ("ninh-thuan-2024", "2024Q4"),
    ],
)
def test_pages_say_what_they_said(data_dir, plan, quarter, language):
    """Sentences as they were read and approved; UPDATE_GOLDEN=1 writes them anew, to be read."""
    ds = pgi.load(data_dir, plan=plan).at(quarter)
    file = GOLDEN / f"{plan}-{quarter}-{language}.txt"
    said = "\n".join(everything_said(ds, language)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("plan", ["lang-son-transport-2024", "gia-lai-2024", "ninh-thuan-2024"])
@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q1", "2024Q4", "2025Q2", "2026Q4"])
def test_nothing_is_left_blank_whatever_the_quarter(data_dir, plan, quarter, language):
    ds = pgi.load(data_dir, plan=plan).at(quarter)
    voice = Voice(ds, language)
    gaps, trend, projection, score = (
        f(ds) for f in (pgi.gap, pgi.trend, pgi.project, pgi.scorecard)
    )
    gaps = gaps.table
    sentences = [
        *headlines.gap_answer(gaps, voice),
        *wording.gap_sentences(gaps, voice),
        *headlines.trend_answer(trend, voice),
        *wording.trend_sentences(trend, voice),
        *wording.national_sentences(voice),
        *headlines.projection_answer(projection, voice),
        *wording.projection_sentences(projection, voice),
        *wording.scorecard_sentences(score, voice),
        *work_wording.task_sentences(pgi.tasks(ds), voice),
        *work_wording.calendar_sentences(pgi.calendar(ds), voice),
        *footnotes.caveats(gaps, voice, projection),
        *footnotes.methods(voice, "gap", "trend", "ar1", "random_walk", "interval", "scale"),
        *footnotes.sources(voice),
        *assessment_said(ds, projection.table, voice),
        *headlines.report_answer(gaps, projection, voice),
        *headlines.total_answer(gaps, voice),
        *work_wording.change_sentences(pgi.changes(ds, projection=projection), voice),
        *captions.fans(projection, voice),
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
        assessment.verdict_table(pgi.assess(ds), voice, projection.table),
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
        (0.32, "ít có khả năng", "unlikely"),
        (0.08, "rất ít có khả năng", "very unlikely"),
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
    assert [percent(p) for p in (0, 0.004, 0.5, 0.996, 1)] == [
        *("0%", "< 1%", "50%"),
        *("> 99%", "100%"),
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
    gap = wording.gap_sentences(pgi.gap(later).table, voice)[0]
    assert gap.endswith("của năm 2026, tức cần tăng 0,58 điểm mỗi năm.")
    projected = wording.projection_sentences(pgi.project(later), voice)[0]
    assert re.search(r"Xác suất đạt vào một năm nào đó đến hết năm 2026 là \d+%\.$", projected)

"""Every sentence, in both languages, as it must read."""

import inspect
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.language import day, number, percent, words
from pgi_analysis.report import NOTEBOOKS
from pgi_analysis.text import draft, report, tell
from pgi_analysis.text.projection import biased
from pgi_analysis.voice import Voice


def keys(table: dict, prefix: str = "") -> dict[str, str]:
    found = {}
    for name, entry in table.items():
        deeper = isinstance(entry, dict)
        found |= keys(entry, f"{prefix}{name}.") if deeper else {prefix + name: entry}
    return found


VI, EN = keys(words("vi")), keys(words("en"))


def test_both_languages_have_the_same_texts_with_the_same_blanks():
    assert VI.keys() == EN.keys()
    may_differ = {
        "page.quarter",
        "page.quarter_and_year",
        "page.quarter_long",
        "page.written.half",
        "page.written.quarter",
        "page.written.month",
    }  # Vietnamese counts quarters in Roman numerals, and months in figures

    def blanks(text: str) -> set[str]:
        # a language may leave out a unit that the sentence has said already
        said = set(re.findall(r"{(\w+(?::\w+)?)}", re.sub(":(amount|goal)", ":points", text)))
        return said - Voice(None).nouns.keys()  # one may need no noun where the other does

    differing = {key for key in VI if blanks(VI[key]) != blanks(EN[key])} - may_differ
    assert not differing


def test_no_text_stands_twice():
    """But for the methods' own words, the names of sheets, which must be short, and nouns."""
    apart = ("assess.verdict.", "annex.sheet.", "page.nouns.")
    texts = Counter((VI[key], EN[key]) for key in EN if not key.startswith(apart))
    assert not [text for text, times in texts.items() if times > 1]


def test_every_text_is_used():
    code = "\n".join(path.read_text("utf-8") for path in Path("pgi_analysis").rglob("*.py"))
    code += "\n".join(path.read_text("utf-8") for path in Path("notebooks").glob("*.ipynb"))
    code += "\n".join(path.read_text("utf-8") for path in Path("pgi_analysis").rglob("*.j2"))
    unused = [
        key
        for key in (key.removesuffix("_falls") for key in EN)
        if not re.search(rf"\b{re.escape(key.split('.')[-1])}\b", code)
        and not re.search(rf"{key.split('.')[0]}\.{{", code)
        and not re.search(rf"{key.rpartition('_')[0]}_{{", code)
    ]
    assert not unused


GOLDEN = Path(__file__).parent / "golden"
#: a plan of several years, with targets of every kind, on synthetic figures
SEVERAL_YEARS = "song-xanh-2024-2026"
#: plans on 34 provinces: of one that goes on, of one that ended, and of one that was formed
MERGED = ("lang-son-2024-2026", "tuyen-quang-2024", "tuyen-quang-2026")
#: the plans on synthetic figures, and where they are
EXAMPLES = dict.fromkeys(MERGED, "examples/thirty-four-provinces")
EXAMPLES[SEVERAL_YEARS] = "examples/three-year-plan"


@cache
def found(plan: str, quarter: str) -> SimpleNamespace:
    """Find out all that is told of a plan at a quarter, once for both languages."""
    ds = pgi.load(EXAMPLES.get(plan, "data"), plan=plan).at(quarter)
    projection = pgi.project(ds)
    scorecard = pgi.scorecard(ds)
    return SimpleNamespace(
        ds=ds,
        gap=pgi.gap(ds),
        trend=pgi.trend(ds),
        projection=projection,
        ranks=pgi.ranks(ds),
        parent=pgi.parent(ds),
        scorecard=scorecard,
        levels=pgi.levels(ds, scorecard),
        verdicts=pgi.assess(ds),
        changes=pgi.changes(ds, projection=projection),
        tasks=pgi.tasks(ds),
        calendar=pgi.calendar(ds),
        predecessors=pgi.predecessors(ds),
    )


def everything_said(of: SimpleNamespace, language: str) -> list[str]:
    """Say all that the pages say, a sentence a line."""
    voice = Voice(of.ds, language)
    pages = ("quarterly_report", "gap", "trend", "projection")
    whole = (of.gap, of.projection, of.ranks, of.parent, of.trend, of.tasks)

    def said(name: str, *verbs: str) -> list[str]:
        return [line for verb in verbs for line in tell(getattr(of, name), verb, voice)]

    letter = draft.written(voice, found=of)
    written = [*letter.left, *letter.right, letter.kind, letter.subject, letter.to]
    for _, part in [*letter.body, *letter.annex]:
        table = not isinstance(part, str)
        written += [" | ".join(row) for row in [part, *part.to_numpy()]] if table else [part]
    written += [*letter.recipients, *letter.signer]
    chapters = {
        "title": [*(report.title(page, voice) for page in pages), *report.opening(voice)],
        "area": [*report.standing(voice), *said("predecessors", "caveats")],
        "report": report.answer(*whole, voice),
        "answers": [
            *said("gap", "answer", "doubtful"),
            tell(of.gap, "table_note", voice),
            *said("trend", "answer"),
            *said("projection", "answer"),
        ],
        "gap": said("gap", "total", "sentences"),
        "trend": said("trend", "sentences", "national"),
        "projection": said("projection", "sentences"),
        "reasons": said("projection", "reasons"),
        "joint": said("projection", "together"),
        "ranks": said("ranks", "answer"),
        "parent": said("parent", "answer"),
        "levels": said("levels", "answer"),
        "scorecard": said("scorecard", "answer"),
        "assessment": [
            report.title("assessment", voice),
            *tell(of.verdicts, "answer", voice, of.projection),
            *tell(of.verdicts, "sentences", voice, of.projection),
            *said("verdicts", "legend", "special", "worth"),
        ],
        "record": said("projection", "track_record", "full_record"),
        "changes": said("changes", "answer"),
        "tasks": said("tasks", "answer", "decisions", "caveats"),
        "calendar": said("calendar", "answer"),
        "captions": [
            tell(getattr(of, name), "caption", voice)[0] for name in ("gap", "trend", "projection")
        ],
        "caveats": [
            *said("gap", "caveats"),
            *said("trend", "caveats"),
            *said("projection", "caveats"),
            *report.breaks(voice),
        ],
        "methods": [
            *said("gap", "methods"),
            *said("trend", "methods"),
            *said("projection", "methods"),
            *said("ranks", "methods"),
        ],
        "draft": [line.translate({0xFDD0: "[", 0xFDD1: "]"}) for line in written],
    }
    return [line for name, lines in chapters.items() for line in (f"[{name}]", *lines, "")]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    ("plan", "quarter"),
    [
        ("lang-son-transport-2024", "2024Q1"),
        ("lang-son-transport-2024", "2024Q4"),
        ("lang-son-transport-2024", "2025Q2"),
        ("gia-lai-2024", "2025Q2"),
        ("ninh-thuan-2024", "2024Q4"),
        (SEVERAL_YEARS, "2025Q3"),
        *((plan, "2026Q2") for plan in MERGED),
    ],
)
def test_pages_say_what_they_said(plan, quarter, language):
    """Sentences as they were read and approved; UPDATE_GOLDEN=1 writes them anew, to be read."""
    file = GOLDEN / f"{plan}-{quarter}-{language}.txt"
    said = "\n".join(everything_said(found(plan, quarter), language)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(said, "utf-8")
    assert said == file.read_text("utf-8")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "plan",
    ["lang-son-transport-2024", "gia-lai-2024", "ninh-thuan-2024", SEVERAL_YEARS, *MERGED[1:]],
)
@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q1", "2024Q4", "2025Q2", "2026Q4"])
def test_nothing_is_left_blank_whatever_the_quarter(plan, quarter, language):
    of = found(plan, quarter)
    voice = Voice(of.ds, language)
    sentences = [
        *(line for line in everything_said(of, language) if line and not line.startswith("[")),
        *report.sources(voice),
        *tell(of.gap, "total", voice),
        *tell(of.projection, "fans_caption", voice),
    ]
    for text in sentences:
        assert text.strip() == text
        assert not re.search(r"\bnan\b|NaN|None|<NA>|\{|\}|  ", text), text
    shown = [
        *(tell(one, "table", voice) for one in vars(of).values() if one is not of.ds),
        report.table(of.gap, of.projection, of.ranks, voice),
        tell(of.verdicts, "table", voice, of.projection),
        tell(of.verdicts, "list_table", voice),
    ]
    for table in shown:
        cells = " ".join(map(str, table.to_numpy().ravel()))
        assert not re.search(r"\bnan\b|NaN|None|<NA>|NaT", cells), cells


@pytest.mark.parametrize(
    ("probability", "vi", "en"),
    [
        (1.0, "chắc chắn đạt", "certain"),
        (0.995, "gần như chắc chắn đạt", "virtually certain"),
        (0.9, "rất nhiều khả năng đạt", "very likely"),
        (0.66, "nhiều khả năng đạt", "likely"),
        (0.5, "chưa chắc chắn đạt", "about as likely as not"),
        (0.33, "chưa chắc chắn đạt", "about as likely as not"),
        (0.32, "khó đạt", "unlikely"),
        (0.08, "rất khó đạt", "very unlikely"),
        (0.005, "gần như không thể đạt", "exceptionally unlikely"),
        (0.0, "không thể đạt", "impossible"),
    ],
)
def test_the_likelihood_scale_is_the_ipcc_s(probability, vi, en):
    assert Voice(None, "vi").likelihood(probability) == vi
    assert Voice(None, "en").likelihood(probability) == en


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


def test_a_zero_stands_before_days_below_ten_and_the_first_two_months_alone():
    """Decree 30/2020/NĐ-CP, Annex I.II.4.b."""
    from datetime import date

    days = date(2024, 7, 12), date(2025, 5, 6), date(2024, 9, 15), date(2025, 2, 20)
    written = ["12/7/2024", "06/5/2025", "15/9/2024", "20/02/2025"]
    assert [day(one, "vi") for one in days] == written


def test_an_unknown_language_is_refused(ds):
    with pytest.raises(pgi.InputError, match=r"no language «fr»\. Known are: vi, en"):
        Voice(ds, "fr")


def test_a_deadline_before_the_plan_says_so(ds):
    voice = Voice(ds.at("2024Q1"), "vi")
    parent = "sớm hơn ngày ban hành Kế hoạch số 163/KH-UBND (12/7/2024) mà kế hoạch này thực hiện."
    assert report.opening(voice)[1].endswith(parent)
    own = replace(ds.plan, about=ds.plan.about | {"issued": date(2024, 8, 1)})
    voice = Voice(replace(ds, plan=own).at("2024Q1"), "vi")
    assert report.opening(voice)[1].endswith("sớm hơn ngày ban hành kế hoạch này (01/8/2024).")


def test_several_years_ahead_the_pace_and_the_way_there_are_told(ds):
    longer = ds.plan.targets.assign(target_period=2026)
    later = replace(ds, plan=replace(ds.plan, targets=longer)).at("2024Q4")
    voice = Voice(later, "vi")
    gap = tell(pgi.gap(later), "sentences", voice)[0]
    assert gap.endswith("của năm 2026, tức cần tăng 0,58 điểm mỗi năm.")
    projected = tell(pgi.project(later), "sentences", voice)[0]
    assert re.search(r"Khả năng đạt vào một năm nào đó đến hết năm 2026: khoảng \d+%\.$", projected)


@pytest.mark.parametrize(
    ("rank", "areas", "mean", "told"),
    [
        (26, 7, 21.2, True),  # a middle rank of 63, few areas, their mean above its score
        (25, 7, 21.2, False),  # not in the middle
        (38, 56, 21.2, False),  # nearly all areas are known, whose mean is what it is
        (37, 56, 21.2, True),
        (30, 7, 21.0, False),  # not above
    ],
)
def test_a_mean_of_leaders_is_said_to_be_high(ds, rank, areas, mean, told):
    """Of 63 areas: ranks from .4 to .6 of them are in the middle; above .9 nearly all are known."""
    published = ds.national.iloc[[0]].assign(
        indicator="total", period=2023, statistic="value_at_rank", rank=rank, value=21.0
    )
    every = 63 if rank != 37 else 70
    known = replace(
        ds, national=published, areas=ds.areas.iloc[[0] * every].assign(area=range(every))
    )
    scores = pd.DataFrame({2023: [mean - 1, mean + 1] + [mean] * (areas - 2)})
    assert bool(biased("total", scores, Voice(known, "en"))) == told


@pytest.mark.parametrize(
    ("status", "mean", "told"),
    [
        ("published", 21.2, ["published mean of the country (21.00)"]),
        ("derived", 21.2, ["published mean of the country (21.00)"]),
        ("published", 20.9, []),  # not above, whatever the middle rank says
        ("doubtful", 21.2, ["score at rank 30 of 63 (20.50)"]),  # a doubtful one is not held up
    ],
)
def test_a_published_mean_is_what_the_known_areas_are_held_against(ds, status, mean, told):
    published = ds.national.iloc[[0, 0, 0]].assign(
        indicator="total",
        period=2023,
        statistic=["value_at_rank", "mean", "mean"],
        rank=[30, pd.NA, pd.NA],
        value=[20.5, 21.0, 19.0],
        status=["published", status, "published"],
        released=pd.to_datetime(["2024-05-09", "2024-05-09", "2024-05-01"]),  # the newest counts
    )
    known = replace(ds, national=published)
    scores = pd.DataFrame({2023: [mean - 1, mean + 1, mean]})
    said = biased("total", scores, Voice(known, "en"))
    assert len(said) == len(told)
    assert all(piece in line for piece, line in zip(told, said, strict=True))
    vietnamese = " ".join(biased("total", scores, Voice(known, "vi")))
    assert ("điểm trung bình cả nước đã công bố (21,00)" in vietnamese) == (
        bool(told) and status != "doubtful"
    )


def test_what_notebooks_tell_is_among_the_golden_texts():
    """A verb that a page of the report uses, and `everything_said` does not, would go unread."""
    golden = inspect.getsource(everything_said)
    told = {
        verb
        for page in NOTEBOOKS
        for cell in nbformat.read(f"notebooks/{page}.ipynb", 4).cells
        for verb in re.findall(r'page\.(?:text|points)\(\w+, "(\w+)"', cell.source)
    }
    assert {"national", "together", "reasons", "worth"} <= told
    assert not {verb for verb in told if f'"{verb}"' not in golden}

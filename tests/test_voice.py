"""How a voice names areas, probabilities, places and plans, as an office writes them."""

import re
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from test_wording import everything_said, found

import pgi_analysis as pgi
from pgi_analysis.charts import Picture
from pgi_analysis.language import percent
from pgi_analysis.notebook import Page
from pgi_analysis.text import report, tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"
GRID = [i / 1000 for i in range(1001)]


@pytest.mark.parametrize(
    ("area", "vi", "en"),
    [
        ("Lạng Sơn", "tỉnh Lạng Sơn", "Lạng Sơn Province"),
        ("Hải Phòng", "thành phố Hải Phòng", "Hải Phòng City"),
        ("Thừa Thiên Huế", "thành phố Huế", "Huế City"),  # so since 1 January 2025
        ("Hồ Chí Minh", "Thành phố Hồ Chí Minh", "Hồ Chí Minh City"),  # after a person
    ],
)
def test_areas_are_named_in_full(ds, area, vi, en):
    """Decree 30/2020/NĐ-CP, Annex I.II.4.a."""
    assert [Voice(ds, language).full(area) for language in ("vi", "en")] == [vi, en]


def test_every_area_has_a_kind(ds):
    for year, kinds in ((2022, {"tỉnh": 58, "thành phố": 5}), (2025, {"tỉnh": 28, "thành phố": 6})):
        day = ds.map_day(year)
        rows = [ds.descent.row(area, day) for area in ds.descent.on(day)]
        assert pd.DataFrame(rows)["kind_vi"].str.casefold().value_counts().to_dict() == kinds


def test_without_kinds_or_with_them_in_the_name_the_name_stands_bare(ds, data_dir, tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(data_dir, folder)
    table = pd.read_csv(folder / "areas.csv", dtype=str)
    table.drop(columns=["kind_vi", "kind_en"]).to_csv(folder / "areas.csv", index=False)
    older = pgi.load(folder, plan=PLAN).at("2025Q2")
    assert Voice(older, "vi").full("Lạng Sơn") == "Lạng Sơn"
    assert tell(pgi.gap(older), "answer", Voice(older, "vi"))[0].startswith("Năm 2024, Lạng Sơn ")
    named = ds.areas.assign(name_vi="Tỉnh " + ds.areas["name_vi"])
    assert replace(ds, areas=named).full_name("Lạng Sơn", "vi") == "Tỉnh Lạng Sơn"


@pytest.mark.parametrize("plan", [PLAN, "gia-lai-2024", "ninh-thuan-2024"])
def test_no_kind_of_area_stands_twice(plan):
    said = "\n".join(everything_said(found(plan, "2025Q2"), "vi"))
    assert not re.search(r"\b(tỉnh|thành phố) (tỉnh|thành phố)\b", said, re.IGNORECASE)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_words_and_number_of_a_probability_agree(language):
    """The word is that of the number written, so a reader can look it up on the scale."""
    for rough in (False, True):
        voice, words = Voice(None, language, rough=rough), {}
        for p in GRID:
            words.setdefault(voice.chance(p), set()).add(voice.likelihood(p))
        assert all(len(some) == 1 for some in words.values()), words
    about = {"vi": "khoảng", "en": "about"}[language]
    steps = {f"{about} {5 * i}%" for i in range(1, 20)}
    ends = {"vi": {"dưới 5%", "trên 95%"}, "en": {"below 5%", "above 95%"}}[language]
    assert set(words) == steps | ends | {"0%", "100%"}
    assert {Voice(None, language).chance(p) for p in GRID[10:-10]} == {
        percent(p / 100) for p in range(1, 100)
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_from_one_edition_no_probability_is_told_to_the_per_cent(language):
    of = found(PLAN, "2024Q4")
    voice = Voice(of.ds, language)
    assert of.projection.pending["prior_only"].all()
    sentences = [
        *report.answer(of.gap, of.projection, of.ranks, of.parent, of.trend, of.tasks, voice),
        *(tell(of.projection, verb, voice) for verb in ("caption", "fans_caption")),
        *tell(of.projection, "answer", voice),
        *tell(of.projection, "sentences", voice),
        *tell(of.projection, "together", voice),
        *tell(of.verdicts, "sentences", voice, of.projection),
        *tell(found(PLAN, "2025Q2").changes, "answer", voice),
    ]
    tables = [
        report.table(of.gap, of.projection, of.ranks, voice),
        *(tell(of.projection, verb, voice) for verb in ("table", "own_rise_table")),
        tell(pgi.what_if(of.projection, own_rise=0.3), "table", voice),
        tell(of.verdicts, "table", voice, of.projection),
        tell(found(PLAN, "2025Q2").scorecard, "table", voice),
    ]
    cells = [cell for table in tables for cell in table.to_numpy().ravel()]
    texts = [cell.text if isinstance(cell, Picture) else cell for cell in [*sentences, *cells]]
    told = re.findall(r"(\d+)(?:%| (?:trong|of) 100\b)", " ".join(map(str, texts)))
    assert len(told) > 50
    edge = 33  # of the scale of words
    assert not [number for number in map(int, told) if number % 5 and number != edge]


def standing(**about):
    row = {"indicator": "s1", "area": "Lạng Sơn", "last_period": 2024}
    return SimpleNamespace(**row | about)


@pytest.mark.parametrize(
    ("place", "n_known", "vi", "en"),
    [
        (29, 29, "thấp nhất trong 29", "the lowest of 29"),
        (1, 29, "cao nhất trong 29", "the highest of 29"),
        (28, 29, "", ""),
        (2, 29, "", ""),
        (28, 30, "đứng thứ 28 trong 30", "number 28 of 30"),
        (1, 1, "", ""),
        (pd.NA, 40, "", ""),
    ],
)
def test_a_place_among_few_known_areas_is_told_at_its_ends_alone(ds, place, n_known, vi, en):
    row = standing(place=place, n_known=n_known)
    assert [Voice(ds, language).place(row) for language in ("vi", "en")] == [vi, en]


def test_a_place_counts_where_all_areas_are_known_and_where_lower_is_better(ds):
    few = replace(ds, areas=ds.areas.head(11))
    assert Voice(few, "en").place(standing(place=3, n_known=11)) == "number 3 of 11"
    assert Voice(None, "en").place(standing(place=3, n_known=11)) == "number 3 of 11"
    turned = replace(ds, indicators=ds.indicators.assign(direction=-1))
    assert Voice(turned, "en").place(standing(place=1, n_known=7)) == "the lowest of 7"


def test_the_published_rank_stands_with_the_total_and_no_place_beside_it():
    of = found(PLAN, "2024Q4")
    voice = Voice(of.ds, "vi")
    assert "(xếp thứ 62/63 cả nước)" in tell(of.gap, "total", voice)[0]
    assert tell(of.trend, "sentences", voice)[-1] == "Tổng điểm PGI: 17,33 điểm năm 2023."
    assert tell(of.gap, "table", voice)["Hạng"].to_list() == ["–"] * 4 + ["62/63"]


def test_nothing_done_and_nothing_known_are_told_apart():
    of = found(PLAN, "2024Q4")
    voice = Voice(of.ds, "vi")
    share = "Tỷ lệ thực hiện mức thay đổi theo kế hoạch"
    assert set(tell(of.gap, "table", voice)[share]) == {"–"}
    assert tell(of.gap, "table_note", voice).endswith(
        "ghi “–” ở chỉ số chưa có kết quả sau năm gốc."
    )
    later = found(PLAN, "2025Q2")
    assert tell(later.gap, "table", voice)[share].iloc[0] == "6%"
    assert tell(later.gap, "table_note", voice) == ""


def test_the_pace_a_year_is_told_where_it_is_not_the_gap(ds):
    assert "Cần thay đổi mỗi năm" not in tell(found(PLAN, "2024Q4").gap, "table", Voice(ds, "vi"))
    longer = ds.plan.targets.assign(target_period=2026)
    later = replace(ds, plan=replace(ds.plan, targets=longer)).at("2024Q4")
    assert (
        tell(pgi.gap(later), "table", Voice(later, "vi"))["Cần thay đổi mỗi năm"].iloc[0] == "+0,58"
    )


def test_where_lower_is_better_a_score_is_too_high(ds):
    targets = ds.plan.targets.assign(target=3.0)
    turned = replace(
        ds,
        indicators=ds.indicators.assign(direction=-1),
        plan=replace(ds.plan, targets=targets.query("indicator != 'total'")),
    ).at("2024Q4")
    voice, gaps = Voice(turned, "vi"), pgi.gap(turned)
    assert "còn cao hơn mục tiêu năm 2024; xa nhất là" in tell(gaps, "answer", voice)[0]
    assert "(cao hơn mục tiêu 1,84 điểm)" in tell(gaps, "answer", voice)[0]
    assert tell(gaps, "table", voice)["So với mục tiêu"].iloc[0] == "cao\u00a0hơn\u00a01,84"


def test_a_figure_without_data_is_not_drawn(capsys):
    of = found(PLAN, "2024Q1")
    page = Page(of.ds, "vi")
    page.figure(of.gap)
    page.figure(of.trend)
    page.figure(of.projection)
    assert capsys.readouterr().out == ""


def with_plan(ds, **about):
    return Voice(replace(ds, plan=replace(ds.plan, about={**ds.plan.about, **about})), "vi")


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("Kế hoạch nâng cao PCI giai đoạn 2024-2025", "Kế hoạch nâng cao PCI"),
        ("Kế hoạch nâng cao PCI", "Kế hoạch nâng cao PCI"),
        ("Kế hoạch năm 2024 nâng cao PCI", "Kế hoạch năm 2024 nâng cao PCI"),  # nothing is left
    ],
)
def test_a_report_is_named_after_its_plan_without_the_years(ds, title, named):
    said = report.title("quarterly_report", with_plan(ds.at("2024Q3"), title_vi=title))
    assert said == f"Báo cáo kết quả thực hiện {named} quý III năm 2024"


@pytest.mark.parametrize(
    ("about", "cited"),
    [
        ({}, "Kế hoạch số 163/KH-UBND ngày 12/7/2024 của UBND tỉnh Lạng Sơn về cải thiện"),
        (
            {"carries_out": {"number": "5/NQ-HĐND", "title_vi": "Nghị quyết về môi trường"}},
            "Nghị quyết về môi trường (số 5/NQ-HĐND), ",
        ),
        ({"carries_out": {"number": "7/KH-UBND"}}, "Kế hoạch số 7/KH-UBND, "),
        (
            {"carries_out": {}, "number": "9/KH-SGTVT", "issued": "2024-08-02"},
            "Kế hoạch số 9/KH-SGTVT ngày 02/8/2024 về cải thiện, nâng cao",
        ),
        ({"carries_out": {}}, "Kế hoạch cải thiện, nâng cao chỉ số xanh cấp tỉnh (PGI) năm 2024"),
    ],
)
def test_a_plan_is_cited_by_what_is_known_of_it(ds, about, cited):
    said = report.opening(with_plan(ds.at("2024Q3"), **about), leads=True)[0]
    assert said.startswith(f"Thực hiện {cited}")
    assert said.endswith(
        ", Sở Giao thông vận tải tỉnh Lạng Sơn báo cáo kết quả thực hiện quý III năm 2024 như sau:"
    )


@pytest.mark.parametrize("quarter", ["2024Q4", "2025Q2"])
def test_a_report_names_no_foreign_index_and_no_weather(quarter):
    """A province's report does not rest on indices of freedom or corruption; its methods may."""
    of = found(PLAN, quarter)
    kept = {"assessment": False, "record": False}
    said, chapter = [], ""
    for line in everything_said(of, "vi"):
        chapter = line.strip("[]") if line.startswith("[") else chapter
        said += [line] if kept.get(chapter, True) else []
    said += tell(of.projection, "track_record", Voice(of.ds, "vi"))
    whole = "\n".join(said).replace("Độc lập - Tự do - Hạnh phúc", "")  # the head of a letter
    assert not re.search(r"Tự do|Tham nhũng|CPI|HFI|thời tiết|tiên nghiệm|bảng:", whole)

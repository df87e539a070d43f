"""A data folder without ballast: what it may leave out, and what is said of it then."""

import re
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.data import FAMILIES
from pgi_analysis.data.composites import with_composite_scores, with_composites
from pgi_analysis.language import LANGUAGES
from pgi_analysis.panel.families import families
from pgi_analysis.results import Result
from pgi_analysis.text import has, report, tell
from pgi_analysis.voice import Voice

AREAS = [f"Area{letter}" for letter in "KLMNOP"]
YEARS = range(2016, 2024)


def write(folder: Path, file: str, table: pd.DataFrame | str) -> None:
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(table if isinstance(table, str) else table.to_csv(index=False), "utf-8")


def scores(periods=YEARS, areas=AREAS, indicators=("air", "water")) -> pd.DataFrame:
    """Synthetic scores that move on, each area on a level of its own."""
    rows = [
        (area, name, period, round(30 + 5 * a + 7 * i + 1.1 * p + (3 * a + 5 * p + i) % 4 / 2, 1))
        for a, area in enumerate(areas)
        for i, name in enumerate(indicators)
        for p, period in enumerate(periods)
    ]
    return pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])


@pytest.fixture
def minimal(tmp_path) -> Path:
    """Indicators, scores and a plan, with no more than they need."""
    folder = tmp_path / "folder"
    write(folder, "index.toml", "released = 2024-06-30\n")
    names = "indicator,name_en,direction\nair,Clean air,1\nwater,Clean water,1\n"
    write(folder, "indicators.csv", names)
    write(folder, "scores.csv", scores())
    write(folder, "plans/aim/plan.toml", 'area = "AreaM"\n')
    write(folder, "plans/aim/targets.csv", "indicator,target,target_period\nair,60,2026\n")
    return folder


def everything(ds: pgi.Dataset, language: str) -> str:
    """All that a report says of a dataset with a plan."""
    voice = Voice(ds, language)
    projected = pgi.project(ds)
    found: list[Result] = [pgi.gap(ds), pgi.trend(ds), projected, pgi.changes(ds), pgi.tasks(ds)]
    found += [pgi.calendar(ds), pgi.levels(ds, pgi.scorecard(ds)), pgi.ranks(ds)]
    lines = [report.title(page, voice) for page in ("quarterly_report", "gap", "trend")]
    lines += [*report.opening(voice), *report.sources(voice), report.folder_title(voice)]
    lines += [report.about(page, voice) for page in ("quarterly_report", "trend")]
    for one in found:
        for verb in ("answer", "sentences", "caveats", "methods"):
            lines += tell(one, verb, voice) if has(one, verb) else []
        table = tell(one, "table", voice)
        lines += [*map(str, table.columns), *table.astype(str).to_numpy().ravel()]
    verdicts = pgi.assess(ds)
    lines += tell(verdicts, "answer", voice, projected)
    return "\n".join(lines)


def test_indicators_and_scores_are_enough(minimal):
    ds = pgi.load(minimal, plan="aim")
    assert ds.areas["area"].tolist() == AREAS
    assert ds.releases["period"].tolist() == list(YEARS)
    assert set(ds.scores["status"]) == {"published"}
    assert set(ds.scores["released"].dt.date) == {date(2024, 6, 30)}
    assert ds.language == "en"
    assert len(pgi.project(ds.at("2024Q3")).pending.table) == 1


def test_a_report_knows_nothing_from_before_the_day_of_publication(minimal):
    ds = pgi.load(minimal, plan="aim")
    assert (len(ds.as_of("2024-06-29").scores), len(ds.as_of("2024-06-30").scores)) == (0, 96)


@pytest.mark.parametrize("own", ["edition", "score"])
def test_the_nearest_day_of_publication_counts(minimal, own):
    table = scores().assign(status=None)
    if own == "edition":
        editions = [f"{year},{year + 1}-03-01,no" for year in YEARS]
        write(minimal, "releases.csv", "\n".join(["period,released,series_break", *editions]))
    else:
        table["released"] = [f"{year + 1}-03-01" for year in table["period"]]
    write(minimal, "scores.csv", table)
    ds = pgi.load(minimal, plan="aim")
    assert (ds.scores["released"].dt.year == ds.scores["period"] + 1).all()
    known = ds.at("2020Q4")
    assert known.releases["period"].max() == known.scores["period"].max() == 2019


def test_without_any_day_of_publication_it_is_refused_with_the_way_out(minimal):
    (minimal / "index.toml").unlink()
    with pytest.raises(pgi.InputError, match=r"released = 2025-06-30") as caught:
        pgi.load(minimal, plan="aim")
    (fault,) = caught.value.faults
    assert (fault.file, fault.column, len(fault.rows)) == ("scores.csv", "released", 96)


def test_areas_of_two_spellings_are_one_and_said_to_be(minimal):
    table = scores()
    table.loc[table.index[:3], "area"] = "area k"
    write(minimal, "scores.csv", table.replace({"AreaL": "Area L"}))
    ds = pgi.load(minimal, plan="aim")
    assert len(ds.areas) == len(AREAS)
    assert [n.values["got"] for n in ds.notices if n.rule == "area.spelling"] == ["AreaK"]


def test_areas_that_may_be_one_are_pointed_at(minimal):
    table = scores()
    table.loc[(table["area"] == "AreaP") & (table["period"] > 2019), "area"] = "AreaPP"
    write(minimal, "scores.csv", table)
    notices = [one for one in pgi.load(minimal, plan="aim").notices if one.rule == "area.near"]
    assert [(one.file, one.values["got"], one.values["known"]) for one in notices] == [
        ("scores.csv", "AreaPP", "AreaP")
    ]


def test_a_workbook_has_a_sheet_for_what_holds_for_all(minimal, tmp_path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in ("indicators", "scores"):
        sheet = book.create_sheet(name)
        table = pd.read_csv(minimal / f"{name}.csv")
        for cells in [list(table.columns), *table.to_numpy(object).tolist()]:
            sheet.append(cells)
    for name, rows in {
        "index": [("released", date(2024, 6, 30)), ("area.plural_en", "towns")],
        "plan": [("area", "AreaM"), ("title_en", "Plan")],
    }.items():
        sheet = book.create_sheet(name)
        for cells in [("key", "value"), *rows]:
            sheet.append(cells)
    sheet = book.create_sheet("targets")
    for cells in [("indicator", "target", "target_period"), ("air", 60, 2026)]:
        sheet.append(cells)
    book.save(tmp_path / "book.xlsx")
    ds = pgi.load(tmp_path / "book.xlsx")
    assert ds.about == {"released": date(2024, 6, 30), "area": {"plural_en": "towns"}}
    assert len(ds.releases) == len(YEARS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_language_is_enough_and_stands_in_for_the_other(minimal, language):
    names = f"indicator,name_{language},direction\nair,Không khí,1\nwater,Nước,1\n"
    write(minimal, "indicators.csv", names)
    table = pd.DataFrame({f"name_{language}": AREAS, "code": range(len(AREAS))})
    write(minimal, "areas.csv", table)
    write(
        minimal,
        "plans/aim/actions.csv",
        f"action,indicator,task_{language},lead_unit_{language}\nn1,air,Việc,Phòng\n",
    )
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    assert ds.language == language
    for asked in LANGUAGES:
        assert ds.name("air", asked) == "Không khí"
        assert "Không khí" in everything(ds, asked)


def test_a_name_of_its_own_in_english_is_used_there(minimal):
    write(
        minimal,
        "areas.csv",
        pd.DataFrame({"name_vi": ["Đức", *AREAS], "name_en": ["Germany", *AREAS]}),
    )
    ds = pgi.load(minimal, plan="aim")
    assert [ds.area_name("Đức", language) for language in LANGUAGES] == ["Đức", "Germany"]


def test_the_language_is_the_first_that_all_names_have(minimal):
    assert pgi.load("data").language == "vi"
    write(minimal, "index.toml", 'released = 2024-06-30\nname_vi = "Chỉ số"\nname_en = "Index"\n')
    write(
        minimal,
        "indicators.csv",
        "indicator,name_vi,name_en,direction\nair,Khí,Air,1\nwater,,Water,1\n",
    )
    assert pgi.load(minimal, plan="aim").language == "en"


EXAMPLE = "examples/twelve-countries"
#: what is true of the panels that projections were tried on
RECORD = re.compile(r"PCI[^.]*?63 (provinces|tỉnh)|63 (provinces|tỉnh)[^.]*?PCI")
ENGLISH = r"(?i)\bprovinc\w*|\bPGI\b|quarter|sub-ind\w*|VCCI|\bareas?\b|Lạng"
VIETNAMESE = r"(?i)\btỉnh\b|PGI|chỉ số thành phần|VCCI|\bđịa phương\b|\bnăm (?=\d{2}/)|Lạng Sơn"


def test_the_words_of_an_index_of_countries_are_its_own():
    ds = pgi.load(EXAMPLE, plan="drovia-2030").at("2025")
    said = RECORD.sub("", everything(ds, ds.language))
    assert ds.language == "en"
    assert not re.findall(ENGLISH, said)
    assert "12 countries" in said
    assert "the country's own" in said


def test_the_words_of_a_monthly_folder_are_its_own():
    ds = pgi.load("examples/kpi-thang", plan="so-noi-vu-2025").at("2025Q4")
    said = RECORD.sub("", everything(ds, ds.language))
    assert ds.language == "vi"
    assert not re.findall(VIETNAMESE, said)
    assert "mỗi tháng" in said
    assert "tháng 12/2025" in said


def test_nouns_in_one_language_leave_the_other_general(minimal):
    write(
        minimal,
        "index.toml",
        'released = 2024-06-30\n[area]\nsingular_en = "town"\nplural_en = "towns"\n',
    )
    ds = pgi.load(minimal, plan="aim")
    assert Voice(ds, "en").say("plot.others") == "other towns"
    assert Voice(ds, "vi").say("plot.others") == "địa phương khác"
    assert Voice(pgi.load("data"), "en").say("about.trend").endswith("the province's own.")


def test_a_plan_reports_by_the_year():
    plan = pgi.load(EXAMPLE, plan="drovia-2030")
    rule = plan.require_plan().reporting
    assert str(rule.due(date(2025, 6, 1))) == "2025"
    assert plan.at("2025").vintage == date(2025, 12, 31)
    assert pgi.calendar(plan.at("2025"), quarters=2)["covers"].tolist() == ["2026", "2027"]
    assert str(pgi.changes(plan.at("2025")).before) == "2024"
    with pytest.raises(pgi.InputError, match="Write 2025, or rhythm"):
        plan.at("2025Q2")


@pytest.mark.parametrize(
    ("form", "last", "target", "kind"),
    [
        ("{year}-{part:02}", "2024-06", "2024-12", "month"),
        ("Q{part}/{year}", "Q4/2024", "Q4/2025", "quarter"),
        ("{year}H{part}", "2024H2", "2025H2", "half"),
        ("{year}/{next}", "2023/2024", "2025/2026", "financial"),
    ],
)
def test_periods_of_any_kind_count_as_steps(minimal, form, last, target, kind):
    steps = {"month": 12, "quarter": 4, "half": 2, "financial": 1}[kind]
    calendar = pgi.data.Calendar(kind, form)
    end = next(n for n in range(2000 * steps, 2030 * steps) if calendar.label(n) == last)
    written = [calendar.label(n) for n in range(end - 9, end + 1)]
    write(minimal, "index.toml", "released = 2025-02-01\n")
    write(minimal, "scores.csv", scores(written))
    write(minimal, "plans/aim/targets.csv", f"indicator,target,target_period\nair,70,{target}\n")
    ds = pgi.load(minimal, plan="aim")
    assert ds.calendar == calendar
    row = pgi.gap(ds).table.iloc[0]
    ahead = row["target_period"] - row["period"]
    assert (str(row["period"]), str(row["target_period"])) == (last, target)
    assert row["required_pace"] == pytest.approx(row["gap"] / ahead)
    plain = scores(written)
    aims = pd.DataFrame(
        {"area": ["AreaM"], "indicator": "air", "target": 70.0, "target_period": [target]}
    )
    own = pgi.project(ds).table.iloc[0]
    same = pgi.project(plain, pd.DataFrame(aims), direction=1).table.iloc[0]
    assert str(own["target_period"]) == str(same["target_period"]) == target
    assert pgi.trend(ds).table.iloc[0]["pace"] == pytest.approx(
        pgi.trend(plain, area="AreaM").table.iloc[0]["pace"]
    )
    assert own["median"] == pytest.approx(same["median"], abs=0.5)


def test_methods_made_for_years_rate_no_months():
    ds = pgi.load("examples/kpi-thang", plan="so-noi-vu-2025").at("2025Q4")
    found = pgi.assess(ds)
    assert set(found["rule"]) == {"not_yearly"}
    said = tell(found, "answer", Voice(ds, "en"), pgi.project(ds))
    assert said == [Voice(ds, "en").say("assess.none_yearly")]


def test_months_are_known_from_the_day_on_which_they_are_out():
    ds = pgi.load("examples/kpi-thang", plan="so-noi-vu-2025")
    newest = [
        str(pgi.gap(ds.at(quarter)).table["period"].iloc[0]) for quarter in ("2025Q1", "2025Q3")
    ]
    assert newest == ["02/2025", "08/2025"]


def test_a_single_area_is_projected_from_its_own_history(minimal):
    write(minimal, "scores.csv", scores(range(2010, 2024), areas=["AreaM"]))
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    row = pgi.project(ds).table.iloc[0]
    assert "own_history" in row["cautions"].split()
    assert 0 < row["p_met"] < 1
    said = everything(ds, "en")
    assert "each series is projected from its own history alone" in said
    found = pgi.project(ds)
    explained = tell(found, "reasons", Voice(ds, "en"))
    assert explained[0].startswith("Clean air: projected from")
    assert "own history" in explained[0]
    assert "shared by all" not in explained[0]
    assert tell(found, "track_record", Voice(ds, "en")) == []
    assert "share" not in " ".join(tell(found, "methods", Voice(ds, "en")))
    levels = pgi.levels(ds, pgi.scorecard(ds))
    assert len(levels.table)
    assert "share" not in " ".join(tell(levels, "answer", Voice(ds, "en")))
    assert "Common part" not in tell(levels, "table", Voice(ds, "en"))


DEEP = pd.DataFrame(
    {
        "indicator": ["all", "nature", "people", "air", "water", "school"],
        "part_of": [None, "all", "all", "nature", "nature", "people"],
        "weight": [None, 2.0, 1.0, 0.5, 0.5, 1.0],
    }
)


def test_composites_of_composites_are_summed_level_by_level():
    """By hand: nature = (4 + 6) / 2 = 5, people = 3, all = 2·5 + 3 = 13."""
    known = {"air": 4.0, "water": 6.0, "school": 3.0}
    day = pd.Timestamp("2024-01-01")
    table = pd.DataFrame(
        [("A", name, 2023, value, False, "published", day) for name, value in known.items()],
        columns=["area", "indicator", "period", "value", "series_break", "status", "released"],
    )
    for order in (DEEP, DEEP[::-1]):
        found = with_composite_scores(table, order).set_index("indicator")["value"]
        assert found[["nature", "people", "all"]].to_dict() == {"nature": 5, "people": 3, "all": 13}
    targets = pd.DataFrame(
        [(name, value, 2023, value + 1, 2026) for name, value in known.items()],
        columns=["indicator", "baseline", "baseline_period", "target", "target_period"],
    ).assign(target_upper=None, change=None, change_upper=None, relative=False)
    targets = targets.astype(dict.fromkeys(["target_upper", "change", "change_upper"], float))
    found = with_composites(targets, DEEP).set_index("indicator")["target"]
    assert found[["nature", "people", "all"]].to_dict() == {"nature": 6, "people": 4, "all": 16}


def test_units_digits_and_groups_are_said_once(minimal):
    write(
        minimal,
        "indicators.csv",
        "indicator,name_en,direction,unit,digits,group\nair,Clean air,1,days,0,Goal 1\n"
        "water,Clean water,1,,,Goal 2\n",
    )
    ds = pgi.load(minimal, plan="aim")
    assert ds.groups("vi") == {"air": "Goal 1", "water": "Goal 2"}
    voice = Voice(ds, "en")
    assert voice.about("air").amount(41.26) == "41 days"
    assert voice.about("water").amount(41.26) == "41.3"  # no scale, no unit: no points


def test_a_plan_of_targets_alone_says_nothing_of_tasks(minimal):
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    assert tell(pgi.tasks(ds), "answer", Voice(ds, "en")) == []
    assert "task" not in " ".join(report.opening(Voice(ds, "en")))
    later = pgi.load(minimal, plan="aim").at("2025Q3")
    (nothing,) = tell(pgi.changes(later), "answer", Voice(later, "en"))
    assert nothing.startswith("Nothing is new since")
    assert "task" not in nothing
    write(minimal, "plans/aim/actions.csv", "action,indicator,task_en,lead_unit_en\n")
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    assert "not been collected" in " ".join(tell(pgi.tasks(ds), "answer", Voice(ds, "en")))


def test_a_plan_needs_no_title_agency_or_source(minimal):
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    voice = Voice(ds, "en")
    assert report.title("quarterly_report", voice) == "Report on the targets of AreaM: Q3 2024"
    assert report.opening(voice)[0] == "This is the report on the targets of AreaM: Q3 2024."
    assert report.sources(voice) == ["The data folder names no source."]


def test_the_command_takes_the_language_of_the_folder(pgi_command, minimal, tmp_path):
    code, out, err = pgi_command("report", "--data", minimal, "--dry-run", "--quarter", "2024Q3")
    assert (code, err) == (0, "")
    assert out.startswith("aim 2024Q3 en")
    shutil.copytree(minimal / "plans/aim", minimal / "plans/other")
    code, out, _ = pgi_command("report", "--data", minimal, "--all", "--dry-run", "--lang", "vi")
    assert code == 0
    assert " vi " in out


def test_the_kinds_of_panel_are_those_that_the_projection_knows():
    assert set(FAMILIES) == set(families())


def test_the_folder_says_what_kind_of_panel_it_is(tmp_path):
    """The projection goes by it, unless it is asked for another."""
    home = Path("examples/twelve-countries")
    (name,) = pgi.plan_names(home)
    for kind in ("country_index", "smooth"):
        copy = shutil.copytree(home, tmp_path / kind)
        index = (home / "index.toml").read_text("utf-8")
        assert 'family = "generic"' in index
        (copy / "index.toml").write_text(index.replace("generic", kind), "utf-8")
        told, generic = (pgi.load(one, plan=name) for one in (copy, home))
        assert (told.family, generic.family) == (kind, "generic")
        asked = pgi.project(generic, family=kind).table
        pd.testing.assert_frame_equal(pgi.project(told).table, asked)
    (copy / "index.toml").write_text(index.replace("generic", "countries"), "utf-8")
    with pytest.raises(pgi.InputError, match=r"index\.toml, family: .*country_index"):
        pgi.load(copy)


@pytest.fixture
def monthly(minimal) -> Path:
    """A folder of one office by the month, as `pgi init` writes it, with two target months."""
    months = [f"{year}-{month:02}" for year in (2023, 2024) for month in range(1, 13)]
    write(minimal, "index.toml", "released = 2025-01-10\n")
    write(minimal, "scores.csv", scores(months, areas=["AreaM"]))
    aims = "indicator,target,target_period\nair,70,2025-03\nair,75,2025-06\nwater,80,2025-06\n"
    write(minimal, "plans/aim/targets.csv", aims)
    return minimal


def test_a_period_is_written_as_the_language_writes_its_kind(monthly):
    ds = pgi.load(monthly, plan="aim").at("2025Q1")
    said = everything(ds, "vi")
    assert "tháng 12/2024" in said
    assert "tháng 06/2025" in said
    assert not re.findall(r"\d{4}-\d{2}\b", said)
    assert not re.findall(r"\d{4}-\d{2}\b", english := everything(ds, "en"))
    assert "Dec 2024" in english
    quarter = pgi.data.Calendar("quarter", "{year}Q{part}").period(8096)
    assert Voice(ds, "vi").fill("page.since", {"change": "", "when": "quý", "since": quarter}) == (
        " so với quý I/2024"
    )


def test_a_month_heads_its_targets_and_names_its_tables(monthly):
    ds = pgi.load(monthly, plan="aim").at("2025Q1")
    month = ds.calendar.period(int(ds.plan.targets["target_period"].max()))
    voice = Voice(ds, "vi")
    assert voice.say("page.year_targets", year=month) == "Mục tiêu tháng 06/2025"
    assert report.caption(f"gap-{report.of_period(month)}", voice).endswith(", tháng 06/2025")
    assert "/" not in report.of_period("06/2025")


def test_what_came_out_on_one_day_is_told_at_once(monthly):
    ds = pgi.load(monthly, plan="aim").at("2025Q1")
    said = tell(pgi.changes(ds), "answer", Voice(ds, "vi"))
    assert said[1:3] == [
        "Kết quả các tháng 01/2023 đến 12/2024 được công bố ngày 10/01/2025.",
        "Đã có kết quả các tháng 01/2023 đến 12/2024 của 02 chỉ số.",
    ]


def test_a_single_area_shares_nothing_in_the_words_on_methods_either(monthly):
    ds = pgi.load(monthly, plan="aim").at("2025Q1")
    results = [pgi.project(ds), pgi.project(ds, model="random_walk"), pgi.trend(ds)]
    for language, shared in (("vi", "mọi địa phương"), ("en", "all areas")):
        told = [tell(found, "methods", Voice(ds, language)) for found in results]
        assert shared not in str(told)


@pytest.mark.parametrize(
    ("unit", "language", "called", "not_called"),
    [
        ("%", "vi", "số liệu", r"(?<!hai )\bđiểm\b(?! phần trăm)"),
        ("%", "en", "figure", r"\bscore"),
        ("điểm", "vi", "chưa có điểm", "chưa có số liệu"),
        ("points", "en", "with scores", "with figures"),
    ],
)
def test_what_has_a_unit_of_its_own_is_no_score(minimal, unit, language, called, not_called):
    names = (
        f"indicator,name_en,unit,direction\nair,Clean air,{unit},1\nwater,Clean water,{unit},1\n"
    )
    write(minimal, "indicators.csv", names)
    ds = pgi.load(minimal, plan="aim").at("2024Q2").at("2024Q3")
    said = RECORD.sub("", everything(ds, language))
    assert called in said
    assert not [line for line in said.splitlines() if re.search(not_called, line)]


def test_a_row_tells_of_when_its_figure_is_where_rows_differ(minimal):
    table = scores()
    old = (table["area"] == "AreaM") & (table["indicator"] == "water") & (table["period"] == 2023)
    write(minimal, "scores.csv", table[~old])
    aims = "indicator,target,target_period\nair,60,2026\nwater,70,2026\n"
    write(minimal, "plans/aim/targets.csv", aims)
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    results = pgi.gap(ds), pgi.project(ds), pgi.ranks(ds)
    shown = report.table(*results, Voice(ds, "en"))
    told = shown.iloc[:, 2]
    assert [cell.rpartition(" ")[2] for cell in told] == ["(2023)", "(2022)"]


def test_a_source_begins_as_a_sentence_does_and_a_file_as_it_is_called(minimal):
    write(minimal, "index.toml", 'released = 2024-06-30\nsource = "own survey; kpi.xlsx"\n')
    ds = pgi.load(minimal, plan="aim").at("2024Q3")
    assert report.sources(Voice(ds, "en")) == ["Own survey", "kpi.xlsx"]


def test_a_report_leads_in_only_where_it_follows(ds, minimal):
    """The sentence «as follows» stands before the report alone, and a title is not said twice."""
    at = ds.at("2024Q4")
    assert report.opening(Voice(at, "vi"), leads=True)[0].endswith("như sau:")
    assert "như sau" not in report.opening(Voice(at, "vi"))[0]
    untitled = Voice(pgi.load(minimal, plan="aim").at("2024Q3"), "vi")
    assert report.opening(untitled, leads=True)[0] == ""
    assert "AreaM" in report.opening(untitled)[0]

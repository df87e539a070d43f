"""Plain tables of any index: in Python and on the command line, by the rules that plans go by."""

import io
import re
from functools import partial

import numpy as np
import openpyxl
import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.text import tell

PANEL = pd.DataFrame(
    {
        "area": ["A"] * 3 + ["B"] * 3 + ["C"] * 4,
        "indicator": "co2",
        "period": [2022, 2023, 2024] * 2 + [2022, 2023, 2024, 2026],
        "value": [10.0, 9.0, 8.0, 12.0, 11.0, 9.0, 7.0, 6.0, 5.0, 4.0],
    }
)
TARGETS = pd.DataFrame(
    {
        "area": ["A", "B", "C"],
        "indicator": "co2",
        "baseline_period": 2022,
        "target": [6.0, 5.0, 4.5],
        "target_period": [2025, 2026, 2024],
        "direction": -1,
    }
)


def test_gaps_by_hand():
    table = pgi.gap(PANEL, TARGETS).table.set_index("area")
    assert table["value"].to_dict() == {"A": 8.0, "B": 9.0, "C": 5.0}
    assert table["gap"].to_dict() == {"A": 2.0, "B": 4.0, "C": 0.5}
    assert table["baseline"].to_dict() == {"A": 10.0, "B": 12.0, "C": 7.0}
    assert table["progress"].round(4).to_dict() == {"A": 0.5, "B": 0.4286, "C": 0.8}
    assert table["required_pace"].loc["A"] == -2.0
    # the scores of 2026 are out, and B has none; C is over, and no later score counts
    assert table["state"].to_dict() == {"A": "open", "B": "unpublished", "C": "missed"}


def test_the_gaps_are_those_of_the_projection():
    gaps, projected = pgi.gap(PANEL, TARGETS.iloc[:1]), pgi.project(PANEL, TARGETS.iloc[:1])
    np.testing.assert_allclose(gaps["gap"], projected["gap"])
    assert list(gaps.table) == list(pgi.results.gaps.COLUMNS)


def test_a_plan_and_its_tables_have_the_same_gaps(ds):
    known = ds.at("2024Q4")
    plan = pgi.gap(known).table
    plan = plan[plan["stated"]]
    found = pgi.gap(
        known.panel(),
        plan[
            [
                "area",
                *"indicator target target_period".split(),
                "baseline",
                "baseline_period",
                "direction",
            ]
        ],
    )
    same = "area indicator value baseline target gap progress required_pace state".split()
    pd.testing.assert_frame_equal(
        found.table[same], plan[same].reset_index(drop=True), check_dtype=False
    )


def test_a_target_from_before_a_break_is_not_compared():
    broken = PANEL.assign(series_break=PANEL["period"].eq(2024) & PANEL["area"].eq("A"))
    row = pgi.gap(broken, TARGETS.iloc[:1]).table.iloc[0]
    assert row["state"] == "not_comparable"
    assert np.isnan(row["gap"])


def test_a_self_assessment_is_no_score():
    own = PANEL.assign(status=np.where(PANEL["period"] == 2024, "interim", "published"))
    assert pgi.gap(own, TARGETS.iloc[:1])["period"].item() == 2023


def test_periods_are_shown_as_they_came():
    quarters = PANEL.assign(period=PANEL["period"].map("{}Q1".format))
    aims = TARGETS.assign(
        **{name: TARGETS[name].map("{}Q1".format) for name in ("baseline_period", "target_period")}
    )
    row = pgi.gap(quarters, aims).table.iloc[0]
    assert [str(row[name]) for name in ("period", "target_period")] == ["2024Q1", "2025Q1"]
    assert row["required_pace"] == -0.5


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("targets", [TARGETS, TARGETS.iloc[:1]], ids=["several", "one"])
def test_what_is_said_of_plain_tables_names_their_areas(targets, language):
    found = pgi.gap(PANEL, targets)
    voice = found.spoken(language)
    said = {verb: tell(found, verb, voice) for verb in ("answer", "sentences", "caption", "table")}
    assert all(len(one) for one in said.values())
    assert len(said["sentences"]) == len(targets)
    if len(targets) > 1:
        assert [line[0] for line in said["sentences"]] == ["A", "B", "C"]
        assert len(said["answer"]) == 1
    assert tell(found, "caveats", voice) == []


def test_it_shows_itself_and_is_drawn():
    found = pgi.gap(PANEL, TARGETS)
    assert repr(found) == "Gap(3 areas, 3 targets)"
    assert repr(pgi.gap(PANEL, TARGETS.iloc[:1])) == "Gap(A, 1 targets)"
    assert "3 targets of 3 areas" in found._repr_html_()
    drawn = found.plot()
    assert {"A, co2", "B, co2", "C, co2"} <= {text.get_text() for text in drawn.texts}


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: pgi.gap(PANEL), "needs its targets beside it"),
        (lambda: pgi.project(PANEL), "needs its targets beside it"),
        (lambda: pgi.gap(PANEL, TARGETS.drop(columns="direction")), "higher or lower is better"),
        (lambda: pgi.gap(PANEL, TARGETS.assign(area="D")), "does not have «D»"),
        (lambda: pgi.gap(PANEL.assign(value=np.nan), TARGETS), "no score"),
        (lambda: pgi.trend(PANEL), "several areas: A, B, C. Name the one to look at"),
    ],
)
def test_what_is_missing_is_asked_for(make, said):
    with pytest.raises(pgi.InputError, match=said):
        make()


@pytest.mark.parametrize("of", [pgi.gap, pgi.project, partial(pgi.assess, method="statcan")])
@pytest.mark.parametrize(
    ("where", "got", "said"),
    [
        ("value", 84.0, "panel row 0, value: 84 lies outside the scale 0 to 20 of indicator co2. "),
        ("target", -1, "targets row 0, target: -1 lies outside the scale 0 to 20 of indicator"),
        ("baseline", 20.5, "targets row 0, baseline: 20.5 lies outside the scale 0 to 20 of"),
    ],
)
def test_a_figure_beyond_the_ends_that_are_stated_is_refused(of, where, got, said):
    """Also where another row states the end."""
    panel, aims = PANEL.copy(), TARGETS.assign(lower=[np.nan, 0, 0], upper=[20.0, 20, np.nan])
    aims["baseline"] = [10.0, 12, 7]
    table = panel if where == "value" else aims
    table[where] = table[where].astype(float)
    table.loc[0, where] = got
    with pytest.raises(pgi.InputError, match=re.escape(said)):
        of(panel, aims)


def test_a_case_beyond_the_ends_of_its_own_row_is_refused():
    cases = pd.DataFrame({"value": [5.0, 50], "period": 2022, "lower": 0, "upper": 10})
    cases = cases.assign(baseline=4, baseline_period=2020, target=9, target_period=2030)
    with pytest.raises(pgi.InputError, match=r"row 1, value: 50 lies outside the scale 0 to 10\."):
        pgi.assess(cases, direction=1)


@pytest.mark.parametrize("of", [pgi.gap, pgi.project, pgi.assess])
def test_a_plan_takes_no_targets_beside_its_own(of, ds):
    with pytest.raises(pgi.InputError, match="brings its own"):
        of(ds.at("2024Q4"), TARGETS)
    with pytest.raises(pgi.InputError, match="Leave area= out"):
        pgi.trend(ds.at("2024Q4"), area="A")


def test_a_single_area_need_not_be_named():
    assert pgi.trend(PANEL[PANEL["area"] == "A"]).area == "A"


@pytest.fixture
def files(tmp_path):
    """The tables as files: one with semicolons and decimal commas, one as a workbook."""
    panel, targets = tmp_path / "điểm.csv", tmp_path / "targets.xlsx"
    PANEL.to_csv(panel, sep=";", decimal=",", index=False, encoding="utf-8-sig")
    TARGETS.to_excel(targets, index=False)
    return "--panel", str(panel), "--targets", str(targets)


@pytest.mark.parametrize("command", ["gap", "project", "assess"])
def test_the_command_shows_what_python_finds(command, files, pgi_command):
    code, out, _ = pgi_command(command, *files, "--format", "csv")
    assert code == 0
    found = getattr(pgi, command)(PANEL, TARGETS).table
    printed = pd.read_csv(io.StringIO(out))
    assert list(printed) == list(found)
    assert len(printed) == len(found)
    assert pgi_command(command, *files)[0] == 0


def test_the_command_looks_at_one_area_for_a_trend(files, pgi_command):
    code, out, _ = pgi_command("trend", *files, "--area", "b", "--format", "csv")
    assert code == 0
    assert pd.read_csv(io.StringIO(out))["area"].tolist() == ["B"]
    assert "Name the one to look at with --area" in pgi_command("trend", *files)[2]


def test_faults_and_notices_name_the_rows_of_the_files(tmp_path, pgi_command):
    panel, targets = tmp_path / "scores.csv", tmp_path / "aims.csv"
    PANEL.assign(area=PANEL["area"].where(PANEL.index != 4, "b")).to_csv(panel, index=False)
    TARGETS.drop(columns="direction").to_csv(targets, index=False)
    files = ("--panel", str(panel), "--targets", str(targets))
    code, _, err = pgi_command("gap", *files)
    assert code == 1
    assert err.startswith("aims.csv rows 2, 3, 4, direction: ")
    code, out, err = pgi_command("gap", *files, "--direction", "-1", "--lang", "en")
    assert code == 0
    assert "Note: scores.csv row 6, area: «b» counts as «B»" in err
    assert err.count("counts as") == 1
    assert out.count("not yet at the target") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gap", "--panel", "p.csv", "--targets", "t.csv"), "p.csv: there is no such file"),
        (("gap", "--panel", "p.csv", "--targets", "t.csv"), "t.csv: there is no such file"),
        (("gap", "--targets", "t.csv"), "--targets goes with the table of scores"),
        (("gap", "--direction", "1"), "--direction goes with the table of scores"),
        (("gap", "--panel", "p.csv", "--plan", "x"), "Leave --plan out"),
        (("gap", "--panel", "p.csv", "--data", "x", "--quarter", "y"), "Leave --quarter, --data"),
        (("ranks", "--panel", "p.csv"), "pgi ranks is about a plan"),
        (("levels", "--panel", "p.csv"), "pgi levels is about a plan"),
        (("calendar", "--panel", "p.csv"), "pgi calendar is about a plan"),
    ],
)
def test_options_that_do_not_go_together_are_refused(words, said, pgi_command):
    code, out, err = pgi_command(*words)
    assert (code, out) == (1, "")
    assert said in err


@pytest.mark.parametrize("command", ["gap", "project", "assess"])
def test_a_panel_without_targets_is_asked_for_them(command, files, pgi_command):
    code, _, err = pgi_command(command, *files[:2])
    assert code == 1
    assert "Name their file with --targets" in err


@pytest.mark.parametrize(
    ("typed", "said"),
    [("sideways", "«sideways» is no direction"), ("co9=1", "«co9», which is no indicator here")],
)
def test_a_direction_that_is_none_is_refused(typed, said, files, pgi_command):
    code, _, err = pgi_command("gap", *files, "--direction", typed)
    assert code == 1
    assert said in err


def test_a_page_about_no_plan_says_once_what_may_be_wrong():
    rows = [
        (f"Area{a}", "air", year, 30.0 + 5 * a + year % 7)
        for a in range(8)
        for year in range(2015, 2025)
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    panel.loc[5, "value"] = 0.0
    aims = pd.DataFrame(
        {"area": ["Area1"], "indicator": "air", "target": 60.0, "target_period": 2026}
    )
    page = pgi.Page(None, "vi")
    shown: list[str] = []
    page._show = lambda html, said, **about: shown.append(said)
    gap = pgi.gap(panel, aims, direction=1)
    told = [notice.text("vi") for notice in gap.notices]
    assert any("số 0" in line for line in told)
    page.answer(gap)
    page.answer(pgi.project(panel, aims, direction=1))
    assert "\n".join(shown).count(told[0]) == 1


def test_targets_may_stand_in_a_sheet_of_the_workbook(tmp_path, pgi_command):
    """A sheet is said to be read by its name; goals, which are figures, have such names too."""
    years = range(2015, 2025)
    rows = [(f"Area{a}", "air", year, 30.0 + 5 * a + year % 7) for a in range(6) for year in years]
    aims = [("Area1", "air", 60, 2026)]
    book = openpyxl.Workbook()
    sheets = {
        "Số liệu": [("area", "indicator", "period", "value"), *rows],
        "Ghi chú": [("Lập ngày 01/02/2025",)],
        "Mục tiêu": [("area", "indicator", "target", "target_period"), *aims],
    }
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    book.remove(book.worksheets[0])
    book.save(path := tmp_path / "kpi.xlsx")
    with pytest.warns(UserWarning, match=r"kpi.xlsx \[Mục tiêu\]: the workbook has several sheets"):
        assert pgi.read_targets(path)["target"].tolist() == [60]
    code, out, err = pgi_command("gap", "--panel", path, "--direction", "1")
    assert code == 0
    assert " 60 " in out
    assert "[Mục tiêu]" in err


RULES = [
    ({"area": "all"}, "stands for every area"),
    ({"area": "Tất cả"}, "stands for every area"),
    ({"measure": "change", "target": "-50%"}, "is a change"),
    ({"measure": "change", "target": 5}, "is a change"),
    ({"measure": "rank", "target": 3}, "is a change"),
    ({"target": "reduce by half"}, "is a change"),
]


@pytest.mark.parametrize(("cells", "said"), RULES)
def test_the_rules_of_a_plan_are_refused_in_plain_tables(cells, said, tmp_path, pgi_command):
    panel = pd.DataFrame(
        [("A", "co2", year, 9.0 - year % 5) for year in range(2018, 2024)],
        columns=["area", "indicator", "period", "value"],
    )
    row = {"area": "A", "indicator": "co2", "target": 3, "target_period": 2026}
    aims = pd.DataFrame([row | cells])
    with pytest.raises(pgi.InputError, match=said):
        pgi.project(panel, aims, direction=-1)
    panel.to_csv(tmp_path / "panel.csv", index=False)
    aims.to_csv(tmp_path / "targets.csv", index=False)
    for command in ("gap", "project", "assess"):
        words = ["--panel", tmp_path / "panel.csv", "--targets", tmp_path / "targets.csv"]
        code, _, err = pgi_command(command, *words, "--direction", "-1")
        assert code == 1
        assert re.search(f"targets.csv row [12], .*{said}", err)


def test_plain_tables_name_no_unit():
    panel = pd.DataFrame(
        [
            (area, "co2", year, 9.5 - year % 5 + place)
            for place, area in enumerate("ABC")
            for year in range(2018, 2024)
        ],
        columns=["area", "indicator", "period", "value"],
    )
    aims = pd.DataFrame({"area": ["A"], "indicator": "co2", "target": 3.0, "target_period": 2026})
    shown = [pgi.gap(panel, aims, direction=-1), pgi.project(panel, aims, direction=-1)]
    shown.append(pgi.trend(panel, area="A"))
    for result in shown:
        for language, unit in (("en", "points"), ("vi", " điểm phần trăm")):
            voice = result.spoken(language)
            said = [*tell(result, "answer", voice), *tell(result, "sentences", voice)]
            assert unit not in " ".join([*said, *tell(result, "caveats", voice)])


def test_a_change_in_a_plain_table_is_no_value():
    """Shares never below 0 and a target of −10, or +5: changes, of which it is not said so."""
    rows = [
        (f"Area{a}", "x", year, 30.0 + a + year % 5) for a in range(5) for year in range(2015, 2025)
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    aims = pd.DataFrame(
        {"area": ["Area1"], "indicator": "x", "target_period": 2030, "target": [-10]}
    )
    with pytest.raises(pgi.InputError, match="lies below 0"):
        pgi.project(panel, aims, direction=-1)
    assert len(pgi.project(panel, aims.assign(lower=-50.0), direction=-1).table) == 1
    with pytest.raises(pgi.InputError, match="plus sign"):
        pgi.project(panel, aims.assign(target="+5"), direction=1)

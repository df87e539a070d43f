"""One plan for many areas: what it unfolds into, whose a row is, and what an area goes without."""

import csv
import json
import tomllib
from pathlib import Path

import openpyxl
import pytest
import synthetic

import pgi_analysis as pgi
from pgi_analysis.data import targets as as_written
from pgi_analysis.data import without_plan
from pgi_analysis.report import plans_like
from pgi_analysis.report.building import build
from pgi_analysis.text import report
from pgi_analysis.voice import Voice

AREAS = ["Lạng Sơn", "Hà Nội", "Đắk Lắk"]
LATER = {"target_period": 2026, "baseline_period": 2020}


def rule(area, indicator, target, **more):
    about = {"area": area, "indicator": indicator, "target": target, "measure": "change"}
    return about | LATER | more


@pytest.fixture
def many(tmp_path):
    """Write a folder with a plan for many areas: ``many(rows)``."""

    def make(rows, indicators=("a", "b", "c"), **options):
        return synthetic.folder(tmp_path / "data", AREAS, list(indicators), rows, **options)

    return make


def drop_scores(home, area, indicator, period):
    file = home / "scores.csv"
    kept = [
        line
        for line in file.read_text("utf-8").splitlines()
        if not line.startswith(f"{area},{indicator},{period},")
    ]
    file.write_text("\n".join(kept) + "\n", "utf-8")


def faults(home, plan="many"):
    with pytest.raises(pgi.InputError) as refused:
        pgi.load(home, plan=plan)
    return refused.value.text("en")


def test_a_plan_for_many_areas_unfolds_into_one_each(many):
    home = many([rule("all", "a", "10%"), rule("hà nội", "b", "5")])
    assert pgi.plan_names(home) == ["many.dak-lak", "many.ha-noi", "many.lang-son"]
    ds = pgi.load(home, plan="many.ha-noi")
    plan = ds.plan
    assert (plan.name, plan.area, plan.text("title", "vi")) == (
        "many.ha-noi",
        "Hà Nội",
        "Kế hoạch của Hà Nội",
    )
    assert list(plan.targets["indicator"]) == ["a", "b"]
    base = ds.scores.set_index(["area", "indicator", "period"])["value"]["Hà Nội", "a", 2020]
    row = plan.targets.iloc[0]
    assert (row["baseline"], row["target"]) == (base, pytest.approx(base * 1.1))
    assert "area" not in plan.targets
    assert len(pgi.load(home, plan="many.dak-lak").plan.targets) == 1


def test_a_plan_for_many_areas_is_asked_for_by_area(many):
    home = many([rule("all", "a", "10%")])
    known = "many.dak-lak, many.ha-noi, many.lang-son"
    refusal = f"«many» is a plan for 3 areas, with a plan of its own for each: {known}. "
    assert faults(home) == refusal + "Name one of them."
    assert faults(home, "many.hanoi") == refusal + "Name one of them. Did you mean many.ha-noi?"


def test_a_plan_alone_is_as_one_with_a_folder_of_its_own(many):
    home = many([rule("all", "a", "10%"), rule("all", "c", "-10%")])
    whole = pgi.load(home, plan="many.ha-noi").at("2025Q2")
    own = home / "plans" / "alone"
    own.mkdir()
    rows = [rule("", "a", "10%"), rule("", "c", "-10%")]
    synthetic.write(own / "targets.csv", [row | {"source": "synthetic"} for row in rows])
    about = synthetic.PLAN.replace("{area}", "Hà Nội") + 'area = "Hà Nội"\n'
    (own / "plan.toml").write_text(about, "utf-8")
    alone = pgi.load(home, plan="alone").at("2025Q2")
    for find in (pgi.gap, pgi.project):
        one, other = find(whole).table, find(alone).table
        assert one.to_json() == other.to_json()


@pytest.mark.parametrize("word", ["all", "ALL", "Tất cả", "tat ca", "*"])
def test_an_own_row_wins_over_one_for_all(many, word):
    home = many([rule(word, "a", "10%"), rule("Lang Son", "a", "70", measure="score")])
    assert pgi.load(home, plan="many.lang-son").plan.targets["target"].tolist() == [70]
    assert pgi.load(home, plan="many.ha-noi").plan.targets["change"].tolist() == [10]


def test_plan_toml_may_say_all(many):
    home = many([rule("", "a", "10%")], about=synthetic.PLAN + 'area = "tất cả"\n')
    assert len(pgi.plan_names(home)) == 3


def test_a_folder_of_its_own_takes_the_place_of_the_plan(many):
    home = many([rule("all", "a", "10%")])
    own = home / "plans" / "many.ha-noi"
    own.mkdir()
    synthetic.write(own / "targets.csv", [rule("", "b", "7") | {"source": "synthetic"}])
    (own / "plan.toml").write_text(synthetic.PLAN + 'area = "Hà Nội"\n', "utf-8")
    assert pgi.plan_names(home) == ["many.dak-lak", "many.ha-noi", "many.lang-son"]
    assert list(pgi.load(home, plan="many.ha-noi").plan.targets["indicator"]) == ["b"]


def test_an_area_without_a_baseline_goes_without_and_it_is_said(many, pgi_command):
    home = many([rule("all", "a", "10%"), rule("all", "b", "10%")])
    drop_scores(home, "Hà Nội", "a", 2020)
    ds = pgi.load(home, plan="many.ha-noi")
    assert list(ds.plan.targets["indicator"]) == ["b"]
    (notice,) = [one.text("en") for one in ds.notices]
    assert notice.startswith("plans/many/targets.csv row 2, baseline: this row for all areas gives")
    assert "no target on «a» to Hà Nội: the target is a change, but there is no baseline" in notice
    assert pgi.load(home, plan="many.lang-son").notices == ()
    code, _, err = pgi_command("validate", "--data", home)
    assert (code, notice in err) == (0, True)


def test_an_area_with_no_target_left_has_no_plan_and_it_is_said(many, pgi_command):
    home = many([rule("all", "a", "10%")])
    drop_scores(home, "Hà Nội", "a", 2020)
    assert pgi.plan_names(home) == ["many.dak-lak", "many.lang-son"]
    (notice,) = without_plan(home, "many")
    assert "Hà Nội" in notice.text("vi")
    code, _, err = pgi_command("validate", "--data", home)
    assert (code, notice.text("en") in err) == (0, True)


def test_a_target_off_the_scale_of_some_areas_is_no_fault_of_the_row(many):
    home = many([rule("all", "a", "45")])  # points, on a scale to 100
    scores = (home / "scores.csv").read_text("utf-8").splitlines()
    at = next(i for i, line in enumerate(scores) if line.startswith("Hà Nội,a,2020,"))
    cells = scores[at].split(",")
    scores[at] = ",".join([*cells[:3], "90", *cells[4:]])
    for area in ("Lạng Sơn", "Đắk Lắk"):
        at = next(i for i, line in enumerate(scores) if line.startswith(f"{area},a,2020,"))
        cells = scores[at].split(",")
        scores[at] = ",".join([*cells[:3], "40", *cells[4:]])
    (home / "scores.csv").write_text("\n".join(scores) + "\n", "utf-8")
    assert pgi.plan_names(home) == ["many.dak-lak", "many.lang-son"]
    (notice,) = without_plan(home, "many")
    assert "no target on «a» to Hà Nội: 135 lies outside the scale 0 to 100" in notice.text("en")


def test_what_holds_of_no_area_is_a_fault_of_the_row(many):
    told = faults(many([rule("all", "a", "500%"), rule("all", "b", "10%")]))
    assert told.count("targets.csv row 2, target") == 1
    assert "outside the scale" in told
    assert "row 3" not in told


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([rule("Atlantis", "a", "10%")], "row 2, area: «Atlantis» is not an area in areas.csv."),
        ([rule("", "a", "10%"), rule("all", "b", "5")], "row 2, area: it is not said whose target"),
        ([rule("all", "a", "10%", baseline=50)], "row 2, baseline: the row is for all areas"),
        ([rule("all", "x", "10%"), rule("all", "a", "5")], "row 2, indicator: «x» is not an"),
        (
            [rule("Hà Nội", "a", "10%"), rule("ha noi", "a", "12%")],
            "row 3, area: Hà Nội, a, 2026 stands already in row 2.",
        ),
        ([rule("all", "a", "10%"), rule("tất cả", "a", "12%")], "row 3, area: all, a, 2026 stands"),
        ([rule("Hà Nội", "a", "70%")], "row 2, target: "),
        ([rule("all", "a", "-10%")], "row 2, target: a change of -10 makes the indicator worse"),
    ],
)
def test_faults_name_the_row(many, rows, said):
    home = many(rows)
    assert f"plans/many/targets.csv {said}" in faults(home)
    assert pgi.plan_names(home) == ["many"]  # listed, so that its faults are told


def test_a_row_for_all_that_reaches_no_area_is_refused(many):
    home = many([rule("all", "a", "10%"), rule("all", "b", "10%")])
    file = home / "scores.csv"
    lines = [line for line in file.read_text("utf-8").splitlines() if ",b," not in line]
    file.write_text("\n".join(lines) + "\n", "utf-8")
    assert "row 3, indicator: the row is for all areas, and no area has scores" in faults(home)


def test_a_row_of_another_area_in_the_plan_of_one_is_refused(many):
    home = many([rule("Hà Nội", "a", "10%")], about=synthetic.PLAN + 'area = "Lạng Sơn"\n')
    assert "row 2, area: by plan.toml the plan is that of Lạng Sơn" in faults(home)


def test_a_target_is_not_stated_twice_by_naming_the_area_once(many):
    rows = [rule("", "a", "10%"), rule("Lạng Sơn", "a", "12%")]
    home = many(rows, about=synthetic.PLAN + 'area = "Lạng Sơn"\n')
    assert "row 3, area: a, 2026 stands already in row 2." in faults(home)


def test_tasks_belong_to_the_plan_of_one_area(many):
    home = many([rule("all", "a", "10%")])
    task = {"action": "n1", "indicator": "a", "task_vi": "x", "task_en": "x"}
    task |= {"lead_unit_vi": "y", "lead_unit_en": "y"}
    synthetic.write(home / "plans" / "many" / "actions.csv", [task])
    assert "plans/many/actions.csv: tasks and reports on them are part of" in faults(home)


def test_an_area_in_a_target_of_the_plan_above_is_refused(data_copy):
    file = data_copy / "plans" / "lang-son-transport-2024" / "plan.toml"
    text = file.read_text("utf-8").replace("[[parent_targets]]", '[[parent_targets]]\narea = "all"')
    file.write_text(text, "utf-8")
    assert "[[parent_targets]], area: an entry of this name is not known" in faults(
        data_copy, "lang-son-transport-2024"
    )


def test_the_name_of_the_whole_means_all_of_it(many, pgi_command):
    home = many([rule("all", "a", "10%"), rule("all", "c", "-5")])
    every = ["many.dak-lak", "many.ha-noi", "many.lang-son"]
    assert plans_like(home, ["many"]) == plans_like(home, ["many.*"]) == every
    options = ("--plan", "many", "--quarter", "2025Q2", "--data", home)
    code, out, _ = pgi_command("gap", *options, "--format", "json")
    rows = json.loads(out)
    assert code == 0
    assert [row["plan"] for row in rows] == [name for name in every for _ in "ac"]
    code, out, _ = pgi_command("gap", *options)
    assert [line for line in out.splitlines() if line in every] == every
    with pytest.raises(pgi.InputError, match=r"Did you mean many\.ha-noi"):
        pgi.load(home, plan="many.hanoi")
    with pytest.raises(pgi.InputError, match="a plan for 3 areas"):
        pgi.load(home, plan="many")


def test_it_is_read_once_however_many_plans(many, monkeypatch):
    home = many([rule("all", "a", "10%")])
    opened = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: opened.append(file.name) or read(file))
    for name in pgi.plan_names(home):
        pgi.load(home, plan=name).at("2025Q2")
    assert opened.count("scores.csv") == 1
    drop_scores(home, "Hà Nội", "a", 2024)
    assert len(pgi.load(home, plan="many.ha-noi").scores) == 3 * 3 * 7 - 1  # changed, read anew


def test_what_is_changed_in_one_stays_out_of_the_others(many):
    home = many([rule("all", "a", "10%")])
    scores = pgi.load(home, plan="many.ha-noi").scores
    scores.loc[0, "value"] = -1
    assert (pgi.load(home, plan="many.lang-son").scores["value"] > 0).all()


def test_a_workbook_may_hold_a_plan_for_many_areas(many, tmp_path, pgi_command):
    home = many([rule("all", "a", "10%"), rule("Hà Nội", "b", "5")])
    book = openpyxl.Workbook()
    book.remove(book.active)
    for file in (*home.glob("*.csv"), home / "plans" / "many" / "targets.csv"):
        sheet = book.create_sheet(file.stem)
        for cells in csv.reader(file.read_text("utf-8").splitlines()):
            sheet.append(cells)
    sheet = book.create_sheet("plan")
    entries = {"name": "many", **tomllib.loads(synthetic.PLAN)}
    for cells in (("key", "value"), *entries.items()):
        sheet.append(cells)
    path = tmp_path / "data.xlsx"
    book.save(path)
    assert pgi.plan_names(path) == ["many.dak-lak", "many.ha-noi", "many.lang-son"]
    one, other = (pgi.load(data, plan="many.ha-noi").plan.targets for data in (path, home))
    assert one.to_json() == other.to_json()
    with pytest.raises(pgi.InputError, match="a plan for 3 areas"):
        pgi.load(path)
    code, out, _ = pgi_command("gap", "--plan", "many.ha-noi", "--data", path, "--format", "csv")
    assert (code, out.count("Hà Nội")) == (0, 2)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("giảm một nửa", "-50% of baseline"),
        ("Tăng gấp đôi", "100% of baseline"),
        ("reduce by half", "-50% of baseline"),
        ("tăng 2,5 điểm", "2,5"),
        ("increase by at least 10 per cent", "10%"),
        ("giảm 30% so với năm 2020", "-30%"),
        ("reduce by 30% against 2015", None),
        ("giảm gấp đôi", None),
        ("giảm 30", None),
        ("giảm mạnh", None),
        ("4.84", None),
    ],
)
def test_changes_in_words(said, read):
    assert as_written.as_change(said, "2020") == read


def test_a_change_in_words_is_read_as_one_in_numbers(many):
    home = many([rule("all", "a", "double", measure=""), rule("all", "c", "giảm một nửa")])
    drop = pgi.load(home, plan="many.ha-noi").plan.targets.set_index("indicator")
    assert drop.loc["c", "target"] == pytest.approx(drop.loc["c", "baseline"] / 2)


def test_the_command_plans_a_report_for_each_area(many, pgi_command, tmp_path):
    home = many([rule("all", "a", "10%")])
    options = ("--quarter", "2025Q2", "--data", home, "--out", tmp_path / "out", "--lang", "en")
    for asked in (("--plan", "many"), ("--plan", "many.*"), ("--all",)):
        code, out, _ = pgi_command("report", *asked, *options, "--dry-run")
        assert code == 0
        assert out.count("many.") == 3
        assert "3 reports" in out


@pytest.mark.parametrize("title", ["Goals", "Goals for clean water and air for 2030", ""])
def test_reports_of_a_plan_with_one_title_name_their_area(many, title):
    home = many([rule("all", "a", "10%")])
    file = home / "plans" / "many" / "plan.toml"
    kept = [line for line in file.read_text("utf-8").splitlines() if "title" not in line]
    kept = [f'title_en = "{title}"', *kept] if title else kept
    file.write_text("\n".join(kept), "utf-8")
    ds = pgi.load(home, plan="many.lang-son").at("2025Q2")
    voice = Voice(ds, "en")
    assert "Lạng Sơn" in report.title("quarterly_report", voice)
    assert "Lạng Sơn" in report.opening(voice)[0]


def test_a_report_of_an_area_names_it_and_stands_in_the_overview(many, in_place, tmp_path):
    home, out = many([rule("all", "a", "10%"), rule("all", "c", "-5")]), tmp_path / "out"
    options = {"data_dir": home, "out": out, "quarter": "2025Q2", "language": "en"}
    options |= {"notebooks": ("quarterly_report",), "executor": in_place}
    for area in ("ha-noi", "lang-son"):
        assert build(plan=f"many.{area}", **options).failed == ()
    page = (out / "many.ha-noi" / "2025Q2" / "quarterly_report.html").read_text("utf-8")
    assert "Plan of Hà Nội" in page
    html = (out / "index.html").read_text("utf-8")
    assert "Plan of …" not in html  # too few words to name it: the plan's folder does
    assert html.count('<table class="matrix') == 1
    for area in ("ha-noi", "lang-son"):
        assert f'href="many.{area}/2025Q2/quarterly_report.html#target-a-2026"' in html

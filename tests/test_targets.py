"""Targets as plans write them: scores, ranks, changes and ranges, several years, the plan above."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import targets
from pgi_analysis.panel import Forecast
from pgi_analysis.results.gaps import aimed_at, shortfall
from pgi_analysis.text import report, tell
from pgi_analysis.voice import Goal, Voice

EXAMPLE, PLAN = Path("examples/three-year-plan"), "song-xanh-2024-2026"
HEAD = (
    "indicator,measure,comparison,baseline,baseline_period,target,target_upper,target_period,source"
)


@pytest.fixture(scope="module")
def example():
    return pgi.load(EXAMPLE, plan=PLAN)


@pytest.fixture
def with_targets(tmp_path):
    """Load the example with other targets: rows of `HEAD`, less their source."""
    shutil.copytree(EXAMPLE, tmp_path / "data")

    def load(*rows: str) -> pgi.Dataset:
        file = tmp_path / "data" / "plans" / PLAN / "targets.csv"
        file.write_text("\n".join([HEAD, *(f"{row},x" for row in rows)]) + "\n", "utf-8")
        return pgi.load(tmp_path / "data", plan=PLAN)

    return load


def test_a_change_is_resolved_to_the_value_it_comes_to(with_targets):
    ds = with_targets(
        "waste,change,,321,2020,-30%,,2025",
        "waste,change,,,2020,-30%,,2026",  # the published score of 2020 stands in
        "s2,thay đổi,≥,6.1,2023,0.4,,2025",
    )
    assert ds.plan.targets["target"].tolist() == [224.7, 224.7, 6.5]
    assert ds.plan.targets["baseline"].tolist() == [321.0, 321.0, 6.1]
    assert ds.plan.targets[["change", "relative"]].to_numpy().tolist() == [
        *([-30.0, True], [-30.0, True], [0.4, False])
    ]


def test_a_rank_and_a_score_may_be_asked_of_one_indicator_in_one_year(with_targets):
    """«From 69 points up, and among the first ten»: a plan of Quảng Nam."""
    ds = with_targets("total,,,16.39,2023,18,,2025", "total,rank,,,,10,,2025")
    assert (len(ds.plan.targets), len(ds.plan.rank_targets)) == (1, 1)
    assert ds.plan.rank_targets["comparison"].tolist() == ["<="]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("s1,,<=,4.87,2023,6,,2025", "comparison contradicts"),
        ("waste,,>=,321,2020,300,,2025", "contradicts the indicator's direction"),
        ("total,rank,>=,,,10,,2025", "rank 1 is the best"),
        ("ph,,within,,,6.5,,2025", "needs both ends"),
        ("ph,,within,,,8.5,6.5,2025", "Are they swapped"),
        ("ph,,,,,6.5,8.5,2025", "is not «within»"),
        ("s1,change,,,2030,1,,2035", "no published figure of the baseline period"),
        ("waste,change,,321,2020,30%,,2025", "Write its sign"),
        ("total,rank_change,,20,2023,20,,2025", "is no rank"),
        ("total,rank,,,,2.5,,2025", "is no rank"),
        ("total,rank,,,,40,,2025", "beyond the number of areas"),
        ("total,rank,,19,2023,10,,2025", "differs from the published rank of 2023, 20"),
        ("s1,foo,,4.87,2023,6,,2025", "Allowed are: score, rank"),
        ("s1,,≠,4.87,2023,6,,2025", "Allowed are: >=, <=, within"),
        ("s1,,,4.87,2023,top 10,,2025", "a rank takes rank"),
        ("waste,,,321,2020,-96,,2025", "-96 lies below 0"),
        ("s1,,,4.87,2023,+1,,2025", "«+1» has a plus sign"),
        ("s1,,,4.87,2023,+10%,,2025", "«+10%» has a plus sign"),
        ("ph,,within,,,+6.5,8.5,2025", "«+6.5» has a plus sign"),
        ("waste,,,321,2020,70%,,2025", "«70%» has a %, but the indicator is in kg"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(with_targets, row, rule):
    with pytest.raises(pgi.InputError) as raised:
        with_targets(row)
    (text,) = str(raised.value).splitlines()
    assert "targets.csv row 2, " in text
    assert rule.removeprefix("comparison ") in text


def test_a_change_that_is_not_said_to_be_one_is_no_value(with_targets):
    with pytest.raises(pgi.InputError) as raised:
        with_targets("waste,,,321,2020,-30%,,2025")
    assert {fault.rule for fault in raised.value.faults} == {
        *("target.per_cent_unit", "target.below_zero")
    }


@pytest.mark.parametrize("unit", ["%", "% of population", "Per cent", "percentage of GDP"])
def test_a_change_in_per_cent_of_per_cents_could_mean_points(with_targets, tmp_path, unit):
    file = tmp_path / "data" / "indicators.csv"
    file.write_text(file.read_text("utf-8").replace("kg/người", "%").replace("kg a head", unit))
    with pytest.raises(pgi.InputError, match="per cent of the baseline, or percentage points"):
        with_targets("waste,change,,321,2020,-30%,,2025")


@pytest.mark.parametrize(
    "change",
    ["-50% of baseline", "-50 % of the baseline", "-50% của giá trị gốc", "halve", "giảm một nửa"],
)
def test_a_part_of_the_baseline_that_is_called_so_is_one(with_targets, tmp_path, change):
    file = tmp_path / "data" / "indicators.csv"
    file.write_text(file.read_text("utf-8").replace("kg/người", "%").replace("kg a head", "%"))
    (file,) = file.parent.glob("plans/*/plan.toml")
    file.write_text(file.read_text("utf-8").replace("-25%", "-25% of baseline"))
    ds = with_targets(f"waste,change,,321,2020,{change},,2025")
    assert ds.plan.targets.set_index("indicator").at["waste", "target"] == 160.5


def test_the_same_aim_twice_is_refused_however_it_is_written(with_targets):
    with pytest.raises(pgi.InputError, match="stands already in row 2"):
        with_targets("s1,,,4.87,2023,5.37,,2025", "s1,change,,4.87,2023,0.5,,2025")


def test_an_old_folder_without_the_new_columns_loads(ds):
    assert set(ds.plan.targets["comparison"]) == {">="}
    assert ds.plan.targets["target_upper"].isna().all()


@given(
    low=st.integers(-500, 500).map(lambda n: n / 100),
    wide=st.integers(10, 500).map(lambda n: n / 100),
    value=st.integers(-1200, 1200).map(lambda n: n / 100),
    direction=st.sampled_from([1, -1]),
)
def test_a_range_is_met_where_both_its_ends_are(low, wide, value, direction):
    aims = pd.DataFrame({"target": [low], "target_upper": [low + wide], "direction": [direction]})
    inside = low <= value <= low + wide
    assert (shortfall(aims, [value])[0] <= 1e-9) == (
        inside or np.isclose(value, [low, low + wide]).any()
    )
    reached = float(aimed_at(aims, pd.Series([value])).iloc[0])
    assert abs(reached - value) <= max(abs(low - value), abs(low + wide - value)) + 1e-9


def some_forecast(seed: int) -> Forecast:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(2, 3, 3))
    common = rng.normal(size=(3, 3))
    return Forecast(
        location=rng.normal(size=(4, 3)),
        own_unit=root @ root.transpose(0, 2, 1) + np.eye(3),
        pattern=rng.integers(2, size=4),
        variance=rng.uniform(0.5, 2, 4),
        common=common @ common.T,
        df=rng.uniform(4, 40, 4),
        doubt=np.full(4, 0.1),
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_probability_of_a_range_is_that_of_its_paths(seed):
    """P(T ≤ y ≤ U) = P(y ≥ T) − P(y > U); by some horizon as drawn paths have it."""
    made, low, high = some_forecast(seed), np.full(4, -1.0), np.full(4, 1.5)
    at = made.prob_at(low, until=high)
    beyond = made.prob_at(high, direction=1)
    assert np.allclose(at, made.prob_at(low, direction=1) - beyond)
    paths = made.paths(np.random.default_rng(1), 40_000)
    inside = (paths >= -1.0) & (paths <= 1.5)
    assert np.allclose(at, inside.mean(axis=0), atol=0.03)
    by = made.prob_by(low, until=high, size=20_000)
    assert np.allclose(by, np.maximum.accumulate(inside, axis=2).mean(axis=0), atol=0.04)
    assert (by >= at).all()
    assert (np.diff(by, axis=1) >= 0).all()


def test_a_range_beside_one_sided_targets_changes_none_of_them():
    made, goal = some_forecast(1), np.array([0.5, 0.5, -1.0, 0.0])
    until = np.array([np.nan, np.nan, 1.0, np.nan])
    signs = np.array([[1], [-1], [1], [-1]])
    alone = made.prob_by(goal, direction=signs)
    mixed = made.prob_by(goal, direction=signs, until=until)
    assert np.array_equal(alone[[0, 1, 3]], mixed[[0, 1, 3]])


def test_a_range_outside_the_scale_is_never_met():
    made = some_forecast(2)
    never = made.prob_by(np.full(4, 11.0), until=np.full(4, 12.0), lower=0.0, upper=10.0)
    assert not never.any()


def test_plain_tables_take_ranges_as_well(example):
    panel = example.official()[["area", "indicator", "period", "value"]]
    aims = pd.DataFrame(
        {"area": "Sông Xanh", "indicator": "ph", "target": [6.5], "target_upper": [8.5]}
    ).assign(target_period=2026)
    row = pgi.project(panel, aims, direction=1).table.iloc[0]
    assert row["state"] == "reached"
    assert 0.9 < row["p_met"] < 1
    with pytest.raises(pgi.InputError, match="row 0, target_upper: the upper end 6"):
        pgi.project(panel, aims.assign(target_upper=6.0), direction=1)


def test_no_published_method_is_held_against_a_range(example):
    ranges = pgi.assess(example.at("2025Q3")).table.query("indicator == 'ph'")
    assert set(ranges["verdict"]) == {"not_assessed"}
    assert set(ranges["rule"]) == {"range"}


def one_year(ds: pgi.Dataset, year: int) -> pgi.Dataset:
    """The dataset with a plan for one of the years alone."""
    parts = {
        name: table[table["target_period"] == year].reset_index(drop=True)
        for name, table in (("targets", ds.plan.targets), ("rank_targets", ds.plan.rank_targets))
    }
    return replace(ds, plan=replace(ds.plan, **parts))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
@pytest.mark.parametrize("quarter", ["2024Q4", "2025Q3"])
def test_a_plan_of_several_years_shows_for_each_what_a_plan_of_its_own_would(
    example, quarter, year
):
    """Figure by figure: gaps, projections, ranks, all together; the labels of other methods."""
    several, alone = example.at(quarter), one_year(example, year).at(quarter)
    for find in (pgi.gap, pgi.project, pgi.ranks, pgi.assess):
        part, own = find(several).of_year(year).table, find(alone).table
        part, own = (one.reset_index(drop=True) for one in (part, own))
        pd.testing.assert_frame_equal(part, own, check_dtype=False)  # empty ones have none
    joint, own = (pgi.project(one).joint() for one in (several, alone))
    for name in ("table", "counts", "composites"):
        part = getattr(joint, name)
        part = part[part["target_period"] == year].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, getattr(own, name), check_dtype=False)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_and_says_it_in_the_same_words(example, year, language):
    several, alone = example.at("2025Q3"), one_year(example, year).at("2025Q3")
    found = [[find(ds) for find in (pgi.gap, pgi.project, pgi.ranks)] for ds in (several, alone)]
    parts, own = [one.of_year(year) for one in found[0]], found[1]
    voice = Voice(several, language)
    shown, wanted = (report.table(*three, voice) for three in (parts, own))
    pd.testing.assert_frame_equal(shown.astype(str), wanted.astype(str))
    for one, other in zip(parts, own, strict=True):
        assert tell(one, "sentences", voice) == tell(other, "sentences", voice)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_two_rows_differ_only_in_a_year_that_is_not_seen(example, language):
    ds = example.at("2025Q3")
    voice = Voice(ds, language)
    projection = pgi.project(ds)
    found = (pgi.gap(ds), projection, pgi.ranks(ds), pgi.scorecard(ds), pgi.parent(ds))
    tables = [tell(one, "table", voice) for one in found]
    tables.append(tell(projection, "own_rise_table", voice))
    tables.append(tell(pgi.levels(ds, pgi.scorecard(ds)), "table", voice))
    year = {"vi": ("Năm mục tiêu", "Năm"), "en": ("Target year", "Year")}[language]
    for table in tables:
        named = [name for name in table if name in year]
        rows = table[[*named, next(name for name in table if name not in named)]]
        assert not rows.duplicated().any(), table


def test_years_come_nearest_first_and_what_is_over_last(example):
    assert pgi.gap(example.at("2025Q3")).years == [2025, 2026, 2024]
    assert pgi.gap(example.at("2024Q4")).years == [2024, 2025, 2026]
    assert not pgi.gap(example.at("2025Q3")).over
    assert pgi.gap(one_year(example, 2024).at("2025Q3")).over


def test_a_target_is_written_with_the_change_it_comes_from():
    vi, en = Voice(None, "vi"), Voice(None, "en")
    fall = Goal(224.7, change=-30.0, relative=True, since=2020)
    assert vi.amount(fall) == "224,70 (−30% so với năm 2020)"
    assert en.changed(Goal(6.5, change=0.4, since=2023)) == "+0.40 against 2023"
    assert (vi.points(Goal(6.5, 8.5)), en.points(Goal(6.5, 8.5))) == (
        *("6,50 đến 8,50", "6.50 to 8.50"),
    )


def test_the_target_of_the_plan_above_is_told_as_its_own(ds):
    """Top 30 in 2024: outside by the score, though no rank was published; so missed."""
    found = pgi.parent(ds.at("2025Q2"))
    assert found[["target", "state"]].to_numpy().tolist() == [[30.0, "missed"]]
    (vi,) = tell(found, "answer", Voice(found.ds, "vi"))
    assert vi.startswith("Không đạt mục tiêu của kế hoạch cấp trên (số 163/KH-UBND): năm 2024 ")
    assert "thấp hơn 2,42 điểm so với điểm của địa phương xếp thứ 30 (25,05)" in vi


def test_a_plan_above_without_targets_is_not_spoken_of(data_dir):
    found = pgi.parent(pgi.load(data_dir, plan="gia-lai-2024").at("2025Q2"))
    assert found.table.empty
    assert tell(found, "answer", Voice(found.ds, "en")) == []


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        ('parent_targets = "top 30"', r"parent_targets: this must be a list"),
        (
            '[[parent_targets]]\nindicator = "total"\ntarget_period = 2026',
            r"plan.toml \[\[parent_targets\]\] row 1, target: the cell is empty",
        ),
        (
            '[[parent_targets]]\nindicator = "x9"\ntarget = 3\ntarget_period = 2026',
            r"\[\[parent_targets\]\] row 1, indicator: «x9» is not an indicator",
        ),
    ],
)
def test_faults_of_the_plan_above_are_named(tmp_path, entries, message):
    shutil.copytree(EXAMPLE, tmp_path / "data")
    file = tmp_path / "data" / "plans" / PLAN / "plan.toml"
    text = file.read_text("utf-8")
    text = text[: text.index("[[parent_targets]]")] + text[text.index("[reporting]") :]
    plain = entries.startswith("parent_targets")
    file.write_text(f"{entries}\n{text}" if plain else f"{text}\n{entries}\n", "utf-8")
    with pytest.raises(pgi.InputError, match=message):
        pgi.load(tmp_path / "data", plan=PLAN)


def test_targets_of_a_plan_above_need_that_plan_named(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "data")
    file = tmp_path / "data" / "plans" / PLAN / "plan.toml"
    text = file.read_text("utf-8")
    start, end = text.index("[carries_out]"), text.index("[[parent_targets]]")
    file.write_text(text[:start] + text[end:], "utf-8")
    with pytest.raises(pgi.InputError, match="not said which plan that is"):
        pgi.load(tmp_path / "data", plan=PLAN)


def test_levels_for_a_new_plan_are_the_quantiles_of_the_projection(ds):
    then = ds.at("2025Q2")
    found = pgi.levels(then, pgi.scorecard(then))
    aims = found.table.rename(columns={"level_20": "target"})[
        ["area", "indicator", "target", "target_period"]
    ]
    scale = then.indicators.set_index("indicator")
    for end in ("lower", "upper"):
        aims[end] = aims["indicator"].map(scale[end])
    made = pgi.project(then.panel(), aims, direction=1)
    # a plain panel knows of no shared scale, and of no published mean, which the total has
    apart = np.where(found.table["indicator"] == "total", 0.04, 0.02)
    assert (np.abs(made["p_met"].to_numpy() - 0.2) < apart).all()
    assert (found["level_80"] < found["level_50"]).all()
    assert (found["level_50"] < found["level_20"]).all()


def test_a_plan_that_has_run_out_says_so(ds):
    said = []
    for then in map(ds.at, ("2024Q4", "2025Q2")):
        made = (pgi.gap, pgi.project, pgi.ranks, pgi.parent, pgi.trend, pgi.tasks)
        said.append(report.answer(*(find(then) for find in made), Voice(then, "vi")))
    ahead, over = said
    assert [
        line
        for line in over
        if line.startswith("Kế hoạch không giao chỉ tiêu cho các năm sau năm 2024")
    ]
    assert not [line for line in ahead if "các năm sau" in line]
    found = pgi.levels(ds.at("2025Q2"), pgi.scorecard(ds.at("2025Q2")))
    assert len(tell(found, "past_table", Voice(ds, "vi"))) == 5


def test_what_units_assess_themselves_moves_the_projection_of_an_index_that_allows_it(tmp_path):
    """The form asks for it only there; the forecast goes part of the way, and says so."""
    shutil.copytree(EXAMPLE, tmp_path / "data")
    file = tmp_path / "data" / "indicators.csv"
    table = pd.read_csv(file, dtype=str).assign(self_assessed=lambda one: one["indicator"].eq("s1"))
    table["self_assessed"] = table["self_assessed"].map({True: "yes", False: "no"})
    table.to_csv(file, index=False)
    reports = tmp_path / "data" / "plans" / PLAN / "progress.csv"
    plain = pgi.load(tmp_path / "data", plan=PLAN).at("2025Q3")
    rows = pd.read_csv(reports, dtype=str)
    rows["interim_value"] = rows["action"].eq("n1").map({True: "6.9", False: None})
    rows.to_csv(reports, index=False)
    ds = pgi.load(tmp_path / "data", plan=PLAN).at("2025Q3")
    before, after = (
        pgi.project(one).of_year(2025).table.set_index("indicator") for one in (plain, ds)
    )
    assert before.loc["s1", "median"] + 0.1 < after.loc["s1", "median"] < 6.9
    assert after.loc["s1", "p_met"] > before.loc["s1", "p_met"]
    assert (after.drop("s1")["p_met"] == before.drop("s1")["p_met"]).all()
    caveats = tell(pgi.project(ds), "caveats", Voice(ds, "vi"))
    assert [line for line in caveats if "điểm tự đánh giá" in line]


# --- plans a step aside of the first ones ---


def answered(ds, language="en"):
    made = (pgi.gap(ds), pgi.project(ds), pgi.ranks(ds), pgi.parent(ds), pgi.trend(ds))
    return report.answer(*made, pgi.tasks(ds), Voice(ds, language))


def test_a_plan_of_rank_targets_alone_is_reported_on(with_targets, pgi_command, tmp_path):
    ds = with_targets("total,rank,,,,10,,2024", "total,rank,,,,8,,2026").at("2025Q3")
    gap, projection, ranks = pgi.gap(ds), pgi.project(ds), pgi.ranks(ds)
    assert (len(gap), len(projection), ranks["state"].tolist()) == (0, 0, ["missed", "open"])
    assert len(report.table(gap, projection, ranks, Voice(ds, "en"))) == 2
    assert len(pgi.assess(ds)) == 0
    said = " ".join(answered(ds))
    assert "2024" in said
    assert "2026" in said
    assert "missed" in said
    for command in ("gap", "project", "assess"):
        where = ("--data", tmp_path / "data", "--plan", PLAN, "--lang", "en")
        code, out, _ = pgi_command(command, *where)
        assert code == 0
        assert "no rows to show" in out


def test_a_plan_is_over_when_the_last_of_all_its_targets_is(with_targets):
    """A rank aimed at is a target like any other, ahead or missed."""
    ahead = with_targets("s1,,,,,5.12,,2024", "total,rank,,,,8,,2026").at("2025Q3")
    assert not any("no targets for the years after" in line for line in answered(ahead))
    over = with_targets("s1,,,,,5.0,,2024", "total,rank,,,,3,,2024").at("2025Q3")
    said = answered(over)
    assert any("no targets for the years after 2024" in line for line in said)
    assert any("rank" in line and "missed" in line for line in said)


def test_a_rank_that_moved_is_among_the_changes(with_targets):
    ds = with_targets("total,rank,,,,10,,2024", "total,rank,,,,8,,2026")
    quarter = next(q for q in ("2024Q4", "2025Q1", "2025Q2") if len(pgi.changes(ds.at(q)).releases))
    said = tell(pgi.changes(ds.at(quarter)), "answer", Voice(ds.at(quarter), "en"))
    assert any("Rank by" in line and "2024" in line and "missed" in line for line in said)


@pytest.mark.parametrize(
    ("row", "ends", "said"),
    [
        ("total,rank_change,within,,2023,2,5,2024", (15, 18), "2 to 5 places up from 2023"),
        ("total,rank_change,within,,2023,0,1,2024", (19, 20), "0 to 1 places up from 2023"),
        ("total,rank_change,,,2023,0,,2024", (20, None), "to keep the rank of 2023"),
    ],
)
def test_a_range_of_places_up_is_met_from_its_first(with_targets, row, ends, said):
    """From the 20th to the 17th: three places, so two to five."""
    ranks = pgi.ranks(with_targets(row).at("2025Q3"))
    one = ranks.table.iloc[0]
    assert one["rank"] == 17
    assert one["state"] == "met"
    assert one["target"] == ends[0]
    assert pd.isna(one["target_upper"]) if ends[1] is None else one["target_upper"] == ends[1]
    assert said in tell(ranks, "answer", Voice(ranks.ds, "en"))[0]


@given(
    base=st.floats(-20, 20, allow_nan=False).filter(lambda x: abs(x) > 0.5),
    ends=st.tuples(st.integers(-60, 60), st.integers(-60, 60)).filter(lambda x: x[0] < x[1]),
)
def test_the_ends_of_a_range_of_changes_are_in_order(base, ends):
    """Twenty to thirty per cent less than −10 is −8 to −7."""
    row = {"area": "A", "indicator": "x", "measure": "change", "comparison": "within"}
    row |= {"baseline": base, "baseline_period": 2023}
    row |= {"target": float(ends[0]), "target_upper": float(ends[1])}
    table = pd.DataFrame([row | {"target_period": 2025}]).rename_axis(index="targets.csv")
    about = pd.DataFrame({"indicator": ["x"], "direction": [1], "unit_vi": "tấn", "unit_en": "t"})
    signed = pd.DataFrame(True, [0], [*targets.ENDS, "of_baseline"]).assign(level=False)
    made, faults = targets.resolve(table, signed, about, {})
    low, high = made.loc[0, ["target", "target_upper"]]
    assert not faults
    assert low < high
    assert [low, high] == pytest.approx(sorted(base * (1 + end / 100) for end in ends), abs=1e-6)


def test_a_range_of_changes_is_said_by_both_its_ends(with_targets):
    ds = with_targets("waste,change,within,,2020,-30%,-20%,2025").at("2025Q3")
    row = pgi.gap(ds).table.iloc[0]
    assert row[["target", "target_upper"]].tolist() == [224.7, 256.8]
    assert Voice(ds, "en").changed(Goal.of(row)) == "−30% to −20% against 2020"
    assert Voice(ds, "vi").changed(Goal.of(row)) == "−30% đến −20% so với năm 2020"


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        ("waste,change,within,,2020,-30%,-20,2025", "one alone has a %"),
        ("total,rank,within,,,20,25,2025", "beyond the number of areas (24)"),
        ("total,rank_change,,20,,3,,2025", "the cell is empty"),
        ("total,rank_change,,,2023,-2,,2025", "is a fall"),
        ("bal,change,,0,2023,-30%,,2025", "of a baseline of 0"),
    ],
)
def test_a_target_of_two_readings_is_refused(with_targets, tmp_path, row, rule):
    file = tmp_path / "data" / "indicators.csv"
    table = pd.read_csv(file, dtype=str)
    bare = dict.fromkeys(table.columns) | {"indicator": "bal", "direction": "1"}
    bare |= {
        "source": "x",
        "name_vi": "Cân đối",
        "name_en": "Balance",
        "unit_vi": "tấn",
        "unit_en": "tonnes",
    }
    pd.concat([table, pd.DataFrame([bare])]).to_csv(file, index=False)
    with pytest.raises(pgi.InputError, match=re.escape(rule)):
        with_targets(row)


def test_a_sum_of_targets_is_said_with_its_year(with_targets):
    rows = [f"{name},,,,,{6 + y % 5},,{y}" for name in ("s1", "s2", "s3") for y in (2025, 2026)]
    for language in ("vi", "en"):
        said = answered(with_targets(*rows).at("2025Q3"), language)
        sums = [line for line in said if line.count("202") and "16" in line]
        assert len(set(sums)) == len(sums) == 2
        assert all(any(str(y) in line for line in sums) for y in (2025, 2026))


def test_an_old_range_is_shown_by_both_its_ends(with_targets):
    ds = with_targets("waste,,within,,,100,200,2024", "ph,,within,,,0,8,2024").at("2025Q3")
    shown = tell(pgi.levels(ds, pgi.scorecard(ds)), "past_table", Voice(ds, "en"))
    assert list(shown.iloc[:, 1]) == ["100 to 200", "0.0 to 8.0"]


def test_no_draw_is_not_impossible(with_targets):
    """Of 20,000 draws none may meet a target that can be met."""
    ds = with_targets("s1,,within,,,1,1.01,2025", "s2,,within,,,9.98,9.99,2025").at("2025Q3")
    together = pgi.project(ds).joint().table.iloc[0]
    assert 0 < together["p_all"] < 0.001


def test_a_table_of_the_plan_above_says_the_change_and_the_range(example):
    above = replace(example.plan, rank_targets=example.plan.rank_targets.assign(change=2))
    ds = replace(example, plan=replace(example.plan, parent=above)).at("2025Q3")
    shown = tell(pgi.parent(ds), "table", Voice(ds, "en"))
    assert any("places up" in cell for cell in shown.iloc[:, 2])

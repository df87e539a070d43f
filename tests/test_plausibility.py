"""What is accepted, but hardly meant, is pointed at with its row; sound data are left in peace."""

import csv
import re
import shutil

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data.letters import broken, doubtful
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

PLAN = "lang-son-transport-2024"
TARGETS = f"plans/{PLAN}/targets.csv"


def rewritten(folder, file, change):
    """Let a function change the rows of a file, dictionaries by column."""
    with (folder / file).open(encoding="utf-8", newline="") as lines:
        table = list(csv.DictReader(lines))
    change(table)
    with (folder / file).open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, table[0])
        writer.writeheader()
        writer.writerows(table)


def of(table, **key):
    """Find the rows of a key, with the number that each has in the file."""
    found = [(n, row) for n, row in enumerate(table, 2) if key.items() <= row.items()]
    assert found
    return found


def cell(file, column, value, **key):
    def damage(folder):
        rewritten(folder, file, lambda table: of(table, **key)[0][1].__setitem__(column, value))

    return damage


def row(file, **cells):
    def damage(folder):
        rewritten(folder, file, lambda table: table.append(dict.fromkeys(table[0], "") | {**cells}))

    return damage


def ten_times(folder):
    """Enter one edition of an indicator on another scale, where scales are open."""

    def change(table):
        for _, one in of(table, indicator="s1", period="2024"):
            one["value"] = f"{float(one['value']) * 10:g}"

    def opened(table):
        for one in table:
            one["upper"] = ""

    rewritten(folder, "scores.csv", change)
    rewritten(folder, "indicators.csv", opened)


VINH_PHUC = {"area": "Vĩnh Phúc", "indicator": "total", "period": "2023"}
SCORE = {"area": "Lạng Sơn", "period": "2023", "status": "published", "source": "x"}

CASES = {
    "a total at odds with its parts": (
        cell("scores.csv", "value", "32.63", **VINH_PHUC),
        "scores.csv row 41, value: Vĩnh Phúc 2023: 32.63 (22.29).",
    ),
    "a part at odds with its total": (
        cell("scores.csv", "value", "6.47", **VINH_PHUC | {"indicator": "s1"}),
        "scores.csv row 41, value: Vĩnh Phúc 2023: 22.28 (21.3).",
    ),
    "weights that no total goes by": (
        cell("indicators.csv", "weight", "0.1", indicator="s1"),
        "scores.csv rows 8, 24, 31, 36, 41 and 40 more, value: 45 of 45 figures of total",
    ),
    "weights beyond the scale": (
        cell("indicators.csv", "weight", "10", indicator="s1"),
        "indicators.csv rows 2, 3, 4, 5, weight: the parts of total come to 13 to 130",
    ),
    "a total target at odds with its parts": (
        row(TARGETS, indicator="total", target="32.37", target_period="2024", source="x"),
        f"{TARGETS} row 6, target: the target 32.37 of total is not what the targets of its parts "
        "come to with their weights, 22.37.",
    ),
    "a target for 2042": (
        cell(TARGETS, "target_period", "2042", indicator="s1"),
        f"{TARGETS} row 2, target_period: the target for 2042 lies 18 years after",
    ),
    "a score published in 2052": (
        cell("scores.csv", "released", "2052-05-06", **VINH_PHUC),
        "scores.csv row 41, released: 2052-05-06 is 28 years after the release of the edition",
    ),
    "an edition of 2052": (
        row("releases.csv", period="2025", released="2052-05-06", series_break="no", source="x"),
        "releases.csv row 5, released: 2052-05-06 is 27 years after the release of the edition "
        "before (2025-05-06)",
    ),
    "an edition on another scale": (
        ten_times,
        "scores.csv rows 84, 89, 94, 99, 104 and 31 more, value: the scores of s1 for 2024 lie "
        "about 70.7, those of the same areas for 2023 about 7.255",
    ),
    "another value a day later": (
        row("scores.csv", indicator="s1", value="4.86", released="2024-05-10", **SCORE),
        "scores.csv row 277, value: s1, Lạng Sơn 2023: 4.86, published on 2024-05-10, soon after "
        "another value, 4.84 of 2024-05-09.",
    ),
    "letters lost in a task": (
        cell(f"plans/{PLAN}/actions.csv", "task_vi", "Giao S? Giao thông v?n t?i", action="n1"),
        f"plans/{PLAN}/actions.csv row 2, task_vi: a question mark stands inside a word: «Giao S?",
    ),
    "letters lost in a title": (
        lambda folder: (folder / f"plans/{PLAN}/plan.toml").write_text(
            (folder / f"plans/{PLAN}/plan.toml")
            .read_text("utf-8")
            .replace('title_vi = "', 'title_vi = "K?ho?ch ', 1),
            "utf-8",
        ),
        f"plans/{PLAN}/plan.toml, title_vi: a question mark stands inside a word",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_doubt_is_told_with_its_row_and_reaches_validate_and_results(
    name, data_copy, pgi_command
):
    damage, message = CASES[name]
    damage(data_copy)
    ds = pgi.load(data_copy, plan=PLAN)
    said = [notice.text("en") for notice in ds.notices]
    assert len([text for text in said if text.startswith(message)]) == 1, said
    assert all(notice.text("vi") != notice.text("en") for notice in ds.notices)
    assert pgi.trend(ds.at("2025Q2")).notices == ds.at("2025Q2").notices
    code, _, err = pgi_command("validate", "--data", data_copy, "--plan", PLAN)
    assert code == 0
    assert f"Note: {message}" in err


def test_what_is_told_of_a_doubted_total_says_so_at_once(tmp_path):
    """Beside the answer, not among the notes alone; the plan's own newest sum is named first."""
    folder = shutil.copytree("examples/three-year-plan", tmp_path / "data")
    name = "song-xanh-2024-2026"

    def said():
        known = pgi.load(folder, plan=name).at("2025Q3")
        return known, tell(pgi.gap(known), "doubtful", Voice(known, "en"))

    assert said()[1] == []

    def slip(table):
        for area, period in (("Núi Xanh", "2019"), ("Sông Xanh", "2019"), ("Sông Xanh", "2024")):
            ((_, one),) = of(table, area=area, period=period, indicator="total")
            one["value"] = f"{float(one['value']) + 6:g}"

    rewritten(folder, "scores.csv", slip)
    known, lines = said()
    assert [line.split("(")[0] for line in lines] == [
        "To be checked with số liệu giả định: “Total of the synthetic Sample Index” "
    ]
    (notice,) = known.notices
    told = re.findall(r"(\w+ \w+ \d{4}): ", notice.text("en"))
    assert told == ["Sông Xanh 2024", "Sông Xanh 2019", "Núi Xanh 2019"]


def test_an_earlier_day_does_not_see_a_later_slip(data_copy):
    CASES["a total at odds with its parts"][0](data_copy)
    ds = pgi.load(data_copy)
    assert ds.as_of("2024-05-08").notices == ()
    assert len(ds.as_of("2024-05-09").notices) == 1


def test_a_doubtful_total_needs_no_second_word(data_copy):
    rewritten(
        data_copy,
        "scores.csv",
        lambda table: of(table, **VINH_PHUC)[0][1].update(value="32.63", status="doubtful"),
    )
    assert pgi.load(data_copy).notices == ()


@pytest.mark.parametrize("folder", ["data", *(f"examples/{name}" for name in (
    "three-year-plan", "thirty-four-provinces", "kpi-thang", "twelve-countries"))])  # fmt: skip
def test_what_is_sound_is_left_in_peace(folder):
    for plan in (None, *pgi.plan_names(folder)):
        assert pgi.load(folder, plan=plan).notices == ()


@pytest.mark.parametrize("weight", [(1, 1), (0.333, 0.667), (0.05, 0.95)])
def test_rounding_makes_no_sum_doubtful(tmp_path, weight):
    """Totals of unrounded parts, in one decimal, with weights in three."""
    folder = shutil.copytree("examples/kpi-thang", tmp_path / "index")
    for file in (*folder.glob("*.csv"), folder / "index.toml"):
        file.unlink()
    shutil.rmtree(folder / "plans")
    names = "indicator,name_en,name_vi,direction,part_of,weight,source\n"
    lines = [f"{one},{one},{one},1,t,{w},x\n" for one, w in zip("ab", weight, strict=True)]
    (folder / "indicators.csv").write_text(f"{names}{''.join(lines)}t,t,t,1,,,x\n", "utf-8")
    rows = []
    for n in range(60):
        parts = 30 + n / 3, 70 - n / 7
        exact = (1, 1) if weight == (1, 1) else (1 / 3, 2 / 3) if weight[0] > 0.3 else weight
        total = sum(p * w for p, w in zip(parts, exact, strict=True))
        figures = {"a": parts[0], "b": parts[1], "t": total}
        rows += [(f"Area {n:02}", i, 2024, round(v, 1)) for i, v in figures.items()]
    table = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    table.assign(status="published", released="2025-01-01", source="x").to_csv(
        folder / "scores.csv", index=False
    )
    assert pgi.load(folder).notices == ()
    table.loc[2, "value"] += 2
    table.assign(status="published", released="2025-01-01", source="x").to_csv(
        folder / "scores.csv", index=False
    )
    (notice,) = pgi.load(folder).notices
    assert (notice.rule, notice.row) == ("doubt.sum", 4)


def test_a_sum_is_held_against_the_parts_of_parts_that_were_not_published(tmp_path):
    """Three levels, of which the middle one is out for half of the areas."""
    parts = "indicator,name_en,direction,part_of,weight,source\n"
    parts += "a,a,1,m,0.25,x\nb,b,1,m,0.75,x\nc,c,1,t,1,x\nm,m,1,t,2,x\nt,t,1,,,x\n"
    (tmp_path / "indicators.csv").write_text(parts, "utf-8")
    rows = []
    for n in range(20):
        a, b, c = 3 + n / 3, 7 - n / 7, 5 + n / 9
        m = 0.25 * a + 0.75 * b
        figures = {"a": a, "b": b, "c": c, "t": 2 * m + c} | ({"m": m} if n % 2 else {})
        rows += [(f"Area {n:02}", i, 2024, round(v, 1)) for i, v in figures.items()]
    table = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    table = table.assign(status="published", released="2025-01-01", source="x")
    table.to_csv(tmp_path / "scores.csv", index=False)
    assert pgi.load(tmp_path).notices == ()
    wrong = table.index[table["indicator"].eq("t")][[4, 5]]
    table.loc[wrong, "value"] += 3
    table.to_csv(tmp_path / "scores.csv", index=False)
    (notice,) = pgi.load(tmp_path).notices
    assert (notice.rule, notice.rows) == ("doubt.sum", tuple(wrong + 2))


def test_a_break_that_is_declared_is_no_doubt(data_copy):
    ten_times(data_copy)
    rewritten(
        data_copy,
        "releases.csv",
        lambda table: of(table, period="2024")[0][1].update(series_break="yes"),
    )
    rules = {notice.rule for notice in pgi.load(data_copy).notices}
    assert "suspect.level" not in rules


def test_a_plain_panel_with_an_edition_on_another_scale_is_told_of():
    rows = [
        (f"a{i}", "x", 2020 + t, (5 + i / 9) * (10 if t == 3 else 1))
        for i in range(8)
        for t in range(4)
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    (notice,) = pgi.trend(panel, area="a1").notices
    assert "the scores of x for 2023 lie about" in notice.text("en")
    assert notice.rows == (3, 7, 11, 15, 19, 23, 27, 31)


VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
TEXT = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " ,.-–«»“”?!…()0123456789"))


@given(TEXT)
def test_no_vietnamese_text_counts_as_broken(text):
    assert broken(text) is None


@given(st.text(st.sampled_from(VIETNAMESE), min_size=1), TEXT)
def test_three_byte_letters_read_in_another_encoding_are_found_and_read_back(word, rest):
    whole = f"ạ{word}ế"
    shown = "".join(bytes([n]).decode("cp1252", "ignore") or chr(n) for n in whole.encode("utf-8"))
    if "\u00a0" not in shown and "\u00ad" not in shown:  # these are cleaned away before
        assert broken(f"{rest} {shown}")[1]["meant"].endswith(whole)


@pytest.mark.parametrize("text", ["https://vcci.vn/tin?id=5", "Xong chưa?", "a ? b", "x=1?y"])
def test_a_question_mark_of_its_own_is_no_lost_letter(text):
    assert not doubtful(text)


@pytest.mark.parametrize(
    "lines",
    ["A,x,2023,4,84\nB,x,2023,5.5,\n", "A,x,2023,4,84\nB,x,2023,5,55\n", "A,x,2023,-4,84\n"],
)
def test_a_decimal_comma_that_spills_into_a_column_not_read_is_refused(tmp_path, lines):
    path = tmp_path / "panel.csv"
    path.write_text(f"area,indicator,period,value,note\n{lines}C,x,2023,6,late\n", "utf-8")
    with pytest.raises(pgi.InputError, match=r"row 2, value: -?4 and 84 stand side by side"):
        pgi.read_panel(path)


@pytest.mark.parametrize(
    "text",
    [
        "area,indicator,period,value,rank\nA,x,2023,4,1\nB,x,2023,3.5,2\n",
        "area,indicator,period,value,rank\nA,x,2023,4,1\nB,x,2023,3,2\n",
        "area;indicator;period;value;note\nA;x;2023;4;84\nB;x;2023;5,5;\n",
        "area,indicator,value,period\nA,x,4,2023\nB,x,5,2023\n",
    ],
)
def test_a_number_beside_the_value_that_means_something_is_left(tmp_path, text):
    path = tmp_path / "panel.csv"
    path.write_text(text, "utf-8")
    assert pgi.read_panel(path)["value"][0] == 4


@pytest.mark.parametrize(
    ("target", "doubted"), [(0.6, True), (1000.0, True), (25.0, False), (0.0, False)]
)
def test_a_target_of_another_size_than_all_figures_is_doubted(target, doubted):
    """A share of 0.6 beside figures of 20 to 70: a per cent was lost on the way."""
    rows = [
        (f"A{a}", "x", year, 30.0 + 5 * a + year % 4)
        for a in range(8)
        for year in range(2015, 2025)
    ]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    aims = pd.DataFrame(
        {"area": ["A1"], "indicator": "x", "target_period": 2030, "target": [target]}
    )
    rules = [notice.rule for notice in pgi.gap(panel, aims, direction=-1).notices]
    assert ("doubt.target_size" in rules) is doubted

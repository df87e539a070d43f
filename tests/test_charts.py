"""Charts hold: no text lies on another or leaves the figure, whatever the size, length and name."""

import itertools
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

import pgi_analysis as pgi
from pgi_analysis.charts import FAN, Fan, fan_picture, fans, rows, style
from pgi_analysis.charts.letters import fit, width
from pgi_analysis.charts.numbers import Numbers
from pgi_analysis.charts.periods import named_periods
from pgi_analysis.data import Measure, decimals, measures
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

SHORT = ["Đảm bảo tuân thủ", "Đào tạo lao động"]
LONG = [
    "Tỷ lệ dân số được sử dụng nguồn nước hợp vệ sinh ở khu vực nông thôn, miền núi và hải đảo (%)",
    "GNI per capita (US$), PPP ($), in constant 2021 international dollars, whole economy",
    "Chính sách khuyến khích và dịch vụ hỗ trợ",
]
SIZES = [1e-4, 1.0, 1e3, 1e6, 1e9]


def boxes(figure: Figure) -> dict[str, list]:
    """Measure every text that the figure shows."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    renderer = canvas.get_renderer()
    hidden = set()
    for ax in figure.axes:
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            labels, places = axis.get_majorticklabels(), axis.get_majorticklocs()
            for label, place in zip(labels, places, strict=True):
                if not low - 1e-9 <= place <= high + 1e-9:
                    hidden.add(label)
            hidden.update(tick.label2 for tick in axis.get_major_ticks())
    shown = [
        text
        for text in figure.findobj(Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden
    ]
    return [(text.get_text(), text.get_window_extent(renderer)) for text in shown]


def crowded(figure: Figure) -> list[str]:
    """Name the texts that lie on each other or leave the figure, by more than half a pixel."""
    found = boxes(figure)
    plt.close(figure)
    assert found
    width, height = figure.bbox.size
    bad = [
        f"outside: {text!r} {box.extents.round()} of {width:.0f} x {height:.0f}"
        for text, box in found
        if box.x0 < -0.5 or box.y0 < -0.5 or box.x1 > width + 0.5 or box.y1 > height + 0.5
    ]
    for (one, a), (other, b) in itertools.combinations(found, 2):
        across = min(a.x1, b.x1) - max(a.x0, b.x0)
        up = min(a.y1, b.y1) - max(a.y0, b.y0)
        if across > 0.5 and up > 0.5:
            bad.append(f"on each other: {one!r} and {other!r}")
    return bad


def table_of(names, size):
    """A table with all that charts with a row an indicator draw."""
    rng = np.random.default_rng(len(names))
    value = size * rng.uniform(3, 7, len(names))
    return pd.DataFrame(
        {
            "indicator": names,
            "period": 2023,
            "origin": 2023,
            "baseline": value - size * 0.4,
            "value": value,
            "target": value + size * 1.2,
            "target_upper": [value[0] + size * 1.5, *[None] * (len(names) - 1)],
            "lower": value - size,
            "upper": value + 2 * size,
            "median": value + size * 0.5,
            "p_met": 0.083,
            "common_move": size * rng.uniform(-1, 1, len(names)),
            "own_move": -size * rng.uniform(0, 1, len(names)),
            "n_obs": 3,
            "place": 12,
            "n_known": 63,
        }
    )


def voice_of(table, language):
    figures = {row.indicator: [row.baseline, row.value, row.target] for row in table.itertuples()}
    return Voice(None, language, measures(figures))


def row_charts(table, voice):
    scores = pd.concat([table.assign(value=table["value"] * k, own=k == 1) for k in (0.5, 1, 1.4)])
    area = "Thành phố Hồ Chí Minh sau khi hợp nhất với Bình Dương và Bà Rịa - Vũng Tàu"
    yield "gap", rows.gap(table, voice)
    yield "moves", rows.moves(table, voice)
    yield "standing", rows.standing(table, scores, area, voice)
    yield "intervals", rows.intervals(table, 0.8, voice)


def fan_of(name, periods, ahead, size, target):
    """A fan of so many periods up to the last score, and so many ahead."""
    rng = np.random.default_rng(periods)
    last = 2023
    known = pd.Series(
        size * (5 + np.cumsum(rng.normal(0, 0.3, periods))), range(last - periods + 1, last + 1)
    )
    reach = np.sqrt(np.arange(ahead + 1))
    spread = {level: known.iloc[-1] + size * reach * (level - 0.5) * 2 for level in FAN}
    wide = pd.DataFrame(spread, index=range(last, last + ahead + 1))
    goal = wide[0.5].iloc[-1] + target * size
    return Fan(name, known, wide, float(goal), last + ahead)


def fan_voice(drawn, language):
    return Voice(None, language, measures({d.indicator: [*d.history, d.target] for d in drawn}))


@pytest.mark.parametrize(
    ("names", "size", "language"),
    [(1, 1e-4, "vi"), (1, 1e9, "en"), (5, 1.0, "vi"), (5, 1e9, "en"), (12, 1e6, "vi")],
)
def test_rows_hold(names, size, language):
    table = table_of([f"{(LONG + SHORT)[i % 5]} {i}" for i in range(names)], size)
    voice = voice_of(table, language)
    for name, ax in row_charts(table, voice):
        assert not crowded(ax.figure), name
    if names == 12:
        return
    mixed = table.assign(value=table["value"] * 10.0 ** (3 * np.arange(names) % 7))
    voice = voice_of(mixed, language)
    figure = rows.by_scale(
        mixed["indicator"],
        voice,
        lambda some, ax: rows.standing(
            mixed[mixed["indicator"].isin(some)], mixed.assign(own=False), "A", voice, ax
        ),
    )
    assert not crowded(figure)


#: what a reader measures in other units than points: (code, name, unit, size, direction)
MIXED = [
    ("hiv", "Tỷ lệ người sống chung với HIV", "People living with HIV", "%", "%", 0.3, -1),
    ("gdp", "GDP bình quân (US$)", "GDP per head (US$)", "triệu đồng", "million dong", 900.0, 1),
    ("co2", "Phát thải CO2", "CO2 emissions", "tấn", "tonnes", 4e6, -1),
]


@pytest.fixture(scope="module")
def mixed_folder(data_dir, tmp_path_factory):
    """Made-up figures of twelve areas and twenty years, in units of very different size."""
    folder = tmp_path_factory.mktemp("mixed") / "data"
    home = folder / "plans" / "mixed-2026"
    home.mkdir(parents=True)
    made_up = {"source": "made up for this test"}
    areas = pd.read_csv(data_dir / "areas.csv").head(12).drop(columns="valid_to")
    areas.to_csv(folder / "areas.csv", index=False)
    names = "indicator name_vi name_en unit_vi unit_en size direction".split()
    about = pd.DataFrame(MIXED, columns=names).assign(lower=None, upper=None, **made_up)
    about.drop(columns="size").to_csv(folder / "indicators.csv", index=False)
    years = range(2005, 2025)
    released = {year: f"{year + 1}-04-10" for year in years}
    pd.DataFrame({"period": years, "released": released.values(), "series_break": "no"}).assign(
        **made_up
    ).to_csv(folder / "releases.csv", index=False)
    rng = np.random.default_rng(12)
    scores = [
        (area, code, year, size * (1 + 0.1 * i + 0.01 * (year - 2005) + rng.normal(0, 0.03)))
        for code, *_, size, _ in MIXED
        for i, area in enumerate(areas["name_vi"])
        for year in years
    ]
    table = pd.DataFrame(scores, columns=["area", "indicator", "period", "value"])
    table["released"] = table["period"].map(released)
    table.assign(status="published", **made_up).to_csv(folder / "scores.csv", index=False)
    for name in ("ranks", "national"):
        (folder / f"{name}.csv").write_text((data_dir / f"{name}.csv").read_text().split("\n")[0])
    own = table[(table["area"] == areas["name_vi"][3]) & (table["period"] == 2024)]
    sign = about.set_index("indicator")["direction"]
    goal = own["value"] * (1 + 0.1 * own["indicator"].map(sign))
    pd.DataFrame(
        {
            "indicator": own["indicator"],
            "baseline": own["value"],
            "baseline_period": 2024,
            "target": goal.round(6),
            "target_period": 2026,
        }
    ).assign(**made_up).to_csv(home / "targets.csv", index=False)
    shape = data_dir / "plans" / "ninh-thuan-2024"
    for name in ("actions.csv", "progress.csv"):
        (home / name).write_text((shape / name).read_text("utf-8"), "utf-8")
    (home / "plan.toml").write_text(
        f'name = "mixed-2026"\narea = "{areas["name_vi"][3]}"\nindex_vi = "Thử"\n'
        'index_en = "Trial"\ntitle_vi = "Kế hoạch thử"\ntitle_en = "Trial plan"\n'
        'agency_vi = "Sở thử"\nagency_en = "Trial office"\nsource = "made up for this test"\n',
        "utf-8",
    )
    return folder


@pytest.mark.parametrize(
    ("periods", "ahead", "target", "size", "language"),
    [
        (1, 1, 0, 1e9, "vi"),
        (1, 2, 1.5, 1e-4, "en"),
        (5, 1, -1.5, 1e6, "vi"),
        (5, 2, 0.05, 1.0, "vi"),
        (20, 1, 1.5, 1e3, "en"),
        (20, 7, -0.05, 1e9, "en"),
        (20, 7, 1.5, 1e6, "vi"),
        (40, 1, -1.5, 1e9, "vi"),
        (40, 7, 1.5, 1e-4, "vi"),
        (40, 20, 0, 1.0, "en"),
    ],
)
def test_fans_hold(periods, ahead, target, size, language):
    drawn = [fan_of(name, periods, ahead, size, target) for name in (LONG[0], SHORT[0], LONG[1])]
    voice = fan_voice(drawn, language)
    assert not crowded(fans.fan(drawn[0], voice, style.blank()).figure)
    assert not crowded(fans.fans(drawn, voice))


@pytest.mark.parametrize(
    ("periods", "ahead", "least"), [(5, 1, 6), (6, 1, 7), (20, 1, 6), (20, 7, 6), (40, 7, 6)]
)
@pytest.mark.parametrize("size", [1.0, 1e9])
def test_a_time_axis_names_six_to_eight_periods(periods, ahead, least, size):
    drawn = fan_of("x", periods, ahead, size, 1.5)
    voice = fan_voice([drawn], "vi")
    alone = fans.fan(drawn, voice, style.blank())
    (among,) = fans.fans([drawn], voice).axes
    svg = fan_picture(drawn, ends=(0, 10 * size), write=voice.points, text="t").svg
    for named in (
        [label.get_text() for label in alone.get_xticklabels()],
        [label.get_text() for label in among.get_xticklabels()],
        re.findall(r">(\d{4})</text>", svg),
    ):
        assert {"2023", str(2023 + ahead)} <= set(named)
        assert named == sorted(set(named))
        assert (least if size == 1 else 5) <= len(named) <= 8


@given(
    first=st.integers(1900, 2000),
    known=st.integers(0, 120),
    ahead=st.integers(0, 60),
    need=st.floats(0.01, 30),
)
def test_named_periods_never_lie_on_each_other(first, known, ahead, need):
    last = first + known
    end = last + ahead
    named = named_periods(first, last, end, need)
    assert {last, end} <= {period for period, _ in named}
    assert len(named) <= 8
    shift = {"middle": (-need / 2, need / 2), "end": (-need, 0), "start": (0, need)}
    spans = [(period + shift[a][0], period + shift[a][1]) for period, a in named]
    assert all(end_ <= start + 1e-9 for (_, end_), (start, _) in itertools.pairwise(spans))


def test_long_numbers_keep_within_the_sliders_picture():
    """A letter of its font is at most 8 units wide; the picture has 560."""
    for size in SIZES:
        drawn = fan_of("x", 40, 1, size, 1.5)
        voice = fan_voice([drawn], "en")
        svg = fan_picture(drawn, ends=(0, 10 * size), write=voice.points, text="t").svg
        texts = re.findall(r'<text x="([\d.]+)" y="[\d.]+" text-anchor="(\w+)".*?>([^<]*)<', svg)
        assert len(texts) > 8
        for x, anchor, text in texts:
            wide = 8 * len(text)
            start = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
            assert start >= 0
            assert start + wide <= 560


@pytest.mark.parametrize(
    "name", ["GNI (US$), PPP ($)", "Cost $x_{$ per", "a_b^c $\\frac$", "_Total"]
)
def test_names_are_drawn_as_written(name):
    table = table_of([name], 1.0)
    voice = Voice(None, "en", {name: Measure(unit=name)})
    scores = table.assign(own=False)
    axes = [ax for _, ax in row_charts(table, voice)]
    axes.append(rows.standing(table, scores, name, voice, plt.figure().add_subplot()))
    axes.append(fans.fan(fan_of(name, 5, 2, 1.0, 1.0), voice, plt.figure().add_subplot()))
    for ax in axes:
        found = boxes(ax.figure)
        drawn = [text for text in ax.figure.findobj(Text) if name in text.get_text()]
        assert drawn
        assert not any(text.get_parse_math() for text in drawn)
        plt.close(ax.figure)
    assert name in {text.strip("\u200a") for text, _ in boxes(axes[4].figure)}
    assert found


def test_a_name_is_broken_then_cut_and_a_short_one_stays():
    assert fit("Đảm bảo tuân thủ", 4) == "Đảm bảo tuân thủ"
    broken = fit(LONG[0], 4, bold=True)
    assert " ".join(broken.split("\n")) == LONG[0]
    cut = fit(LONG[0], 2, bold=True)
    assert cut.count("\n") == 1
    assert cut.endswith("…")
    assert LONG[0].startswith(cut.removesuffix("…").replace("\n", " "))
    assert fit("x" * 500, 1).endswith("…")
    assert max(width(line, bold=True) for line in cut.split("\n")) <= 2


def test_a_legend_stands_for_other_charts_only_where_it_is_true():
    """The newest scores of two scales may be of two years."""
    table = table_of(["a", "b"], 1.0).assign(period=[2023, 2024])
    known = {"a": Measure(scale=(1, 10)), "b": Measure(scale=(4, 40))}
    voice = Voice(None, "en", known)

    def draw(some, ax):
        return rows.gap(table[table["indicator"].isin(some)], voice, ax)

    figure = rows.by_scale(table["indicator"], voice, draw)
    said = [[text.get_text() for text in ax.get_legend().get_texts()] for ax in figure.axes]
    assert said == [["baseline", f"score {year}", "target"] for year in (2023, 2024)]
    table["period"] = 2024
    first, second = rows.by_scale(table["indicator"], voice, draw).axes
    assert first.get_legend()
    assert second.get_legend() is None


@pytest.mark.parametrize(
    ("figures", "value", "vi", "en"),
    [
        ([1.02, 9.98], 4.84, "4,84", "4.84"),
        ([4.01, 39.98], 22.24, "22,24", "22.24"),
        ([0.12, 99.87], 37.516, "37,52", "37.52"),
        ([1.02, 9.98], -0.001, "0,00", "0.00"),
        ([450.1, 599.9], 487.31, "487,3", "487.3"),
        ([12000, 41250], 41249.6, "41.250", "41,250"),
        ([0, 2e6], 1234567.8, "1.234.568", "1,234,568"),
        ([0.00042, 0.0009], 0.00042, "0,00042", "0.00042"),
        ([0.291, 0.614], 0.703, "0,703", "0.703"),
        ([23000.12, 23000.43], 23000.26, "23.000,26", "23,000.26"),
        ([5.0, 5.0 + 1e-12], 5.0, "5,00", "5.00"),
        ([0.0], 0.0, "0,00", "0.00"),
        ([1, 10], 4.84, "5", "5"),
    ],
)
def test_digits_fit_the_figures_of_the_indicator(figures, value, vi, en):
    known = measures({"x": figures})
    assert Voice(None, "vi", known).points(value) == vi
    assert Voice(None, "en", known).points(value) == en


@given(st.lists(st.floats(1e-6, 1e6), min_size=2, max_size=9), st.integers(-9, 9))
def test_digits_tell_the_range(values, power):
    """As written the ends of a range differ, whatever the unit."""
    some = [value * 10.0**power for value in values]
    low, high = min(some), max(some)
    if high - low > 1e-6 * high:
        assert round(high, decimals(some)) > round(low, decimals(some))


def test_a_dataset_measures_by_the_ends_of_its_scales(ds):
    voice = Voice(ds.at("2024Q1"), "vi")  # few scores are known yet
    assert voice.measures["s1"] == Measure(2, "điểm", (1.0, 10.0), 1, 1)
    assert voice.measures["total"] == Measure(2, "điểm", (4.0, 40.0), 2, 1)
    assert voice.unit == "điểm"
    assert not voice.apart


@pytest.fixture(scope="module")
def mixed(mixed_folder):
    return pgi.load(mixed_folder, plan="mixed-2026").at("2025Q4")


def test_sentences_name_the_unit_of_each_indicator(mixed):
    hiv, gdp, co2 = tell(pgi.gap(mixed), "sentences", Voice(mixed, "en"))
    assert "0.449% in 2024, 0.045 percentage points above the target of 0.404 for 2026" in hiv
    assert "1,361 million dong in 2024, 136 million dong below the target of 1,497" in gdp
    assert "which takes a fall of 306,695 tonnes a year" in co2
    hiv, gdp, co2 = tell(pgi.gap(mixed), "sentences", Voice(mixed, "vi"))
    assert "0,449% năm 2024, cao hơn 0,045 điểm phần trăm so với mục tiêu 0,404%" in hiv
    assert "1.361 triệu đồng năm 2024" in gdp
    assert "tức cần giảm 306.695 tấn mỗi năm" in co2


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_called_points_that_is_none(mixed, language):
    voice = Voice(mixed, language)
    gaps, made, moved = pgi.gap(mixed), pgi.project(mixed), pgi.trend(mixed)
    said = [
        *tell(gaps, "answer", voice),
        *tell(gaps, "sentences", voice),
        *tell(made, "sentences", voice),
        *tell(made, "reasons", voice),
        *tell(moved, "sentences", voice),
        *(tell(found, "table", voice).to_string() for found in (gaps, made, moved)),
    ]
    figures = [gaps.figure(voice), made.figure(voice), moved.figure(voice), made.fans(voice)]
    said += [text for figure in figures for text, _ in boxes(figure)]
    assert not [line for line in said if re.search(r"\d (points|điểm)\b(?! phần)", line)]
    assert not [line for line in said if re.search(r"\((points|điểm)\)|^(Points|Điểm)$", line)]
    rows_ = tell(gaps, "table", voice).iloc[:, 0].tolist()
    assert [row.rpartition(" (")[2] for row in rows_] == {
        "vi": ["%)", "triệu đồng)", "tấn)"],
        "en": ["%)", "million dong)", "tonnes)"],
    }[language]


def test_gaps_in_different_units_are_not_held_against_each_other(mixed):
    ends = {"vi": "còn kém hơn mục tiêu năm 2026.", "en": "worse than their targets for 2026."}
    for language, end in ends.items():
        assert tell(pgi.gap(mixed), "answer", Voice(mixed, language))[0].endswith(end)


def test_indicators_of_different_size_or_unit_have_an_axis_each(mixed):
    voice = Voice(mixed, "en")
    figure = pgi.gap(mixed).figure(voice)
    assert [ax.get_xlabel() for ax in figure.axes] == ["%", "million dong", "tonnes"]
    ax = pgi.gap(mixed).plot()
    assert len(ax.figure.axes) == 3
    assert len(ax.figure.axes[0].texts) == 2


def test_a_plain_table_claims_no_unit():
    panel = pd.DataFrame(
        [
            (area, name, year, size * (1 + i / 10 + (year - 2018) / 50))
            for name, size in (("share", 0.3), ("income", 1000.0))
            for i, area in enumerate("ABCDE")
            for year in range(2018, 2024)
        ],
        columns=["area", "indicator", "period", "value"],
    )
    found = pgi.trend(panel, area="B")
    drawn = found.plot().figure
    assert len(drawn.axes) == 2  # .3 is not seen on an axis to 1,200
    assert [ax.get_xlabel() for ax in drawn.axes] == ["", "Change"]
    assert not crowded(drawn)
    html = found._repr_html_()
    assert "points" not in html
    assert ">+0.01<" in html  # the figures of the last year have two decimals
    assert ">+20<" in html
    targets = pd.DataFrame({"area": ["B"], "indicator": "income", "target": 1400.0})
    made = pgi.project(panel, targets.assign(target_period=2025, direction=1))
    assert made.plot().get_ylabel() == "Value"
    assert ">1,400<" in made._repr_html_()


@pytest.mark.parametrize(
    ("ticks", "vi", "en"),
    [
        ([4, 4.5, 5], "4 4,5 5", "4 4.5 5"),
        ([-0.5, 0, 0.5], "−0,5 0 0,5", "−0.5 0 0.5"),
        ([0, 25000, 50000], "0 25.000 50.000", "0 25,000 50,000"),
        ([0, 5e5, 1e6], "0 0,5~triệu 1~triệu", "0 0.5~million 1~million"),
        ([-2e9, 0, 2e9], "−2~tỷ 0 2~tỷ", "−2~billion 0 2~billion"),
        ([1e-4, 2e-4], "0,0001 0,0002", "0.0001 0.0002"),
        ([10000.1, 10000.2], "10.000,1 10.000,2", "10,000.1 10,000.2"),
    ],
)
def test_numbers_of_an_axis(ticks, vi, en):
    for language, wanted in (("vi", vi), ("en", en)):
        written = Numbers(Voice(None, language)).format_ticks(ticks)
        assert [text.replace(" ", "~") for text in written] == wanted.split()

"""Indicators of unlike units, of which some should fall: each in its own, never added up."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.data import Measure, measures_of
from pgi_analysis.data.measures import decimals, measure
from pgi_analysis.language import words
from pgi_analysis.text import tell
from pgi_analysis.voice import Voice

FALL, RISE = {"s": Measure(direction=-1)}, {"s": Measure(direction=1)}
#: what says of a move no more than which way it went
BARE = {
    "en": r"\b(rose|rises?|rising|risen|fell|falls?|fallen|recovery|decline|gains?)\b",
    "vi": r"\b(tăng|giảm)\b",
}
#: and what says whether that is for the better
JUDGED = {"en": r"improved|worsened", "vi": r"cải thiện|xấu đi"}
#: texts of the results on which an indicator that should fall is told of
TOLD = "answer trend projection levels plot caveat headline about heading assess.signal".split()
#: those that are right for both: what a target asks for, by its own side, and how things work
BOTH = {"caveat.log_scale", "caveat.damping"}


def entries(table, prefix=""):
    for name, entry in table.items():
        if isinstance(entry, dict):
            yield from entries(entry, f"{prefix}{name}.")
        else:
            yield prefix + name, entry


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_text_says_only_rose_or_fell_of_what_should_fall(language):
    """A text that would do so has another one beside it; that one judges, or names no side."""
    texts = {key: re.sub("{.*?}", "", text) for key, text in entries(words(language))}
    told = {k: t for k, t in texts.items() if k.startswith(tuple(f"{name}." for name in TOLD))}
    bare = {k for k, text in told.items() if re.search(BARE[language], text)}
    bare -= {key for key in bare if re.search(JUDGED[language], texts[key])}
    assert not {key for key in bare - BOTH if f"{key}_falls" not in texts}
    for key in ("trend.rose", "trend.fell"):
        assert re.search(JUDGED[language], texts[f"{key}_falls"])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_text_of_its_own_is_for_what_should_fall_alone(language):
    keys = [key for key, _ in entries(words(language)) if key.endswith("_falls")]
    assert keys
    falls, rises = Voice(None, language, FALL), Voice(None, language, RISE)
    for key in keys:
        blanks = re.findall(r"{(\w+)", dict(entries(words(language)))[key])
        values = dict.fromkeys(blanks, 1) | {"name": "x", "area": "A", "rank": ""}
        base = key.removesuffix("_falls")
        assert falls.say(base, **values) == falls.say(key, **values)
        assert rises.say(base, **values) == Voice(None, language).say(base, **values)


def panel(sign):
    values = [4.0, 5.0, 6.0, 7.0, 8.0, 7.5]
    return pd.DataFrame(
        {
            "area": ["A"] * 3 + ["B"] * 3,
            "indicator": "co2",
            "period": [2022, 2023, 2024] * 2,
            "value": [sign * value for value in values],
        }
    )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_rise_of_what_should_fall_is_no_improvement(language):
    worse = {"vi": "xấu đi", "en": "worsened"}[language]
    better = {"vi": "cải thiện", "en": "improved"}[language]
    for direction, said in ((-1, True), (1, False)):
        found = pgi.trend(panel(1), area="A", direction=direction)
        (line,) = tell(found, "sentences", found.spoken(language))
        assert (worse in line) == said
        assert better not in line
    fallen = pgi.trend(panel(-1), area="A", direction=-1)
    (line,) = tell(fallen, "sentences", fallen.spoken(language))
    assert better in line
    assert worse not in line.split("(")[1]


def test_moves_are_counted_by_what_is_better():
    both = pd.concat([panel(1), panel(1).assign(indicator="forest")])
    found = pgi.trend(both, area="A", direction={"co2": -1, "forest": 1})
    assert "1 of 2 indicators improved" in tell(found, "answer", found.spoken("en"))[0]


def gaps(units):
    """Two targets of a panel whose units are these, the first the nearer by the share done."""
    scores = pd.DataFrame(
        {
            "area": "A",
            "indicator": ["x", "x", "y", "y"],
            "period": [2022, 2024] * 2,
            "value": [10.0, 18.0, 10.0, 12.0],
        }
    )
    aims = pd.DataFrame(
        {
            "area": "A",
            "indicator": ["x", "y"],
            "baseline_period": 2022,
            "target": [30.0, 20.0],
            "target_period": 2026,
            "direction": 1,
        }
    )
    found = pgi.gap(scores, aims)
    known = {name: measure([10, 20], unit=unit) for name, unit in zip("xy", units, strict=True)}
    return tell(found, "answer", Voice(None, "en", known))[0]


def test_gaps_of_one_unit_are_compared_in_it():
    assert "the widest gap is that of “x” (12 USD below target)" in gaps(["USD", "USD"])


@pytest.mark.parametrize("units", [["USD", "tonnes"], ["", ""], ["%", ""]])
def test_unlike_gaps_are_compared_by_the_share_of_the_way(units):
    said = gaps(units)
    assert "widest" not in said
    assert "least of the way to its target is done for “y” (20% of the planned change)" in said


def test_unlike_units_are_drawn_apart():
    kinds = {"x": measure([10, 20], unit="USD"), "y": measure([10, 20], unit="%")}
    assert Voice(None, "en", kinds).apart
    assert not Voice(None, "en", dict.fromkeys("xy", kinds["x"])).apart


figures = st.lists(st.decimals(0, 10**6, places=4, allow_nan=False).map(float), min_size=1)


@given(figures)
def test_no_more_decimals_than_the_figures_have(some):
    digits = decimals(some)
    own = next(d for d in range(13) if all(round(x, d) == x for x in some))
    assert 0 <= digits <= max(own, 2)


@given(figures, st.integers(1, 6))
def test_figures_that_differ_are_told_apart(some, scale):
    """By their range at least: the largest and the smallest never read the same."""
    some = [x / 10**scale for x in some]
    written = {f"{x:.{decimals(some)}f}" for x in (min(some), max(some))}
    apart = max(some) - min(some) > 1e-9 * max(some)
    assert len(written) == 2 or not apart or max(some) - min(some) < 1e-11


@pytest.mark.parametrize(
    ("some", "digits"),
    [([0.587, 0.59], 3), ([10000.0, 8000.0], 0), ([4.84, 6.58], 2), ([0.1 + 0.2, 0.75], 2)],
)
def test_decimals_that_a_reader_expects(some, digits):
    assert decimals(some) == digits


def test_the_decimals_that_somebody_named_win(ds):
    named = ds.indicators.assign(digits=pd.array([0, None, None, None, 1], "Int64"))
    known = measures_of(replace(ds, indicators=named), "en")
    assert [known[name].digits for name in named["indicator"]] == [0, 2, 2, 2, 1]


def test_a_small_share_keeps_its_decimals_and_an_axis_of_its_own(ds):
    """0.487 on a scale up to 100 is not 0.49, nor seen beside 4.84."""
    scores = ds.scores.assign(value=ds.scores["value"].mask(ds.scores["indicator"] == "s1", 0.487))
    plan = replace(ds.plan, targets=ds.plan.targets.query("indicator != 's1'"))
    small = replace(ds, scores=scores, plan=plan, indicators=ds.indicators.assign(upper=100.0))
    known = measures_of(small, "en")
    assert known["s1"].digits == 3
    assert known["s1"].scale != known["s2"].scale == (1.0, 100.0)


def test_a_single_series_has_gap_trend_projection_and_labels():
    """Without other areas each is told from its own history, which is said."""
    years = range(2015, 2025)
    noise = [0.3, -0.2, 0.4, -0.5, 0.1, 0.6, -0.4, 0.2, -0.1, 0.3]
    values = [30 - 0.8 * i + e for i, e in enumerate(noise)]
    one = pd.DataFrame({"area": "X", "indicator": "poverty", "period": years, "value": values})
    aims = pd.DataFrame(
        {"area": ["X"], "indicator": "poverty", "baseline_period": 2015, "target": 18.0,
         "target_period": 2027, "direction": -1}
    )  # fmt: skip
    gap, projected = pgi.gap(one, aims), pgi.project(one, aims)
    assert gap["state"].item() == "open"
    assert "own_history" in projected["cautions"].item().split()
    assert 0 < projected["p_met"].item() < 1
    assert (pgi.assess(one, aims)["verdict"] != "not_assessed").any()
    moved = pgi.trend(one, direction=-1)
    (line,) = tell(moved, "sentences", moved.spoken("en"))
    assert "the shared change cannot be told" in line
    (said,) = tell(gap, "answer", gap.spoken("en"))
    assert said.startswith("poverty: ")
    assert "projected from its own history alone" in projected._repr_html_()

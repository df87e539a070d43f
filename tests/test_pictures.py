"""Row pictures: every mark where its number says, and a text that says the same."""

import math
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.charts.pictures import EDGE, WIDTH, gap_picture
from pgi_analysis.notebook.tables import table_html
from pgi_analysis.text import report
from pgi_analysis.voice import Voice

SCORES = st.floats(1, 10)


def position(kind, svg):
    return float(re.search(rf'class="{kind}" cx="([\d.]+)"', svg)[1])


@given(SCORES, SCORES, SCORES)
def test_marks_lie_on_one_scale(baseline, value, target):
    svg = gap_picture(
        lower=1, upper=10, baseline=baseline, value=value, target=target, interval=None, text="t"
    ).svg
    share = (np.array([baseline, value, target]) - 1) / 9
    expected = EDGE + share * (WIDTH - 2 * EDGE)
    drawn = [position("baseline", svg), position("now", svg)]
    drawn.append(float(re.search(r'class="target" d="M([\d.]+) ', svg)[1]))
    np.testing.assert_allclose(drawn, expected, atol=0.051)


def test_what_is_not_known_is_not_drawn():
    svg = gap_picture(
        lower=1,
        upper=10,
        baseline=np.nan,
        value=np.nan,
        target=5,
        interval=(np.nan, np.nan),
        text="t",
    ).svg
    assert "target" in svg
    assert not re.search('class="(baseline|now|moved|band)"', svg)
    assert "nan" not in svg


def test_the_interval_is_a_band():
    svg = gap_picture(
        lower=0, upper=10, baseline=4, value=4, target=5, interval=(2.5, 7.5), text="t"
    ).svg
    x, width = re.search(r'class="band" x="([\d.]+)".*? width="([\d.]+)"', svg).groups()
    assert (float(x), float(width)) == (54.0, 92.0)


def drawn(text: str):
    numbers = {"baseline": 4.0, "value": 5.0, "target": 6.0, "interval": None}
    return gap_picture(lower=1.0, upper=10.0, **numbers, text=text)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_without_a_scale_a_row_spans_its_own_figures(language):
    ds = pgi.load("examples/twelve-countries", plan="drovia-2030").at("2025")
    ds = replace(ds, indicators=ds.indicators.assign(lower=math.nan, upper=math.nan))
    found = pgi.gap(ds), pgi.project(ds), pgi.ranks(ds)
    voice = Voice(ds, language)
    shown = [cells["picture"] for _, cells in report.rows(*found, voice)]
    marks = [float(re.search(r'class="target" d="M([\d.]+)', one.svg)[1]) for one in shown]
    assert all(EDGE <= mark <= WIDTH - EDGE for mark in marks)
    assert {EDGE, WIDTH - EDGE} & {round(mark) for mark in marks}
    assert voice.say("picture.own") in report.note(found[1], voice)
    assert not re.search("nan|None|{", "".join(map(str, shown)))


def test_with_nothing_to_draw_there_is_no_column_for_it():
    ds = pgi.load("examples/twelve-countries", plan="drovia-2030").at("2025")
    ds = replace(ds, indicators=ds.indicators.assign(lower=math.nan, upper=math.nan))
    ds = replace(ds, scores=ds.scores[ds.scores["area"] != ds.plan.area])
    aims = ds.plan.targets.assign(baseline=math.nan)
    ds = replace(ds, plan=replace(ds.plan, targets=aims))
    shown = report.table(pgi.gap(ds), pgi.project(ds), pgi.ranks(ds), Voice(ds, "en"))
    assert len(shown)
    assert "Baseline, now, target" not in shown


def test_texts_are_escaped_and_cells_are_drawn():
    assert 'aria-label="&lt;b&gt; &quot;x&quot;"' in drawn('<b> "x"').svg
    html = table_html(
        pd.DataFrame({"a": ["b"], "c": [drawn("t")]}),
        "caption",
    )
    assert "<td data-label='c' class='drawn'><svg" in html
    assert "class='compact'" in html


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("quarter", ["2023Q1", "2024Q4", "2025Q2"])
def test_the_answer_s_pictures_say_what_the_table_says(ds, quarter, language):
    at = ds.at(quarter)
    voice, gaps = Voice(at, language), pgi.gap(at).table
    shown = report.table(pgi.gap(at), pgi.project(at), pgi.ranks(at), voice)
    for picture, target in zip(shown.iloc[:, 1], gaps["target"], strict=True):
        assert voice.points(target) in picture.text
        assert not re.search("nan|None|{", picture.text)

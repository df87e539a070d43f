"""The sliders answer as `what_if` does, and the picture is drawn from its quantiles."""

import re

import pandas as pd
import pytest

import pgi_analysis as pgi
from pgi_analysis.charts import FAN, Fan, fan_picture
from pgi_analysis.notebook import sliders
from pgi_analysis.voice import Voice

ipywidgets = pytest.importorskip("ipywidgets")


@pytest.fixture
def made(ds):
    return pgi.project(ds.at("2024Q4"))


@pytest.fixture
def box(made):
    return sliders.sliders(made, Voice(made.ds, "vi"))


def controls(box):
    indicator, assume, *rows, answer, chart = box.children
    names = ("common_move", "own_rise", "success", "target")
    return {name: row.children[1] for name, row in zip(names, rows, strict=True)} | {
        "indicator": indicator,
        "assume": assume,
        "answer": answer,
        "chart": chart,
    }


def said(box):
    return int(re.search(r"Khả năng đạt mục tiêu: khoảng (\d+)%", controls(box)["answer"].value)[1])


def roughly(p):
    """Round as a probability from one edition is."""
    return 5 * round(20 * p)


def test_they_start_where_the_projection_is(box, made):
    assert said(box) == roughly(made.table["p_met"].iloc[0])


def test_they_answer_as_what_if_does(box, made):
    found = controls(box)
    found["own_rise"].value, found["success"].value, found["target"].value = 1.2, 0.7, 6.0
    wanted = pgi.what_if(made.only([0]), own_rise=1.2, success=0.7, target=6.0).table.iloc[0]
    assert said(box) == roughly(wanted["p_met"])
    assert Voice(None, "vi").points(wanted["median"]) in found["answer"].value
    found["assume"].value, found["common_move"].value = True, 0.4
    wanted = pgi.what_if(
        made.only([0]), common_move=0.4, own_rise=1.2, success=0.7, target=6.0
    ).table.iloc[0]
    assert said(box) == roughly(wanted["p_met"])


def test_the_common_move_waits_until_it_is_assumed(box):
    found = controls(box)
    before = said(box)
    assert found["common_move"].disabled
    found["common_move"].value = 1.0
    assert said(box) == before
    found["assume"].value = True
    assert not found["common_move"].disabled
    assert said(box) > before


def test_another_indicator_starts_anew(box, made):
    found = controls(box)
    found["own_rise"].value = 1.0
    found["indicator"].value = made.pending.table.index[2]
    assert found["own_rise"].value == 0
    assert found["target"].value == made.table["target"].iloc[2]
    assert said(box) == roughly(made.table["p_met"].iloc[2])


def test_the_chart_follows(box):
    found = controls(box)
    before = found["chart"].value
    found["own_rise"].value = 1.0
    assert found["chart"].value != before
    assert before.count('class="band"') == found["chart"].value.count('class="band"') == 3


def test_labels_have_decimal_commas(box):
    labels = [row.children[2].value for row in box.children[2:6]]
    assert labels == ["0,00", "0,00", "100%", "6,58"]


def test_without_anything_open_there_is_a_sentence(ds, capsys):
    at = ds.at("2025Q2")
    pgi.Page(at, "en").sliders(pgi.project(at))
    assert "No target is both open and projected." in capsys.readouterr().out


def test_nobody_moves_sliders_without_a_page(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    assert not sliders.interactive()
    monkeypatch.setenv("JPY_SESSION_NAME", "what_if.ipynb")
    assert sliders.interactive()


def test_where_lower_is_better_a_fall_helps():
    years, areas = range(2019, 2024), [f"A{i}" for i in range(12)]
    rows = [(a, "x", y, 10 + i + (-1) ** (i + y)) for i, a in enumerate(areas) for y in years]
    panel = pd.DataFrame(rows, columns=["area", "indicator", "period", "value"])
    targets = pd.DataFrame(
        {"area": ["A3", "A3", "A5"], "indicator": "x", "target": [9.0, 8.0, 9.0]}
    ).assign(target_period=[2024, 2025, 2024], direction=-1)
    made = pgi.project(panel, targets)
    found = controls(sliders.sliders(made, Voice(None, "vi")))
    labels = [label for label, _ in found["indicator"].options]
    assert labels == ["A3, x, 2024", "A3, x, 2025", "A5, x"]
    assert -found["own_rise"].min > found["own_rise"].max
    found["own_rise"].value = found["own_rise"].min
    assert ": trên 99%<" in found["answer"].value
    found["own_rise"].value = found["own_rise"].max
    assert ": dưới 1%<" in found["answer"].value


def test_the_fan_is_drawn_to_scale():
    ahead = pd.DataFrame([[5.0] * len(FAN), [4.0, 6.0] * 3 + [5.0]], [2023, 2024], FAN)
    picture = fan_picture(
        Fan("x", pd.Series({2022: 4.0, 2023: 5.0}), ahead, 6.0, 2024),
        ends=(4.0, 6.0),
        write=lambda score: f"{score:g}",
        text="a fan",
    )
    # 560 × 300; the plot from 48 to 460 across, and from 270 (score 4) up to 12 (score 6)
    assert 'class="scores" points="48.0,270.0 254.0,141.0"' in picture.svg
    assert 'class="median" points="254.0,141.0 460.0,141.0"' in picture.svg
    assert 'points="254.0,141.0 460.0,12.0 460.0,270.0 254.0,141.0"' in picture.svg
    assert 'class="target" d="M460.0 4.0' in picture.svg
    assert re.findall(r">([\d.]+)</text>", picture.svg) == [
        *("4", "4.5", "5", "5.5", "6"),
        *("2022", "2023", "2024"),
        "6",
    ]

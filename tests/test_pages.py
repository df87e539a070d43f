"""What a notebook shows, and the page it becomes: safe text, offline, nothing lost."""

import io
import re

import nbformat
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import pgi_analysis as pgi
from pgi_analysis.charts import rows
from pgi_analysis.data.writing import to_csv, to_json
from pgi_analysis.notebook.page import Page, png
from pgi_analysis.notebook.tables import table_html
from pgi_analysis.report.html import to_html
from pgi_analysis.voice import Voice

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def shown(monkeypatch):
    bundles = []
    monkeypatch.setattr(
        "IPython.display.display",
        lambda bundle, raw, metadata: bundles.append((bundle, metadata.get("pgi", {}))),
    )
    return bundles


def test_everything_shown_is_escaped(ds, shown):
    page = Page(ds.at("2024Q4"), "en")
    page._text([SCRIPT])
    page._points([f"{SCRIPT}: {SCRIPT}"])
    page._answer([SCRIPT])
    page._table(pd.DataFrame({SCRIPT: [SCRIPT], "'\"": [SCRIPT]}), "gap")
    drawn = rows.gap(pgi.gap(ds.at("2024Q4")).table, Voice(ds, "en"))
    page._figure(drawn.figure, SCRIPT, f"'{SCRIPT}'\"")
    html = "".join(bundle["text/html"] for bundle, _ in shown)
    assert len(shown) == 5
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 9
    assert re.search(r"alt='&#x27;&lt;script", html)


def test_a_table_carries_its_figures(ds, shown):
    gaps = pgi.gap(ds.at("2024Q4"))
    Page(ds.at("2024Q4")).table(gaps)
    (bundle, about), *_ = shown
    read = pd.read_csv(io.StringIO(bundle["text/csv"]))
    np.testing.assert_allclose(read["gap"], gaps["gap"])
    assert about == {"role": "table", "name": "gap"}


def test_nothing_is_shown_for_an_empty_table_or_no_figure(ds, shown):
    page = Page(ds.at("2024Q4"))
    page.table(pgi.assess(ds.at("2024Q4")))  # no method can judge
    page.fans(pgi.project(ds.at("2025Q2")))  # nothing is open any more
    assert not shown


def test_a_text_that_a_result_does_not_have_is_refused_with_those_it_has(ds):
    page = Page(ds.at("2024Q4"), "en")
    message = r"no «reason» to tell of a Projection\. There is: answer, .*Did you mean reasons\?"
    with pytest.raises(pgi.InputError, match=message):
        page.text(pgi.project(ds.at("2024Q4")), "reason")


def test_tables_are_readable_without_eyes():
    html = table_html(pd.DataFrame({"Chỉ số": ["s1"], "Điểm": ["4,84"]}), "Điểm số")
    assert "<caption>Điểm số</caption>" in html
    assert html.count("scope='col'") == 2
    assert html.count("scope='row'") == 1


@given(st.text(max_size=30))
def test_no_cell_becomes_a_formula(text):
    csv = to_csv(pd.DataFrame({"a": [text], "n": [-1.5]}))
    read = pd.read_csv(io.StringIO(csv), keep_default_na=False, dtype=str, lineterminator="\n")
    assert not str(read["a"].iloc[0]).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert read["n"].iloc[0] == "-1.5"


def test_csv_is_bare_of_float_noise():
    assert to_csv(pd.DataFrame({"x": [0.1 + 0.2, 1e-9], "y": [np.nan, 1]})) == (
        "x,y\n0.3,\n1e-09,1\n"
    )


def test_json_has_null_for_what_is_missing():
    assert '"x":null' in to_json(pd.DataFrame({"x": [np.nan]})).replace(" ", "")


def test_a_page_is_one_offline_file_with_its_code_folded(ds):
    output = nbformat.v4.new_output(
        "display_data",
        {"text/html": "<h1>T</h1>", "text/plain": "T"},
        metadata={"pgi": {"role": "title"}},
    )
    book = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_markdown_cell("# for Jupyter", metadata={"tags": ["notebook-only"]}),
            nbformat.v4.new_code_cell("x = '</pre><script>'", outputs=[output]),
        ]
    )
    html = to_html(book, title="fallback", language="vi")
    assert re.match(r'<!DOCTYPE html>\s+<html lang="vi">', html)
    assert "<title>T</title>" in html
    assert "default-src 'none'" in html
    assert "for Jupyter" not in html
    assert "<script" not in html
    assert "<details><summary>Mã lệnh đã chạy</summary>" in html
    assert not re.search(r"(src|href|url)\s*[=(]\s*['\"]?https?:", html)


def test_a_failed_cell_is_shown_as_failed():
    error = nbformat.v4.new_output("error", ename="KeyError", evalue="<b>", traceback=["…"])
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("f()", outputs=[error])])
    html = to_html(book, title="Khoảng cách", language="vi")
    assert "Trang này chưa lập được" in html
    assert "KeyError: &lt;b&gt;" in html
    assert "<title>Khoảng cách</title>" in html


def test_the_gap_chart_draws_the_table(ds):
    gaps = pgi.gap(ds.at("2025Q2")).table.iloc[:4]
    ax = rows.gap(gaps, Voice(ds, "vi"))
    points = [line for line in ax.lines if line.get_linestyle() == "None"]
    drawn = np.array([line.get_xdata()[0] for line in points]).reshape(4, 3)
    np.testing.assert_allclose(drawn, gaps[["baseline", "value", "target"]])
    named = [text.get_text() for text in ax.texts]
    assert "Đảm bảo tuân thủ" in named


def test_the_trend_chart_draws_common_and_own_move(ds):
    found = pgi.trend(ds.at("2025Q2"))
    ax = found.plot()
    widths = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(widths[0::2], found.moves["common_move"])
    np.testing.assert_allclose(widths[1::2], found.moves["own_move"])


def test_the_standing_is_drawn_where_there_is_no_move(ds):
    found = pgi.trend(ds.at("2024Q4"))
    ax = found.plot()
    drawn = sum(len(line.get_xdata()) for line in ax.lines)
    assert drawn == len(found.standing)


def test_the_interval_chart_draws_the_projection(ds):
    found = pgi.project(ds.at("2024Q4"))
    ax = rows.intervals(found.table, found.level, Voice(ds, "en"))
    spans = [line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 2]
    np.testing.assert_allclose(spans, found.table[["lower", "upper"]])


def test_the_fan_opens_at_the_last_score_and_ends_at_the_target(ds):
    found = pgi.project(ds.at("2024Q4"))
    ax = found.plot("s1")
    median = next(line for line in ax.lines if line.get_linestyle() == "--")
    row = found.table.iloc[0]
    np.testing.assert_allclose(median.get_xydata(), [[2023, row["value"]], [2024, row["median"]]])
    assert len(ax.collections) == 3


def test_a_figure_is_a_small_png(ds):
    image = png(pgi.gap(ds.at("2024Q4")).plot().figure)
    assert image.startswith(b"\x89PNG")
    assert len(image) < 60_000
